#include "src/identity/Identity.h"

#include <fmt/format.h>

#include "fabric/msp/identities.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/X509Time.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::identity {

Identity::Identity(MspId mspId, Certificate certificate, std::string identifier, Bytes serialized,
                   crypto::HashAlgorithm messageHash, std::shared_ptr<const Membership> membership)
    : m_mspId(std::move(mspId)),
      m_certificate(std::move(certificate)),
      m_identifier(std::move(identifier)),
      m_serialized(std::move(serialized)),
      m_messageHash(messageHash),
      m_membership(std::move(membership)) {}

Status Identity::verify(BytesView message, BytesView signature) const {
    return m_certificate.publicKey().verify(message, signature, m_messageHash);
}

Status checkAtDoor(const Identity& identity, const Clock& clock) {
    const Certificate& certificate = identity.certificate();
    const absl::Time now = clock.now();
    const auto refuse = [&](std::string_view reason, std::string_view sentence) {
        return makeError(
            StatusCode::kUnauthenticated, reason,
            fmt::format("certificate '{}' of {}: {}", printable(certificate.subject(), 256),
                        printable(identity.mspId().str(), 128), sentence),
            {{"msp", identity.mspId().str()}, {"certificate", certificate.subject()}});
    };
    if (now > certificate.notAfter())
        return refuse("CERTIFICATE_EXPIRED",
                      fmt::format("it expired at {}", timeText(certificate.notAfter())));
    if (now < certificate.notBefore())
        return refuse("NOT_YET_VALID",
                      fmt::format("it is valid from {}", timeText(certificate.notBefore())));
    return absl::OkStatus();
}

Status checkWellFormed(BytesView serializedIdentity) {
    const auto refuse = [](std::string_view sentence) {
        return makeError(StatusCode::kInvalidArgument, "NOT_WELL_FORMED", sentence);
    };
    ASSIGN_OR_RETURN(const auto message,
                     wire::parse<::msp::SerializedIdentity>(serializedIdentity, "identity"));
    const auto block = crypto::readPem(message.id_bytes());
    if (!block)
        return makeError(StatusCode::kInvalidArgument, "NOT_PEM", "an identity holds no PEM block");
    if (!block->rest.empty()) return refuse("bytes follow the certificate of an identity");
    if (block->label != "CERTIFICATE" && !block->label.empty())
        return refuse("the PEM block of an identity is not labelled CERTIFICATE");
    ASSIGN_OR_RETURN(const Certificate certificate, Certificate::fromDer(block->der));
    const Certificate::Impl& impl = certificate.impl();
    if (!impl.scheme || !crypto::isEcdsa(*impl.scheme)) return absl::OkStatus();
    if (!crypto::isCanonicalSignature(impl.signature))
        return refuse("the signature of an identity's certificate is not canonical DER");
    return absl::OkStatus();
}

Bytes serializeIdentity(const MspId& mspId, BytesView certificatePem) {
    ::msp::SerializedIdentity message;
    message.set_mspid(mspId.str());
    message.set_id_bytes(certificatePem.data(), certificatePem.size());
    return wire::serialize(message);
}

}  // namespace chancery::identity
