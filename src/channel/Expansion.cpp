#include "src/channel/Expansion.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "fabric/ledger/rwset/rwset.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "google/protobuf/empty.pb.h"

namespace chancery::channel {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Chooser = const Message* (*)(const Message&);

template <class T>
const Message* always(const Message&) {
    return &T::default_instance();
}

template <class T>
const T& as(const Message& message) {
    return static_cast<const T&>(message);  // the table holds a chooser under fields of T only
}

const Message* payloadData(const Message& message) {
    ::common::ChannelHeader header;
    if (!header.ParseFromString(as<::common::Payload>(message).header().channel_header()))
        return nullptr;
    switch (header.type()) {
        case ::common::MESSAGE:
            return &::common::ConfigValue::default_instance();
        case ::common::CONFIG:
            return &::common::ConfigEnvelope::default_instance();
        case ::common::CONFIG_UPDATE:
            return &::common::ConfigUpdateEnvelope::default_instance();
        case ::common::ENDORSER_TRANSACTION:
            return &::protos::Transaction::default_instance();
        case ::common::ORDERER_TRANSACTION:
            return &::common::Envelope::default_instance();
        default:
            return nullptr;
    }
}

const Message* headerExtension(const Message& message) {
    if (as<::common::ChannelHeader>(message).type() != ::common::ENDORSER_TRANSACTION)
        return nullptr;
    return &::protos::ChaincodeHeaderExtension::default_instance();
}

const Message* policyValue(const Message& message) {
    switch (as<::common::Policy>(message).type()) {
        case ::common::Policy::SIGNATURE:
            return &::common::SignaturePolicyEnvelope::default_instance();
        case ::common::Policy::IMPLICIT_META:
            return &::common::ImplicitMetaPolicy::default_instance();
        default:
            return nullptr;
    }
}

const Message* mspConfig(const Message& message) {
    switch (as<::msp::MSPConfig>(message).type()) {
        case 0:
            return &::msp::FabricMSPConfig::default_instance();
        case 1:
            return &::msp::IdemixMSPConfig::default_instance();
        default:
            return nullptr;
    }
}

const Message* principal(const Message& message) {
    switch (as<::common::MSPPrincipal>(message).principal_classification()) {
        case ::common::MSPPrincipal::ROLE:
            return &::common::MSPRole::default_instance();
        case ::common::MSPPrincipal::ORGANIZATION_UNIT:
            return &::common::OrganizationUnit::default_instance();
        case ::common::MSPPrincipal::IDENTITY:
            return &::msp::SerializedIdentity::default_instance();
        case ::common::MSPPrincipal::ANONYMITY:
            return &::common::MSPIdentityAnonymity::default_instance();
        case ::common::MSPPrincipal::COMBINED:
            return &::common::CombinedPrincipal::default_instance();
        default:
            return nullptr;
    }
}

const Message* consensusMetadata(const Message& message) {
    const std::string& type = as<::orderer::ConsensusType>(message).type();
    if (type == "etcdraft") return &::etcdraft::ConfigMetadata::default_instance();
    if (type == "BFT") return &::orderer::smartbft::Options::default_instance();
    return &google::protobuf::Empty::default_instance();
}

struct Entry {
    Chooser choose;
    bool dependsOnSiblings;
};

using Table = std::unordered_map<const FieldDescriptor*, Entry>;

template <class T>
void add(Table& table, const char* field, Chooser choose, bool dependsOnSiblings = false) {
    table[T::descriptor()->FindFieldByName(field)] = {choose, dependsOnSiblings};
}

Table makeTable() {
    Table table;
    add<::common::BlockData>(table, "data", always<::common::Envelope>);
    add<::common::Envelope>(table, "payload", always<::common::Payload>);
    add<::common::Payload>(table, "data", payloadData, true);
    add<::common::Header>(table, "channel_header", always<::common::ChannelHeader>);
    add<::common::Header>(table, "signature_header", always<::common::SignatureHeader>);
    add<::common::ChannelHeader>(table, "extension", headerExtension, true);
    add<::common::SignatureHeader>(table, "creator", always<::msp::SerializedIdentity>);
    add<::common::ConfigUpdateEnvelope>(table, "config_update", always<::common::ConfigUpdate>);
    add<::common::ConfigSignature>(table, "signature_header", always<::common::SignatureHeader>);
    add<::common::Policy>(table, "value", policyValue, true);
    add<::msp::MSPConfig>(table, "config", mspConfig, true);
    add<::common::MSPPrincipal>(table, "principal", principal, true);
    add<::orderer::ConsensusType>(table, "metadata", consensusMetadata, true);
    add<::protos::ChaincodeProposalPayload>(table, "input",
                                            always<::protos::ChaincodeInvocationSpec>);
    add<::protos::ChaincodeAction>(table, "results", always<::rwset::TxReadWriteSet>);
    add<::protos::ChaincodeAction>(table, "events", always<::protos::ChaincodeEvent>);
    add<::protos::ProposalResponsePayload>(table, "extension", always<::protos::ChaincodeAction>);
    add<::protos::TransactionAction>(table, "header", always<::common::SignatureHeader>);
    add<::protos::TransactionAction>(table, "payload", always<::protos::ChaincodeActionPayload>);
    add<::protos::ChaincodeActionPayload>(table, "chaincode_proposal_payload",
                                          always<::protos::ChaincodeProposalPayload>);
    add<::protos::ChaincodeEndorsedAction>(table, "proposal_response_payload",
                                           always<::protos::ProposalResponsePayload>);
    // The only data model there is; hashed_rwset stays base64 in the tool's form too.
    add<::rwset::NsReadWriteSet>(table, "rwset", always<::kvrwset::KVRWSet>);
    return table;
}

const Table& table() {
    static const Table all = makeTable();
    return all;
}

}  // namespace

Expansion expansionOf(const Message& message, const FieldDescriptor& field,
                      const ExpansionContext& context) {
    if (message.GetDescriptor() == ::common::ConfigValue::descriptor() &&
        context.group != GroupKind::Unknown && field.name() == "value") {
        const Message* prototype = valueMessage(context.group, context.valueKey);
        return {prototype == nullptr ? Expansion::Kind::Unknown : Expansion::Kind::Message,
                prototype};
    }
    const auto entry = table().find(&field);
    if (entry == table().end()) return {};
    const Message* prototype = entry->second.choose(message);
    return {prototype == nullptr ? Expansion::Kind::Unknown : Expansion::Kind::Message, prototype};
}

bool dependsOnSiblings(const FieldDescriptor& field) {
    const auto entry = table().find(&field);
    return entry != table().end() && entry->second.dependsOnSiblings;
}

ExpansionContext childContext(const FieldDescriptor& field, const std::string& key,
                              const ExpansionContext& context) {
    const auto* parent = field.containing_type();
    if (parent == ::common::Config::descriptor() || parent == ::common::ConfigUpdate::descriptor())
        return {GroupKind::Channel, {}};
    if (parent == ::common::ConfigGroup::descriptor() && field.name() == "groups")
        return {childKind(context.group, key), {}};
    if (parent == ::common::ConfigGroup::descriptor() && field.name() == "values")
        return {context.group, key};
    return {};
}

}  // namespace chancery::channel
