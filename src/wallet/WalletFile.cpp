#include "src/wallet/WalletFile.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::wallet {
namespace {

constexpr std::string_view kMagic = "chancery-wallet ";
constexpr std::string_view kVersion = "1";

// The next line without its LF; nothing when there is none.
std::optional<BytesView> takeLine(BytesView& rest) {
    const std::size_t end = rest.find('\n');
    if (end == BytesView::npos) return std::nullopt;
    const BytesView line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::string firstLines(const WalletFile& file) {
    return fmt::format("{}{} {}\n{}\n", kMagic, kVersion, file.kind, file.metadata);
}

}  // namespace

Status damaged(std::string_view name, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "WALLET_FILE_DAMAGED",
                     fmt::format("{} is damaged: {}", printable(name), why),
                     {{"file", printable(name)}});
}

Bytes writeWalletFile(const WalletFile& file) {
    Bytes text = firstLines(file) + toBase64(file.sealed) + "\n";
    text += toHex(crypto::sha256(text)) + "\n";
    return text;
}

Result<WalletFile> parseWalletFile(BytesView bytes, std::string_view kind, std::string_view name) {
    if (bytes.size() > kMostWalletFileBytes) return damaged(name, "it is too long");
    BytesView rest = bytes;
    const auto first = takeLine(rest);
    if (!first || !first->starts_with(kMagic)) return damaged(name, "it does not begin as it must");
    const BytesView version =
        first->substr(kMagic.size(), first->find(' ', kMagic.size()) - kMagic.size());
    const bool isNumber = !version.empty() && version.size() < 6 && version.front() != '0' &&
                          version.find_first_not_of("0123456789") == BytesView::npos;
    if (isNumber && version != kVersion)
        return makeError(StatusCode::kInvalidArgument, "NEWER_FORMAT",
                         fmt::format("{} was written in version {} of its format; this program "
                                     "reads version {}",
                                     printable(name), version, kVersion),
                         {{"file", printable(name)}, {"version", std::string(version)}});
    const auto metadata = takeLine(rest);
    const auto body = metadata ? takeLine(rest) : std::nullopt;
    const BytesView summed = bytes.substr(0, bytes.size() - rest.size());
    const auto sum = body ? takeLine(rest) : std::nullopt;
    if (!isNumber || !sum || !rest.empty()) return damaged(name, "it has not four lines");
    if (*sum != toHex(crypto::sha256(summed))) return damaged(name, "its sum does not fit");
    WalletFile file;
    file.kind = first->substr(kMagic.size() + version.size() + 1);
    file.metadata = *metadata;
    if (file.kind != kind)
        return damaged(name, fmt::format("it is of the kind '{}' where '{}' belongs",
                                         printable(file.kind, 32), kind));
    auto sealed = fromBase64(*body);
    if (!sealed.ok()) return damaged(name, "its third line is no base64");
    file.sealed = *std::move(sealed);
    // One value has one form.
    if (writeWalletFile(file) != bytes) return damaged(name, "it is not in its only form");
    return file;
}

Bytes associatedBytes(const WalletFile& file, std::string_view name) {
    return firstLines(file) + std::string(name);
}

}  // namespace chancery::wallet
