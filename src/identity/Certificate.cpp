#include "src/identity/Certificate.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"

namespace chancery::identity {

Result<Certificate> Certificate::fromPem(BytesView pem) {
    if (pem.size() > kMostCertificateBytes)
        return badCertificate("a certificate file of more than 1 MiB");
    const auto block = crypto::readPem(pem);
    if (!block) return makeError(StatusCode::kInvalidArgument, "NOT_PEM", "there is no PEM block");
    return fromDer(block->der);
}

Result<Certificate> Certificate::fromDer(BytesView der) {
    ASSIGN_OR_RETURN(auto impl, Impl::parse(der));
    return Certificate(std::move(impl));
}

const Bytes& Certificate::der() const {
    return m_impl->der;
}
Bytes Certificate::toPem() const {
    return crypto::writePem("CERTIFICATE", m_impl->der);
}
std::string Certificate::fingerprint() const {
    return toHex(crypto::sha256(m_impl->der));
}
const std::string& Certificate::subject() const {
    return m_impl->subject;
}
const std::string& Certificate::issuer() const {
    return m_impl->issuer;
}
const Bytes& Certificate::rawSubject() const {
    return m_impl->rawSubject;
}
const Bytes& Certificate::rawIssuer() const {
    return m_impl->rawIssuer;
}
std::string Certificate::commonName() const {
    return m_impl->commonName;
}
const std::vector<std::string>& Certificate::organizationalUnits() const {
    return m_impl->organizationalUnits;
}
std::string Certificate::serialHex() const {
    return m_impl->serial.empty() ? "00" : toHex(m_impl->serial);
}
const Bytes& Certificate::subjectKeyId() const {
    return m_impl->subjectKeyId;
}
const Bytes& Certificate::authorityKeyId() const {
    return m_impl->extensions.authorityKeyId;
}
absl::Time Certificate::notBefore() const {
    return m_impl->notBefore;
}
absl::Time Certificate::notAfter() const {
    return m_impl->notAfter;
}
bool Certificate::isCa() const {
    return m_impl->extensions.isCa;
}
std::optional<int> Certificate::pathLength() const {
    return m_impl->extensions.pathLength;
}
std::optional<unsigned> Certificate::keyUsage() const {
    return m_impl->extensions.keyUsage;
}
const std::vector<std::string>& Certificate::extendedKeyUsages() const {
    return m_impl->extensions.extendedKeyUsages;
}
const crypto::PublicKey& Certificate::publicKey() const {
    return m_impl->key;
}
const std::vector<std::string>& Certificate::hosts() const {
    return m_impl->hosts;
}
const std::vector<std::pair<std::string, std::string>>& Certificate::attributes() const {
    return m_impl->extensions.attributes;
}

}  // namespace chancery::identity
