#include "tests/node/peer/GatewayTestNetwork.h"

#include <stdexcept>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/gateway/gateway.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/peer/policy.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/PeerDirectory.h"
#include "src/base/Encoding.h"
#include "src/base/Random.h"
#include "src/channel/Genesis.h"
#include "src/identity/Crl.h"
#include "src/policy/SignaturePolicy.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/Event.h"
#include "src/protocol/ProposalResponse.h"
#include "src/protocol/TransactionBuilder.h"
#include "src/wire/Serialize.h"

namespace chancery::node::test {
namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

crypto::PrivateKey newKey() {
    return valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
}

identity::SubjectName subject(const std::string& organisation, const std::string& name,
                              std::vector<std::string> units = {}) {
    identity::SubjectName subject;
    subject.organization = organisation;
    subject.commonName = name;
    subject.organizationalUnits = std::move(units);
    return subject;
}

// Older than what it issues, also than what has expired.
identity::Certificate root(const std::string& name, const crypto::PrivateKey& key) {
    auto content = identity::cryptogenCa(subject(name, "ca." + name),
                                         absl::Now() - absl::Hours(24 * 365 * 12));
    content.notAfter = absl::Now() + absl::Hours(24 * 365);
    return valueOf(identity::issueSelfSigned(content, key));
}

}  // namespace

TestOrg::TestOrg(const std::string& name)
    : m_name(name),
      m_mspId(name + "MSP"),
      m_key(newKey()),
      m_root(root(name, m_key)),
      m_tlsKey(newKey()),
      m_tlsRoot(root(name + "tls", m_tlsKey)),
      m_tlsRootPem(m_tlsRoot.toPem()) {}

Bytes TestOrg::mspConfig() const {
    ::msp::FabricMSPConfig config;
    config.set_name(m_mspId.str());
    config.add_root_certs(m_root.toPem());
    config.add_tls_root_certs(m_tlsRootPem);
    if (!m_crlPem.empty()) config.add_revocation_list(m_crlPem);
    auto& units = *config.mutable_fabric_node_ous();
    units.set_enable(true);
    units.mutable_client_ou_identifier()->set_organizational_unit_identifier("client");
    units.mutable_peer_ou_identifier()->set_organizational_unit_identifier("peer");
    units.mutable_admin_ou_identifier()->set_organizational_unit_identifier("admin");
    units.mutable_orderer_ou_identifier()->set_organizational_unit_identifier("orderer");
    config.mutable_crypto_config()->set_signature_hash_family("SHA2");
    config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA256");
    ::msp::MSPConfig wrapped;
    wrapped.set_config(wire::serialize(config));
    return wire::serialize(wrapped);
}

identity::MspPtr TestOrg::msp() const {
    ::msp::MSPConfig config;
    config.ParseFromString(mspConfig());
    return valueOf(identity::Msp::fromConfig(config, identity::MspVersion::V1_4_3));
}

rpc::TlsIdentity TestOrg::memberPem(const std::string& name, const std::string& unit,
                                    absl::Time now) const {
    const auto key = newKey();
    const auto content = identity::cryptogenIdentity(subject(m_name, name, {unit}), now);
    const auto certificate =
        valueOf(identity::issueCertificate(content, key.publicKey(), m_root, m_key));
    return {.certificatePem = certificate.toPem(), .keyPem = key.toPem()};
}

void TestOrg::revoke(const identity::Certificate& certificate) {
    const absl::Time now = absl::Now();
    m_crlPem = valueOf(identity::makeRevocationList(
                           m_root, m_key,
                           {{.serial = *fromHex(certificate.serialHex()), .revokedAt = now}}, now,
                           now + absl::Hours(24)))
                   .toPem();
}

identity::SigningIdentityPtr TestOrg::member(const std::string& name, const std::string& unit,
                                             absl::Time now) const {
    const auto pem = memberPem(name, unit, now);
    return valueOf(identity::makeSigningIdentity(m_mspId, pem.certificatePem, pem.keyPem));
}

rpc::TlsIdentity TestOrg::tls(const std::string& name) const {
    const auto key = newKey();
    const auto content =
        identity::cryptogenTls(subject(m_name, name), {"localhost", "127.0.0.1"}, absl::Now());
    const auto certificate =
        valueOf(identity::issueCertificate(content, key.publicKey(), m_tlsRoot, m_tlsKey));
    return {.certificatePem = certificate.toPem(), .keyPem = key.toPem()};
}

channel::BundlePtr makeBundle(const TestChannelConfig& config) {
    const auto organisationOf = [](const TestOrg& org) {
        channel::NewOrganisation made;
        made.name = org.name();
        made.mspConfig = org.mspConfig();
        made.policies = channel::usualOrganisationPolicies(org.mspId());
        return made;
    };
    channel::NewChannel made;
    made.channel = ChannelId(config.name);
    auto ordering = organisationOf(*config.orderers);
    ordering.endpoints = config.ordererEndpoints;
    made.orderers.organisations = {ordering};
    made.ordererAddresses = config.globalAddresses;
    const int consenters = config.isBft ? 4 : 1;
    for (int i = 0; i < consenters; ++i) {
        channel::Consenter consenter;
        consenter.id = static_cast<std::uint32_t>(i + 1);
        consenter.host = "127.0.0.1";
        consenter.port = static_cast<std::uint32_t>(7050 + i);
        consenter.mspId = config.orderers->mspId();
        consenter.identityPem = config.orderers->member("orderer" + std::to_string(i), "orderer")
                                    ->certificate()
                                    .toPem();
        consenter.serverTlsPem = consenter.clientTlsPem =
            config.orderers->tls("orderer" + std::to_string(i)).certificatePem;
        made.orderers.consenters.push_back(consenter);
    }
    if (config.isBft) {
        made.capabilities = {"V3_0"};
        made.orderers.options = channel::NewOrderers::defaultBftOptions();
    }
    for (const TestOrg* org : config.organisations) {
        auto organisation = organisationOf(*org);
        if (const auto found = config.anchors.find(org->name()); found != config.anchors.end())
            organisation.anchorPeers = found->second;
        made.application.organisations.push_back(std::move(organisation));
    }
    const auto content = valueOf(channel::makeGenesisConfig(made));
    return valueOf(channel::Bundle::fromConfig(made.channel, content));
}

Bytes signaturePolicy(const std::string& text) {
    return wire::serialize(valueOf(policy::parsePolicyText(text)));
}

Bytes applicationPolicy(const std::string& text) {
    ::protos::ApplicationPolicy policy;
    if (text.starts_with('/'))
        policy.set_channel_config_policy_reference(text);
    else
        *policy.mutable_signature_policy() = valueOf(policy::parsePolicyText(text));
    return wire::serialize(policy);
}

FakePeerChannel::FakePeerChannel(channel::BundlePtr bundle)
    : m_id(bundle->channelId()),
      m_bundle(std::move(bundle)),
      m_store(std::make_shared<FakeLedger::Store>()),
      m_ledger(FakeLedger::open(m_store)) {
    raiseTo(1);
}

protocol::ChaincodeDefinition& FakePeerChannel::define(const std::string& contract,
                                                       const std::string& policy,
                                                       std::uint64_t sequence) {
    const std::lock_guard lock(m_mutex);
    auto& definition = m_definitions[contract];
    definition.sequence = sequence;
    definition.version = "1.0";
    definition.validationParameter = applicationPolicy(policy);
    return definition;
}

void FakePeerChannel::setBundle(channel::BundlePtr bundle) {
    const std::lock_guard lock(m_mutex);
    m_bundle = std::move(bundle);
}

channel::BundlePtr FakePeerChannel::bundle() const {
    const std::lock_guard lock(m_mutex);
    return m_bundle;
}

void FakePeerChannel::commit(const std::vector<Bytes>& envelopes,
                             const std::vector<protocol::ValidationCode>& codes) {
    std::shared_ptr<const CommitEvent> event;
    {
        const std::lock_guard lock(m_mutex);
        protocol::BlockHeader header;
        header.number = m_blocks.size();
        auto owner = std::make_shared<std::vector<Bytes>>(envelopes);
        Bytes filter;
        for (const auto code : codes) filter.push_back(static_cast<char>(code));
        owner->push_back(filter);
        std::vector<BytesView> views(owner->begin(), owner->end() - 1);
        const protocol::Block block(
            owner, header, std::move(views),
            {BytesView(), BytesView(), owner->back(), BytesView(), BytesView()});
        std::vector<TxId> txIds;
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const TxId txId(std::string(block.transaction(i).channelHeader.txId));
            txIds.push_back(txId);
            const std::lock_guard storeLock(m_store->mutex);
            m_store->transactions.try_emplace(txId.str(),
                                              TransactionPlace{{header.number, i}, codes[i]});
        }
        event = std::make_shared<const CommitEvent>(CommitEvent{block, std::move(txIds), codes});
        m_blocks.push_back(block.serialize());
        m_height.store(m_blocks.size());
    }
    m_onCommit.tell(event);
    m_onHeight.tell(m_height.load());
}

void FakePeerChannel::raiseTo(BlockNumber height) {
    while (m_height.load() < height) commit({}, {});
}

Result<protocol::Block> FakePeerChannel::read(BlockNumber number) const {
    const std::lock_guard lock(m_mutex);
    if (number >= m_blocks.size())
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "no such block");
    return protocol::Block::parse(m_blocks[number]);
}

Result<std::optional<protocol::ChaincodeDefinition>> FakePeerChannel::definition(
    std::string_view contract) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_definitions.find(contract);
    if (found == m_definitions.end()) return std::optional<protocol::ChaincodeDefinition>();
    return std::optional(found->second);
}

Result<std::vector<std::string>> FakePeerChannel::contracts() {
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> names;
    for (const auto& [name, definition] : m_definitions) names.push_back(name);
    return names;
}

Result<Bytes> endorseAs(const identity::SigningIdentity& endorser, BytesView signedProposal,
                        const EndorsingBehaviour& behaviour) {
    ASSIGN_OR_RETURN(const auto proposal,
                     protocol::unpackProposal(protocol::SharedBytes(Bytes(signedProposal))));
    protocol::SimulationResult result;
    result.proposalHash = proposal.proposalHash;
    result.results = behaviour.results;
    result.event = behaviour.event;
    result.responseStatus = behaviour.status;
    result.responseMessage = behaviour.message;
    result.responsePayload = behaviour.payload;
    result.chaincode = std::string(proposal.chaincode);
    result.chaincodeVersion = "1.0";
    if (behaviour.status >= 400)
        return protocol::encodeRefusal(
            behaviour.status, behaviour.message,
            behaviour.fromContract ? protocol::encodeResponsePayload(result) : Bytes());
    ASSIGN_OR_RETURN(const Bytes bytes,
                     protocol::endorse(result, endorser.serialized(),
                                       [&](BytesView message) { return endorser.sign(message); }));
    ::protos::ProposalResponse response;
    response.ParseFromString(bytes);
    if (!behaviour.interest.empty())
        response.mutable_interest()->ParseFromString(behaviour.interest);
    return response.SerializeAsString();
}

TestProposal propose(const identity::SigningIdentity& client, const std::string& channel,
                     const std::string& contract, bool transient) {
    protocol::ProposalRequest request;
    request.channel = ChannelId(channel);
    request.chaincode = contract;
    request.args = {"put", "key", "value"};
    if (transient) request.transient["secret"] = "clear text";
    TestProposal made;
    made.proposal = valueOf(protocol::buildProposal(request, client.serialized(),
                                                    Random::system().bytes(24), absl::Now()));
    made.signedBytes = protocol::encodeSignedProposal(made.proposal.bytes,
                                                      valueOf(client.sign(made.proposal.bytes)));
    return made;
}

Bytes proposalRequest(const TestProposal& proposal, const std::string& channel,
                      const std::vector<std::string>& organisations) {
    ::gateway::EndorseRequest request;  // EvaluateRequest has the same fields
    request.set_transaction_id(proposal.proposal.txId.str());
    request.set_channel_id(channel);
    request.mutable_proposed_transaction()->ParseFromString(proposal.signedBytes);
    for (const auto& organisation : organisations)
        request.add_endorsing_organizations(organisation);
    return request.SerializeAsString();
}

Bytes submitRequest(const std::string& txId, const std::string& channel, BytesView payload,
                    BytesView signature) {
    ::gateway::SubmitRequest request;
    request.set_transaction_id(txId);
    request.set_channel_id(channel);
    request.mutable_prepared_transaction()->set_payload(std::string(payload));
    request.mutable_prepared_transaction()->set_signature(std::string(signature));
    return request.SerializeAsString();
}

Bytes signedRequest(const identity::SigningIdentity& client, BytesView request) {
    ::gateway::SignedCommitStatusRequest made;
    made.set_request(std::string(request));
    made.set_signature(valueOf(client.sign(request)));
    return made.SerializeAsString();
}

Bytes commitStatusRequest(const identity::SigningIdentity& client, const std::string& channel,
                          const std::string& txId) {
    ::gateway::CommitStatusRequest request;
    request.set_channel_id(channel);
    request.set_transaction_id(txId);
    request.set_identity(client.serialized());
    return signedRequest(client, request.SerializeAsString());
}

Bytes eventsRequest(const identity::SigningIdentity& client, const EventsWish& wish) {
    ::gateway::ChaincodeEventsRequest request;
    request.set_channel_id(wish.channel);
    request.set_chaincode_id(wish.contract);
    request.set_identity(client.serialized());
    if (wish.start) request.mutable_start_position()->mutable_specified()->set_number(*wish.start);
    if (wish.oldest) request.mutable_start_position()->mutable_oldest();
    request.set_after_transaction_id(wish.after);
    return signedRequest(client, request.SerializeAsString());
}

Bytes interestIn(const std::vector<std::string>& calls) {
    ::protos::ChaincodeInterest interest;
    for (const std::string& call : calls) {
        auto& added = *interest.add_chaincodes();
        const auto slash = call.find('/');
        added.set_name(call.substr(0, slash));
        if (slash != std::string::npos) added.add_collection_names(call.substr(slash + 1));
    }
    return interest.SerializeAsString();
}

std::shared_ptr<ChannelPeer> peerOf(const identity::SigningIdentity& who,
                                    const std::string& endpoint,
                                    std::map<std::string, std::string> contracts,
                                    BlockNumber height) {
    auto peer = std::make_shared<ChannelPeer>();
    peer->endpoint = endpoint;
    peer->identity = who.serialized();
    peer->contracts.insert(contracts.begin(), contracts.end());
    peer->height = height;
    return peer;
}

Bytes committedEnvelope(const identity::SigningIdentity& client,
                        const identity::SigningIdentity& endorser, const std::string& channel,
                        const std::string& contract, const std::string& eventName,
                        std::string* txId) {
    const auto made = propose(client, channel, contract);
    if (txId != nullptr) *txId = made.proposal.txId.str();
    EndorsingBehaviour behaviour;
    behaviour.results.clear();
    if (!eventName.empty())
        behaviour.event = protocol::encodeChaincodeEvent(
            {contract, made.proposal.txId.str(), eventName, "payload of " + eventName});
    const auto response = valueOf(protocol::decodeProposalResponse(
        protocol::SharedBytes(valueOf(endorseAs(endorser, made.signedBytes, behaviour)))));
    return valueOf(protocol::assembleSignedTransaction(
        made.proposal.bytes, std::span(&response, 1), client.serialized(),
        [&](BytesView message) { return client.sign(message); }));
}

}  // namespace chancery::node::test
