#include "node/ca/Token.h"

#include <fmt/format.h>

#include "node/ca/Attributes.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/crypto/Suite.h"

namespace chancery::node {
namespace {

constexpr std::string_view kBasic = "basic ";

Status invalid(std::string_view why) {
    return refuseAuthentication(CaError::InvalidToken,
                                fmt::format("Invalid token in authorization header: {}", why));
}

std::string payloadOf(std::string_view method, std::string_view target, BytesView body,
                      std::string_view certificateText) {
    return fmt::format("{}.{}.{}.{}", method, toBase64(target), toBase64(body), certificateText);
}

}  // namespace

Result<Token> parseToken(std::string_view header) {
    const std::size_t dot = header.find('.');
    if (dot == std::string_view::npos || header.find('.', dot + 1) != std::string_view::npos)
        return invalid("it does not have two parts");
    const std::string_view text = header.substr(0, dot);
    const auto pem = fromBase64(text);
    if (!pem.ok()) return invalid("the certificate is not base64");
    auto certificate = identity::Certificate::fromPem(*pem);
    if (!certificate.ok()) return invalid(messageOf(certificate.status()));
    auto signature = fromBase64(header.substr(dot + 1));
    if (!signature.ok()) return invalid("the signature is not base64");
    return Token{.certificateText = std::string(text),
                 .certificate = *std::move(certificate),
                 .signature = *std::move(signature)};
}

Status verifyToken(const Token& token, std::string_view method, std::string_view target,
                   BytesView body) {
    const crypto::PublicKey& key = token.certificate.publicKey();
    const Status verified =
        key.verify(payloadOf(method, target, body, token.certificateText), token.signature,
                   crypto::suiteOf(key.algorithm()).messageHash);
    return verified.ok() ? verified : invalid(messageOf(verified));
}

Result<std::string> makeToken(const identity::Certificate& certificate, const crypto::Signer& key,
                              std::string_view method, std::string_view target, BytesView body) {
    const std::string text = toBase64(certificate.toPem());
    ASSIGN_OR_RETURN(const Bytes signature, key.sign(payloadOf(method, target, body, text),
                                                     crypto::suiteOf(key.algorithm()).messageHash));
    return text + "." + toBase64(signature);
}

Result<Credentials> parseBasic(std::string_view header) {
    const auto none = [] {
        return refuseAuthentication(CaError::NoUserAndPassword,
                                    "No user/pass in authorization header");
    };
    if (header.size() < kBasic.size() ||
        !equalsIgnoringCase(header.substr(0, kBasic.size()), kBasic))
        return none();
    const auto text = fromBase64(header.substr(kBasic.size()));
    const std::size_t colon = text.ok() ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) return none();
    return Credentials{.id = text->substr(0, colon), .secret = text->substr(colon + 1)};
}

}  // namespace chancery::node
