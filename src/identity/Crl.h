#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::identity {

/// An immutable certificate revocation list (RFC 5280, 5); a cheap handle, safe to use from several
/// threads.
class RevocationList {
public:
    struct Entry {
        Bytes serial;  ///< big-endian, no leading zeros
        absl::Time revokedAt;
        std::optional<int> reason;  ///< CRLReason, when the entry says it
    };

    /// PEM "X509 CRL" at the very beginning, or DER, as Fabric reads it. INVALID_ARGUMENT: BAD_CRL.
    static Result<RevocationList> fromBytes(BytesView pemOrDer);

    const Bytes& der() const;
    Bytes toPem() const;
    const std::string& issuer() const;
    absl::Time thisUpdate() const;
    std::optional<absl::Time> nextUpdate() const;
    /// Nothing when the extension is missing: Fabric then treats every identity of the MSP as
    /// invalid.
    const std::optional<Bytes>& authorityKeyId() const;
    /// Sorted by serial.
    const std::vector<Entry>& entries() const;
    bool lists(BytesView serial) const;

    /// Whether the CA signed it; SHA-1 signatures count, as in Fabric. UNAUTHENTICATED:
    /// BAD_SIGNATURE and the like.
    Status checkSignedBy(const Certificate& ca) const;

    struct Impl;
    explicit RevocationList(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}

private:
    std::shared_ptr<const Impl> m_impl;
};

/// A version 2 list signed by the CA, with the CA's key identifier as fabric-ca writes it (no CRL
/// number). INVALID_ARGUMENT: KEY_MISMATCH.
Result<RevocationList> makeRevocationList(const Certificate& ca, const crypto::Signer& key,
                                          const std::vector<RevocationList::Entry>& entries,
                                          absl::Time thisUpdate, absl::Time nextUpdate);

}  // namespace chancery::identity
