// The layout in which Fabric's peers and orderers store a block in their block files.
#include <fmt/format.h>

#include "src/protocol/BlockFile.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/FieldWriter.h"
#include "src/wire/Varint.h"

namespace chancery::protocol {
namespace {

/// Takes varints and length-prefixed bytes from the front; remembers the first fault.
class RecordReader {
public:
    explicit RecordReader(BytesView bytes) : m_bytes(bytes), m_at(bytes.data()) {}

    std::uint64_t number(std::string_view what) {
        std::uint64_t value = 0;
        const char* const after = wire::readVarint(m_at, end(), value);
        if (after == nullptr) return fail(what, "is no number"), 0;
        m_at = after;
        return value;
    }
    BytesView bytes(std::string_view what) {
        const std::uint64_t size = number(what);
        if (failed()) return {};
        if (size > rest()) return fail(what, "is longer than the record"), BytesView();
        const BytesView out(m_at, size);
        m_at += size;
        return out;
    }
    std::vector<BytesView> list(std::string_view what) {
        const std::uint64_t count = number(what);
        if (failed()) return {};
        // Each element takes a byte at least, so a count beyond the record is a lie.
        if (count > rest() || count > maxElementsIn(m_bytes.size()))
            return fail(what, "has an impossible count"), std::vector<BytesView>();
        std::vector<BytesView> out;
        out.reserve(count);
        while (out.size() < count && !failed()) out.push_back(bytes(what));
        return out;
    }

    bool failed() const { return !m_fault.empty(); }
    std::size_t rest() const { return static_cast<std::size_t>(end() - m_at); }
    Status status() const {
        const auto offset = static_cast<std::size_t>(m_at - m_bytes.data());
        return makeError(StatusCode::kDataLoss, "BAD_BLOCK_FILE",
                         fmt::format("block record: {} at byte {}", m_fault, offset),
                         {{"offset", fmt::to_string(offset)}});
    }
    void fail(std::string_view what, std::string_view why) {
        if (m_fault.empty()) m_fault = fmt::format("{} {}", what, why);
    }

private:
    const char* end() const { return m_bytes.data() + m_bytes.size(); }

    BytesView m_bytes;
    const char* m_at;
    std::string m_fault;
};

void appendList(Bytes& out, const std::vector<BytesView>& elements) {
    appendVarint(out, elements.size());
    for (const BytesView element : elements) {
        appendVarint(out, element.size());
        out.append(element);
    }
}

std::size_t listSize(const std::vector<BytesView>& elements) {
    std::size_t size = varintSize(elements.size());
    for (const BytesView element : elements) size += varintSize(element.size()) + element.size();
    return size;
}

std::size_t recordSize(const Block& block) {
    std::size_t size = varintSize(block.number());
    for (const BytesView hash : {block.header().dataHash, block.header().previousHash})
        size += varintSize(hash.size()) + hash.size();
    return size + listSize(block.envelopes()) + listSize(block.metadataEntries());
}

}  // namespace

void appendBlockRecord(Bytes& out, const Block& block) {
    out.reserve(out.size() + recordSize(block));
    appendVarint(out, block.number());
    for (const BytesView hash : {block.header().dataHash, block.header().previousHash}) {
        appendVarint(out, hash.size());
        out.append(hash);
    }
    appendList(out, block.envelopes());
    appendList(out, block.metadataEntries());
}

Bytes encodeBlockRecord(const Block& block) {
    const std::size_t size = recordSize(block);
    Bytes out;
    out.reserve(size + varintSize(size));
    appendVarint(out, size);
    appendBlockRecord(out, block);
    return out;
}

Result<Block> decodeBlockRecord(SharedBytes record) {
    RecordReader reader(record.view());
    BlockHeader header;
    header.number = reader.number("block number");
    header.dataHash = reader.bytes("data hash");
    header.previousHash = reader.bytes("previous hash");
    std::vector<BytesView> envelopes = reader.list("envelope");
    std::vector<BytesView> metadata = reader.list("metadata entry");
    if (!reader.failed() && reader.rest() != 0) reader.fail("bytes", "follow the block");
    if (reader.failed()) return reader.status();
    return Block(record.owner(), header, std::move(envelopes), std::move(metadata));
}

}  // namespace chancery::protocol
