#pragma once

#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::rpc {

inline constexpr std::size_t kPairingNonceBytes = 32;

/// 100 bits as "ABCDE-FGHJK-MNPQR-STVWX", in letters and digits that are not taken for each other.
std::string makePairingCode(Random& random = Random::system());
/// The 20 letters of a code as a person types it: any case, with or without lines and spaces, O for
/// 0 and I or L for 1. INVALID_ARGUMENT (BAD_CODE).
Result<std::string> readPairingCode(std::string_view typed);

/// The key that both sides of a pairing have: of the 20 letters.
crypto::Secret pairingKey(std::string_view letters);

/// What both sides of a pairing see of each other.
struct PairingView {
    Bytes clientNonce, serverNonce;
    Bytes clientFingerprint, serverFingerprint;  ///< SHA-256 of the certificates
};
enum class Speaker { Client, Server };
/// See proto/chancery/agent/v1/pairing.proto.
Bytes pairingProof(const crypto::Secret& key, Speaker speaker, const PairingView& view);

}  // namespace chancery::rpc
