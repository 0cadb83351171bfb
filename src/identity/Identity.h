#pragma once

#include <memory>
#include <string>

#include "src/base/Clock.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/identity/Certificate.h"

namespace chancery::identity {

/// What an MSP has found out about a certificate; an affair of the MSP.
struct Membership;

/// A certificate that belongs to an MSP: well-formed and issued by one of its CAs as far as
/// deserialisation checks that (a certificate of an unknown CA never becomes an Identity). Whether
/// it is *valid* is Msp::validate's verdict.
class Identity {
public:
    const MspId& mspId() const { return m_mspId; }
    const Certificate& certificate() const { return m_certificate; }
    /// Hex of SHA-256 over the certificate with its signature rewritten to low S; with the MSP id
    /// it names an identity when signatures are counted.
    const std::string& identifier() const { return m_identifier; }
    /// The bytes it was made from (SerializedIdentity), unchanged.
    const Bytes& serialized() const { return m_serialized; }

    /// Signature over `message` by this identity's key with the MSP's hash. See
    /// crypto::PublicKey::verify.
    Status verify(BytesView message, BytesView signature) const;

    Identity(MspId mspId, Certificate certificate, std::string identifier, Bytes serialized,
             crypto::HashAlgorithm messageHash,
             std::shared_ptr<const Membership> membership = nullptr);

    /// Null for an identity that no MSP made.
    const std::shared_ptr<const Membership>& membership() const { return m_membership; }

private:
    MspId m_mspId;
    Certificate m_certificate;
    std::string m_identifier;
    Bytes m_serialized;
    crypto::HashAlgorithm m_messageHash;
    std::shared_ptr<const Membership> m_membership;
};

using IdentityPtr = std::shared_ptr<const Identity>;

/// Whether the certificate is valid now; for the doors of nodes, never for the ledger.
/// UNAUTHENTICATED: CERTIFICATE_EXPIRED, NOT_YET_VALID.
Status checkAtDoor(const Identity& identity, const Clock& clock);

/// Fabric's IsWellFormed for identities that come by gossip (fact sheet A §1.3): exactly one PEM
/// block, label CERTIFICATE or none, nothing behind it, a certificate whose ECDSA signature is
/// canonical DER. Creators of transactions are not held to it. INVALID_ARGUMENT:
/// MALFORMED_PROTOBUF, NOT_PEM, NOT_WELL_FORMED, BAD_CERTIFICATE.
Status checkWellFormed(BytesView serializedIdentity);

/// SerializedIdentity bytes of a certificate in PEM.
Bytes serializeIdentity(const MspId& mspId, BytesView certificatePem);

}  // namespace chancery::identity
