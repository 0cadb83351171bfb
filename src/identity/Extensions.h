#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/Status.h"
#include "src/identity/NameConstraints.h"

namespace chancery::identity {

/// Bits of the keyUsage extension (RFC 5280, 4.2.1.3), as values to be joined.
enum KeyUsage : unsigned {
    kDigitalSignature = 1 << 0,
    kContentCommitment = 1 << 1,
    kKeyEncipherment = 1 << 2,
    kDataEncipherment = 1 << 3,
    kKeyAgreement = 1 << 4,
    kCertSign = 1 << 5,
    kCrlSign = 1 << 6,
};

namespace oid {
inline constexpr std::string_view kSubjectKeyId = "2.5.29.14";
inline constexpr std::string_view kKeyUsage = "2.5.29.15";
inline constexpr std::string_view kSubjectAltName = "2.5.29.17";
inline constexpr std::string_view kBasicConstraints = "2.5.29.19";
inline constexpr std::string_view kCrlNumber = "2.5.29.20";
inline constexpr std::string_view kCrlReason = "2.5.29.21";
inline constexpr std::string_view kNameConstraints = "2.5.29.30";
inline constexpr std::string_view kCrlDistributionPoints = "2.5.29.31";
inline constexpr std::string_view kCertificatePolicies = "2.5.29.32";
inline constexpr std::string_view kAuthorityKeyId = "2.5.29.35";
inline constexpr std::string_view kExtendedKeyUsage = "2.5.29.37";
inline constexpr std::string_view kAnyExtendedKeyUsage = "2.5.29.37.0";
inline constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view kAuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
/// fabric-ca: names and values that a contract can read, as JSON.
inline constexpr std::string_view kFabricAttributes = "1.2.3.4.5.6.7.8.1";
}  // namespace oid

/// The extensions of one certificate, as far as rules here ask for them.
struct Extensions {
    bool hasBasicConstraints = false;
    bool isCa = false;
    std::optional<int> pathLength;
    std::optional<unsigned> keyUsage;
    std::vector<std::string> extendedKeyUsages;  ///< object identifiers
    std::optional<Bytes> subjectKeyId;
    Bytes authorityKeyId;
    std::optional<Bytes> altNameValue;  ///< the extension's bytes, for comparison
    std::vector<GeneralName> altNames;
    std::optional<NameConstraints> nameConstraints;
    std::vector<std::string> unknownCritical;  ///< object identifiers
    std::vector<std::pair<std::string, std::string>> attributes;
};

/// From the content of the SEQUENCE OF Extension. Refuses what Go's parser refuses: an extension
/// twice, malformed standard ones, key identifiers marked critical. INVALID_ARGUMENT:
/// BAD_CERTIFICATE.
Result<Extensions> readExtensions(BytesView sequenceContent);

/// One extension as an element.
Bytes writeExtension(std::string_view dotted, bool critical, BytesView value);

/// Values of extensions that certificates and requests made here carry.
Bytes writeAltNames(const std::vector<std::string>& hosts);
Bytes writeAttributes(const std::vector<std::pair<std::string, std::string>>& attributes);

/// "127.0.0.1", "::1", otherwise the text: what `hosts` shows.
std::string hostText(const GeneralName& name);

/// keyIdentifier of an authorityKeyIdentifier's value; nothing when that is malformed, empty when
/// it has none.
std::optional<Bytes> readAuthorityKeyId(BytesView value);

}  // namespace chancery::identity
