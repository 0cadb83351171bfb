#pragma once

#include <string>
#include <vector>

#include "src/crypto/Key.h"
#include "src/identity/Msp.h"
#include "src/policy/Policy.h"

namespace chancery::test {

/// The MSPs of the vectors' organisations, from their folders, version 1.4.3.
const std::shared_ptr<const identity::MspSet>& vectorMsps();

/// An identity of `policies.identities` with its key.
struct VectorSigner {
    std::string ref;
    MspId mspId;
    Bytes serialized;
    crypto::PrivateKey key;
};
/// Throws when there is none of that name.
const VectorSigner& vectorSigner(const std::string& ref);
/// All of them, in the order of the facts.
const std::vector<VectorSigner>& vectorSigners();

/// A set of signatures over the vectors' message; "!ref" makes one over something else. Keeps what
/// the views point to.
class SignatureSet {
public:
    explicit SignatureSet(const std::vector<std::string>& refs);

    const std::vector<policy::SignedData>& signedData() const { return m_signedData; }

private:
    Bytes m_message;
    std::vector<Bytes> m_signatures;
    std::vector<policy::SignedData> m_signedData;
};

}  // namespace chancery::test
