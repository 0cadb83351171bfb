#include "src/usecase/CertificateDrafts.h"

#include <fmt/format.h>

#include <functional>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "src/channel/Bundle.h"
#include "src/channel/Difference.h"
#include "src/channel/Update.h"
#include "src/identity/Certificate.h"
#include "src/identity/Crl.h"
#include "src/policy/StandardPolicies.h"
#include "src/usecase/ConfigChanges.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

using MspChange = std::function<Status(::msp::FabricMSPConfig&)>;
using Blobs = google::protobuf::RepeatedPtrField<std::string>;

Status changeMspOf(::common::ConfigGroup& organisation, const MspId& mspId, const MspChange& change,
                   std::size_t& found) {
    const auto value = organisation.mutable_values()->find("MSP");
    if (value == organisation.mutable_values()->end()) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto outer, wire::parse<::msp::MSPConfig>(value->second.value(), "MSP"));
    if (outer.type() != 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto inner, wire::parse<::msp::FabricMSPConfig>(outer.config(), "MSP"));
    if (inner.name() != mspId.str()) return absl::OkStatus();
    ++found;
    RETURN_IF_ERROR(change(inner));
    outer.set_config(wire::serialize(inner));
    value->second.set_value(wire::serialize(outer));
    return absl::OkStatus();
}

/// An organisation may stand in several sections; all of them must say the same of it.
Status changeMsps(::common::ConfigGroup& group, const MspId& mspId, const MspChange& change,
                  std::size_t depth, std::size_t& found) {
    if (depth > 4) return absl::OkStatus();
    RETURN_IF_ERROR(changeMspOf(group, mspId, change, found));
    for (auto& [name, below] : *group.mutable_groups())
        RETURN_IF_ERROR(changeMsps(below, mspId, change, depth + 1, found));
    return absl::OkStatus();
}

Status noSuchMsp(const MspId& mspId, const ChannelId& channel) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_MSP",
                     fmt::format("channel {} has no organisation {}", channel.str(), mspId.str()),
                     {{"msp", mspId.str()}, {"channel", channel.str()}});
}

bool isCertificate(BytesView pem, const identity::Certificate& certificate) {
    const auto other = identity::Certificate::fromPem(pem);
    return other.ok() && *other == certificate;
}

bool eraseFrom(Blobs& blobs, const identity::Certificate& certificate) {
    bool found = false;
    for (int i = blobs.size() - 1; i >= 0; --i)
        if (isCertificate(blobs.Get(i), certificate)) {
            blobs.DeleteSubrange(i, 1);
            found = true;
        }
    return found;
}

Status putList(::msp::FabricMSPConfig& config, const identity::RevocationList& list,
               BytesView bytes) {
    bool isOwn = false;
    for (const Blobs* blobs : {&config.root_certs(), &config.intermediate_certs()})
        for (const std::string& pem : *blobs) {
            const auto ca = identity::Certificate::fromPem(pem);
            isOwn = isOwn || (ca.ok() && list.checkSignedBy(*ca).ok());
        }
    if (!isOwn)
        return makeError(
            StatusCode::kInvalidArgument, "CRL_NOT_OF_MSP",
            fmt::format("no CA of {} has signed the list of {}", config.name(), list.issuer()),
            {{"msp", config.name()}, {"issuer", list.issuer()}});
    Blobs& present = *config.mutable_revocation_list();
    for (int i = present.size() - 1; i >= 0; --i) {
        const auto old = identity::RevocationList::fromBytes(present.Get(i));
        if (!old.ok() || old->issuer() != list.issuer() ||
            old->authorityKeyId() != list.authorityKeyId())
            continue;
        if (old->thisUpdate() > list.thisUpdate())
            return makeError(
                StatusCode::kFailedPrecondition, "CRL_OLDER",
                fmt::format("the channel has a later list of {} already", list.issuer()),
                {{"issuer", list.issuer()}});
        present.DeleteSubrange(i, 1);
    }
    present.Add()->assign(bytes);
    return absl::OkStatus();
}

/// Roles bound to one CA would not be given by another.
bool clearCertifiers(::msp::FabricMSPConfig& config) {
    if (!config.has_fabric_node_ous()) return false;
    auto& rules = *config.mutable_fabric_node_ous();
    bool cleared = false;
    for (auto* unit :
         {rules.mutable_client_ou_identifier(), rules.mutable_peer_ou_identifier(),
          rules.mutable_admin_ou_identifier(), rules.mutable_orderer_ou_identifier()}) {
        cleared = cleared || !unit->certificate().empty();
        unit->clear_certificate();
    }
    return cleared;
}

/// Puts the new certificate wherever the old one stands.
template <class Consenters>
bool replaceIn(Consenters& consenters, const identity::Certificate& old, BytesView newPem) {
    bool found = false;
    for (auto& consenter : consenters) {
        if (isCertificate(consenter.server_tls_cert(), old)) {
            consenter.set_server_tls_cert(Bytes(newPem));
            found = true;
        }
        if (isCertificate(consenter.client_tls_cert(), old)) {
            consenter.set_client_tls_cert(Bytes(newPem));
            found = true;
        }
    }
    return found;
}

/// BFT: blocks are signed by the consenters' identities, and BlockValidation names them one by one.
bool replaceIdentity(::common::ConfigGroup& orderer, ::common::Orderers& mapping,
                     const identity::Certificate& old, BytesView newPem) {
    bool found = false;
    std::vector<std::pair<MspId, Bytes>> identities;
    for (auto& consenter : *mapping.mutable_consenter_mapping()) {
        if (isCertificate(consenter.identity(), old)) {
            consenter.set_identity(Bytes(newPem));
            found = true;
        }
        identities.emplace_back(MspId(consenter.msp_id()), consenter.identity());
    }
    const auto policy = orderer.mutable_policies()->find("BlockValidation");
    if (found && policy != orderer.mutable_policies()->end())
        policy->second.mutable_policy()->set_value(
            wire::serialize(policy::bftBlockValidationPolicy(identities)));
    return found;
}

Result<bool> replaceConsenter(::common::ConfigGroup& orderer, const identity::Certificate& old,
                              BytesView newPem) {
    bool found = false;
    auto& values = *orderer.mutable_values();
    if (const auto value = values.find("ConsensusType"); value != values.end()) {
        ASSIGN_OR_RETURN(auto type, wire::parse<::orderer::ConsensusType>(value->second.value(),
                                                                          "ConsensusType"));
        if (type.type() == "etcdraft") {
            ASSIGN_OR_RETURN(auto metadata, wire::parse<::etcdraft::ConfigMetadata>(
                                                type.metadata(), "ConsensusType.metadata"));
            if (replaceIn(*metadata.mutable_consenters(), old, newPem)) {
                found = true;
                type.set_metadata(wire::serialize(metadata));
                value->second.set_value(wire::serialize(type));
            }
        }
    }
    if (const auto value = values.find("Orderers"); value != values.end()) {
        ASSIGN_OR_RETURN(auto mapping,
                         wire::parse<::common::Orderers>(value->second.value(), "Orderers"));
        const bool isIdentity = replaceIdentity(orderer, mapping, old, newPem);
        if (replaceIn(*mapping.mutable_consenter_mapping(), old, newPem) || isIdentity) {
            found = true;
            value->second.set_value(wire::serialize(mapping));
        }
    }
    return found;
}

}  // namespace

Result<CertificateDrafts> CertificateDrafts::of(ConfigFile config) {
    if (!config.config)
        return makeError(StatusCode::kInvalidArgument, "NO_CONFIG",
                         "the file holds no whole configuration");
    if (config.channel.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_CHANNEL_NAME",
                         "the file does not say of which channel it is; take a config block");
    CertificateDrafts drafts(std::move(config));
    drafts.m_channel = drafts.m_file.channel;
    return drafts;
}

bool CertificateDrafts::hasMember(const MspId& mspId) const {
    std::size_t found = 0;
    ::common::ConfigGroup root = m_file.config->channel_group();
    const Status walked = changeMsps(
        root, mspId, [](::msp::FabricMSPConfig&) { return absl::OkStatus(); }, 0, found);
    return walked.ok() && found > 0;
}

Result<CertificateDraft> CertificateDrafts::draft(::common::Config after) const {
    const ::common::Config& before = *m_file.config;
    ASSIGN_OR_RETURN(const auto update, channel::computeUpdate(m_channel, before, after));
    ASSIGN_OR_RETURN(const auto current, channel::Bundle::fromConfig(m_channel, before));
    ASSIGN_OR_RETURN(const auto proposed,
                     channel::Bundle::fromConfig(m_channel, after, current.get()));
    RETURN_IF_ERROR(channel::checkSuccession(*current, *proposed));
    RETURN_IF_ERROR(channel::checkOrdererRules(*current, *proposed));
    CertificateDraft result{.channel = m_channel, .update = wire::serialize(update)};
    ASSIGN_OR_RETURN(const auto changes,
                     channel::difference(before.channel_group(), after.channel_group()));
    result.changes = describe(changes);
    result.agreements = agreementsFor(update, before);
    return result;
}

Result<CertificateDraft> CertificateDrafts::revocation(const MspId& mspId, BytesView crl) const {
    ASSIGN_OR_RETURN(const auto list, identity::RevocationList::fromBytes(crl));
    ::common::Config after = *m_file.config;
    std::size_t found = 0;
    // In PEM, as Fabric's own tools put it there.
    const Bytes pem = list.toPem();
    RETURN_IF_ERROR(changeMsps(
        *after.mutable_channel_group(), mspId,
        [&](::msp::FabricMSPConfig& config) { return putList(config, list, pem); }, 0, found));
    if (found == 0) return noSuchMsp(mspId, m_channel);
    return draft(std::move(after));
}

Result<CertificateDraft> CertificateDrafts::authority(const MspId& mspId, BytesView pem,
                                                      bool forTls) const {
    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(pem));
    if (!certificate.isCa())
        return makeError(StatusCode::kInvalidArgument, "NOT_A_CA",
                         fmt::format("{} is not the certificate of a CA", certificate.subject()));
    const bool isRoot = certificate.rawIssuer() == certificate.rawSubject();
    ::common::Config after = *m_file.config;
    std::size_t found = 0;
    bool cleared = false;
    const auto put = [&](::msp::FabricMSPConfig& config) {
        Blobs& blobs = *(forTls && isRoot ? config.mutable_tls_root_certs()
                         : forTls         ? config.mutable_tls_intermediate_certs()
                         : isRoot         ? config.mutable_root_certs()
                                          : config.mutable_intermediate_certs());
        for (const std::string& present : blobs)
            if (isCertificate(present, certificate)) return absl::OkStatus();
        blobs.Add()->assign(certificate.toPem());
        if (!forTls && clearCertifiers(config)) cleared = true;
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(changeMsps(*after.mutable_channel_group(), mspId, put, 0, found));
    if (found == 0) return noSuchMsp(mspId, m_channel);
    ASSIGN_OR_RETURN(CertificateDraft result, draft(std::move(after)));
    result.certifierCleared = cleared;
    return result;
}

Result<CertificateDraft> CertificateDrafts::withoutAuthority(const MspId& mspId,
                                                             BytesView pem) const {
    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(pem));
    ::common::Config after = *m_file.config;
    std::size_t found = 0;
    bool removed = false;
    const auto take = [&](::msp::FabricMSPConfig& config) {
        for (Blobs* blobs :
             {config.mutable_root_certs(), config.mutable_intermediate_certs(),
              config.mutable_tls_root_certs(), config.mutable_tls_intermediate_certs()})
            if (eraseFrom(*blobs, certificate)) removed = true;
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(changeMsps(*after.mutable_channel_group(), mspId, take, 0, found));
    if (found == 0) return noSuchMsp(mspId, m_channel);
    if (!removed)
        return makeError(StatusCode::kNotFound, "NO_SUCH_CERTIFICATE",
                         fmt::format("{} does not have {}", mspId.str(), certificate.subject()),
                         {{"msp", mspId.str()}, {"name", certificate.subject()}});
    return draft(std::move(after));
}

Result<CertificateDraft> CertificateDrafts::consenter(BytesView oldPem, BytesView newPem) const {
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(oldPem));
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(newPem));
    ::common::Config after = *m_file.config;
    auto& groups = *after.mutable_channel_group()->mutable_groups();
    bool found = false;
    if (const auto orderer = groups.find("Orderer"); orderer != groups.end()) {
        ASSIGN_OR_RETURN(found, replaceConsenter(orderer->second, old, renewed.toPem()));
    }
    if (!found)
        return makeError(StatusCode::kNotFound, "NO_SUCH_CONSENTER",
                         fmt::format("no consenter of {} has the certificate {}", m_channel.str(),
                                     old.subject()),
                         {{"channel", m_channel.str()}});
    return draft(std::move(after));
}

}  // namespace chancery::usecase
