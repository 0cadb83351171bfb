#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// What a certificate says, and what a Fabric network would make of it.
struct CertificateDescription {
    std::string subject;
    std::string issuer;
    std::string commonName;
    std::vector<std::string> organizationalUnits;
    std::string serialHex;
    absl::Time notBefore;
    absl::Time notAfter;
    std::string keyAlgorithm;   ///< "P-256", "SM2" …
    std::string keyIdentifier;  ///< hex; Fabric names the private key's file after it
    bool isCa = false;
    /// What the key may be used for, by the names of RFC 5280 ("digitalSignature"); empty:
    /// anything.
    std::vector<std::string> keyUsages;
    /// The same ("serverAuth"); purposes without a name here as object identifiers.
    std::vector<std::string> extendedKeyUsages;
    bool selfIssued = false;  ///< subject and issuer are the same
    std::vector<std::string> hosts;
    std::vector<std::pair<std::string, std::string>> attributes;  ///< of Fabric CA
    std::string subjectKeyId;  ///< hex, as it stands in the certificate; empty when absent
    std::string authorityKeyId;
    std::string fingerprint;  ///< SHA-256, hex
    /// Roles that its organizational units give it in an MSP with the usual names; exactly one is
    /// good.
    std::vector<std::string> roles;
};

/// Reads the certificates of a file.
class DescribeCertificate {
public:
    /// PEM with any number of certificates, or one in DER. NOT_FOUND and the other errors of
    /// readFile; INVALID_ARGUMENT: NOT_PEM, BAD_CERTIFICATE with argument `certificate`, its
    /// position from 1.
    Result<std::vector<CertificateDescription>> run(const std::filesystem::path& file) const;
    /// The same of a text; `name` stands in errors.
    Result<std::vector<CertificateDescription>> run(BytesView bytes, const std::string& name) const;
};

}  // namespace chancery::usecase
