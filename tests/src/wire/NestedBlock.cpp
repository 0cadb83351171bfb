#include "tests/src/wire/NestedBlock.h"

#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/configuration.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/ledger/rwset/rwset.pb.h>
#include <fabric/msp/identities.pb.h>
#include <fabric/msp/msp_config.pb.h>
#include <fabric/orderer/configuration.pb.h>
#include <fabric/orderer/etcdraft/configuration.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>
#include <fabric/orderer/smartbft/configuration.pb.h>
#include <fabric/orderer/smartbft/view_metadata.pb.h>
#include <fabric/peer/chaincode.pb.h>
#include <fabric/peer/chaincode_event.pb.h>
#include <fabric/peer/configuration.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>
#include <fabric/peer/transaction.pb.h>
#include <fmt/format.h>
#include <google/protobuf/unknown_field_set.h>

#include <map>

#include "src/wire/Parse.h"

namespace chancery::test {
namespace {

namespace pb = google::protobuf;

bool hasUnknown(const pb::Message& message) {
    const pb::Reflection& reflection = *message.GetReflection();
    if (!reflection.GetUnknownFields(message).empty()) return true;
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const auto* field : fields) {
        if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
        if (!field->is_repeated()) {
            if (hasUnknown(reflection.GetMessage(message, field))) return true;
            continue;
        }
        for (int i = 0; i < reflection.FieldSize(message, field); ++i)
            if (hasUnknown(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
    return false;
}

class Walk {
public:
    explicit Walk(const Visit& visit) : m_visit(visit) {}

    void block(BytesView bytes) {
        const auto block = read<common::Block>(bytes, "block");
        if (!block) return;
        for (int i = 0; i < block->data().data_size(); ++i)
            envelope(block->data().data(i), path("block.data.data[{}]", i));
        for (const int slot : {0, 1, 4})
            if (slot < block->metadata().metadata_size())
                metadata(slot, block->metadata().metadata(slot),
                         path("block.metadata.metadata[{}]", slot));
    }

    NestedCounts counts;

private:
    // Paths are for the visitor only; without one they would be half of the time measured.
    template <class... Parts>
    std::string path(fmt::format_string<Parts...> format, Parts&&... parts) const {
        return m_visit ? fmt::format(format, std::forward<Parts>(parts)...) : std::string();
    }

    template <class M>
    std::optional<M> read(BytesView bytes, const std::string& at) {
        if (m_visit) m_visit(M::default_instance(), bytes, at);
        auto message = wire::parse<M>(bytes, at);
        if (!message.ok()) {
            ++counts.malformed;
            return std::nullopt;
        }
        ++counts.messages;
        if (m_visit && hasUnknown(*message)) ++counts.unknown;
        return *std::move(message);
    }

    void envelope(BytesView bytes, const std::string& at) {
        if (const auto envelope = read<common::Envelope>(bytes, at))
            payload(envelope->payload(), path("{}.payload", at));
    }

    void signatureHeader(BytesView bytes, const std::string& at) {
        if (const auto header = read<common::SignatureHeader>(bytes, at))
            if (!header->creator().empty())
                read<msp::SerializedIdentity>(header->creator(), path("{}.creator", at));
    }

    void payload(BytesView bytes, const std::string& at) {
        const auto payload = read<common::Payload>(bytes, at);
        if (!payload) return;
        signatureHeader(payload->header().signature_header(),
                        path("{}.header.signature_header", at));
        const auto header = read<common::ChannelHeader>(payload->header().channel_header(),
                                                        path("{}.header.channel_header", at));
        if (!header) return;
        const std::string data = path("{}.data", at);
        if (header->type() == common::ENDORSER_TRANSACTION) {
            read<protos::ChaincodeHeaderExtension>(header->extension(),
                                                   path("{}.header.channel_header.extension", at));
            transaction(payload->data(), data);
        } else if (header->type() == common::CONFIG) {
            if (const auto config = read<common::ConfigEnvelope>(payload->data(), data)) {
                group(config->config().channel_group(), data);
                if (config->has_last_update())
                    this->payload(config->last_update().payload(),
                                  path("{}.last_update.payload", data));
            }
        } else if (header->type() == common::CONFIG_UPDATE) {
            const auto update = read<common::ConfigUpdateEnvelope>(payload->data(), data);
            if (update)
                read<common::ConfigUpdate>(update->config_update(), path("{}.config_update", data));
        }
    }

    void group(const common::ConfigGroup& group, const std::string& at) {
        for (const auto& [name, child] : group.groups()) this->group(child, at);
        for (const auto& [name, policy] : group.policies()) {
            const auto& bytes = policy.policy().value();
            if (policy.policy().type() == common::Policy::SIGNATURE)
                read<common::SignaturePolicyEnvelope>(bytes, path("{}.{}", at, name));
            else
                read<common::ImplicitMetaPolicy>(bytes, path("{}.{}", at, name));
        }
        for (const auto& [name, value] : group.values())
            this->value(name, value.value(), path("{}.{}", at, name));
    }

    void value(const std::string& name, BytesView bytes, const std::string& at) {
        if (name == "MSP") {
            if (const auto msp = read<msp::MSPConfig>(bytes, at))
                read<msp::FabricMSPConfig>(msp->config(), at);
        } else if (name == "ConsensusType") {
            const auto type = read<orderer::ConsensusType>(bytes, at);
            if (type && type->type() == "etcdraft")
                read<etcdraft::ConfigMetadata>(type->metadata(), at);
            if (type && type->type() == "BFT")
                read<orderer::smartbft::Options>(type->metadata(), at);
        } else if (name == "BatchSize") {
            read<orderer::BatchSize>(bytes, at);
        } else if (name == "BatchTimeout") {
            read<orderer::BatchTimeout>(bytes, at);
        } else if (name == "Capabilities") {
            read<common::Capabilities>(bytes, at);
        } else if (name == "ACLs") {
            read<protos::ACLs>(bytes, at);
        } else if (name == "AnchorPeers") {
            read<protos::AnchorPeers>(bytes, at);
        } else if (name == "Endpoints" || name == "OrdererAddresses") {
            read<common::OrdererAddresses>(bytes, at);
        } else if (name == "Orderers") {
            read<common::Orderers>(bytes, at);
        }
    }

    void transaction(BytesView bytes, const std::string& at) {
        const auto transaction = read<protos::Transaction>(bytes, at);
        if (!transaction) return;
        for (const auto& action : transaction->actions()) {
            const std::string here = path("{}.actions[]", at);
            signatureHeader(action.header(), path("{}.header", here));
            const auto payload =
                read<protos::ChaincodeActionPayload>(action.payload(), path("{}.payload", here));
            if (!payload) continue;
            const auto call =
                read<protos::ChaincodeProposalPayload>(payload->chaincode_proposal_payload(), here);
            if (call) read<protos::ChaincodeInvocationSpec>(call->input(), path("{}.input", here));
            for (const auto& endorsement : payload->action().endorsements())
                read<msp::SerializedIdentity>(endorsement.endorser(), path("{}.endorser", here));
            response(payload->action().proposal_response_payload(), here);
        }
    }

    void response(BytesView bytes, const std::string& at) {
        const auto response = read<protos::ProposalResponsePayload>(bytes, at);
        if (!response) return;
        const auto action =
            read<protos::ChaincodeAction>(response->extension(), path("{}.extension", at));
        if (!action) return;
        read<protos::ChaincodeEvent>(action->events(), path("{}.events", at));
        const auto sets = read<rwset::TxReadWriteSet>(action->results(), path("{}.results", at));
        if (!sets) return;
        for (const auto& set : sets->ns_rwset()) {
            read<kvrwset::KVRWSet>(set.rwset(), path("{}.{}", at, set.namespace_()));
            for (const auto& hashed : set.collection_hashed_rwset())
                read<kvrwset::HashedRWSet>(
                    hashed.hashed_rwset(),
                    path("{}.{}.{}", at, set.namespace_(), hashed.collection_name()));
        }
    }

    void metadata(int slot, BytesView bytes, const std::string& at) {
        const auto metadata = read<common::Metadata>(bytes, at);
        if (!metadata || slot == 4) return;
        if (slot == 1) {
            read<common::LastConfig>(metadata->value(), path("{}.value", at));
            return;
        }
        bool bft = false;
        for (const auto& signature : metadata->signatures()) {
            bft = !signature.identifier_header().empty();
            if (bft)
                read<common::IdentifierHeader>(signature.identifier_header(),
                                               path("{}.identifier_header", at));
            if (!bft)
                signatureHeader(signature.signature_header(), path("{}.signature_header", at));
        }
        const auto value =
            read<common::OrdererBlockMetadata>(metadata->value(), path("{}.value", at));
        if (!value || value->consenter_metadata().empty()) return;
        if (bft) {
            read<smartbftprotos::ViewMetadata>(value->consenter_metadata(),
                                               path("{}.consenter_metadata", at));
        } else if (const auto wrapped = read<common::Metadata>(value->consenter_metadata(),
                                                               path("{}.consenter_metadata", at))) {
            read<etcdraft::BlockMetadata>(wrapped->value(),
                                          path("{}.consenter_metadata.value", at));
        }
    }

    const Visit& m_visit;
};

}  // namespace

NestedCounts decodeNested(BytesView block, const Visit& visit) {
    Walk walk(visit);
    walk.block(block);
    return walk.counts;
}

}  // namespace chancery::test
