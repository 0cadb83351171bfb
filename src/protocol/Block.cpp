#include "src/protocol/Block.h"

#include <fabric/common/common.pb.h>
#include <fmt/format.h>

#include "src/crypto/Digest.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/FieldWriter.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

using wire::FieldScanner;

void appendDer(Bytes& out, char tag, BytesView content) {
    out.push_back(tag);
    if (content.size() < 128) {
        out.push_back(static_cast<char>(content.size()));
    } else {
        char digits[8];
        int count = 0;
        for (std::size_t rest = content.size(); rest != 0; rest >>= 8)
            digits[count++] = static_cast<char>(rest);
        out.push_back(static_cast<char>(0x80 | count));
        while (count > 0) out.push_back(digits[--count]);
    }
    out.append(content);
}

/// A non-negative INTEGER's content: minimal, with a zero byte before a set top bit.
Bytes derInteger(std::uint64_t value) {
    Bytes out;
    for (int shift = 56; shift >= 0; shift -= 8) {
        const auto byte = static_cast<std::uint8_t>(value >> shift);
        if (out.empty() && byte == 0 && shift != 0) continue;
        if (out.empty() && byte >= 0x80) out.push_back('\0');
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

/// Appends all elements of a repeated field of bytes, `most` in all.
bool readList(FieldReader& reader, BytesView bytes, std::string_view name, std::size_t most,
              std::vector<BytesView>& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) != lengthField(1)) return true;
        if (out.size() == most)
            return reader.inside(name, out.size(), [&] { return reader.tooMany(field); });
        out.push_back(field.view());
        return true;
    });
}

bool readHeader(FieldReader& reader, BytesView bytes, BlockHeader& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == integerField(1)) out.number = field.integer();
        if (keyOf(field) == lengthField(2)) out.previousHash = field.view();
        if (keyOf(field) == lengthField(3)) out.dataHash = field.view();
        return true;
    });
}

Status notWellFormed(std::size_t index, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "NOT_WELL_FORMED",
                     fmt::format("transaction {} {}", index, why),
                     {{"transaction", fmt::to_string(index)}});
}

}  // namespace

Bytes BlockHeader::der() const {
    Bytes content;
    content.reserve(80);
    appendDer(content, 0x02, derInteger(number));
    appendDer(content, 0x04, previousHash);
    appendDer(content, 0x04, dataHash);
    Bytes out;
    out.reserve(content.size() + 6);
    appendDer(out, 0x30, content);
    return out;
}

Bytes BlockHeader::hash() const {
    return crypto::sha256(der());
}

Block::Block(std::shared_ptr<const void> owner, BlockHeader header,
             std::vector<BytesView> envelopes, std::vector<BytesView> metadata)
    : m_owner(std::move(owner)),
      m_header(header),
      m_envelopes(std::move(envelopes)),
      m_metadata(std::move(metadata)) {}

Result<Block> Block::parse(SharedBytes bytes) {
    Block out;
    out.m_owner = bytes.owner();
    out.m_hasHeader = out.m_hasData = out.m_hasMetadata = false;
    FieldReader reader(bytes.view(), "block");
    const std::size_t most = maxElementsIn(bytes.view().size());
    const bool read = reader.each(bytes.view(), [&](const FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                out.m_hasHeader = true;
                return reader.inside(
                    "header", [&] { return readHeader(reader, field.view(), out.m_header); });
            case lengthField(2):
                out.m_hasData = true;
                return reader.inside("data", [&] {
                    return readList(reader, field.view(), "data", most, out.m_envelopes);
                });
            case lengthField(3):
                out.m_hasMetadata = true;
                return reader.inside("metadata", [&] {
                    return readList(reader, field.view(), "metadata", most, out.m_metadata);
                });
        }
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Transaction Block::transaction(std::size_t index) const {
    return Transaction::decode(SharedBytes(m_owner, m_envelopes.at(index)));
}

std::vector<Transaction> Block::transactions() const {
    std::vector<Transaction> out;
    out.reserve(m_envelopes.size());
    for (std::size_t i = 0; i < m_envelopes.size(); ++i) out.push_back(transaction(i));
    return out;
}

Bytes Block::computedDataHash() const {
    crypto::Hasher hasher;
    for (const BytesView envelope : m_envelopes) hasher.update(envelope);
    return hasher.finish();
}

Status Block::checkWellFormed() const {
    if (m_envelopes.empty())
        return makeError(StatusCode::kInvalidArgument, "NOT_WELL_FORMED",
                         "the block has no transaction");
    for (std::size_t i = 0; i < m_envelopes.size(); ++i) {
        const auto envelope = decodeEnvelope(m_envelopes[i]);
        if (!envelope.ok())
            return notWellFormed(i,
                                 fmt::format("is no envelope ({})", messageOf(envelope.status())));
        if (envelope->payload.empty()) return notWellFormed(i, "has no payload");
        if (envelope->signature.empty()) return notWellFormed(i, "has no signature");
        if (!wire::reencodesIdentically<::common::Envelope>(m_envelopes[i]))
            return notWellFormed(i, "is not written as Fabric writes it");
    }
    return {};
}

bool Block::isConfigBlock() const {
    if (m_envelopes.size() != 1) return false;
    const auto envelope = decodeEnvelope(m_envelopes[0]);
    if (!envelope.ok()) return false;
    const auto payload = decodePayload(envelope->payload);
    if (!payload.ok() || !payload->hasHeader) return false;
    const auto header = decodeChannelHeader(payload->channelHeader);
    return header.ok() && header->type == HeaderType::Config;
}

BytesView Block::metadata(MetadataSlot slot) const {
    const auto index = static_cast<std::size_t>(slot);
    return index < m_metadata.size() ? m_metadata[index] : BytesView();
}

std::vector<ValidationCode> Block::validationCodes() const {
    std::vector<ValidationCode> out;
    for (const char code : metadata(MetadataSlot::TransactionsFilter))
        out.push_back(static_cast<ValidationCode>(static_cast<std::uint8_t>(code)));
    return out;
}

Bytes Block::serialize() const {
    Bytes out;
    if (m_hasHeader) {
        Bytes header;
        appendInteger(header, 1, m_header.number);
        appendBytes(header, 2, m_header.previousHash);
        appendBytes(header, 3, m_header.dataHash);
        appendElement(out, 1, header);
    }
    const auto list = [&out](std::uint32_t number, const std::vector<BytesView>& elements) {
        std::size_t size = 0;
        for (const BytesView element : elements) size += elementSize(element);
        appendTag(out, number, size);
        for (const BytesView element : elements) appendElement(out, 1, element);
    };
    if (m_hasData) list(2, m_envelopes);
    if (m_hasMetadata) list(3, m_metadata);
    return out;
}

}  // namespace chancery::protocol
