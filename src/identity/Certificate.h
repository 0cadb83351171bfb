#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"

namespace chancery::identity {

/// An immutable X.509 certificate; a cheap handle, safe to use from several threads.
class Certificate {
public:
    /// The first PEM block of `pem`, whatever its label says, as Fabric reads it. INVALID_ARGUMENT:
    /// NOT_PEM, BAD_CERTIFICATE.
    static Result<Certificate> fromPem(BytesView pem);
    static Result<Certificate> fromDer(BytesView der);

    const Bytes& der() const;
    Bytes toPem() const;
    /// SHA-256 of the DER as given (not of the low-S form), lower-case hex.
    std::string fingerprint() const;

    const std::string& subject()
        const;  ///< "CN=…,OU=…,L=…" in the order that Go prints (reverse of the encoding)
    const std::string& issuer() const;
    const Bytes& rawSubject() const;  ///< DER of the Name
    const Bytes& rawIssuer() const;
    std::string commonName() const;
    const std::vector<std::string>& organizationalUnits()
        const;  ///< every OU of every RDN, in encoding order
    std::string serialHex() const;
    const Bytes& subjectKeyId() const;  ///< as it stands in the extension; empty when absent
    const Bytes& authorityKeyId() const;
    absl::Time notBefore() const;
    absl::Time notAfter() const;
    bool isCa() const;  ///< basicConstraints CA:TRUE
    /// How many CAs may stand below this one; nothing when that is not limited.
    std::optional<int> pathLength() const;
    /// KeyUsage bits (Extensions.h); nothing when the certificate does not limit its key's use.
    std::optional<unsigned> keyUsage() const;
    /// Object identifiers; empty when it does not limit them.
    const std::vector<std::string>& extendedKeyUsages() const;
    const crypto::PublicKey& publicKey() const;
    /// Alternative names: DNS names and IP addresses, in order.
    const std::vector<std::string>& hosts() const;
    /// fabric-ca attributes (extension 1.2.3.4.5.6.7.8.1), name and value, sorted by name; empty
    /// when absent.
    const std::vector<std::pair<std::string, std::string>>& attributes() const;

    bool operator==(const Certificate& other) const { return der() == other.der(); }

    struct Impl;
    explicit Certificate(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
    const Impl& impl() const { return *m_impl; }

private:
    std::shared_ptr<const Impl> m_impl;
};

}  // namespace chancery::identity
