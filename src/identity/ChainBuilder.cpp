#include "src/identity/ChainBuilder.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/X509Time.h"

namespace chancery::identity {
namespace {

constexpr int kMostSignatureChecks = 100;

Status refusal(std::string_view reason, const Certificate& at, std::string_view sentence) {
    return makeError(StatusCode::kUnauthenticated, reason,
                     fmt::format("certificate '{}': {}", printable(at.subject(), 256), sentence),
                     {{"certificate", at.subject()}, {"serial", at.serialHex()}});
}

enum class Place { Leaf, Intermediate, Root };

Status checkTime(const Certificate& certificate, absl::Time at) {
    if (at < certificate.notBefore())
        return refusal("NOT_YET_VALID", certificate,
                       fmt::format("it is valid from {}, which is after {}",
                                   timeText(certificate.notBefore()), timeText(at)));
    if (at > certificate.notAfter())
        return refusal("CERTIFICATE_EXPIRED", certificate,
                       fmt::format("it is valid until {}, which is before {}",
                                   timeText(certificate.notAfter()), timeText(at)));
    return absl::OkStatus();
}

Status checkNames(const Certificate& ca, const Chain& below) {
    const auto& constraints = ca.impl().extensions.nameConstraints;
    if (!constraints) return absl::OkStatus();
    for (const Certificate& certificate : below) {
        const Status status = constraints->check(certificate.impl().extensions.altNames);
        if (!status.ok())
            return refusal(reasonOf(status), ca,
                           fmt::format("it may not sign '{}': {}",
                                       printable(certificate.subject(), 256), messageOf(status)));
    }
    return absl::OkStatus();
}

// Whether the certificate may stand at this place above the ones in `below`.
Status checkPlace(const Certificate& certificate, Place place, const Chain& below, absl::Time at) {
    const Extensions& extensions = certificate.impl().extensions;
    if (!extensions.unknownCritical.empty())
        return refusal("UNKNOWN_CRITICAL_EXTENSION", certificate,
                       fmt::format("the critical extension {} is not known",
                                   extensions.unknownCritical.front()));
    RETURN_IF_ERROR(checkTime(certificate, at));
    if (place == Place::Leaf) return absl::OkStatus();
    RETURN_IF_ERROR(checkNames(certificate, below));
    if (place == Place::Intermediate && !extensions.isCa)
        return refusal("CA_MAY_NOT_SIGN", certificate, "it is not marked as a CA");
    if (extensions.pathLength && int(below.size()) - 1 > *extensions.pathLength)
        return refusal("PATH_TOO_LONG", certificate,
                       fmt::format("its path length of {} allows no further CA below it",
                                   *extensions.pathLength));
    return absl::OkStatus();
}

// The same name and key with the same alternative names: going there again would be a loop.
bool standsInChain(const Certificate& candidate, const Chain& chain) {
    for (const Certificate& certificate : chain) {
        if (candidate.rawSubject() != certificate.rawSubject()) continue;
        if (!(candidate.publicKey() == certificate.publicKey())) continue;
        const auto& one = candidate.impl().extensions.altNameValue;
        const auto& other = certificate.impl().extensions.altNameValue;
        if (one.has_value() != other.has_value()) return false;
        if (one == other) return true;
    }
    return false;
}

class Search {
public:
    Search(const CertificatePool& roots, const CertificatePool& intermediates, absl::Time at)
        : m_roots(roots), m_intermediates(intermediates), m_at(at) {}

    // Adds every chain above the last certificate of `chain`. The error is only looked at when
    // there is none.
    Status extend(const Chain& chain, std::vector<Chain>& found) {
        const Certificate& child = chain.back();
        const std::size_t before = found.size();
        Status last = absl::OkStatus();
        Status hint = absl::OkStatus();
        const auto consider = [&](const Certificate& candidate, Place place) {
            if (standsInChain(candidate, chain)) return;
            if (++m_checks > kMostSignatureChecks) {
                last = refusal("BAD_CHAIN", child, "too many CAs have the name of its issuer");
                return;
            }
            if (Status status = checkSignedBy(child, candidate); !status.ok()) {
                if (hint.ok()) hint = status;
                return;
            }
            last = checkPlace(candidate, place, chain, m_at);
            if (!last.ok()) return;
            Chain longer = chain;
            longer.push_back(candidate);
            if (place == Place::Root)
                found.push_back(std::move(longer));
            else
                last = extend(longer, found);
        };
        for (const Certificate& root : m_roots.possibleParents(child)) consider(root, Place::Root);
        for (const Certificate& ca : m_intermediates.possibleParents(child))
            consider(ca, Place::Intermediate);
        if (found.size() > before) return absl::OkStatus();
        if (!last.ok()) return last;
        return unknownCa(child, hint);
    }

private:
    static Status unknownCa(const Certificate& child, const Status& hint) {
        if (hint.ok())
            return refusal(
                "UNKNOWN_CA", child,
                fmt::format("no CA of this MSP is called '{}'", printable(child.issuer(), 256)));
        const std::string reason = reasonOf(hint);
        const std::string sentence = fmt::format(
            "no CA of this MSP signed it; the one called '{}' does not count because of: {}",
            printable(child.issuer(), 256), messageOf(hint));
        return refusal(
            reason == "BAD_SIGNATURE" || reason == "SIGNATURE_NOT_DER" ? "UNKNOWN_CA" : reason,
            child, sentence);
    }

    const CertificatePool& m_roots;
    const CertificatePool& m_intermediates;
    absl::Time m_at;
    int m_checks = 0;
};

// A certificate that lists no extended key usages is free.
bool allows(const Certificate& certificate, std::string_view wanted) {
    const auto& usages = certificate.impl().extensions.extendedKeyUsages;
    if (usages.empty()) return true;
    return std::any_of(usages.begin(), usages.end(), [&](const std::string& usage) {
        return usage == wanted || usage == oid::kAnyExtendedKeyUsage;
    });
}

bool allows(const Chain& chain, ChainUsage usage) {
    const auto all = [&](std::string_view wanted) {
        return std::all_of(chain.begin(), chain.end(), [&](const Certificate& certificate) {
            return allows(certificate, wanted);
        });
    };
    return all(oid::kServerAuth) || (usage == ChainUsage::ClientOrServer && all(oid::kClientAuth));
}

}  // namespace

void CertificatePool::add(const Certificate& certificate) {
    if (m_known.insert(certificate.der()).second)
        m_bySubject[certificate.rawSubject()].push_back(certificate);
}

std::vector<Certificate> CertificatePool::possibleParents(const Certificate& child) const {
    const auto found = m_bySubject.find(child.rawIssuer());
    if (found == m_bySubject.end()) return {};
    std::vector<Certificate> parents = found->second;
    const auto rank = [&](const Certificate& parent) {
        if (parent.subjectKeyId() == child.authorityKeyId()) return 0;
        return parent.subjectKeyId().empty() != child.authorityKeyId().empty() ? 1 : 2;
    };
    std::stable_sort(parents.begin(), parents.end(),
                     [&](const Certificate& a, const Certificate& b) { return rank(a) < rank(b); });
    return parents;
}

Status checkSignedBy(const Certificate& child, const Certificate& parent) {
    const Certificate::Impl& ca = parent.impl();
    const Extensions& extensions = ca.extensions;
    if ((ca.version == 3 && !extensions.hasBasicConstraints) ||
        (extensions.hasBasicConstraints && !extensions.isCa))
        return refusal("CA_MAY_NOT_SIGN", parent, "it is not marked as a CA");
    if (extensions.keyUsage.value_or(0) != 0 && (*extensions.keyUsage & kCertSign) == 0)
        return refusal("CA_MAY_NOT_SIGN", parent,
                       "its key usage does not include signing certificates");
    const auto& scheme = child.impl().scheme;
    if (!scheme)
        return refusal("UNSUPPORTED_ALGORITHM", child, "its signature algorithm is not known");
    if (*scheme == crypto::SignatureScheme::EcdsaSha1 ||
        *scheme == crypto::SignatureScheme::RsaSha1)
        return refusal("INSECURE_ALGORITHM", child, "it is signed with SHA-1");
    const Status status =
        parent.publicKey().verifyScheme(*scheme, child.impl().tbs, child.impl().signature);
    if (!status.ok()) return refusal(reasonOf(status), child, messageOf(status));
    return absl::OkStatus();
}

Result<std::vector<Chain>> buildChains(const Certificate& certificate, const CertificatePool& roots,
                                       const CertificatePool& intermediates, absl::Time at,
                                       ChainUsage usage) {
    RETURN_IF_ERROR(checkPlace(certificate, Place::Leaf, {}, at));
    std::vector<Chain> chains;
    if (roots.contains(certificate)) {
        chains.push_back({certificate});
    } else {
        RETURN_IF_ERROR(Search(roots, intermediates, at).extend({certificate}, chains));
    }
    std::erase_if(chains, [&](const Chain& chain) { return !allows(chain, usage); });
    if (chains.empty())
        return refusal(
            "WRONG_KEY_USAGE", certificate,
            usage == ChainUsage::Server
                ? "it or a CA above it lists extended key usages without server authentication"
                : "the extended key usages that it and the CAs above it list have neither server "
                  "nor client authentication in common");
    return chains;
}

Result<Chain> uniqueChain(const Certificate& certificate, const CertificatePool& roots,
                          const CertificatePool& intermediates) {
    ASSIGN_OR_RETURN(auto chains, buildChains(certificate, roots, intermediates,
                                              certificate.notBefore() + absl::Seconds(1)));
    if (chains.size() != 1)
        return refusal("SEVERAL_CHAINS", certificate,
                       fmt::format("it has {} chains to a root, so it is not clear whose it is",
                                   chains.size()));
    Chain& chain = chains.front();
    if (chain.size() > 1 && !certificate.impl().extensions.altNameValue &&
        looksLikeHostName(certificate.commonName()))
        for (std::size_t i = 1; i < chain.size(); ++i)
            if (chain[i].impl().extensions.nameConstraints)
                return refusal("NAME_CONSTRAINT", certificate,
                               "its common name is a host name, it has no alternative names, and a "
                               "CA above it has name constraints");
    return std::move(chain);
}

}  // namespace chancery::identity
