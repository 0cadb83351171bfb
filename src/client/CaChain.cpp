#include "src/client/CaChain.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Pem.h"

namespace chancery::client {
namespace {

constexpr std::size_t kMostCertificates = 16;

Status broken(std::string_view why) {
    return makeError(StatusCode::kDataLoss, "CA_CHAIN_BROKEN",
                     fmt::format("the CA's own certificates: {}", why));
}

Result<std::vector<identity::Certificate>> readAll(const std::string& pem) {
    std::vector<identity::Certificate> all;
    for (const auto& block : crypto::readAllPem(pem, kMostCertificates)) {
        auto certificate = identity::Certificate::fromDer(block.der);
        if (!certificate.ok()) return broken(messageOf(certificate.status()));
        all.push_back(*std::move(certificate));
    }
    return all;
}

bool isRoot(const identity::Certificate& certificate) {
    return certificate.isCa() && certificate.rawIssuer() == certificate.rawSubject() &&
           identity::checkSignedBy(certificate, certificate).ok();
}

}  // namespace

Result<CaChain> CaChain::read(const std::string& pem, const std::string& known) {
    CaChain chain;
    ASSIGN_OR_RETURN(chain.m_all, readAll(pem));
    ASSIGN_OR_RETURN(const auto expected, readAll(known));
    if (chain.m_all.empty()) return broken("there are none");
    for (const identity::Certificate& one : chain.m_all) {
        if (!isRoot(one)) {
            chain.m_intermediates.add(one);
            continue;
        }
        if (!expected.empty() && std::find(expected.begin(), expected.end(), one) == expected.end())
            return makeError(StatusCode::kDataLoss, "CA_CHAIN_CHANGED",
                             fmt::format("the CA shows another root certificate, '{}', than is "
                                         "known of it",
                                         printable(one.subject(), 256)));
        chain.m_roots.add(one);
    }
    for (const identity::Certificate& one : chain.m_all)
        if (!chain.m_roots.contains(one))
            if (const auto found = identity::uniqueChain(one, chain.m_roots, chain.m_intermediates);
                !found.ok())
                return broken(messageOf(found.status()));
    return chain;
}

Status CaChain::checkIssued(const identity::Certificate& certificate) const {
    const auto found = identity::uniqueChain(certificate, m_roots, m_intermediates);
    if (found.ok() && found->size() > 1) return absl::OkStatus();
    return makeError(StatusCode::kDataLoss, "CERTIFICATE_NOT_OF_CA",
                     fmt::format("the certificate that the CA gives does not lead to its own: {}",
                                 found.ok() ? "it is one of them" : messageOf(found.status())));
}

Status CaChain::checkIssued(const identity::RevocationList& list) const {
    for (const identity::Certificate& one : m_all)
        if (list.checkSignedBy(one).ok()) return absl::OkStatus();
    return makeError(StatusCode::kDataLoss, "CRL_NOT_OF_CA",
                     "the revocation list that the CA gives is not signed by it");
}

}  // namespace chancery::client
