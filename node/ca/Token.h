#pragma once

#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::node {

/// What stands in the header Authorization of requests that an enrolled identity signs:
/// "base64(certificate in PEM).base64(signature)".
struct Token {
    std::string certificateText;  ///< base64 as it was sent, which the signature covers
    identity::Certificate certificate;
    Bytes signature;
};

/// UNAUTHENTICATED (INVALID_TOKEN) towards clients a plain authentication failure.
Result<Token> parseToken(std::string_view header);

/// Whether the key of the token's certificate signed "METHOD.base64(target).base64(body)
/// .base64(certificate)" with its suite's hash. The certificate itself is not judged.
/// UNAUTHENTICATED (INVALID_TOKEN).
Status verifyToken(const Token& token, std::string_view method, std::string_view target,
                   BytesView body);

/// The other side, for requests to a CA. Errors of Signer::sign.
Result<std::string> makeToken(const identity::Certificate& certificate, const crypto::Signer& key,
                              std::string_view method, std::string_view target, BytesView body);

/// Name and secret of "Basic base64(name:secret)"; both may be anything. UNAUTHENTICATED
/// (NO_USER_AND_PASSWORD).
struct Credentials {
    std::string id;
    std::string secret;
};
Result<Credentials> parseBasic(std::string_view header);

}  // namespace chancery::node
