#include "tests/bench/ledger/Consortium.h"

#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "src/base/Clock.h"
#include "src/base/Encoding.h"
#include "src/channel/Bundle.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/Issue.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::bench {
namespace {

constexpr std::size_t kClients = 4;

struct Holder {
    crypto::PrivateKey key;
    std::string keyPem;
    identity::Certificate certificate;
};

class FixedClock final : public Clock {
public:
    explicit FixedClock(absl::Time now) : m_now(now) {}
    absl::Time now() const override { return m_now; }

private:
    absl::Time m_now;
};

/// A P-256 key from 32 bytes, in the form of SEC 1 without the point.
std::string keyPemOf(BytesView scalar) {
    const Bytes curve = *fromHex("a00a06082a8648ce3d030107");
    const Bytes version = *fromHex("020101");
    const Bytes der = crypto::derSequence(
        {version, crypto::derElement(crypto::der::kOctetString, scalar), curve});
    return crypto::writePem("EC PRIVATE KEY", der);
}

class Issuer {
public:
    Issuer(std::string domain, absl::Time since, SeededRandom& random)
        : m_domain(std::move(domain)), m_since(since), m_random(random) {}

    Result<Holder> root(const std::string& name) {
        ASSIGN_OR_RETURN(auto key, makeKey());
        ASSIGN_OR_RETURN(auto certificate, identity::issueSelfSigned(
                                               identity::cryptogenCa(subject(name, {}), m_since),
                                               key.first, m_random));
        return Holder{key.first, key.second, certificate};
    }

    Result<identity::SigningIdentityPtr> member(const Holder& root, const MspId& mspId,
                                                const std::string& name, const std::string& unit) {
        ASSIGN_OR_RETURN(auto key, makeKey());
        ASSIGN_OR_RETURN(const auto certificate,
                         identity::issueCertificate(
                             identity::cryptogenIdentity(subject(name, {unit}), m_since),
                             key.first.publicKey(), root.certificate, root.key, m_random));
        return identity::makeSigningIdentity(mspId, certificate.toPem(), key.second);
    }

    Result<std::string> tls(const Holder& root, const std::string& host) {
        ASSIGN_OR_RETURN(auto key, makeKey());
        ASSIGN_OR_RETURN(const auto certificate,
                         identity::issueCertificate(
                             identity::cryptogenTls(subject(host, {}), {host}, m_since),
                             key.first.publicKey(), root.certificate, root.key, m_random));
        return certificate.toPem();
    }

private:
    Result<std::pair<crypto::PrivateKey, std::string>> makeKey() {
        const std::string pem = keyPemOf(m_random.bytes(32));
        ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::fromPem(pem));
        return std::pair(std::move(key), pem);
    }

    identity::SubjectName subject(const std::string& name, std::vector<std::string> units) const {
        identity::SubjectName subject;
        subject.country = "CH";
        subject.locality = "Basel";
        subject.organization = m_domain;
        subject.organizationalUnits = std::move(units);
        subject.commonName = name;
        return subject;
    }

    std::string m_domain;
    absl::Time m_since;
    SeededRandom& m_random;
};

Bytes mspConfigOf(const MspId& mspId, const Holder& root, const Holder& tlsRoot) {
    ::msp::FabricMSPConfig config;
    config.set_name(mspId.str());
    config.add_root_certs(root.certificate.toPem());
    config.add_tls_root_certs(tlsRoot.certificate.toPem());
    auto& units = *config.mutable_fabric_node_ous();
    units.set_enable(true);
    const std::pair<::msp::FabricOUIdentifier*, const char*> roles[] = {
        {units.mutable_client_ou_identifier(), "client"},
        {units.mutable_peer_ou_identifier(), "peer"},
        {units.mutable_admin_ou_identifier(), "admin"},
        {units.mutable_orderer_ou_identifier(), "orderer"}};
    for (const auto& [identifier, name] : roles)
        identifier->set_organizational_unit_identifier(name);
    config.mutable_crypto_config()->set_signature_hash_family("SHA2");
    config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA256");
    ::msp::MSPConfig wrapped;
    wrapped.set_config(wire::serialize(config));
    return wire::serialize(wrapped);
}

Result<Party> makeParty(const std::string& name, const std::string& domain,
                        const std::string& nodeUnit, absl::Time since, SeededRandom& random) {
    Party party;
    party.name = name;
    party.mspId = MspId(name + "MSP");
    party.domain = domain;
    Issuer issuer(domain, since, random);
    ASSIGN_OR_RETURN(const Holder root, issuer.root("ca." + domain));
    ASSIGN_OR_RETURN(const Holder tlsRoot, issuer.root("tlsca." + domain));
    party.mspConfig = mspConfigOf(party.mspId, root, tlsRoot);
    ASSIGN_OR_RETURN(party.admin, issuer.member(root, party.mspId, "Admin@" + domain, "admin"));
    const std::string node = nodeUnit + "0." + domain;
    ASSIGN_OR_RETURN(party.node, issuer.member(root, party.mspId, node, nodeUnit));
    ASSIGN_OR_RETURN(party.tlsCertificate, issuer.tls(tlsRoot, node));
    for (std::size_t i = 1; nodeUnit == "peer" && i <= kClients; ++i) {
        ASSIGN_OR_RETURN(
            auto client,
            issuer.member(root, party.mspId, fmt::format("teller-{:02}@{}", i, domain), "client"));
        party.clients.push_back(std::move(client));
    }
    return party;
}

channel::NewOrganisation organisationOf(const Party& party) {
    channel::NewOrganisation organisation;
    organisation.name = party.name;
    organisation.mspConfig = party.mspConfig;
    organisation.policies = channel::usualOrganisationPolicies(party.mspId);
    return organisation;
}

}  // namespace

Result<Consortium> Consortium::make(std::size_t organisations, absl::Time since,
                                    SeededRandom& random) {
    Consortium consortium;
    consortium.channel = ChannelId("settlement");
    for (std::size_t i = 1; i <= organisations; ++i) {
        ASSIGN_OR_RETURN(auto party,
                         makeParty(fmt::format("Org{}", i), fmt::format("org{}.example.com", i),
                                   "peer", since, random));
        consortium.organisations.push_back(std::move(party));
    }
    ASSIGN_OR_RETURN(consortium.orderers,
                     makeParty("Orderer", "orderers.example.com", "orderer", since, random));
    return consortium;
}

channel::NewChannel Consortium::channelToMake() const {
    channel::NewChannel made;
    made.channel = channel;
    auto ordering = organisationOf(orderers);
    ordering.endpoints = {"orderer0." + orderers.domain + ":7050"};
    made.orderers.organisations = {ordering};
    channel::Consenter consenter;
    consenter.host = "orderer0." + orderers.domain;
    consenter.port = 7050;
    consenter.clientTlsPem = consenter.serverTlsPem = orderers.tlsCertificate;
    made.orderers.consenters = {consenter};
    for (const Party& party : organisations) {
        auto organisation = organisationOf(party);
        organisation.anchorPeers = {{"peer0." + party.domain, 7051}};
        made.application.organisations.push_back(std::move(organisation));
    }
    return made;
}

Result<Bytes> Consortium::configUpdate(const channel::Bundle& current, std::uint32_t maxMessages,
                                       absl::Time at, SeededRandom& random) const {
    const FixedClock clock(at);
    ::common::Config updated = current.config();
    auto& group = (*updated.mutable_channel_group()->mutable_groups())["Orderer"];
    auto& value = (*group.mutable_values())["BatchSize"];
    ASSIGN_OR_RETURN(auto size, wire::parse<::orderer::BatchSize>(value.value(), "BatchSize"));
    size.set_max_message_count(maxMessages);
    value.set_value(wire::serialize(size));
    ASSIGN_OR_RETURN(const auto update, channel::computeUpdate(channel, current.config(), updated));
    auto envelope = channel::makeUpdateEnvelope(update);
    ASSIGN_OR_RETURN(*envelope.add_signatures(),
                     channel::signUpdate(*orderers.admin, envelope.config_update(), random));
    ASSIGN_OR_RETURN(const auto wrapped,
                     channel::wrapUpdate(channel, envelope, *orderers.admin, clock, random));
    ASSIGN_OR_RETURN(const auto next, channel::proposeUpdate(current, wrapped));
    ASSIGN_OR_RETURN(const auto ordered,
                     channel::wrapConfig(channel, next, *orderers.node, clock, random));
    return wire::serialize(ordered);
}

}  // namespace chancery::bench
