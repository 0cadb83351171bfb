#pragma once

#include <filesystem>

#include "src/crypto/Token.h"

namespace chancery::crypto {

/// A key in a token as the settings of a program that runs unattended name it: a node, a CA.
struct TokenPlace {
    TokenModule module;  ///< with the SHA-256 that it had when it was written into the settings
    TokenName token;
    TokenKeyName key;
    std::filesystem::path pinFile;  ///< one line, 0600
};

/// Logs in and finds the key; the signer keeps the token open. FAILED_PRECONDITION
/// (SECRET_FILE_MODE) when others than its owner can read the file with the PIN; errors of
/// readFile, TokenLibrary::load, Token::open, login (never the last try) and find.
Result<SignerPtr> openTokenSigner(const TokenPlace& place);

}  // namespace chancery::crypto
