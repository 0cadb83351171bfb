#include "src/usecase/CertificateEffects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/policy/ApplicationPolicy.h"
#include "src/policy/Outage.h"

namespace chancery::usecase {
namespace {

using UseKind = CertificateUseKind;

/// Which policies need this role: by their usual names, for those are what people set up.
bool asksFor(std::string_view path, std::string_view role) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (role == "admin") return name == "Admins";
    return role == "peer" && (name == "Endorsement" || name == "LifecycleEndorsement");
}

}  // namespace

std::string_view nameOf(EffectKind kind) {
    switch (kind) {
        case EffectKind::QuorumLost:
            return "QUORUM_LOST";
        case EffectKind::ConsenterLost:
            return "CONSENTER_LOST";
        case EffectKind::NodeUnreachable:
            return "NODE_UNREACHABLE";
        case EffectKind::NodeCannotStart:
            return "NODE_CANNOT_START";
        case EffectKind::IdentityRefused:
            return "IDENTITY_REFUSED";
        case EffectKind::NobodyActs:
            return "NOBODY_ACTS";
        case EffectKind::PolicyStops:
            return "POLICY_STOPS";
        case EffectKind::ContractStops:
            return "CONTRACT_STOPS";
        case EffectKind::CaIssuesNothing:
            return "CA_ISSUES_NOTHING";
        case EffectKind::TlsRootEnds:
            return "TLS_ROOT_ENDS";
        case EffectKind::CrlOutdated:
            return "CRL_OUTDATED";
    }
    return "";
}

std::size_t quorumOf(std::size_t consenters, bool isBft) {
    if (!isBft) return consenters / 2 + 1;
    // Of n members f may fail; two groups of this size share a good member.
    const std::size_t faulty = consenters == 0 ? 0 : (consenters - 1) / 3;
    return (consenters + faulty + 2) / 2;
}

CertificateEffects::CertificateEffects(const CertificateInventory& inventory)
    : m_inventory(inventory), m_issuers(inventory.certificates().size()) {
    for (std::size_t i = 0; i < m_issuers.size(); ++i) {
        const InventoriedCertificate& one = inventory.certificates()[i];
        if (!one.isInUse() && !one.certificate.isCa()) continue;
        m_relevant.push_back(i);
        m_issuers[i] = inventory.issuersOf(i);
    }
    collectClusters();
    collectActors();
}

void CertificateEffects::collectClusters() {
    for (const channel::BundlePtr& bundle : m_inventory.channels()) {
        Cluster cluster{.channel = bundle->channelId(), .isBft = bundle->consensusType() == "BFT"};
        for (const channel::Consenter& consenter : bundle->consenters()) {
            Consenter& one = cluster.consenters.emplace_back();
            one.name = fmt::format("{}:{}", consenter.host, consenter.port);
            for (const Bytes* pem : {&consenter.serverTlsPem, &consenter.clientTlsPem}) {
                const auto certificate = identity::Certificate::fromPem(*pem);
                if (!certificate.ok()) continue;
                if (const auto index = m_inventory.byFingerprint(certificate->fingerprint()))
                    one.certificates.push_back(*index);
            }
        }
        if (!cluster.consenters.empty()) m_clusters.push_back(std::move(cluster));
    }
}

void CertificateEffects::collectActors() {
    std::map<std::pair<MspId, std::string>, std::vector<std::size_t>> actors;
    for (std::size_t i = 0; i < m_inventory.certificates().size(); ++i) {
        const InventoriedCertificate& one = m_inventory.certificates()[i];
        if (one.role == "admin" && !one.mspId.empty()) actors[{one.mspId, "admin"}].push_back(i);
    }
    for (const InventoriedNode& node : m_inventory.nodes()) {
        if (node.isOrderer) continue;
        const auto tls = node.presented ? node.presented : node.tls;
        if (tls) actors[{node.mspId, "peer"}].push_back(*tls);
    }
    for (auto& [who, certificates] : actors)
        m_actors.push_back({who.first, who.second, std::move(certificates)});
}

class CertificateEffects::Evaluation {
public:
    Evaluation(const CertificateEffects& of, const std::function<bool(std::size_t)>& hasEnded)
        : m_of(of), m_all(of.m_inventory.certificates()), m_ended(hasEnded) {}

    std::vector<CertificateEffect> run() {
        clusters();
        nodes();
        identities();
        actors();
        authorities();
        std::sort(m_effects.begin(), m_effects.end());
        m_effects.erase(std::unique(m_effects.begin(), m_effects.end()), m_effects.end());
        return std::move(m_effects);
    }

private:
    /// Whether a TLS handshake with it still succeeds.
    bool lives(std::size_t certificate, std::size_t depth = 0) {
        if (m_ended(certificate)) return false;
        const std::vector<std::size_t>& issuers = m_of.m_issuers[certificate];
        // Who is not known here is taken to live.
        if (issuers.empty() || depth > 8) return true;
        return std::any_of(issuers.begin(), issuers.end(),
                           [&](std::size_t issuer) { return lives(issuer, depth + 1); });
    }

    bool dependsOn(std::size_t certificate, std::size_t authority, std::size_t depth = 0) const {
        if (depth > 8) return false;
        for (const std::size_t issuer : m_of.m_issuers[certificate])
            if (issuer == authority || dependsOn(issuer, authority, depth + 1)) return true;
        return false;
    }

    void clusters() {
        for (const Cluster& cluster : m_of.m_clusters) {
            std::vector<std::string> lost;
            for (const Consenter& consenter : cluster.consenters)
                if (!std::all_of(consenter.certificates.begin(), consenter.certificates.end(),
                                 [&](std::size_t one) { return lives(one); }))
                    lost.push_back(consenter.name);
            const std::size_t total = cluster.consenters.size();
            CertificateEffect effect{.kind = EffectKind::ConsenterLost,
                                     .channel = cluster.channel,
                                     .remaining = total - lost.size(),
                                     .needed = quorumOf(total, cluster.isBft),
                                     .total = total};
            for (const std::string& name : lost) {
                effect.name = name;
                m_effects.push_back(effect);
            }
            if (effect.remaining >= effect.needed) continue;
            effect.kind = EffectKind::QuorumLost;
            effect.name.clear();
            m_effects.push_back(effect);
        }
    }

    void nodes() {
        for (const InventoriedNode& node : m_of.m_inventory.nodes()) {
            const auto tls = node.presented ? node.presented : node.tls;
            if (tls && !lives(*tls))
                m_effects.push_back(
                    {.kind = EffectKind::NodeUnreachable, .name = node.name, .mspId = node.mspId});
            if (node.identity && m_ended(*node.identity))
                m_effects.push_back(
                    {.kind = EffectKind::NodeCannotStart, .name = node.name, .mspId = node.mspId});
        }
    }

    void identities() {
        for (const std::size_t i : m_of.m_relevant)
            for (const CertificateUse& use : m_all[i].uses)
                if (use.kind == UseKind::WalletIdentity && m_ended(i))
                    m_effects.push_back({.kind = EffectKind::IdentityRefused,
                                         .name = use.owner,
                                         .mspId = use.mspId});
    }

    void actors() {
        std::map<std::string, std::set<MspId>> missing;
        for (const Actors& actors : m_of.m_actors) {
            const bool all = std::none_of(
                actors.certificates.begin(), actors.certificates.end(), [&](std::size_t one) {
                    if (m_all[one].revocation) return false;
                    return actors.role == "peer" ? lives(one) : !m_ended(one);
                });
            if (!all) continue;
            missing[actors.role].insert(actors.mspId);
            m_effects.push_back({.kind = EffectKind::NobodyActs,
                                 .mspId = actors.mspId,
                                 .role = actors.role,
                                 .total = actors.certificates.size()});
        }
        for (const auto& [role, organisations] : missing)
            for (const channel::BundlePtr& bundle : m_of.m_inventory.channels())
                policies(*bundle, role, organisations);
    }

    void policies(const channel::Bundle& bundle, const std::string& role,
                  const std::set<MspId>& down) {
        std::vector<policy::NamedPolicyRef> asked;
        for (auto& named : policy::policiesOf(bundle.policies()))
            if (asksFor(named.name, role)) asked.push_back(std::move(named));
        stopped(bundle, role, down, asked, EffectKind::PolicyStops);
        // Peers endorse; who has none that is reached, endorses nothing.
        if (role == "peer")
            stopped(bundle, role, down, contractPolicies(bundle), EffectKind::ContractStops);
    }

    std::vector<policy::NamedPolicyRef> contractPolicies(const channel::Bundle& bundle) const {
        std::vector<policy::NamedPolicyRef> found;
        for (const InventoriedContract& contract : m_of.m_inventory.contracts()) {
            if (contract.channel != bundle.channelId()) continue;
            if (contract.policy.empty()) {
                if (auto own = bundle.policies().find(policy::kDefaultEndorsementPolicy))
                    found.push_back({contract.name, std::move(own)});
                continue;
            }
            auto compiled =
                policy::compileApplicationPolicy(contract.policy, bundle.policies(), bundle.msps());
            if (compiled.ok()) found.push_back({contract.name, *std::move(compiled)});
        }
        return found;
    }

    void stopped(const channel::Bundle& bundle, const std::string& role,
                 const std::set<MspId>& down, const std::vector<policy::NamedPolicyRef>& asked,
                 EffectKind kind) {
        for (const std::string& name : policy::outageWithout(down, asked).stopped) {
            CertificateEffect effect{
                .kind = kind, .name = name, .channel = bundle.channelId(), .role = role};
            for (const MspId& mspId : down)
                if (bundle.msps()->find(mspId) != nullptr) effect.names.push_back(mspId.str());
            m_effects.push_back(std::move(effect));
        }
    }

    void authorities() {
        for (const std::size_t i : m_of.m_relevant) {
            const InventoriedCertificate& one = m_all[i];
            if (!one.certificate.isCa() || !m_ended(i)) continue;
            if (one.hasUse(UseKind::MspTlsRoot) || one.hasUse(UseKind::MspTlsIntermediate)) {
                CertificateEffect effect{
                    .kind = EffectKind::TlsRootEnds, .name = one.name, .mspId = one.mspId};
                for (const InventoriedNode& node : m_of.m_inventory.nodes()) {
                    const auto tls = node.presented ? node.presented : node.tls;
                    if (tls && dependsOn(*tls, i) && !lives(*tls))
                        effect.names.push_back(node.name);
                }
                effect.total = effect.names.size();
                m_effects.push_back(std::move(effect));
            }
            if (one.hasUse(UseKind::MspRoot) || one.hasUse(UseKind::MspIntermediate) ||
                one.hasUse(UseKind::CaSigning))
                m_effects.push_back(
                    {.kind = EffectKind::CaIssuesNothing, .name = one.name, .mspId = one.mspId});
        }
    }

    const CertificateEffects& m_of;
    const std::vector<InventoriedCertificate>& m_all;
    const std::function<bool(std::size_t)>& m_ended;
    std::vector<CertificateEffect> m_effects;
};

std::vector<CertificateEffect> CertificateEffects::whileEnded(
    const std::function<bool(std::size_t)>& hasEnded) const {
    return Evaluation(*this, hasEnded).run();
}

std::vector<CertificateEffect> CertificateEffects::ofEnd(std::size_t certificate) const {
    return whileEnded([certificate](std::size_t one) { return one == certificate; });
}

}  // namespace chancery::usecase
