#include "node/agent/AgentIdentity.h"

#include <sys/stat.h>

#include <fmt/format.h>

#include "absl/time/clock.h"
#include "src/base/File.h"
#include "src/identity/Extensions.h"
#include "src/identity/Issue.h"

namespace chancery::agent {
namespace {

constexpr const char* kCertificate = "agent.pem";
constexpr const char* kKey = "agent.key";
constexpr std::size_t kMaxFile = 64 << 10;

Result<rpc::TlsIdentity> makeIdentity() {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    identity::CertificateTemplate content;
    content.subject.commonName = kAgentTlsName;
    content.notBefore = absl::Now() - absl::Hours(1);
    // Nobody renews it but by pairing again: who pins a certificate does not ask for its date.
    content.notAfter = absl::Now() + absl::Hours(24 * 365 * 20);
    content.keyUsage = identity::kDigitalSignature;
    content.extendedKeyUsages = {std::string(identity::oid::kServerAuth)};
    content.hosts = {kAgentTlsName};
    ASSIGN_OR_RETURN(const auto certificate, identity::issueSelfSigned(content, key));
    return rpc::TlsIdentity{certificate.toPem(), key.toPem()};
}

}  // namespace

Result<rpc::TlsIdentity> agentIdentity(const StateFolder& state) {
    const auto keyPath = state.file(kKey), certificatePath = state.file(kCertificate);
    const auto certificate = readFile(certificatePath, kMaxFile);
    const auto key = readFile(keyPath, kMaxFile);
    if (certificate.ok() && key.ok()) {
        struct stat facts {};
        if (::stat(keyPath.c_str(), &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            return makeError(StatusCode::kFailedPrecondition, "KEY_FILE_OPEN",
                             fmt::format("others may read {}", keyPath.string()),
                             {{"path", keyPath.string()}});
        return rpc::TlsIdentity{*certificate, *key};
    }
    // The certificate is written last: without it nobody has seen the key in use.
    if (certificate.ok()) return key.status();
    if (certificate.status().code() != StatusCode::kNotFound) return certificate.status();
    ASSIGN_OR_RETURN(auto made, makeIdentity());
    RETURN_IF_ERROR(writeFileAtomically(keyPath, made.keyPem, 0600));
    RETURN_IF_ERROR(writeFileAtomically(certificatePath, made.certificatePem, 0644));
    return made;
}

}  // namespace chancery::agent
