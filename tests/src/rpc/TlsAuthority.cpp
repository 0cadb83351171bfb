#include "tests/src/rpc/TlsAuthority.h"

#include <stdexcept>

#include "src/identity/Issue.h"

namespace chancery::rpc::test {
namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

identity::SubjectName subject(const std::string& name) {
    identity::SubjectName subject;
    subject.organization = "rpc test";
    subject.commonName = name;
    return subject;
}

constexpr absl::Duration kYear = absl::Hours(24 * 365);

// The CA is older than what it issues, also than what has expired.
identity::Certificate selfSigned(const std::string& name, const crypto::PrivateKey& key) {
    auto content = identity::cryptogenCa(subject(name), absl::Now() - 12 * kYear);
    content.notAfter = absl::Now() + kYear;
    return valueOf(identity::issueSelfSigned(content, key));
}

}  // namespace

TlsAuthority::TlsAuthority(const std::string& name)
    : m_key(valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256))),
      m_certificate(selfSigned(name, m_key)),
      m_rootsPem(m_certificate.toPem()) {}

TlsIdentity TlsAuthority::issue(const std::string& name, std::vector<std::string> hosts,
                                absl::Time now) const {
    const auto key = valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    const auto content = identity::cryptogenTls(subject(name), std::move(hosts), now);
    const auto certificate =
        valueOf(identity::issueCertificate(content, key.publicKey(), m_certificate, m_key));
    return {.certificatePem = certificate.toPem(), .keyPem = key.toPem()};
}

TlsIdentity TlsAuthority::issue(const std::string& name, std::vector<std::string> hosts) const {
    return issue(name, std::move(hosts), absl::Now());
}

TlsIdentity TlsAuthority::issueExpired(const std::string& name) const {
    return issue(name, {"localhost", "127.0.0.1"}, absl::Now() - 11 * kYear);
}

}  // namespace chancery::rpc::test
