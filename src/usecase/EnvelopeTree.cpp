#include "src/usecase/EnvelopeTree.h"

#include <google/protobuf/descriptor.h>

#include <bit>
#include <map>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "fabric/ledger/rwset/rwset.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "src/base/Encoding.h"
#include "src/wire/FieldScanner.h"

namespace chancery::usecase {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using wire::FieldScanner;
using wire::WireType;

constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxValue = 4096;
constexpr int kMaxDepth = 64;

/// Messages that lie in fields of bytes, by the full name of the field.
const std::map<std::string, const Descriptor*, std::less<>>& hidden() {
    static const std::map<std::string, const Descriptor*, std::less<>> kHidden{
        {"common.Envelope.payload", ::common::Payload::descriptor()},
        {"common.Header.channel_header", ::common::ChannelHeader::descriptor()},
        {"common.Header.signature_header", ::common::SignatureHeader::descriptor()},
        {"common.SignatureHeader.creator", ::msp::SerializedIdentity::descriptor()},
        {"common.ConfigUpdateEnvelope.config_update", ::common::ConfigUpdate::descriptor()},
        {"common.ConfigSignature.signature_header", ::common::SignatureHeader::descriptor()},
        {"protos.TransactionAction.header", ::common::SignatureHeader::descriptor()},
        {"protos.TransactionAction.payload", ::protos::ChaincodeActionPayload::descriptor()},
        {"protos.ChaincodeActionPayload.chaincode_proposal_payload",
         ::protos::ChaincodeProposalPayload::descriptor()},
        {"protos.ChaincodeProposalPayload.input", ::protos::ChaincodeInvocationSpec::descriptor()},
        {"protos.ChaincodeEndorsedAction.proposal_response_payload",
         ::protos::ProposalResponsePayload::descriptor()},
        {"protos.ProposalResponsePayload.extension", ::protos::ChaincodeAction::descriptor()},
        {"protos.ChaincodeAction.results", ::rwset::TxReadWriteSet::descriptor()},
        {"protos.ChaincodeAction.events", ::protos::ChaincodeEvent::descriptor()},
        {"protos.Endorsement.endorser", ::msp::SerializedIdentity::descriptor()},
        {"rwset.NsReadWriteSet.rwset", ::kvrwset::KVRWSet::descriptor()},
        {"rwset.CollectionHashedReadWriteSet.hashed_rwset", ::kvrwset::HashedRWSet::descriptor()},
    };
    return kHidden;
}

class Builder {
public:
    explicit Builder(BytesView envelope) : m_begin(envelope.data()) {}

    EnvelopeNode message(std::string name, const Descriptor& type, BytesView bytes, int depth) {
        EnvelopeNode node{.name = std::move(name), .type = std::string(type.full_name())};
        place(node, bytes);
        FieldScanner scanner(bytes);
        while (scanner.next()) {
            if (++m_nodes > kMaxNodes) {
                node.value = "more than can be shown";
                return node;
            }
            node.parts.push_back(field(type, scanner, depth));
        }
        if (scanner.failed()) {
            EnvelopeNode rest = leaf("?", "bytes", bytes.substr(scanner.offset()));
            rest.value = toHex(bytes.substr(scanner.offset(), kMaxValue / 2));
            node.parts.push_back(std::move(rest));
        }
        if (&type == ::common::Payload::descriptor()) openData(node, depth);
        return node;
    }

private:
    void place(EnvelopeNode& node, BytesView bytes) const {
        node.begin = static_cast<std::uint64_t>(bytes.data() - m_begin);
        node.end = node.begin + bytes.size();
    }

    EnvelopeNode leaf(std::string name, std::string type, BytesView bytes) const {
        EnvelopeNode node{.name = std::move(name), .type = std::move(type)};
        place(node, bytes);
        return node;
    }

    static BytesView contentOf(const FieldScanner& scanner) {
        return scanner.wireType() == WireType::Length ? scanner.view()
                                                      : scanner.raw().substr(scanner.tagSize());
    }

    EnvelopeNode field(const Descriptor& type, const FieldScanner& scanner, int depth) {
        const FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(scanner.number()));
        const BytesView content = contentOf(scanner);
        if (field == nullptr) {
            EnvelopeNode node = leaf(fmt::format("{}", scanner.number()), "unknown field", content);
            node.value = toHex(content.substr(0, kMaxValue / 2));
            return node;
        }
        const std::string name(field->name());
        if (scanner.wireType() == WireType::Length)
            return lengthField(*field, name, content, depth);
        EnvelopeNode node = leaf(name, field->type_name(), content);
        node.value = numberText(*field, scanner);
        return node;
    }

    EnvelopeNode lengthField(const FieldDescriptor& field, const std::string& name,
                             BytesView content, int depth) {
        const bool deep = depth >= kMaxDepth;
        if (field.type() == FieldDescriptor::TYPE_MESSAGE && !deep)
            return message(name, *field.message_type(), content, depth + 1);
        if (field.type() == FieldDescriptor::TYPE_BYTES && !deep) {
            const auto inside = hidden().find(std::string_view(field.full_name()));
            if (inside != hidden().end() && isWhole(content))
                return message(name, *inside->second, content, depth + 1);
        }
        EnvelopeNode node = leaf(name, field.type_name(), content);
        if (field.type() == FieldDescriptor::TYPE_STRING)
            node.value = printable(content, kMaxValue);
        else
            node.value = toHex(content.substr(0, kMaxValue / 2));
        return node;
    }

    /// Whether bytes can be taken apart at all.
    static bool isWhole(BytesView bytes) {
        FieldScanner scanner(bytes);
        while (scanner.next()) {
        }
        return !bytes.empty() && !scanner.failed();
    }

    static std::string numberText(const FieldDescriptor& field, const FieldScanner& scanner) {
        const std::uint64_t raw = scanner.integer();
        switch (field.cpp_type()) {
            case FieldDescriptor::CPPTYPE_BOOL:
                return raw != 0 ? "true" : "false";
            case FieldDescriptor::CPPTYPE_ENUM: {
                const auto* value = field.enum_type()->FindValueByNumber(static_cast<int>(raw));
                return value != nullptr ? fmt::format("{} ({})", std::string(value->name()), raw)
                                        : fmt::format("{}", raw);
            }
            case FieldDescriptor::CPPTYPE_INT32:
            case FieldDescriptor::CPPTYPE_INT64:
                return fmt::format("{}", static_cast<std::int64_t>(raw));
            case FieldDescriptor::CPPTYPE_DOUBLE:
                return fmt::format("{}", std::bit_cast<double>(raw));
            default:
                return fmt::format("{}", raw);
        }
    }

    /// What the data of a payload are is said by its channel header; and so is its extension.
    void openData(EnvelopeNode& payload, int depth) {
        int type = -1;
        EnvelopeNode* extension = nullptr;
        for (EnvelopeNode& header : payload.parts) {
            if (header.name != "header") continue;
            for (EnvelopeNode& channel : header.parts) {
                if (channel.name != "channel_header") continue;
                type = 0;
                for (EnvelopeNode& field : channel.parts) {
                    if (field.name == "type") type = std::atoi(field.value.c_str());
                    if (field.name == "extension") extension = &field;
                }
            }
        }
        const Descriptor* inside = type == 1   ? ::common::ConfigEnvelope::descriptor()
                                   : type == 2 ? ::common::ConfigUpdateEnvelope::descriptor()
                                   : type == 3 ? ::protos::Transaction::descriptor()
                                               : nullptr;
        if (inside == nullptr || depth >= kMaxDepth) return;
        const auto open = [&](EnvelopeNode& node, const Descriptor& as) {
            const BytesView content(m_begin + node.begin, node.end - node.begin);
            if (isWhole(content)) node = message(node.name, as, content, depth + 1);
        };
        for (EnvelopeNode& part : payload.parts)
            if (part.name == "data") open(part, *inside);
        if (type == 3 && extension != nullptr)
            open(*extension, *::protos::ChaincodeHeaderExtension::descriptor());
    }

    const char* m_begin;
    std::size_t m_nodes = 0;
};

}  // namespace

EnvelopeNode envelopeTree(BytesView envelope) {
    return Builder(envelope).message("envelope", *::common::Envelope::descriptor(), envelope, 0);
}

}  // namespace chancery::usecase
