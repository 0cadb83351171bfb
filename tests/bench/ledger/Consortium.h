#pragma once

#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/channel/Genesis.h"
#include "src/identity/Certificate.h"
#include "src/identity/SigningIdentity.h"
#include "tests/bench/ledger/SeededRandom.h"

namespace chancery::bench {

/// An organisation of a generated network. Keys follow from the seed; signatures of certificates
/// are random, as ECDSA wants it.
struct Party {
    std::string name;  ///< "Org1"; its MSP is "Org1MSP"
    MspId mspId;
    std::string domain;  ///< "org1.example.com"
    Bytes mspConfig;     ///< MSPConfig, encoded
    identity::SigningIdentityPtr admin;
    identity::SigningIdentityPtr node;  ///< peer or orderer
    std::vector<identity::SigningIdentityPtr> clients;
    std::string tlsCertificate;  ///< PEM, of the node
};

/// Who takes part in a generated channel.
struct Consortium {
    ChannelId channel;
    std::vector<Party> organisations;
    Party orderers;

    /// `organisations` peers' organisations with four clients each. Certificates begin at `since`.
    static Result<Consortium> make(std::size_t organisations, absl::Time since,
                                   SeededRandom& random);

    channel::NewChannel channelToMake() const;
    /// Configuration envelope that raises the number of transactions per block: agreed by the
    /// orderers' administrator, ordered by the orderer.
    Result<Bytes> configUpdate(const channel::Bundle& current, std::uint32_t maxMessages,
                               absl::Time at, SeededRandom& random) const;
};

}  // namespace chancery::bench
