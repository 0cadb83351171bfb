#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/usecase/ConfigChange.h"
#include "src/usecase/ConfigFile.h"

namespace chancery::usecase {

/// A change of a channel's configuration that nobody has signed yet. "config sign" and Fabric's
/// tools take its bytes.
struct CertificateDraft {
    ChannelId channel;
    Bytes update;  ///< common.ConfigUpdate
    std::vector<ConfigChange> changes;
    std::vector<RequiredAgreement> agreements;  ///< the signatures that it needs
    /// The definition said which CA vouches for roles, and does not any more: a second CA could
    /// give none otherwise.
    bool certifierCleared = false;
};

/// Changes of the certificates in a configuration. Each result is checked as orderers check it, so
/// a draft that nobody would take is an error: those of Bundle::fromConfig, checkSuccession and
/// checkOrdererRules, and INVALID_ARGUMENT (NO_DIFFERENCE) when it is all there already.
class CertificateDrafts {
public:
    /// Of a file with a whole configuration. NO_CONFIG, NO_CHANNEL_NAME (the file does not say of
    /// which channel it is).
    static Result<CertificateDrafts> of(ConfigFile config);

    const ChannelId& channel() const { return m_channel; }
    bool hasMember(const MspId& mspId) const;

    /// Puts a revocation list into the organisation's MSP, in place of older ones of the same CA.
    /// NOT_FOUND (NO_SUCH_MSP); INVALID_ARGUMENT: BAD_CRL, CRL_NOT_OF_MSP; FAILED_PRECONDITION
    /// (CRL_OLDER) when a later one is there.
    Result<CertificateDraft> revocation(const MspId& mspId, BytesView crl) const;
    /// Puts a CA's certificate beside the present ones: a root when it signed itself, else an
    /// intermediate. NO_SUCH_MSP, BAD_CERTIFICATE, NOT_A_CA.
    Result<CertificateDraft> authority(const MspId& mspId, BytesView pem, bool forTls) const;
    /// Takes a CA away that has been replaced. NOT_FOUND (NO_SUCH_CERTIFICATE).
    Result<CertificateDraft> withoutAuthority(const MspId& mspId, BytesView pem) const;
    /// A consenter shows another TLS certificate, as server, client or both, or (BFT) signs with
    /// another one: wherever the old one stands, with BlockValidation, which names those who sign.
    /// NOT_FOUND (NO_SUCH_CONSENTER).
    Result<CertificateDraft> consenter(BytesView oldPem, BytesView newPem) const;

private:
    explicit CertificateDrafts(ConfigFile config) : m_file(std::move(config)) {}
    Result<CertificateDraft> draft(::common::Config after) const;

    ConfigFile m_file;
    ChannelId m_channel;
};

}  // namespace chancery::usecase
