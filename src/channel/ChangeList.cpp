#include "src/channel/ChangeList.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/channel/GoDuration.h"
#include "src/crypto/Digest.h"

namespace chancery::channel {
namespace {

constexpr std::size_t kMaxTextBytes = 64 * 1024;

}  // namespace

Change& ChangeList::add(std::string_view subject, ChangeKind kind, ChangeArguments arguments) {
    Change change;
    change.path = printable(m_path, kMaxTextBytes);
    change.kind = kind;
    change.subject = subject;
    for (ChangeArguments* source : {&arguments, &m_common})
        for (const auto& [name, text] : *source)
            change.arguments.emplace_back(name, printable(text, kMaxTextBytes));
    m_changes.push_back(std::move(change));
    return m_changes.back();
}

Change* ChangeList::setting(std::string_view subject, const Text& before, const Text& after,
                            ChangeArguments arguments) {
    if (before == after) return nullptr;
    if (before) arguments.emplace_back("before", *before);
    if (after) arguments.emplace_back("after", *after);
    const ChangeKind kind = !before  ? ChangeKind::Added
                            : !after ? ChangeKind::Removed
                                     : ChangeKind::Changed;
    return &add(subject, kind, std::move(arguments));
}

Change& ChangeList::item(std::string_view subject, ChangeKind kind, ChangeArguments arguments) {
    return add(subject, kind, std::move(arguments));
}

void ChangeList::items(std::string_view subject, std::vector<std::string> before,
                       std::vector<std::string> after) {
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    std::vector<std::string> gone;
    std::vector<std::string> come;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(gone));
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(come));
    for (const std::string& text : gone) item(subject, ChangeKind::Removed, {{"item", text}});
    for (const std::string& text : come) item(subject, ChangeKind::Added, {{"item", text}});
}

void ChangeList::append(std::vector<Change> changes) {
    std::move(changes.begin(), changes.end(), std::back_inserter(m_changes));
}

std::string describeBytes(BytesView bytes) {
    return fmt::format("{} {}, SHA-256 {}", bytes.size(), bytes.size() == 1 ? "byte" : "bytes",
                       toHex(crypto::sha256(bytes)));
}

std::string describeSize(std::uint64_t bytes) {
    if (bytes != 0 && bytes % (1u << 20) == 0) return fmt::format("{} MiB", bytes >> 20);
    if (bytes != 0 && bytes % (1u << 10) == 0) return fmt::format("{} KiB", bytes >> 10);
    return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
}

std::string describeDuration(const std::string& text) {
    const auto duration = parseGoDuration(text);
    if (!duration.ok()) return fmt::format("\"{}\" (no duration)", text);
    std::vector<std::pair<std::string, std::string>> parts;  // number and unit
    for (const char c : printGoDuration(*duration)) {
        const bool isNumber = (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (isNumber && (parts.empty() || !parts.back().second.empty())) parts.emplace_back();
        (isNumber ? parts.back().first : parts.back().second) += c;
    }
    std::string words;
    for (const auto& [number, unit] : parts) {
        if (number == "0" && parts.size() > 1) continue;  // "3m0s" is 3 min
        if (!words.empty()) words += ' ';
        words += number + " " + (unit == "m" ? "min" : unit);
    }
    return words;
}

}  // namespace chancery::channel
