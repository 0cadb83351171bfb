#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/LruCache.h"
#include "src/base/Status.h"

namespace protos {
class SignedProposal;
}

namespace chancery::node::contract {

/// What a signed proposal says to a contract; decoded once, when a contract first asks.
class Caller {
public:
    /// INVALID_ARGUMENT (MALFORMED_PROTOBUF), with the sentence that callers see.
    static Result<Caller> read(const protos::SignedProposal& proposal);

    /// JSON with creator (MSP id), timestamp, binding, names of transient data, channelHeader.
    const std::string& description() const { return m_description; }
    /// "signature", "nonce", "creator" (SerializedIdentity), "idBytes" (certificate), "input", or
    /// "transient:N" for the Nth name. NOT_FOUND (NO_SUCH_PART).
    Result<Bytes> part(std::string_view name) const;

private:
    std::string m_description;
    Bytes m_signature, m_nonce, m_creator, m_idBytes, m_input;
    std::vector<Bytes> m_transient;
};

/// Facts of certificates as `ClientIdentity` gives them, as JSON: id ("x509::/C=…/CN=…::/…") and
/// attributes. Certificates are few and come again: the facts of the last ones are kept.
/// Thread-safe.
class CertificateFacts {
public:
    /// INVALID_ARGUMENT with the sentence that callers see.
    Result<std::string> of(BytesView pem);

private:
    LruCache<std::string> m_known{256};
};

}  // namespace chancery::node::contract
