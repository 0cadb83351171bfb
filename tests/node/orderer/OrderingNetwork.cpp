#include "tests/node/orderer/OrderingNetwork.h"

#include <stdlib.h>

#include <limits>
#include <stdexcept>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/identity/Issue.h"
#include "src/protocol/TxId.h"
#include "src/wire/Serialize.h"

namespace chancery::node::test {
namespace {

identity::SubjectName subject(const std::string& organisation, const std::string& name,
                              const std::string& unit = {}) {
    identity::SubjectName subject;
    subject.organization = organisation;
    subject.commonName = name;
    if (!unit.empty()) subject.organizationalUnits = {unit};
    return subject;
}

crypto::PrivateKey newKey() {
    return valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
}

// Older than what it issues, also than what has expired.
identity::Certificate newCa(const std::string& name, const crypto::PrivateKey& key) {
    auto content = identity::cryptogenCa(subject(name, "ca." + name), absl::Now());
    content.notBefore = absl::Now() - absl::Hours(24 * 3650);
    content.notAfter = absl::Now() + absl::Hours(24 * 365);
    return valueOf(identity::issueSelfSigned(content, key));
}

}  // namespace

TestOrganisation::TestOrganisation(std::string name, MspId mspId)
    : m_name(std::move(name)),
      m_mspId(std::move(mspId)),
      m_key(newKey()),
      m_ca(newCa(m_name, m_key)),
      m_tlsKey(newKey()),
      m_tlsCa(newCa("tls." + m_name, m_tlsKey)),
      m_tlsRootsPem(m_tlsCa.toPem()) {}

identity::SigningIdentityPtr TestOrganisation::member(const std::string& commonName,
                                                      const std::string& role, absl::Time from,
                                                      absl::Duration lifetime) const {
    const auto key = newKey();
    auto content = identity::cryptogenIdentity(subject(m_name, commonName, role), from);
    content.notBefore = from;
    content.notAfter = from + lifetime;
    const auto certificate =
        valueOf(identity::issueCertificate(content, key.publicKey(), m_ca, m_key));
    return valueOf(identity::makeSigningIdentity(m_mspId, certificate.toPem(), key.toPem()));
}

rpc::TlsIdentity TestOrganisation::tls(const std::string& commonName) const {
    const auto key = newKey();
    const auto content = identity::cryptogenTls(subject(m_name, commonName),
                                                {"localhost", "127.0.0.1"}, absl::Now());
    const auto certificate =
        valueOf(identity::issueCertificate(content, key.publicKey(), m_tlsCa, m_tlsKey));
    return {certificate.toPem(), key.toPem()};
}

void TestOrganisation::revoke(const identity::SigningIdentity& member) {
    Bytes serial = valueOf(fromHex(member.certificate().serialHex()));
    serial.erase(0, serial.find_first_not_of('\0'));
    const absl::Time now = absl::Now();
    m_revocationList = valueOf(identity::makeRevocationList(
                                   m_ca, m_key, {{serial, now - absl::Hours(1), std::nullopt}},
                                   now - absl::Hours(1), now + absl::Hours(1)))
                           .toPem();
}

Bytes TestOrganisation::mspConfig() const {
    ::msp::FabricMSPConfig fabric;
    fabric.set_name(m_mspId.str());
    fabric.add_root_certs(m_ca.toPem());
    fabric.add_tls_root_certs(m_tlsRootsPem);
    if (!m_revocationList.empty()) fabric.add_revocation_list(m_revocationList);
    auto* units = fabric.mutable_fabric_node_ous();
    units->set_enable(true);
    units->mutable_client_ou_identifier()->set_organizational_unit_identifier("client");
    units->mutable_peer_ou_identifier()->set_organizational_unit_identifier("peer");
    units->mutable_admin_ou_identifier()->set_organizational_unit_identifier("admin");
    units->mutable_orderer_ou_identifier()->set_organizational_unit_identifier("orderer");
    ::msp::MSPConfig config;
    config.set_config(wire::serialize(fabric));
    return wire::serialize(config);
}

channel::NewOrganisation TestOrganisation::group() const {
    channel::NewOrganisation group;
    group.name = m_name;
    group.mspConfig = mspConfig();
    group.policies = channel::usualOrganisationPolicies(m_mspId);
    return group;
}

OrderingNetwork::OrderingNetwork() {
    orderer = orderers.member("orderer0", "orderer");
    ordererAdmin = orderers.member("admin", "admin");
    client = alpha.member("user", "client");
    admin = alpha.member("admin", "admin");
    peer = alpha.member("peer0", "peer");
    ordererTls = orderers.tls("orderer0");

    channel.channel = ChannelId("trade");
    auto ordering = orderers.group();
    ordering.endpoints = {"127.0.0.1:7050"};
    channel.orderers.organisations = {ordering};
    channel.orderers.batchSize = {10, 1U << 20, 512U << 10};
    channel.orderers.batchTimeout = absl::Milliseconds(50);
    channel::Consenter consenter;
    consenter.host = "127.0.0.1";
    consenter.port = 7050;
    consenter.clientTlsPem = consenter.serverTlsPem = ordererTls.certificatePem;
    channel.orderers.consenters = {consenter};
    channel.application.organisations = {alpha.group()};
}

protocol::Block OrderingNetwork::genesis() const {
    return valueOf(channel::makeGenesisBlock(channel, absl::Now()));
}

std::shared_ptr<OrdererContext> OrderingNetwork::context(const Clock& clock) const {
    auto context = std::make_shared<OrdererContext>();
    context->signer = orderer;
    context->tls = ordererTls;
    context->clock = &clock;
    return context;
}

Bytes OrderingNetwork::envelope(const identity::SigningIdentity& signer, BytesView data,
                                protocol::HeaderType type, const std::string& channelId) const {
    const Bytes nonce = Random::system().bytes(24);
    const TxId txId = protocol::computeTxId(nonce, signer.serialized());
    protocol::ChannelHeader header;
    header.type = type;
    header.txId = txId.str();
    header.timestamp = protocol::Timestamp::fromTime(absl::Now());
    header.channelId = channelId;
    const Bytes payload = protocol::encodePayload(
        protocol::encodeChannelHeader(header),
        protocol::encodeSignatureHeader({signer.serialized(), nonce}), data);
    return protocol::encodeEnvelope(payload, valueOf(signer.sign(payload)));
}

Bytes OrderingNetwork::seek(const identity::SigningIdentity& signer, const SeekInfo& info,
                            absl::Time now, BytesView tlsCertificateHash) const {
    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::DeliverSeekInfo;
    header.timestamp = protocol::Timestamp::fromTime(now);
    header.channelId = channel.channel.str();
    header.tlsCertHash = tlsCertificateHash;
    const Bytes payload = protocol::encodePayload(
        protocol::encodeChannelHeader(header),
        protocol::encodeSignatureHeader({signer.serialized(), "nonce"}), encodeSeekInfo(info));
    return protocol::encodeEnvelope(payload, valueOf(signer.sign(payload)));
}

Bytes OrderingNetwork::configUpdate(const channel::Bundle& current,
                                    const std::function<void(common::Config&)>& change) const {
    ::common::Config changed = current.config();
    change(changed);
    const auto update =
        valueOf(channel::computeUpdate(current.channelId(), current.config(), changed));
    auto envelope = channel::makeUpdateEnvelope(update);
    for (const auto& signer : {ordererAdmin, admin})
        *envelope.add_signatures() =
            valueOf(channel::signUpdate(*signer, envelope.config_update()));
    const auto wrapped = valueOf(channel::wrapUpdate(current.channelId(), envelope, *ordererAdmin));
    return wire::serialize(wrapped);
}

SeekInfo range(BlockNumber first, BlockNumber last) {
    SeekInfo info;
    info.start = SeekPosition{SeekPosition::Kind::Specified, first};
    info.stop = SeekPosition{SeekPosition::Kind::Specified, last};
    return info;
}

SeekInfo everything() {
    SeekInfo info = range(0, std::numeric_limits<BlockNumber>::max());
    info.start = SeekPosition{SeekPosition::Kind::Oldest, 0};
    return info;
}

TestFolder::TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ordererXXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    m_path = pattern;
}

TestFolder::~TestFolder() {
    std::error_code error;
    std::filesystem::remove_all(m_path, error);
}

}  // namespace chancery::node::test
