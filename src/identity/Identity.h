#pragma once

#include <memory>
#include <string>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/identity/Certificate.h"

namespace chancery::identity {

/// A certificate that belongs to an MSP: well-formed and issued by one of its CAs as far as deserialisation checks that
/// (a certificate of an unknown CA never becomes an Identity). Whether it is *valid* is Msp::validate's verdict.
class Identity {
public:
    const MspId& mspId() const { return m_mspId; }
    const Certificate& certificate() const { return m_certificate; }
    /// Hex of SHA-256 over the certificate with its signature rewritten to low S; with the MSP id it names an identity
    /// when signatures are counted.
    const std::string& identifier() const { return m_identifier; }
    /// The bytes it was made from (SerializedIdentity), unchanged.
    const Bytes& serialized() const { return m_serialized; }

    /// Signature over `message` by this identity's key with the MSP's hash. See crypto::PublicKey::verify.
    Status verify(BytesView message, BytesView signature) const;

    Identity(MspId mspId, Certificate certificate, std::string identifier, Bytes serialized,
             crypto::HashAlgorithm messageHash);

private:
    MspId m_mspId;
    Certificate m_certificate;
    std::string m_identifier;
    Bytes m_serialized;
    crypto::HashAlgorithm m_messageHash;
};

using IdentityPtr = std::shared_ptr<const Identity>;

}  // namespace chancery::identity
