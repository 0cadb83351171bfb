#pragma once

// For the sources of this folder: what a certificate was parsed into.
#include <optional>

#include "src/identity/Certificate.h"
#include "src/identity/Extensions.h"
#include "src/identity/Name.h"

namespace chancery::identity {

struct Certificate::Impl {
    Bytes der;
    BytesView tbs;                 ///< the signed part, a view of `der`
    BytesView signatureAlgorithm;  ///< whole element, a view of `der`
    BytesView signature;           ///< a view of `der`
    std::optional<crypto::SignatureScheme> scheme;
    int version = 1;
    Bytes serial;  ///< big-endian, no leading zeros
    Bytes rawIssuer;
    Bytes rawSubject;
    std::string issuer;
    std::string subject;
    std::string commonName;
    std::vector<std::string> organizationalUnits;
    absl::Time notBefore;
    absl::Time notAfter;
    Extensions extensions;
    std::vector<std::string> hosts;
    Bytes subjectKeyId;  ///< empty when absent
    crypto::PublicKey key;

    explicit Impl(crypto::PublicKey publicKey) : key(std::move(publicKey)) {}

    static Result<std::shared_ptr<const Impl>> parse(BytesView der);
};

/// INVALID_ARGUMENT (BAD_CERTIFICATE).
Status badCertificate(std::string_view sentence);

/// The largest certificate or PEM text that is looked at.
inline constexpr std::size_t kMostCertificateBytes = 1 << 20;

}  // namespace chancery::identity
