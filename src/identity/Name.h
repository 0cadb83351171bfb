#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::identity {

/// A distinguished name as it stands in certificates.
struct Name {
    struct Attribute {
        std::string type;   ///< dotted object identifier
        std::string value;  ///< UTF-8
    };
    std::vector<Attribute> attributes;  ///< of all RDNs, in encoding order

    /// The last one, which is what Go's parser keeps; empty when there is none.
    std::string commonName() const;
    std::vector<std::string> valuesOf(std::string_view type) const;

    /// The form Go prints: attributes grouped by type (C, ST, L, STREET, POSTALCODE, O, OU, CN,
    /// SERIALNUMBER, others), last group first: "CN=…,OU=client+OU=dept7,L=…,ST=…,C=…".
    std::string text() const;
};

/// From the DER of the Name, tag included. INVALID_ARGUMENT: BAD_NAME.
Result<Name> readName(BytesView der);

/// What a new certificate's subject is made from.
struct SubjectName {
    std::string country;
    std::string province;
    std::string locality;
    std::string organization;
    std::vector<std::string> organizationalUnits;
    std::string commonName;
    std::string serialNumber;
};

/// DER in the order of Go's tools: C, ST, L, O, OU, CN, serialNumber. Several OUs share one RDN,
/// sorted as a SET must be.
Bytes writeName(const SubjectName& name);

namespace oid {
inline constexpr std::string_view kCommonName = "2.5.4.3";
inline constexpr std::string_view kSerialNumber = "2.5.4.5";
inline constexpr std::string_view kCountry = "2.5.4.6";
inline constexpr std::string_view kLocality = "2.5.4.7";
inline constexpr std::string_view kProvince = "2.5.4.8";
inline constexpr std::string_view kStreet = "2.5.4.9";
inline constexpr std::string_view kOrganization = "2.5.4.10";
inline constexpr std::string_view kOrganizationalUnit = "2.5.4.11";
inline constexpr std::string_view kPostalCode = "2.5.4.17";
}  // namespace oid

}  // namespace chancery::identity
