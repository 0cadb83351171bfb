#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "src/base/Clock.h"
#include "src/base/Random.h"
#include "src/crypto/Token.h"
#include "src/wallet/Header.h"
#include "src/wallet/SecretKeeper.h"

namespace chancery::wallet {

/// Asks the person for the PIN of a token; called when a key in it is first needed.
using PinSource = std::function<Result<crypto::Secret>(const crypto::TokenInfo& token)>;

/// What a workspace needs from the program around it. The referenced seams outlive it.
struct Options {
    const Clock& clock = Clock::system();
    Random& random = Random::system();
    /// Locks itself when nothing was done with it for so long.
    absl::Duration idleLimit = absl::Minutes(10);
    crypto::ScryptCost cost = kLeastCost;       ///< of new passphrases
    crypto::ScryptCost leastCost = kLeastCost;  ///< of workspaces that are opened; lower for tests
    PinSource pin;
    /// The desktop's keychain, where keys may be; thread-safe, and outlives the workspace. Only the
    /// console has one.
    SecretKeeper* keychain = nullptr;
    crypto::LastTry lastPinTry = crypto::LastTry::Refused;
    /// Forbids core dumps and takes locked memory when it is first unlocked; see hardenProcess().
    bool protectProcess = true;
    std::function<void(const std::string& name)> beforeChange;  ///< see WalletFolder
};

/// No core dumps, no reading by other processes of the same user, secrets in locked memory. For the
/// whole program and for ever. False when some of it could not be had.
bool hardenProcess();

}  // namespace chancery::wallet
