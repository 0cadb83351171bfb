#pragma once

#include "src/identity/Crl.h"
#include "src/identity/Issue.h"
#include "src/identity/Msp.h"

namespace chancery::test {

/// A key with its certificate, made for a test.
struct Holder {
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

/// Noon of a fixed day: certificates of tests do not depend on the clock.
absl::Time someDay();

crypto::PrivateKey makeKey(crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::EcdsaP256);

/// Self-signed root as cryptogen makes it.
Holder makeRoot(const std::string& commonName = "ca.test",
                crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::EcdsaP256);
/// CA below another one.
Holder makeIntermediate(const Holder& issuer, const std::string& commonName = "ica.test");
/// Identity with these organisational units.
Holder makeMember(const Holder& issuer, const std::vector<std::string>& units,
                  const std::string& commonName = "member");
/// From a template of one's own.
Holder issue(const identity::CertificateTemplate& content, const Holder& issuer,
             crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::EcdsaP256);

/// A certificate with an extension that templates cannot express (DER of one Extension), signed by
/// `issuer`.
identity::Certificate withExtension(const identity::Certificate& certificate, const Holder& issuer,
                                    BytesView extension);

/// An MSP's configuration from parts; the usual node OUs unless told otherwise.
struct MspParts {
    std::string name = "TestMSP";
    std::vector<identity::Certificate> roots;
    std::vector<identity::Certificate> intermediates;
    std::vector<identity::Certificate> admins;
    std::vector<Bytes> crls;
    std::vector<identity::Certificate> tlsRoots;
    std::vector<std::pair<std::string, identity::Certificate>> ouIdentifiers;
    bool nodeOus = true;
    std::optional<identity::Certificate> nodeOuCertifier;  ///< pinned for every role
    std::string hashFamily;
    std::string identifierHash;
};
Result<identity::MspPtr> makeMsp(const MspParts& parts,
                                 identity::MspVersion version = identity::MspVersion::V1_4_3);

/// The reason why the certificate is refused, at deserialisation or validation; empty when it is
/// valid.
std::string refusalOf(const identity::MspPtr& msp, const identity::Certificate& certificate);

}  // namespace chancery::test
