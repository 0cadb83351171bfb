#pragma once

#include "src/base/LruCache.h"
#include "src/policy/Policy.h"

namespace chancery::node {

/// Endorsements that this peer has made itself, so that it does not check them when they come back
/// in a block. Only what the peer's own key has signed may be added: for the same bytes of identity
/// and data the answer of the check cannot be another one. Thread-safe.
class SignatureMemory final : public policy::KnownSignatures {
public:
    explicit SignatureMemory(std::size_t capacity = 16'384) : m_known(capacity) {}

    void add(const policy::SignedData& signature);
    bool contains(const policy::SignedData& signature) const override;
    /// To be called when a configuration changes how an organisation signs.
    void clear() { m_known.clear(); }

private:
    // Signature → digest of identity and data: a foreign signature costs a look-up, no hash.
    mutable LruCache<Bytes> m_known;
};

}  // namespace chancery::node
