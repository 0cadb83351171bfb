#include "src/index/BlockReader.h"

#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "src/protocol/BlockFolder.h"

namespace chancery::index {
namespace {

constexpr std::uint64_t kHeadBytes = 32;  // enough to tell a compressed file

struct Found {
    std::string file;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    Bytes hash;
};

}  // namespace

Status noSuchBlock(store::Connection& connection, BlockNumber number) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare("SELECT max(number) FROM blocks"));
    std::string last;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        if (!row.isNull(0)) last = std::to_string(row.integer(0));
    }));
    return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                     last.empty()
                         ? fmt::format("there is no block {}", number)
                         : fmt::format("there is no block {}; the last one is {}", number, last),
                     {{"block", std::to_string(number)}, {"last", last}});
}

Result<BlockPtr> BlockReader::read(store::Connection& connection, BlockNumber number) {
    const std::string name = fmt::format("{} {}", m_epoch.load(), number);
    if (auto known = m_blocks.find(name)) return *std::move(known);
    if (number > static_cast<BlockNumber>(std::numeric_limits<std::int64_t>::max()))
        return noSuchBlock(connection, number);
    ASSIGN_OR_RETURN(
        auto statement,
        connection.prepare("SELECT file, offset, size, hash FROM blocks WHERE number = ?"));
    statement.bind(number);
    ASSIGN_OR_RETURN(const auto found, statement.first([](store::Row& row) {
        return Found{std::string(row.blob(0)), row.unsignedInteger(1), row.unsignedInteger(2),
                     Bytes(row.blob(3))};
    }));
    if (!found) return noSuchBlock(connection, number);
    ASSIGN_OR_RETURN(Bytes bytes, load(found->file, found->offset, found->size));
    const protocol::SharedBytes shared(std::move(bytes));
    // A record has its length before it, so only a block that is the whole file begins at 0.
    auto block =
        found->offset == 0 ? protocol::Block::parse(shared) : protocol::decodeBlockRecord(shared);
    if (!block.ok() || block->number() != number || block->header().hash() != found->hash)
        return makeError(
            StatusCode::kDataLoss, "BLOCK_CHANGED",
            fmt::format("{} has changed: block {} is no longer where it was", found->file, number),
            {{"file", found->file}, {"block", std::to_string(number)}});
    auto sourced = std::make_shared<const protocol::SourcedBlock>(
        protocol::SourcedBlock{*std::move(block), found->file, found->offset, found->size});
    m_blocks.insert(name, sourced);
    return sourced;
}

Result<Bytes> BlockReader::load(const std::string& file, std::uint64_t offset, std::uint64_t size) {
    std::error_code error;
    const std::uint64_t length = std::filesystem::file_size(file, error);
    ASSIGN_OR_RETURN(
        const Bytes head,
        readFileRange(file, 0, error ? 0 : std::min<std::uint64_t>(length, kHeadBytes)));
    if (!protocol::looksLikeGzip(head)) return readFileRange(file, offset, size);
    std::shared_ptr<const protocol::SharedBytes> unpacked;
    {
        const std::lock_guard lock(m_mutex);
        if (m_unpackedFile != file) {
            ASSIGN_OR_RETURN(auto bytes, protocol::loadBlockBytes(file));
            m_unpacked = std::make_shared<const protocol::SharedBytes>(std::move(bytes));
            m_unpackedFile = file;
        }
        unpacked = m_unpacked;
    }
    if (offset > unpacked->size() || size > unpacked->size() - offset)
        return makeError(StatusCode::kDataLoss, "BLOCK_CHANGED",
                         fmt::format("{} has become shorter", file), {{"file", file}});
    return Bytes(unpacked->view().substr(offset, size));
}

void BlockReader::forget() {
    ++m_epoch;
    m_blocks.clear();
    const std::lock_guard lock(m_mutex);
    m_unpackedFile.clear();
    m_unpacked.reset();
}

}  // namespace chancery::index
