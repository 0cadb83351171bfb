#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::identity {

/// Kinds of names that a subjectAltName and nameConstraints use, by their context tag.
enum class NameKind { Email = 1, Dns = 2, Uri = 6, Ip = 7, Other = -1 };

/// One entry of a subjectAltName: text for e-mail, DNS and URI, 4 or 16 bytes for an address.
struct GeneralName {
    NameKind kind;
    Bytes value;
};

/// What a CA may sign (RFC 5280, 4.2.1.10), with Go's reading of it: directory names are not
/// understood, an empty constraint matches everything, a leading dot asks for at least one more
/// label.
struct NameConstraints {
    struct Subtrees {
        std::vector<std::string> dns;
        std::vector<std::string> emails;
        std::vector<std::string> uris;
        std::vector<Bytes> ips;  ///< address and mask, 8 or 32 bytes
    };
    Subtrees permitted;
    Subtrees excluded;
    bool hasUnknownKinds = false;

    /// Whether the CA may sign a certificate with these names. PERMISSION_DENIED (NAME_CONSTRAINT)
    /// names the first that it may not; RESOURCE_EXHAUSTED (TOO_MANY_CONSTRAINTS) above 250,000
    /// comparisons.
    Status check(const std::vector<GeneralName>& names) const;
};

/// From the extension's value. INVALID_ARGUMENT: BAD_CERTIFICATE.
Result<NameConstraints> readNameConstraints(BytesView value);

/// Whether Go would take the text for a host name (letters, digits, '-', '_', ':', a leading
/// wildcard label).
bool looksLikeHostName(std::string_view name);

}  // namespace chancery::identity
