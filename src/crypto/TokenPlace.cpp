#include "src/crypto/TokenPlace.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/SecretFile.h"

namespace chancery::crypto {
namespace {

constexpr std::string_view kScheme = "pkcs11:";
constexpr std::size_t kMostUri = 1024;
constexpr std::size_t kMostPart = 128;

Status badUri(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_TOKEN_URI",
                     fmt::format("this names no key in a token: {}", why));
}

Result<std::string> percentDecoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const auto byte = fromHex(text.substr(i + 1, 2));
        if (!byte.ok() || byte->size() != 1) return badUri("a percent sign without two digits");
        decoded += *byte;
        i += 2;
    }
    return decoded;
}

Result<std::shared_ptr<Token>> openToken(const TokenPlace& place) {
    ASSIGN_OR_RETURN(auto library, TokenLibrary::load(place.module));
    ASSIGN_OR_RETURN(auto token, Token::open(std::move(library), place.token));
    if (token->loggedIn()) return token;
    ASSIGN_OR_RETURN(const Secret pin, readSecretFile(place.pinFile));
    RETURN_IF_ERROR(token->login(pin.view()));
    return token;
}

}  // namespace

Status readTokenUri(std::string_view uri, TokenPlace& into) {
    if (!uri.starts_with(kScheme) || uri.size() > kMostUri) return badUri("no \"pkcs11:\"");
    uri.remove_prefix(kScheme.size());
    if (uri.find('?') != std::string_view::npos)
        return badUri("nothing may stand behind \"?\"; module and PIN have settings of their own");
    while (!uri.empty()) {
        const std::size_t end = std::min(uri.find(';'), uri.size());
        const std::string_view part = uri.substr(0, end);
        uri.remove_prefix(std::min(end + 1, uri.size()));
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos)
            return badUri(fmt::format("\"{}\" has no value", printable(part, 64)));
        const std::string_view name = part.substr(0, equals);
        ASSIGN_OR_RETURN(std::string value, percentDecoded(part.substr(equals + 1)));
        if (value.empty() || value.size() > kMostPart)
            return badUri(
                fmt::format("\"{}\" must have 1 to {} bytes", printable(name, 64), kMostPart));
        if (name == "type" && value == "private") continue;
        std::string* const known = name == "token"    ? &into.token.label
                                   : name == "serial" ? &into.token.serial
                                   : name == "object" ? &into.key.label
                                   : name == "id"     ? &into.key.id
                                                      : nullptr;
        if (known == nullptr)
            return badUri(fmt::format("\"{}\" is not understood", printable(name, 64)));
        if (!known->empty())
            return badUri(fmt::format("\"{}\" stands there twice", printable(name, 64)));
        *known = std::move(value);
    }
    if (into.token.label.empty() && into.token.serial.empty()) return badUri("it names no token");
    return absl::OkStatus();
}

Result<SignerPtr> openTokenSigner(const TokenPlace& place) {
    ASSIGN_OR_RETURN(const auto token, openToken(place));
    ASSIGN_OR_RETURN(const TokenKey key, token->find(place.key));
    return token->signer(key);
}

Result<SignerPtr> openOrMakeTokenSigner(const TokenPlace& place, KeyAlgorithm algorithm) {
    ASSIGN_OR_RETURN(const auto token, openToken(place));
    auto key = token->find(place.key);
    if (reasonOf(key.status()) == "NO_TOKEN_KEY" && !place.key.label.empty() &&
        place.key.id.empty())
        key = token->generate(algorithm, place.key.label);
    if (!key.ok()) return key.status();
    return token->signer(*key);
}

}  // namespace chancery::crypto
