#include "src/protocol/Version.h"

#include <fmt/format.h>

namespace chancery::protocol {

void appendOrderPreserving(Bytes& out, std::uint64_t value) {
    char digits[8];
    int count = 0;
    for (; value != 0; value >>= 8) digits[count++] = static_cast<char>(value);
    out.push_back(static_cast<char>(count));
    while (count > 0) out.push_back(digits[--count]);
}

Result<std::uint64_t> takeOrderPreserving(BytesView& bytes) {
    const auto refuse = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_INTEGER",
                         fmt::format("order-preserving integer {}", why));
    };
    if (bytes.empty()) return refuse("is missing");
    const auto count = static_cast<std::uint8_t>(bytes[0]);
    if (count > 8) return refuse("is longer than 8 bytes");
    if (bytes.size() < 1U + count) return refuse("is cut short");
    if (count > 0 && bytes[1] == 0) return refuse("is not in its shortest form");
    std::uint64_t value = 0;
    for (std::size_t i = 1; i <= count; ++i)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    bytes.remove_prefix(1U + count);
    return value;
}

Bytes encodeVersion(const Version& version) {
    Bytes out;
    appendOrderPreserving(out, version.block);
    appendOrderPreserving(out, version.transaction);
    return out;
}

Result<Version> decodeVersion(BytesView bytes) {
    const auto refuse = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_VERSION",
                         fmt::format("version of a key: {}", why));
    };
    const auto block = takeOrderPreserving(bytes);
    if (!block.ok()) return refuse(messageOf(block.status()));
    const auto transaction = takeOrderPreserving(bytes);
    if (!transaction.ok()) return refuse(messageOf(transaction.status()));
    if (!bytes.empty()) return refuse("bytes follow it");
    return Version{*block, *transaction};
}

}  // namespace chancery::protocol
