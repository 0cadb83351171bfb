#pragma once

#include <cstddef>
#include <filesystem>

#include "src/base/Clock.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::usecase {

struct SignedConfigUpdate {
    Bytes envelope;  ///< common.Envelope, CONFIG_UPDATE
    ChannelId channel;
    std::size_t signatures = 0;
};

/// Adds a signature to a configuration update. What was signed before is kept byte for byte.
class SignConfigUpdate {
public:
    explicit SignConfigUpdate(const Clock& clock) : m_clock(clock) {}

    /// The file in any form that holds an update. INVALID_ARGUMENT: NO_UPDATE, and the errors of
    /// readConfigFile; ALREADY_EXISTS (ALREADY_SIGNED); the signer's.
    Result<SignedConfigUpdate> run(const std::filesystem::path& update,
                                   const identity::SigningIdentity& signer) const;

private:
    const Clock& m_clock;
};

}  // namespace chancery::usecase
