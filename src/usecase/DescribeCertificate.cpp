#include "src/usecase/DescribeCertificate.h"

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::usecase {
namespace {

constexpr std::uint64_t kMaxFileBytes = 16U << 20;
constexpr std::string_view kBegin = "-----BEGIN ";

using Name = std::pair<std::string_view, std::string_view>;

/// RFC 5280, 4.2.1.12 by object identifier.
constexpr Name kPurposes[] = {
    {"2.5.29.37.0", "anyExtendedKeyUsage"},   {"1.3.6.1.5.5.7.3.1", "serverAuth"},
    {"1.3.6.1.5.5.7.3.2", "clientAuth"},      {"1.3.6.1.5.5.7.3.3", "codeSigning"},
    {"1.3.6.1.5.5.7.3.4", "emailProtection"}, {"1.3.6.1.5.5.7.3.8", "timeStamping"},
    {"1.3.6.1.5.5.7.3.9", "OCSPSigning"},
};

/// RFC 5280, 4.2.1.3, in the order of the bits.
constexpr std::string_view kUsages[] = {"digitalSignature", "contentCommitment", "keyEncipherment",
                                        "dataEncipherment", "keyAgreement",      "keyCertSign",
                                        "cRLSign",          "encipherOnly",      "decipherOnly"};

std::vector<std::string> usagesOf(unsigned bits) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::size(kUsages); ++i)
        if ((bits >> i & 1U) != 0) names.emplace_back(kUsages[i]);
    return names;
}

std::vector<std::string> purposesOf(const std::vector<std::string>& identifiers) {
    std::vector<std::string> names = identifiers;
    for (std::string& name : names)
        for (const auto& [identifier, known] : kPurposes)
            if (name == identifier) name = known;
    return names;
}

CertificateDescription describe(const identity::Certificate& certificate) {
    CertificateDescription description{
        .subject = certificate.subject(),
        .issuer = certificate.issuer(),
        .commonName = certificate.commonName(),
        .organizationalUnits = certificate.organizationalUnits(),
        .serialHex = certificate.serialHex(),
        .notBefore = certificate.notBefore(),
        .notAfter = certificate.notAfter(),
        .keyAlgorithm = std::string(crypto::nameOf(certificate.publicKey().algorithm())),
        .keyIdentifier = toHex(certificate.publicKey().ski()),
        .isCa = certificate.isCa(),
        .keyUsages = usagesOf(certificate.keyUsage().value_or(0)),
        .extendedKeyUsages = purposesOf(certificate.extendedKeyUsages()),
        .selfIssued = certificate.rawSubject() == certificate.rawIssuer(),
        .hosts = certificate.hosts(),
        .attributes = certificate.attributes(),
        .subjectKeyId = toHex(certificate.subjectKeyId()),
        .authorityKeyId = toHex(certificate.authorityKeyId()),
        .fingerprint = certificate.fingerprint(),
    };
    for (const std::string& unit : certificate.organizationalUnits())
        for (const std::string_view role : {"client", "peer", "admin", "orderer"})
            if (unit == role) description.roles.push_back(unit);
    return description;
}

}  // namespace

Result<std::vector<CertificateDescription>> DescribeCertificate::run(
    const std::filesystem::path& file) const {
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(file, kMaxFileBytes));
    return run(bytes, file.string());
}

Result<std::vector<CertificateDescription>> DescribeCertificate::run(
    BytesView bytes, const std::string& name) const {
    std::vector<CertificateDescription> descriptions;
    std::size_t at = bytes.find(kBegin);
    if (at == BytesView::npos) {
        const auto certificate = identity::Certificate::fromDer(bytes);
        if (!certificate.ok()) return withContext(certificate.status(), name);
        return std::vector{describe(*certificate)};
    }
    while (at != BytesView::npos) {
        const std::size_t next = bytes.find(kBegin, at + kBegin.size());
        const BytesView block =
            bytes.substr(at, next == BytesView::npos ? BytesView::npos : next - at);
        at = next;
        // A bundle may hold a key or a revocation list beside certificates.
        if (block.find("CERTIFICATE-----") == BytesView::npos &&
            (next != BytesView::npos || !descriptions.empty()))
            continue;
        const auto certificate = identity::Certificate::fromPem(block);
        if (!certificate.ok())
            return withContext(certificate.status(),
                               fmt::format("{}, certificate {}", name, descriptions.size() + 1));
        descriptions.push_back(describe(*certificate));
    }
    return descriptions;
}

}  // namespace chancery::usecase
