#pragma once

#include <string>

#include "node/ca/CaOptions.h"
#include "src/base/Clock.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::node {

/// What a CA signs with.
struct CaKeys {
    crypto::SignerPtr key;  ///< in memory or in a token
    identity::Certificate certificate;
    std::string chainPem;  ///< the CA's certificate first, its root last
};

/// From the folder or the files that the options name; made, or fetched from the parent, when there
/// are none yet. PERMISSION_DENIED (KEY_FILE_EXPOSED) when others may read the key;
/// INVALID_ARGUMENT: KEY_MISMATCH, CA_MAY_NOT_SIGN, SUITE_MISMATCH, BAD_CHAIN; errors of files, of
/// the parent and of crypto::openTokenSigner.
Result<CaKeys> loadCaKeys(const CaOptions& options, const Clock& clock);

/// A private key in a file 0600 that is made when there is none.
Result<crypto::PrivateKey> loadOrMakeKey(const std::filesystem::path& file,
                                         crypto::KeyAlgorithm algorithm);
/// PERMISSION_DENIED (KEY_FILE_EXPOSED) when anybody but the owner may read or write it.
Status checkOwnersOnly(const std::filesystem::path& file);

}  // namespace chancery::node
