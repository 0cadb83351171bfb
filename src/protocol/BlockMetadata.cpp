// What stands in a block's metadata slots.
#include <fmt/format.h>

#include "src/protocol/Block.h"
#include "src/protocol/FieldReader.h"

namespace chancery::protocol {
namespace {

using wire::FieldScanner;

/// common.Metadata.
struct SlotContent {
    BytesView value;
    std::vector<OrdererSignature> signatures;
};

bool readSignature(FieldReader& reader, BytesView bytes, OrdererSignature& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.signatureHeaderBytes = field.view();
        if (keyOf(field) == lengthField(2)) out.signature = field.view();
        if (keyOf(field) == lengthField(3)) out.identifierHeaderBytes = field.view();
        return true;
    });
}

Result<SlotContent> decodeSlot(BytesView bytes, std::string_view name) {
    FieldReader reader(bytes, name);
    SlotContent out;
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.value = field.view();
        if (keyOf(field) != lengthField(2)) return true;
        return reader.inside("signatures", out.signatures.size(), [&] {
            return reader.element(field, sizeof(OrdererSignature)) &&
                   readSignature(reader, field.view(), out.signatures.emplace_back());
        });
    });
    if (!read) return reader.status();
    return out;
}

bool readLastConfig(FieldReader& reader, BytesView bytes, BlockNumber& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == integerField(1)) out = field.integer();
        return true;
    });
}

Status decodeOrdererValue(OrdererMetadata& out) {
    FieldReader reader(out.value, "metadata[0].value");
    const bool read = reader.each(out.value, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(2)) out.consenterMetadata = field.view();
        if (keyOf(field) != lengthField(1)) return true;
        out.hasLastConfig = true;
        return reader.inside("last_config",
                             [&] { return readLastConfig(reader, field.view(), out.lastConfig); });
    });
    return read ? Status() : reader.status();
}

Status decodeHeaders(OrdererSignature& signature, std::size_t index) {
    const auto in = [index](const Status& status) {
        return withContext(status, fmt::format("metadata[0].signatures[{}]", index));
    };
    // The same choice as Fabric's verifier: a consenter number counts only where no signature
    // header stands.
    if (signature.signatureHeaderBytes.empty() && !signature.identifierHeaderBytes.empty()) {
        auto identifier = decodeIdentifierHeader(signature.identifierHeaderBytes);
        if (!identifier.ok()) return in(identifier.status());
        signature.identifier = *identifier;
        return {};
    }
    auto header = decodeSignatureHeader(signature.signatureHeaderBytes);
    if (!header.ok()) return in(header.status());
    signature.signatureHeader = *header;
    return {};
}

}  // namespace

Result<OrdererMetadata> Block::ordererMetadata() const {
    ASSIGN_OR_RETURN(SlotContent slot,
                     decodeSlot(metadata(MetadataSlot::Signatures), "metadata[0]"));
    OrdererMetadata out;
    out.value = slot.value;
    out.signatures = std::move(slot.signatures);
    RETURN_IF_ERROR(decodeOrdererValue(out));
    for (std::size_t i = 0; i < out.signatures.size(); ++i)
        RETURN_IF_ERROR(decodeHeaders(out.signatures[i], i));
    return out;
}

Bytes Block::signedMessage(const OrdererMetadata& metadata, const OrdererSignature& s) const {
    const BytesView header = s.identifier ? s.identifierHeaderBytes : s.signatureHeaderBytes;
    const Bytes der = m_header.der();
    Bytes out;
    out.reserve(metadata.value.size() + header.size() + der.size());
    return out.append(metadata.value).append(header).append(der);
}

Result<BlockNumber> Block::lastConfig() const {
    ASSIGN_OR_RETURN(const SlotContent slot,
                     decodeSlot(metadata(MetadataSlot::Signatures), "metadata[0]"));
    if (!slot.value.empty()) {
        OrdererMetadata orderer;
        orderer.value = slot.value;
        RETURN_IF_ERROR(decodeOrdererValue(orderer));
        return orderer.lastConfig;
    }
    ASSIGN_OR_RETURN(const SlotContent old,
                     decodeSlot(metadata(MetadataSlot::LastConfig), "metadata[1]"));
    FieldReader reader(old.value, "metadata[1].value");
    BlockNumber number = 0;
    if (!readLastConfig(reader, old.value, number)) return reader.status();
    return number;
}

Result<BytesView> Block::commitHash() const {
    ASSIGN_OR_RETURN(const SlotContent slot,
                     decodeSlot(metadata(MetadataSlot::CommitHash), "metadata[4]"));
    return slot.value;
}

Result<RaftMetadata> decodeRaftMetadata(BytesView consenterMetadata) {
    ASSIGN_OR_RETURN(const SlotContent outer, decodeSlot(consenterMetadata, "consenter_metadata"));
    FieldReader reader(outer.value, "consenter_metadata.value");
    RaftMetadata out;
    const bool read = reader.each(outer.value, [&](const FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
            case lengthField(1):
                return appendIntegers(reader, field, out.consenterIds);
            case integerField(2):
                out.nextConsenterId = field.integer();
                break;
            case integerField(3):
                out.raftIndex = field.integer();
                break;
        }
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Result<BftViewMetadata> decodeBftViewMetadata(BytesView consenterMetadata) {
    FieldReader reader(consenterMetadata, "consenter_metadata");
    BftViewMetadata out;
    const bool read = reader.each(consenterMetadata, [&](const FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
                out.viewId = field.integer();
                break;
            case integerField(2):
                out.latestSequence = field.integer();
                break;
            case integerField(3):
                out.decisionsInView = field.integer();
                break;
            case integerField(4):
            case lengthField(4):
                return appendIntegers(reader, field, out.blackList);
            case lengthField(5):
                out.prevCommitSignatureDigest = field.view();
                break;
        }
        return true;
    });
    if (!read) return reader.status();
    return out;
}

}  // namespace chancery::protocol
