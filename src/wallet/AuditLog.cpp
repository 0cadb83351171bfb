#include "src/wallet/AuditLog.h"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Sealing.h"
#include "src/wallet/Json.h"

namespace chancery::wallet {
namespace {

constexpr std::size_t kMostLineBytes = 16 << 10;

std::string firstHash() {
    return std::string(64, '0');
}

std::string contentOf(const AuditEntry& entry, BytesView previousHash) {
    return textOf({{"n", entry.number},
                   {"at", timeText(entry.at)},
                   {"who", entry.who},
                   {"what", entry.what},
                   {"subject", entry.subject},
                   {"note", entry.note},
                   {"previous", previousHash.empty() ? firstHash() : toHex(previousHash)}});
}

struct Line {
    BytesView content;
    BytesView hash;
    BytesView mac;
};

std::optional<Line> split(BytesView line) {
    const std::size_t first = line.find('\t');
    if (first == BytesView::npos) return std::nullopt;
    const std::size_t second = line.find('\t', first + 1);
    if (second == BytesView::npos) return std::nullopt;
    return Line{line.substr(0, first), line.substr(first + 1, second - first - 1),
                line.substr(second + 1)};
}

}  // namespace

Status auditBroken(std::uint64_t number, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "AUDIT_BROKEN",
                     fmt::format("audit.log is damaged at entry {}: {}", number, why),
                     {{"file", "audit.log"}, {"entry", std::to_string(number)}});
}

Bytes AuditChain::lastHash() const {
    return entries.empty() ? Bytes() : entries.back().hash;
}

bool mayBeUnsealed(std::string_view what) {
    return what == "UNLOCK_REFUSED" || what == "LOCK_ASKED";
}

Bytes writeAuditEntry(AuditEntry& entry, BytesView previousHash, const crypto::Secret* key) {
    const std::string content = contentOf(entry, previousHash);
    entry.hash = crypto::sha256(content);
    entry.sealed = key != nullptr;
    return fmt::format("{}\t{}\t{}\n", content, toHex(entry.hash),
                       key != nullptr ? toHex(crypto::hmacSha256(*key, entry.hash)) : "-");
}

Result<AuditChain> parseAuditLog(BytesView bytes, const crypto::Secret* key) {
    AuditChain chain;
    if (bytes.size() > kMostAuditBytes) return auditBroken(0, "it is too long");
    BytesView rest = bytes;
    std::string previous = firstHash();
    while (true) {
        const std::size_t end = rest.find('\n');
        if (end == BytesView::npos) break;  // a line that was never finished
        const std::uint64_t number = chain.entries.size() + 1;
        const auto line = split(rest.substr(0, end));
        if (!line || line->content.size() > kMostLineBytes)
            return auditBroken(number, "it is not an entry");
        if (toHex(crypto::sha256(line->content)) != line->hash)
            return auditBroken(number, "its sum does not fit");
        const Json json = parseObject(line->content);
        const auto at = timeIn(json, "at");
        const auto who = stringIn(json, "who");
        const auto what = stringIn(json, "what");
        const auto subject = stringIn(json, "subject");
        const auto note = stringIn(json, "note");
        if (numberIn(json, "n") != number || !at || !who || !what || !subject || !note)
            return auditBroken(number, "a part of it is missing");
        if (stringIn(json, "previous") != previous)
            return auditBroken(number, "it does not follow from the entry before");
        AuditEntry entry{number, *at, *who, *what, *subject, *note, {}, line->mac != "-"};
        entry.hash = *fromHex(line->hash);
        if (!entry.sealed && !mayBeUnsealed(entry.what))
            return auditBroken(number, "it was not written by a holder of the passphrase");
        if (entry.sealed && key != nullptr &&
            toHex(crypto::hmacSha256(*key, entry.hash)) != line->mac)
            return auditBroken(number, "it was not written by a holder of the passphrase");
        previous = line->hash;
        chain.entries.push_back(std::move(entry));
        rest.remove_prefix(end + 1);
    }
    chain.goodBytes = bytes.size() - rest.size();
    return chain;
}

std::string userOfSystem() {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    const uid_t uid = ::getuid();
    if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return fmt::format("({})", uid);
    return fmt::format("{} ({})", printable(entry.pw_name, 64), uid);
}

}  // namespace chancery::wallet
