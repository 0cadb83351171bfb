#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"

namespace chancery::usecase {

/// Somebody as the ledger names him: what his certificate says, unchecked.
struct IdentityName {
    MspId mspId;
    std::string commonName;                        ///< empty when the certificate cannot be read
    std::vector<std::string> organizationalUnits;  ///< in encoding order; one of them is the role
    std::string fingerprint;                       ///< SHA-256 of the certificate, hex

    friend bool operator==(const IdentityName&, const IdentityName&) = default;
    friend auto operator<=>(const IdentityName&, const IdentityName&) = default;
};

}  // namespace chancery::usecase
