#pragma once

#include <string>
#include <unordered_map>

#include "src/base/Bytes.h"
#include "src/usecase/Identity.h"

namespace chancery::identity {
class Identity;
}

namespace chancery::usecase {

/// Names for SerializedIdentity bytes, each certificate parsed once. One thread at a time.
class IdentityNames {
public:
    /// Never fails: what cannot be read has an empty name.
    const IdentityName& of(BytesView serializedIdentity);
    /// From the parts of one.
    IdentityName of(std::string_view mspId, BytesView idBytes) const;

private:
    std::unordered_map<std::string, IdentityName> m_names;
};

}  // namespace chancery::usecase
