#include <fmt/format.h>

#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/Issue.h"
#include "src/identity/SignatureAlgorithm.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::DerReader;
using crypto::derSequence;

constexpr std::string_view kExtensionRequest = "1.2.840.113549.1.9.14";
constexpr std::size_t kMostRequestBytes = 256 << 10;

Status badRequest(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_REQUEST",
                     fmt::format("the {} of the certificate request is malformed", what));
}

// The extensions asked for, out of the attributes (RFC 2985, 5.4.2); other attributes mean nothing
// here.
Result<Extensions> requestedExtensions(BytesView attributes) {
    Extensions extensions;
    bool found = false;
    DerReader reader(attributes);
    while (!reader.empty()) {
        DerReader attribute(reader.read(der::kSequence).value_or(BytesView()));
        const auto type = attribute.read(der::kOid);
        const auto values = type ? attribute.read(der::kSet) : std::nullopt;
        if (!values) return badRequest("list of attributes");
        if (crypto::oidText(*type) != kExtensionRequest) continue;
        const auto list = DerReader(*values).read(der::kSequence);
        if (!list || found) return badRequest("list of extensions");
        found = true;
        ASSIGN_OR_RETURN(extensions, readExtensions(*list));
    }
    return extensions;
}

}  // namespace

struct CertificateRequest::Impl {
    Bytes der;
    BytesView signedPart;
    BytesView signature;
    std::optional<crypto::SignatureScheme> scheme;
    Name name;
    std::string subject;
    crypto::PublicKey key;
    Extensions extensions;
    std::vector<std::string> hosts;
};

Result<CertificateRequest> CertificateRequest::fromPem(BytesView pem) {
    if (pem.size() > kMostRequestBytes) return badRequest("size (over 256 KiB)");
    const auto block = crypto::readPem(pem);
    if (!block) return makeError(StatusCode::kInvalidArgument, "NOT_PEM", "there is no PEM block");
    if (block->label != "CERTIFICATE REQUEST" && block->label != "NEW CERTIFICATE REQUEST")
        return badRequest("PEM label");
    return fromDer(block->der);
}

Result<CertificateRequest> CertificateRequest::fromDer(BytesView bytes) {
    if (bytes.size() > kMostRequestBytes) return badRequest("size (over 256 KiB)");
    Bytes der(bytes);
    DerReader outer(der);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty()) return badRequest("outermost sequence");
    DerReader reader(*content);
    const auto signedPart = reader.readWhole(der::kSequence);
    const auto algorithm = signedPart ? reader.read(der::kSequence) : std::nullopt;
    const auto signature = algorithm ? reader.readBitStringBytes() : std::nullopt;
    if (!signature || !reader.empty()) return badRequest("signature");

    DerReader info(*DerReader(*signedPart).read(der::kSequence));
    if (info.readSmallInteger() != 0) return badRequest("version");
    const auto rawName = info.readWhole(der::kSequence);
    const auto rawKey = rawName ? info.readWhole(der::kSequence) : std::nullopt;
    if (!rawKey) return badRequest("subject or key");
    ASSIGN_OR_RETURN(Name name, readName(*rawName));
    ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKey::fromDer(*rawKey));
    Extensions extensions;
    if (info.nextTag() == der::contextConstructed(0)) {
        const auto attributes = info.read(der::contextConstructed(0));
        if (!attributes) return badRequest("list of attributes");
        ASSIGN_OR_RETURN(extensions, requestedExtensions(*attributes));
    }
    if (!info.empty()) return badRequest("end");

    std::string subject = name.text();
    std::vector<std::string> hosts;
    for (const GeneralName& host : extensions.altNames) hosts.push_back(hostText(host));
    auto impl = std::make_shared<Impl>(Impl{{},
                                            {},
                                            {},
                                            readSignatureAlgorithm(*algorithm),
                                            std::move(name),
                                            std::move(subject),
                                            std::move(key),
                                            std::move(extensions),
                                            std::move(hosts)});
    const std::size_t signedAt = std::size_t(signedPart->data() - der.data());
    const std::size_t signatureAt = std::size_t(signature->data() - der.data());
    const std::size_t signedSize = signedPart->size();
    const std::size_t signatureSize = signature->size();
    impl->der = std::move(der);
    impl->signedPart = BytesView(impl->der).substr(signedAt, signedSize);
    impl->signature = BytesView(impl->der).substr(signatureAt, signatureSize);
    return CertificateRequest(std::move(impl));
}

const Bytes& CertificateRequest::der() const {
    return m_impl->der;
}
std::string CertificateRequest::toPem() const {
    return crypto::writePem("CERTIFICATE REQUEST", m_impl->der);
}
const std::string& CertificateRequest::subject() const {
    return m_impl->subject;
}
const Name& CertificateRequest::name() const {
    return m_impl->name;
}
const crypto::PublicKey& CertificateRequest::publicKey() const {
    return m_impl->key;
}
const std::vector<std::string>& CertificateRequest::hosts() const {
    return m_impl->hosts;
}
bool CertificateRequest::asksForCa() const {
    return m_impl->extensions.isCa;
}

Status CertificateRequest::checkSignature() const {
    if (!m_impl->scheme)
        return makeError(StatusCode::kUnauthenticated, "UNSUPPORTED_ALGORITHM",
                         "the signature algorithm of the certificate request is not known");
    return m_impl->key.verifyScheme(*m_impl->scheme, m_impl->signedPart, m_impl->signature);
}

Result<CertificateRequest> makeCertificateRequest(const SubjectName& subject,
                                                  const std::vector<std::string>& hosts,
                                                  const crypto::Signer& key) {
    RETURN_IF_ERROR(checkRequested(subject, hosts));
    Bytes attributes;
    if (!hosts.empty()) {
        const Bytes extensions =
            derSequence({writeExtension(oid::kSubjectAltName, false, writeAltNames(hosts))});
        attributes =
            derSequence({crypto::derOid(kExtensionRequest), derElement(der::kSet, extensions)});
    }
    const Bytes info =
        derSequence({crypto::derInteger(0), writeName(subject), key.publicKey().toDer(),
                     derElement(der::contextConstructed(0), attributes)});
    ASSIGN_OR_RETURN(const Bytes request, signObject(info, key));
    return CertificateRequest::fromDer(request);
}

}  // namespace chancery::identity
