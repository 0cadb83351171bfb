#pragma once

// For the sources of this folder: digests as OpenSSL names them.
#include <openssl/types.h>

#include <initializer_list>

#include "src/crypto/Digest.h"

namespace chancery::crypto {

const EVP_MD* methodOf(HashAlgorithm algorithm);
/// Writes sizeOf(algorithm) bytes without allocating.
void digestInto(HashAlgorithm algorithm, std::initializer_list<BytesView> parts,
                unsigned char* out);

}  // namespace chancery::crypto
