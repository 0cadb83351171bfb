#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Sealing.h"

namespace chancery::wallet {

/// Metadata of "workspace.wallet": how the passphrase becomes a key, and which round of keys the
/// other files are sealed under.
struct Header {
    std::string id;  ///< 32 hex digits, made with the workspace
    absl::Time made;
    std::uint64_t generation = 1;  ///< counts changes of the passphrase
    crypto::ScryptCost cost;
    Bytes salt;  ///< 32 bytes
};

std::string writeHeader(const Header& header);
/// Any text. INVALID_ARGUMENT (WALLET_FILE_DAMAGED).
Result<Header> parseHeader(std::string_view metadata);

/// What a stored workspace asks of a derivation at least.
inline constexpr crypto::ScryptCost kLeastCost{.log2N = 17, .r = 8, .p = 1};
/// FAILED_PRECONDITION (WEAK_KDF) when guessing would be cheaper than `least`; INVALID_ARGUMENT
/// (BAD_KDF) when no machine should have to do it.
Status checkCost(crypto::ScryptCost cost, crypto::ScryptCost least);

/// FAILED_PRECONDITION (WEAK_PASSPHRASE): fewer than eight bytes.
Status checkPassphrase(BytesView passphrase);

}  // namespace chancery::wallet
