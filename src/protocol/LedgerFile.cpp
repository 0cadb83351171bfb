#include "src/protocol/LedgerFile.h"

#include <fmt/format.h>

#include <charconv>

#include "src/base/Crc32c.h"
#include "src/protocol/BlockFile.h"

namespace chancery::protocol {
namespace {

constexpr std::string_view kFileMagic = "CHLEDGER";
constexpr std::string_view kNamePrefix = "ledgerfile_";
constexpr std::size_t kNameDigits = 12;
constexpr std::uint32_t kVersion = 1;
// No text and no protobuf tag begins like this.
constexpr std::string_view kFrameMagic = "\xF5\xC1\xB0\x0B";

template <class Integer>
void append(Bytes& out, Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

template <class Integer>
Integer integerAt(BytesView bytes, std::size_t at) {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value |= static_cast<Integer>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
    return value;
}

std::uint32_t headerCheck(const LedgerFileHeader& file, BytesView firstBytes) {
    Bytes salt;
    append(salt, file.salt);
    return crc32c(firstBytes, crc32c(salt));
}

bool isZero(BytesView bytes) {
    return bytes.find_first_not_of('\0') == BytesView::npos;
}

Status badHeader(std::size_t offset, std::string_view why) {
    return makeError(
        StatusCode::kDataLoss, "BAD_LEDGER_FILE",
        fmt::format("the beginning of the file is damaged at byte {}: {}", offset, why),
        {{"offset", fmt::to_string(offset)}});
}

}  // namespace

std::string ledgerFileName(BlockNumber firstBlock) {
    return fmt::format("{}{:0{}}", kNamePrefix, firstBlock, kNameDigits);
}

std::optional<BlockNumber> ledgerFileFirstBlock(std::string_view name) {
    if (!name.starts_with(kNamePrefix)) return std::nullopt;
    name.remove_prefix(kNamePrefix.size());
    BlockNumber number = 0;
    const auto end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data(), end, number);
    if (name.size() < kNameDigits || error != std::errc() || at != end) return std::nullopt;
    return number;
}

bool looksLikeLedgerFile(BytesView head) {
    return head.starts_with(kFileMagic);
}

Bytes encodeLedgerFileHeader(const LedgerFileHeader& header) {
    Bytes out(kFileMagic);
    append(out, kVersion);
    append(out, std::uint32_t{0});
    append(out, header.salt);
    append(out, header.firstBlock);
    append(out, crc32c(out));
    append(out, std::uint32_t{0});
    return out;
}

Result<LedgerFileHeader> decodeLedgerFileHeader(BytesView bytes) {
    if (!bytes.starts_with(kFileMagic)) return badHeader(0, "this is no block file of Chancery");
    if (bytes.size() < kLedgerFileHeaderBytes)
        return badHeader(bytes.size(), "the file ends there");
    if (integerAt<std::uint32_t>(bytes, 32) != crc32c(bytes.substr(0, 32)))
        return badHeader(32, "its checksum does not fit");
    const auto version = integerAt<std::uint32_t>(bytes, 8);
    if (version != kVersion)
        return makeError(
            StatusCode::kFailedPrecondition, "NEWER_FORMAT",
            fmt::format("the block file has format {}, this program knows {}", version, kVersion),
            {{"found", fmt::to_string(version)}, {"offset", "8"}});
    return LedgerFileHeader{integerAt<std::uint64_t>(bytes, 16),
                            integerAt<std::uint64_t>(bytes, 24)};
}

Bytes encodeLedgerFrame(const LedgerFileHeader& file, const Block& block) {
    Bytes out(kLedgerFrameHeaderBytes, '\0');
    appendBlockRecord(out, block);
    const BytesView payload = BytesView(out).substr(kLedgerFrameHeaderBytes);
    Bytes header(kFrameMagic);
    append(header, static_cast<std::uint32_t>(payload.size()));
    append(header, block.number());
    const std::uint32_t check = headerCheck(file, header);
    append(header, check);
    append(header, crc32c(payload, check));
    return out.replace(0, kLedgerFrameHeaderBytes, header);
}

std::optional<LedgerFrameHeader> decodeLedgerFrameHeader(const LedgerFileHeader& file,
                                                         BytesView bytes) {
    if (bytes.size() < kLedgerFrameHeaderBytes || !bytes.starts_with(kFrameMagic))
        return std::nullopt;
    const LedgerFrameHeader header{
        integerAt<std::uint32_t>(bytes, 4), integerAt<std::uint64_t>(bytes, 8),
        integerAt<std::uint32_t>(bytes, 16), integerAt<std::uint32_t>(bytes, 20)};
    if (header.payloadBytes > kMaxLedgerPayload ||
        header.headerCheck != headerCheck(file, bytes.substr(0, 16)))
        return std::nullopt;
    return header;
}

bool isIntact(const LedgerFrameHeader& frame, BytesView payload) {
    return payload.size() == frame.payloadBytes &&
           crc32c(payload, frame.headerCheck) == frame.payloadCheck;
}

LedgerFrame ledgerFrameAt(const LedgerFileHeader& file, BytesView bytes, std::uint64_t offset) {
    using Kind = LedgerFrame::Kind;
    if (offset >= bytes.size()) return {.kind = Kind::End};
    const BytesView rest = bytes.substr(offset);
    const BytesView head = rest.substr(0, kLedgerFrameHeaderBytes);
    if (isZero(head)) return {.kind = Kind::Unfinished, .why = "no block was finished here"};
    if (head.size() < kLedgerFrameHeaderBytes) {
        const BytesView magic = kFrameMagic.substr(0, std::min(head.size(), kFrameMagic.size()));
        return head.starts_with(magic)
                   ? LedgerFrame{.kind = Kind::Torn, .why = "the file ends where a block begins"}
                   : LedgerFrame{.kind = Kind::Damaged,
                                 .why = "no block begins there, although one should"};
    }
    const auto header = decodeLedgerFrameHeader(file, head);
    if (!header)
        return {.kind = Kind::Damaged, .why = "no block begins there, although one should"};
    const BytesView behind = rest.substr(kLedgerFrameHeaderBytes);
    if (behind.size() < header->payloadBytes)
        return {.kind = Kind::Torn, .header = *header, .why = "the file ends inside a block"};
    const BytesView payload = behind.substr(0, header->payloadBytes);
    if (!isIntact(*header, payload))
        return {.kind = Kind::Damaged,
                .header = *header,
                .why = "the block has changed since it was written: its checksum does not fit"};
    return {.kind = Kind::Good, .header = *header, .payload = payload};
}

std::optional<std::uint64_t> findLedgerFrame(const LedgerFileHeader& file, BytesView bytes,
                                             std::uint64_t from, BlockNumber atLeast) {
    for (std::size_t at = bytes.find(kFrameMagic, from); at != BytesView::npos;
         at = bytes.find(kFrameMagic, at + 1)) {
        const auto header = decodeLedgerFrameHeader(file, bytes.substr(at));
        if (!header || header->number < atLeast) continue;
        if (ledgerFrameAt(file, bytes, at).kind == LedgerFrame::Kind::Good) return at;
    }
    return std::nullopt;
}

}  // namespace chancery::protocol
