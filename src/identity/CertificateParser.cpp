#include <fmt/format.h>

#include "src/crypto/Der.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/SignatureAlgorithm.h"
#include "src/identity/X509Time.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::DerReader;

// The parts of the signed certificate in their order, as views.
struct Parts {
    int version = 1;
    BytesView serial;
    BytesView algorithm;
    BytesView issuer;
    absl::Time notBefore;
    absl::Time notAfter;
    BytesView subject;
    BytesView publicKey;
    BytesView extensions;
};

Status malformed(std::string_view part, BytesView whole, const DerReader& reader) {
    const std::size_t offset =
        reader.empty() ? whole.size() : std::size_t(reader.rest().data() - whole.data());
    return makeError(StatusCode::kInvalidArgument, "BAD_CERTIFICATE",
                     fmt::format("the {} of the certificate is malformed (byte {})", part, offset),
                     {{"part", std::string(part)}, {"offset", fmt::to_string(offset)}});
}

Status readVersion(DerReader& reader, BytesView whole, Parts& parts) {
    if (reader.nextTag() != der::contextConstructed(0)) return absl::OkStatus();
    const auto wrapped = reader.read(der::contextConstructed(0));
    DerReader inner(wrapped.value_or(BytesView()));
    const auto version = inner.readSmallInteger();
    if (!version || !inner.empty() || *version > 2) return malformed("version", whole, reader);
    parts.version = *version + 1;
    return absl::OkStatus();
}

Status readValidity(DerReader& reader, BytesView whole, Parts& parts) {
    const DerReader before = reader;
    DerReader times(reader.read(der::kSequence).value_or(BytesView()));
    const auto notBefore = readX509Time(times);
    const auto notAfter = notBefore ? readX509Time(times) : std::nullopt;
    if (!notAfter) return malformed("validity", whole, before);
    parts.notBefore = *notBefore;
    parts.notAfter = *notAfter;
    return absl::OkStatus();
}

// Unique identifiers are skipped; extensions exist from version 3 on.
Status readTail(DerReader& reader, BytesView whole, Parts& parts) {
    if (parts.version > 1)
        for (const unsigned tag : {1U, 2U})
            if (reader.nextTag() == der::context(tag) && !reader.read(der::context(tag)))
                return malformed("unique identifier", whole, reader);
    if (parts.version == 3 && reader.nextTag() == der::contextConstructed(3)) {
        const auto wrapped = reader.read(der::contextConstructed(3));
        const auto list = DerReader(wrapped.value_or(BytesView())).read(der::kSequence);
        if (!list) return malformed("list of extensions", whole, reader);
        parts.extensions = *list;
    }
    return absl::OkStatus();
}

Result<Parts> readParts(BytesView tbsContent, BytesView whole) {
    Parts parts;
    DerReader reader(tbsContent);
    RETURN_IF_ERROR(readVersion(reader, whole, parts));
    const auto serial = reader.readInteger();
    if (!serial) return malformed("serial number", whole, reader);
    if (std::uint8_t(serial->front()) >= 0x80)
        return badCertificate("the serial number of the certificate is negative");
    parts.serial = *serial;
    const auto algorithm = reader.read(der::kSequence);
    if (!algorithm) return malformed("inner signature algorithm", whole, reader);
    parts.algorithm = *algorithm;
    const auto issuer = reader.readWhole(der::kSequence);
    if (!issuer) return malformed("issuer", whole, reader);
    parts.issuer = *issuer;
    RETURN_IF_ERROR(readValidity(reader, whole, parts));
    const auto subject = reader.readWhole(der::kSequence);
    if (!subject) return malformed("subject", whole, reader);
    parts.subject = *subject;
    const auto publicKey = reader.readWhole(der::kSequence);
    if (!publicKey) return malformed("public key", whole, reader);
    parts.publicKey = *publicKey;
    RETURN_IF_ERROR(readTail(reader, whole, parts));
    return parts;
}

BytesView withoutLeadingZeros(BytesView number) {
    while (!number.empty() && number.front() == 0) number.remove_prefix(1);
    return number;
}

}  // namespace

Status badCertificate(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CERTIFICATE", sentence);
}

Result<std::shared_ptr<const Certificate::Impl>> Certificate::Impl::parse(BytesView bytes) {
    if (bytes.size() > kMostCertificateBytes)
        return badCertificate("a certificate of more than 1 MiB");
    DerReader outer(bytes);
    const auto content = outer.read(der::kSequence);
    if (!content) return malformed("outermost sequence", bytes, outer);
    if (!outer.empty()) return malformed("end", bytes, outer);
    DerReader reader(*content);
    const auto tbs = reader.readWhole(der::kSequence);
    if (!tbs) return malformed("signed part", bytes, reader);
    const auto algorithm = reader.readWhole(der::kSequence);
    if (!algorithm) return malformed("signature algorithm", bytes, reader);
    const auto signature = reader.readBitStringBytes();
    if (!signature) return malformed("signature", bytes, reader);
    ASSIGN_OR_RETURN(const Parts parts, readParts(*DerReader(*tbs).read(der::kSequence), bytes));
    const BytesView identifier = *DerReader(*algorithm).read(der::kSequence);
    if (identifier != parts.algorithm)
        return badCertificate("the certificate names two different signature algorithms");

    ASSIGN_OR_RETURN(const Name issuer, readName(parts.issuer));
    ASSIGN_OR_RETURN(const Name subject, readName(parts.subject));
    ASSIGN_OR_RETURN(auto key, crypto::PublicKey::fromDer(parts.publicKey));
    auto impl = std::make_shared<Impl>(std::move(key));
    ASSIGN_OR_RETURN(impl->extensions, readExtensions(parts.extensions));
    impl->der = Bytes(bytes);
    const auto own = [&](BytesView part) {
        return BytesView(impl->der).substr(std::size_t(part.data() - bytes.data()), part.size());
    };
    impl->tbs = own(*tbs);
    impl->signatureAlgorithm = own(*algorithm);
    impl->signature = own(*signature);
    impl->scheme = readSignatureAlgorithm(identifier);
    impl->version = parts.version;
    impl->serial = Bytes(withoutLeadingZeros(parts.serial));
    impl->rawIssuer = Bytes(parts.issuer);
    impl->rawSubject = Bytes(parts.subject);
    impl->issuer = issuer.text();
    impl->subject = subject.text();
    impl->commonName = subject.commonName();
    impl->organizationalUnits = subject.valuesOf(oid::kOrganizationalUnit);
    impl->notBefore = parts.notBefore;
    impl->notAfter = parts.notAfter;
    impl->subjectKeyId = impl->extensions.subjectKeyId.value_or(Bytes());
    for (const GeneralName& name : impl->extensions.altNames)
        if (name.kind == NameKind::Dns || name.kind == NameKind::Ip)
            impl->hosts.push_back(hostText(name));
    return impl;
}

}  // namespace chancery::identity
