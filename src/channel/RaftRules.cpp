#include "src/base/Encoding.h"
#include "src/channel/OrdererRules.h"
#include "src/identity/ChainBuilder.h"

namespace chancery::channel {
namespace {

constexpr std::string_view kRaftPath = "/Channel/Orderer/ConsensusType";

Status refuse(StatusCode code, std::string_view reason, std::string_view sentence) {
    return makeError(code, reason, sentence, {{"path", std::string(kRaftPath)}});
}

std::string nameOf(const Consenter& consenter) {
    return fmt::format("{}:{}", printable(consenter.host, 256), consenter.port);
}

/// What the orderer organisations' TLS certificates must chain to.
struct TlsPools {
    identity::CertificatePool roots;
    identity::CertificatePool intermediates;
};

TlsPools tlsPoolsOf(const Bundle& bundle) {
    TlsPools pools;
    for (const auto& [name, organisation] : bundle.ordererOrganisations()) {
        for (const auto& certificate : organisation.msp->tlsRootCertificates())
            pools.roots.add(certificate);
        for (const auto& certificate : organisation.msp->tlsIntermediateCertificates())
            pools.intermediates.add(certificate);
    }
    return pools;
}

/// Without `strictlyAt` the validity dates of the certificate itself do not count. Fabric takes
/// either usage for either certificate of a consenter (etcdraft, verification of its metadata).
Status checkChain(const identity::Certificate& certificate, const TlsPools& pools,
                  std::optional<absl::Time> strictlyAt) {
    const auto checkAt = [&](absl::Time at) {
        return identity::buildChains(certificate, pools.roots, pools.intermediates, at,
                                     identity::ChainUsage::ClientOrServer)
            .status();
    };
    if (strictlyAt) return checkAt(*strictlyAt);
    // A CA may have been renewed since, or may end before: either end of the life will do.
    const Status begin = checkAt(certificate.notBefore() + absl::Seconds(1));
    if (begin.ok()) return begin;
    const Status end = checkAt(certificate.notAfter() - absl::Seconds(1));
    return end.ok() ? end : begin;
}

Status checkCertificates(const Consenter& consenter, const TlsPools& pools,
                         std::optional<absl::Time> strictlyAt) {
    const std::pair<std::string_view, const Bytes&> both[] = {{"client", consenter.clientTlsPem},
                                                              {"server", consenter.serverTlsPem}};
    for (const auto& [kind, pem] : both) {
        auto certificate = identity::Certificate::fromPem(pem);
        const Status status =
            certificate.ok() ? checkChain(*certificate, pools, strictlyAt) : certificate.status();
        if (!status.ok())
            return makeError(StatusCode::kInvalidArgument, "BAD_CONSENTER",
                             fmt::format("the TLS {} certificate of consenter {} is not good: {}",
                                         kind, nameOf(consenter), messageOf(status)),
                             {{"path", std::string(kRaftPath)},
                              {"consenter", nameOf(consenter)},
                              {"cause", reasonOf(status)}});
    }
    return absl::OkStatus();
}

/// Who comes and who goes; a consenter is known by its client TLS certificate.
struct Membership {
    std::vector<const Consenter*> added;
    std::vector<std::size_t> removed;  ///< positions in the current list
    std::size_t size = 0;              ///< of the cluster afterwards
};

Membership compare(const std::vector<Consenter>& current, const std::vector<Consenter>& proposed) {
    Membership membership;
    membership.size = proposed.size();
    std::set<std::string_view> before;
    std::set<std::string_view> after;
    for (const Consenter& consenter : current) before.insert(consenter.clientTlsPem);
    for (const Consenter& consenter : proposed) {
        after.insert(consenter.clientTlsPem);
        if (!before.contains(consenter.clientTlsPem)) membership.added.push_back(&consenter);
    }
    for (std::size_t i = 0; i < current.size(); ++i)
        if (!after.contains(current[i].clientTlsPem)) membership.removed.push_back(i);
    return membership;
}

Status checkQuorum(const Membership& membership, const std::vector<std::size_t>& active) {
    if (membership.added.empty() && membership.removed.empty()) return absl::OkStatus();
    std::set<std::size_t> left(active.begin(), active.end());
    for (const std::size_t position : membership.removed) left.erase(position);
    // A cluster of one or two tolerates nothing anyway; only removing may not make it worse.
    const bool canBeAvoided = membership.size > 2 || membership.added.empty();
    if (!canBeAvoided || left.size() >= membership.size / 2 + 1) return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "QUORUM_LOST",
                     fmt::format("of the {} consenters there would be, {} are reachable now: the "
                                 "channel would stop",
                                 membership.size, left.size()),
                     {{"path", std::string(kRaftPath)},
                      {"consenters", std::to_string(membership.size)},
                      {"reachable", std::to_string(left.size())}});
}

}  // namespace

Status checkRaftChange(const Bundle& current, const Bundle& proposed, const OrdererView& view) {
    RETURN_IF_ERROR(checkRaft(proposed.orderer()->consensusMetadata));
    const TlsPools pools = tlsPoolsOf(proposed);
    for (const Consenter& consenter : proposed.consenters())
        RETURN_IF_ERROR(checkCertificates(consenter, pools, std::nullopt));
    if (current.consensusType() != "etcdraft") return absl::OkStatus();
    const Membership membership = compare(current.consenters(), proposed.consenters());
    if (membership.added.size() > 1 || membership.removed.size() > 1)
        return refuse(StatusCode::kInvalidArgument, "TOO_MANY_CONSENTERS_CHANGED",
                      fmt::format("only one consenter can be added or removed at a time; this "
                                  "would add {} and remove {}",
                                  membership.added.size(), membership.removed.size()));
    if (view.now)
        for (const Consenter* consenter : membership.added)
            RETURN_IF_ERROR(checkCertificates(*consenter, pools, view.now));
    if (view.activeConsenters) return checkQuorum(membership, *view.activeConsenters);
    return absl::OkStatus();
}

}  // namespace chancery::channel
