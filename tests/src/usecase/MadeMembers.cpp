#include "tests/src/usecase/MadeMembers.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"
#include "src/protocol/Block.h"
#include "src/wire/Serialize.h"

namespace chancery::test {
namespace {

MadeCertificate root(const std::string& name, absl::Time from, absl::Time until,
                     const crypto::PrivateKey& key) {
    auto content = identity::fabricCaRoot({.commonName = name}, from);
    content.notBefore = from;
    content.notAfter = until;
    return {must(identity::issueSelfSigned(content, key)), key};
}

crypto::PrivateKey newKey() {
    return must(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
}

channel::NewChannel newChannel(const std::string& channel,
                               const std::vector<const MadeOrganisation*>& members,
                               const MadeOrganisation& orderers,
                               const std::vector<MadeCertificate>& consenters) {
    channel::NewChannel made{.channel = ChannelId(channel)};
    auto own = orderers.organisation();
    own.endpoints = {"orderer0:7050"};
    made.orderers.organisations.push_back(own);
    for (std::size_t i = 0; i < consenters.size(); ++i)
        made.orderers.consenters.push_back({.host = "orderer" + std::to_string(i),
                                            .port = 7050,
                                            .serverTlsPem = consenters[i].pem(),
                                            .clientTlsPem = consenters[i].pem()});
    for (const MadeOrganisation* member : members)
        made.application.organisations.push_back(member->organisation());
    return made;
}

}  // namespace

absl::Time noon(int year, int month, int day) {
    return absl::FromCivil(absl::CivilHour(year, month, day, 12), absl::UTCTimeZone());
}

MadeOrganisation::MadeOrganisation(std::string name, absl::Time from, absl::Time until,
                                   absl::Time tlsUntil)
    : m_name(std::move(name)),
      m_from(from),
      m_ca(root("ca." + m_name, from, until, newKey())),
      m_tlsCa(root("tlsca." + m_name, from, tlsUntil, newKey())) {}

MadeCertificate MadeOrganisation::identity(const std::string& commonName, const std::string& unit,
                                           absl::Time until) const {
    const auto key = newKey();
    auto content = identity::fabricCaIdentity(
        {.organizationalUnits = {unit}, .commonName = commonName}, m_ca.certificate, m_from);
    content.notBefore = m_from;
    content.notAfter = until;
    return {must(identity::issueCertificate(content, key.publicKey(), m_ca.certificate, m_ca.key)),
            key};
}

MadeCertificate MadeOrganisation::identityAgain(const MadeCertificate& old, const std::string& unit,
                                                absl::Time until) const {
    auto content = identity::fabricCaIdentity(
        {.organizationalUnits = {unit}, .commonName = std::string(old.certificate.commonName())},
        m_ca.certificate, m_from);
    content.notBefore = m_from;
    content.notAfter = until;
    return {
        must(identity::issueCertificate(content, old.key.publicKey(), m_ca.certificate, m_ca.key)),
        old.key};
}

MadeCertificate MadeOrganisation::tls(const std::string& host, absl::Time until) const {
    const auto key = newKey();
    auto content = identity::fabricCaTls({.commonName = host}, {host}, m_tlsCa.certificate, m_from);
    content.notBefore = m_from;
    content.notAfter = until;
    return {must(identity::issueCertificate(content, key.publicKey(), m_tlsCa.certificate,
                                            m_tlsCa.key)),
            key};
}

MadeCertificate MadeOrganisation::tlsAgain(const MadeCertificate& old, absl::Time until) const {
    const std::string host = old.certificate.hosts().front();
    auto content = identity::fabricCaTls({.commonName = host}, {host}, m_tlsCa.certificate, m_from);
    content.notBefore = m_from;
    content.notAfter = until;
    return {must(identity::issueCertificate(content, old.key.publicKey(), m_tlsCa.certificate,
                                            m_tlsCa.key)),
            old.key};
}

MadeCertificate MadeOrganisation::tlsCaAgain(absl::Time until) const {
    return root("tlsca." + m_name, m_from, until, m_tlsCa.key);
}

std::string MadeOrganisation::crl(const std::vector<identity::Certificate>& revoked, absl::Time now,
                                  absl::Time next) const {
    std::vector<identity::RevocationList::Entry> entries;
    for (const auto& one : revoked) entries.push_back({must(fromHex(one.serialHex())), now, 1});
    return must(identity::makeRevocationList(m_ca.certificate, m_ca.key, entries, now, next))
        .toPem();
}

Bytes MadeOrganisation::mspConfig() const {
    ::msp::FabricMSPConfig config;
    config.set_name(mspId().str());
    config.add_root_certs(m_ca.pem());
    config.add_tls_root_certs(m_tlsCa.pem());
    config.mutable_crypto_config()->set_signature_hash_family("SHA2");
    config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA256");
    auto& units = *config.mutable_fabric_node_ous();
    units.set_enable(true);
    units.mutable_client_ou_identifier()->set_organizational_unit_identifier("client");
    units.mutable_peer_ou_identifier()->set_organizational_unit_identifier("peer");
    units.mutable_admin_ou_identifier()->set_organizational_unit_identifier("admin");
    units.mutable_orderer_ou_identifier()->set_organizational_unit_identifier("orderer");
    ::msp::MSPConfig outer;
    outer.set_config(wire::serialize(config));
    return wire::serialize(outer);
}

channel::NewOrganisation MadeOrganisation::organisation() const {
    return {.name = m_name,
            .mspConfig = mspConfig(),
            .policies = channel::usualOrganisationPolicies(mspId())};
}

::common::Config madeConfig(const std::string& channel,
                            const std::vector<const MadeOrganisation*>& members,
                            const MadeOrganisation& orderers,
                            const std::vector<MadeCertificate>& consenters) {
    return must(channel::makeGenesisConfig(newChannel(channel, members, orderers, consenters)));
}

channel::BundlePtr madeChannel(const std::string& channel,
                               const std::vector<const MadeOrganisation*>& members,
                               const MadeOrganisation& orderers,
                               const std::vector<MadeCertificate>& consenters) {
    return must(channel::Bundle::fromConfig(ChannelId(channel),
                                            madeConfig(channel, members, orderers, consenters)));
}

void writeBlock(const std::string& file, const std::string& channel,
                const std::vector<const MadeOrganisation*>& members,
                const MadeOrganisation& orderers, const std::vector<MadeCertificate>& consenters) {
    const auto block = must(channel::makeGenesisBlock(
        newChannel(channel, members, orderers, consenters), noon(2027, 1, 1)));
    const Status written = writeNewFile(file, block.serialize());
    if (!written.ok()) throw std::runtime_error(std::string(messageOf(written)));
}

void writeBftBlock(const std::string& file, const std::string& channel,
                   const std::vector<const MadeOrganisation*>& members,
                   const MadeOrganisation& orderers, const std::vector<MadeCertificate>& consenters,
                   const std::vector<MadeCertificate>& identities) {
    auto made = newChannel(channel, members, orderers, consenters);
    made.capabilities = {"V3_0"};
    made.orderers.options = channel::NewOrderers::defaultBftOptions();
    for (std::size_t i = 0; i < made.orderers.consenters.size(); ++i) {
        channel::Consenter& consenter = made.orderers.consenters[i];
        consenter.id = static_cast<std::uint32_t>(i + 1);
        consenter.mspId = orderers.mspId();
        consenter.identityPem = identities[i].pem();
    }
    const auto block = must(channel::makeGenesisBlock(made, noon(2027, 1, 1)));
    const Status written = writeNewFile(file, block.serialize());
    if (!written.ok()) throw std::runtime_error(std::string(messageOf(written)));
}

}  // namespace chancery::test
