#pragma once

#include <string>

#include "src/base/Bytes.h"
#include "src/base/Random.h"
#include "src/base/Status.h"

namespace chancery::crypto {

/// How much one guess at a stored password costs (scrypt, RFC 7914).
enum class PasswordCost {
    /// N = 2^14, r = 8: 16 MiB and some 40 ms. For what a person has chosen.
    Chosen,
    /// N = 2^4, r = 1: some microseconds. Only for secrets of at least 128 random bits, which no
    /// number of guesses finds.
    Random,
};

/// "scrypt$log2N$r$p$salt$hash", salt and hash in base64. Errors of deriveKey when memory is
/// short.
Result<std::string> hashPassword(BytesView password, PasswordCost cost,
                                 Random& random = Random::system());

/// Whether this password was hashed; compared in constant time. False, too, for a text that
/// hashPassword did not write.
bool isPassword(BytesView password, std::string_view hash);

}  // namespace chancery::crypto
