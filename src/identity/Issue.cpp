#include "src/identity/Issue.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/KeyImpl.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/SignatureAlgorithm.h"
#include "src/identity/X509Time.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::derSequence;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr std::size_t kMostSerialBytes = 20;
constexpr std::size_t kMostHosts = 256;

Status bad(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, sentence);
}

// The upper bounds of X.520, which Fabric's CA holds requests to as well.
Status checkSubject(const SubjectName& subject) {
    std::vector<std::tuple<std::string_view, const std::string*, std::size_t>> parts = {
        {"country", &subject.country, 2},         {"province", &subject.province, 128},
        {"locality", &subject.locality, 128},     {"organisation", &subject.organization, 64},
        {"common name", &subject.commonName, 64}, {"serial number", &subject.serialNumber, 64}};
    for (const std::string& unit : subject.organizationalUnits)
        parts.emplace_back("organisational unit", &unit, 64);
    for (const auto& [what, text, most] : parts) {
        if (!isUtf8(*text)) return bad("BAD_NAME", fmt::format("the {} is not UTF-8", what));
        if (text->size() > most)
            return bad("BAD_NAME", fmt::format("the {} is longer than {} bytes", what, most));
    }
    return absl::OkStatus();
}

Status checkHosts(const std::vector<std::string>& hosts) {
    if (hosts.size() > kMostHosts) return bad("BAD_HOST", "more than 256 host names");
    for (const std::string& host : hosts)
        if (host.empty() || host.size() > 253 ||
            std::any_of(host.begin(), host.end(), [](char c) { return c <= ' ' || c > '~'; }))
            return bad("BAD_HOST", fmt::format("'{}' is no host name", printable(host, 256)));
    return absl::OkStatus();
}

Bytes keyUsageValue(unsigned usage) {
    Bytes bits(usage > 0xFF ? 2 : 1, '\0');
    unsigned highest = 0;
    for (unsigned bit = 0; bit < 9; ++bit)
        if ((usage & (1U << bit)) != 0) {
            bits[bit / 8] = char(std::uint8_t(bits[bit / 8]) | (0x80U >> (bit % 8)));
            highest = bit;
        }
    const char unused = char(7 - highest % 8);
    return derElement(der::kBitString, {BytesView(&unused, 1), bits});
}

Bytes keyIdOf(const crypto::PublicKey& key, CertificateTemplate::KeyId form) {
    switch (form) {
        case CertificateTemplate::KeyId::None:
            return {};
        case CertificateTemplate::KeyId::Sha256:
            return key.ski();
        case CertificateTemplate::KeyId::Sha1:
            return crypto::digest(crypto::HashAlgorithm::Sha1, key.impl().point);
    }
    return {};
}

// In the order in which Go writes them.
Bytes extensionsOf(const CertificateTemplate& content, const crypto::PublicKey& key,
                   BytesView authorityKeyId) {
    Bytes all;
    if (content.keyUsage != 0)
        all += writeExtension(oid::kKeyUsage, true, keyUsageValue(content.keyUsage));
    if (!content.extendedKeyUsages.empty()) {
        Bytes usages;
        for (const std::string& usage : content.extendedKeyUsages) usages += crypto::derOid(usage);
        all += writeExtension(oid::kExtendedKeyUsage, false, derElement(der::kSequence, usages));
    }
    Bytes constraints;
    if (content.isCa) constraints += BytesView("\x01\x01\xFF", 3);
    if (content.isCa && content.pathLength)
        constraints += crypto::derInteger(std::uint64_t(*content.pathLength));
    all += writeExtension(oid::kBasicConstraints, true, derElement(der::kSequence, constraints));
    if (const Bytes id = keyIdOf(key, content.subjectKeyId); !id.empty())
        all += writeExtension(oid::kSubjectKeyId, false, derElement(der::kOctetString, id));
    if (!authorityKeyId.empty())
        all += writeExtension(oid::kAuthorityKeyId, false,
                              derSequence({derElement(der::context(0), authorityKeyId)}));
    if (!content.hosts.empty())
        all += writeExtension(oid::kSubjectAltName, false, writeAltNames(content.hosts));
    if (content.attributes)
        all += writeExtension(oid::kFabricAttributes, false, writeAttributes(*content.attributes));
    return all;
}

Result<Bytes> serialOf(const CertificateTemplate& content, Random& random) {
    if (!content.serial.empty()) {
        if (content.serial.size() > kMostSerialBytes + 1)
            return bad("BAD_SERIAL", "a serial number of more than 160 bits");
        return content.serial;
    }
    if (content.serialBytes < 8 || content.serialBytes > kMostSerialBytes)
        return bad("BAD_SERIAL", "a serial number needs 64 to 160 random bits");
    Bytes serial = random.bytes(content.serialBytes);
    serial.front() = char((std::uint8_t(serial.front()) & 0x7F) |
                          0x40);  // positive, and always of the same length
    return serial;
}

struct Signer {
    const Bytes& name;
    const Bytes& keyId;
    const crypto::Signer& key;
};

Result<Certificate> sign(const CertificateTemplate& content, const crypto::PublicKey& subjectKey,
                         const Signer& signer, Random& random) {
    RETURN_IF_ERROR(checkRequested(content.subject, content.hosts));
    if (content.notAfter < content.notBefore)
        return bad("BAD_VALIDITY",
                   fmt::format("it would end ({}) before it begins ({})",
                               timeText(content.notAfter), timeText(content.notBefore)));
    ASSIGN_OR_RETURN(const Bytes serial, serialOf(content, random));
    const Bytes algorithm = writeSignatureAlgorithm(schemeFor(signer.key.algorithm()));
    const Bytes extensions = derSequence({extensionsOf(content, subjectKey, signer.keyId)});
    const Bytes tbs = derSequence(
        {derElement(der::contextConstructed(0), crypto::derInteger(2)), crypto::derUnsigned(serial),
         algorithm, signer.name,
         derSequence({writeX509Time(content.notBefore), writeX509Time(content.notAfter)}),
         writeName(content.subject), subjectKey.toDer(),
         derElement(der::contextConstructed(3), extensions)});
    ASSIGN_OR_RETURN(const Bytes certificate, signObject(tbs, signer.key));
    return Certificate::fromDer(certificate);
}

absl::Time toMinute(absl::Time time) {
    return absl::FromUnixSeconds(absl::ToUnixSeconds(time) / 60 * 60);
}

CertificateTemplate tenYears(SubjectName subject, absl::Time now) {
    CertificateTemplate content;
    content.subject = std::move(subject);
    content.notBefore = toMinute(now - absl::Minutes(5));
    content.notAfter = content.notBefore + 3650 * kDay;
    return content;
}

CertificateTemplate ofFabricCa(SubjectName subject, const Certificate* issuer, absl::Time now,
                               absl::Duration validity) {
    CertificateTemplate content;
    content.subject = std::move(subject);
    content.serialBytes = kMostSerialBytes;
    content.subjectKeyId = CertificateTemplate::KeyId::Sha1;
    content.notBefore = issuer != nullptr ? issuer->notBefore() : toMinute(now - absl::Minutes(5));
    content.notAfter = toMinute(now) + validity;
    if (issuer != nullptr) content.notAfter = std::min(content.notAfter, issuer->notAfter());
    return content;
}

}  // namespace

Status checkRequested(const SubjectName& subject, const std::vector<std::string>& hosts) {
    RETURN_IF_ERROR(checkSubject(subject));
    return checkHosts(hosts);
}

CertificateTemplate cryptogenCa(SubjectName subject, absl::Time now) {
    CertificateTemplate content = tenYears(std::move(subject), now);
    content.isCa = true;
    content.keyUsage = kDigitalSignature | kKeyEncipherment | kCertSign | kCrlSign;
    content.extendedKeyUsages = {std::string(oid::kClientAuth), std::string(oid::kServerAuth)};
    content.subjectKeyId = CertificateTemplate::KeyId::Sha256;
    return content;
}

CertificateTemplate cryptogenIdentity(SubjectName subject, absl::Time now) {
    CertificateTemplate content = tenYears(std::move(subject), now);
    content.keyUsage = kDigitalSignature;
    return content;
}

CertificateTemplate cryptogenTls(SubjectName subject, std::vector<std::string> hosts,
                                 absl::Time now) {
    CertificateTemplate content = tenYears(std::move(subject), now);
    content.keyUsage = kDigitalSignature | kKeyEncipherment;
    content.extendedKeyUsages = {std::string(oid::kServerAuth), std::string(oid::kClientAuth)};
    content.hosts = std::move(hosts);
    return content;
}

CertificateTemplate fabricCaRoot(SubjectName subject, absl::Time now) {
    CertificateTemplate content = ofFabricCa(std::move(subject), nullptr, now, absl::Hours(131400));
    content.isCa = true;
    content.pathLength = 1;
    content.keyUsage = kCertSign | kCrlSign;
    return content;
}

CertificateTemplate fabricCaIntermediate(SubjectName subject, const Certificate& issuer,
                                         absl::Time now) {
    CertificateTemplate content = ofFabricCa(std::move(subject), &issuer, now, absl::Hours(43800));
    content.isCa = true;
    content.pathLength = 0;
    content.keyUsage = kCertSign | kCrlSign;
    return content;
}

CertificateTemplate fabricCaIdentity(SubjectName subject, const Certificate& issuer,
                                     absl::Time now) {
    CertificateTemplate content = ofFabricCa(std::move(subject), &issuer, now, absl::Hours(8760));
    content.keyUsage = kDigitalSignature;
    return content;
}

CertificateTemplate fabricCaTls(SubjectName subject, std::vector<std::string> hosts,
                                const Certificate& issuer, absl::Time now) {
    CertificateTemplate content = ofFabricCa(std::move(subject), &issuer, now, absl::Hours(8760));
    content.keyUsage = kDigitalSignature | kKeyEncipherment | kKeyAgreement;
    content.extendedKeyUsages = {std::string(oid::kServerAuth), std::string(oid::kClientAuth)};
    content.hosts = std::move(hosts);
    return content;
}

Result<Certificate> issueCertificate(const CertificateTemplate& content,
                                     const crypto::PublicKey& subjectKey, const Certificate& issuer,
                                     const crypto::Signer& issuerKey, Random& random) {
    if (!(issuer.publicKey() == issuerKey.publicKey()))
        return bad("KEY_MISMATCH", fmt::format("the key is not that of the CA '{}'",
                                               printable(issuer.subject(), 256)));
    const Extensions& extensions = issuer.impl().extensions;
    if (!extensions.isCa || (extensions.keyUsage && (*extensions.keyUsage & kCertSign) == 0))
        return bad("CA_MAY_NOT_SIGN", fmt::format("'{}' is no CA that may sign certificates",
                                                  printable(issuer.subject(), 256)));
    return sign(content, subjectKey, {issuer.rawSubject(), issuer.subjectKeyId(), issuerKey},
                random);
}

Result<Certificate> issueSelfSigned(const CertificateTemplate& content, const crypto::Signer& key,
                                    Random& random) {
    const Bytes noKeyId;
    return sign(content, key.publicKey(), {writeName(content.subject), noKeyId, key}, random);
}

}  // namespace chancery::identity
