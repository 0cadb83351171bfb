#pragma once

#include <filesystem>

#include "src/crypto/Token.h"

namespace chancery::crypto {

/// A key in a token as the settings of a program that runs unattended name it: a node, a CA.
struct TokenPlace {
    TokenModule module;  ///< with the SHA-256 that it had when it was written into the settings
    TokenName token;
    TokenKeyName key;
    std::filesystem::path pinFile;  ///< see readSecretFile
};

/// Token and key of a PKCS#11 URI (RFC 7512), "pkcs11:token=ca;object=root": token, serial, object,
/// id, and type=private. INVALID_ARGUMENT (BAD_TOKEN_URI) for everything else, so that nobody
/// believes in a part that is not looked at; a PIN does not belong there.
Status readTokenUri(std::string_view uri, TokenPlace& into);

/// Logs in and finds the key; the signer keeps the token open, and opens it again, with the PIN of
/// the file, when its sessions were lost or it was away (at once, and after a failure once a
/// second; a PIN that the token has refused is not tried twice). Errors of readSecretFile,
/// TokenLibrary::load, Token::open, login (never the last try) and find.
Result<SignerPtr> openTokenSigner(const TokenPlace& place);
/// The same; a key that is not there yet is made in the token when the place has a label for it.
/// Errors of Token::generate, too.
Result<SignerPtr> openOrMakeTokenSigner(const TokenPlace& place, KeyAlgorithm algorithm);

}  // namespace chancery::crypto
