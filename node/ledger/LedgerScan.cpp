#include "node/ledger/LedgerScan.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "node/ledger/Disk.h"
#include "src/base/Descriptor.h"
#include "src/base/File.h"
#include "src/protocol/BlockFile.h"

namespace chancery::node {
namespace {

using protocol::LedgerFrame;

constexpr std::size_t kHeader = protocol::kLedgerFileHeaderBytes;
constexpr std::size_t kFrame = protocol::kLedgerFrameHeaderBytes;

Status brokenChain(const std::filesystem::path& file, std::uint64_t offset, BlockNumber number) {
    return makeError(StatusCode::kDataLoss, "BROKEN_CHAIN",
                     fmt::format("{} at byte {}: block {} does not name the block before it",
                                 file.string(), offset, number),
                     {{"file", file.string()},
                      {"offset", std::to_string(offset)},
                      {"block", std::to_string(number)}});
}

Result<protocol::LedgerFileHeader> headerOf(const std::filesystem::path& file, BytesView bytes) {
    auto header = protocol::decodeLedgerFileHeader(bytes);
    if (!header.ok()) {
        if (reasonOf(header.status()) == "NEWER_FORMAT")
            return makeError(StatusCode::kFailedPrecondition, "NEWER_FORMAT",
                             fmt::format("{} was written by a newer version of this program: {}",
                                         file.string(), messageOf(header.status())),
                             {{"file", file.string()},
                              {"found", argumentOf(header.status(), "found")},
                              {"offset", argumentOf(header.status(), "offset")}});
        if (reasonOf(header.status()) != "BAD_LEDGER_FILE") return header.status();
        return badLedgerFile(file, std::stoull(argumentOf(header.status(), "offset")),
                             "its header is damaged");
    }
    if (protocol::ledgerFileFirstBlock(file.filename().string()) != header->firstBlock)
        return badLedgerFile(file, 24, "it begins with another block than its name says");
    return header;
}

}  // namespace

Status badLedgerFile(const std::filesystem::path& file, std::uint64_t offset,
                     std::string_view why) {
    return makeError(StatusCode::kDataLoss, "BAD_LEDGER_FILE",
                     fmt::format("{} at byte {}: {}", file.string(), offset, why),
                     {{"file", file.string()}, {"offset", std::to_string(offset)}});
}

Result<bool> isStillborn(const std::filesystem::path& file) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(file, error);
    if (error) return diskError(error.value(), "examine", file);
    // The header is durable before anything is written behind it.
    if (size > kHeader) return false;
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(file));
    return reasonOf(protocol::decodeLedgerFileHeader(bytes).status()) == "BAD_LEDGER_FILE";
}

Result<NewestFile> scanNewestFile(const std::filesystem::path& file,
                                  const std::optional<Bytes>& previousHash) {
    ASSIGN_OR_RETURN(const MappedFile mapped, MappedFile::open(file));
    const BytesView bytes = mapped.bytes();
    NewestFile found;
    ASSIGN_OR_RETURN(found.header, headerOf(file, bytes));
    std::optional<Bytes> previous = previousHash;
    found.end = kHeader;
    for (BlockNumber number = found.header.firstBlock;; ++number) {
        const LedgerFrame frame = protocol::ledgerFrameAt(found.header, bytes, found.end);
        if (frame.kind == LedgerFrame::Kind::End) break;
        const bool isGood = frame.kind == LedgerFrame::Kind::Good && frame.header.number == number;
        if (!isGood) {
            // Only what was written last can be unfinished.
            const auto behind = protocol::findLedgerFrame(found.header, bytes, found.end, number);
            if (behind)
                return badLedgerFile(
                    file, found.end,
                    fmt::format("damaged, and a good block follows at byte {}", *behind));
            found.cut = TailRepair{
                file.string(), found.end, bytes.size() - found.end,
                std::string(frame.why.empty() ? "a frame of an older block" : frame.why)};
            break;
        }
        auto block = protocol::decodeBlockRecord(protocol::SharedBytes(nullptr, frame.payload));
        if (!block.ok() || block->number() != number)
            return badLedgerFile(file, found.end, "a frame that holds no such block");
        if (previous && block->header().previousHash != *previous)
            return brokenChain(file, found.end, number);
        previous = block->header().hash();
        found.offsets.push_back(found.end);
        found.end += frame.size();
    }
    if (!found.offsets.empty()) found.lastHash = *std::move(previous);
    return found;
}

Result<OlderFile> scanOlderFile(const std::filesystem::path& file, BlockNumber next) {
    ASSIGN_OR_RETURN(const MappedFile mapped, MappedFile::open(file));
    const BytesView bytes = mapped.bytes();
    OlderFile found;
    ASSIGN_OR_RETURN(found.header, headerOf(file, bytes));
    found.size = bytes.size();
    std::uint64_t at = kHeader;
    for (BlockNumber number = found.header.firstBlock; at < bytes.size(); ++number) {
        const auto frame = protocol::decodeLedgerFrameHeader(found.header, bytes.substr(at));
        if (!frame || frame->number != number || number >= next ||
            frame->payloadBytes > bytes.size() - at - kFrame)
            return badLedgerFile(file, at, "a damaged frame");
        found.offsets.push_back(at);
        at += kFrame + frame->payloadBytes;
    }
    if (found.header.firstBlock + found.offsets.size() != next)
        return badLedgerFile(file, at, fmt::format("it ends before block {}", next - 1));
    return found;
}

}  // namespace chancery::node
