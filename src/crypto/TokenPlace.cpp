#include "src/crypto/TokenPlace.h"

#include <fmt/format.h>

#include <chrono>
#include <mutex>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
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

/// A lost session or login; anything else a new login does not mend.
bool isLoss(const Status& status) {
    return status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kNotFound ||
           reasonOf(status) == "TOKEN_LOCKED";
}

/// Signs for a program that runs unattended: a token that was away, or has ended its sessions, is
/// opened anew with the PIN of its file. A PIN that was refused is not tried again, for tokens
/// lock themselves after a few.
class UnattendedSigner final : public Signer {
public:
    UnattendedSigner(TokenPlace place, SignerPtr signer)
        : m_place(std::move(place)),
          m_publicKey(signer->publicKey()),
          m_signer(std::move(signer)) {}

    PublicKey publicKey() const override { return m_publicKey; }

    Result<Bytes> sign(BytesView message, HashAlgorithm hash) const override {
        std::uint64_t opened = 0;
        if (SignerPtr present = current(opened)) {
            auto signature = present->sign(message, hash);
            if (signature.ok() || !isLoss(signature.status())) return signature;
        }
        ASSIGN_OR_RETURN(const SignerPtr again, openAgain(opened));
        return again->sign(message, hash);
    }

private:
    static constexpr std::chrono::seconds kPause{1};  // between tries that fail

    SignerPtr current(std::uint64_t& opened) const {
        const std::lock_guard lock(m_mutex);
        opened = m_opened;
        return m_signer;
    }

    Result<SignerPtr> openAgain(std::uint64_t lost) const {
        const std::lock_guard lock(m_mutex);
        // Another call has done it.
        if (m_opened != lost) return m_signer;
        const auto now = std::chrono::steady_clock::now();
        if (!m_problem.ok() && now < m_notBefore) return m_problem;
        // The last one who lets go of a module ends it: some find tokens only when they begin.
        m_signer.reset();
        auto opened = open();
        if (opened.ok()) {
            m_problem = absl::OkStatus();
            ++m_opened;
            return m_signer = *std::move(opened);
        }
        m_notBefore = now + kPause;
        m_problem = opened.status();
        return opened.status();
    }

    Result<SignerPtr> open() const {
        ASSIGN_OR_RETURN(const Secret pin, readSecretFile(m_place.pinFile));
        const Bytes digest = sha256(pin.view());
        if (digest == m_refusedPin) return m_problem;
        ASSIGN_OR_RETURN(auto library, TokenLibrary::load(m_place.module));
        ASSIGN_OR_RETURN(const auto token, Token::open(std::move(library), m_place.token));
        if (const Status in = token->login(pin.view()); !in.ok()) {
            if (reasonOf(in) == "TOKEN_WRONG_PIN") m_refusedPin = digest;
            return in;
        }
        m_refusedPin.clear();
        ASSIGN_OR_RETURN(const TokenKey key, token->find(m_place.key));
        if (!(key.publicKey == m_publicKey))
            return makeError(StatusCode::kFailedPrecondition, "KEY_MISMATCH",
                             "the token that came back holds another key of that name");
        return token->signer(key);
    }

    const TokenPlace m_place;
    const PublicKey m_publicKey;
    mutable std::mutex m_mutex;
    mutable SignerPtr m_signer;  // null: none could be opened
    mutable std::uint64_t m_opened = 0;
    mutable Status m_problem;
    mutable Bytes m_refusedPin;  // SHA-256
    mutable std::chrono::steady_clock::time_point m_notBefore;
};

Result<SignerPtr> unattended(const TokenPlace& place, const Token& token, const TokenKey& key) {
    ASSIGN_OR_RETURN(auto signer, token.signer(key));
    return std::make_shared<UnattendedSigner>(place, std::move(signer));
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
    return unattended(place, *token, key);
}

Result<SignerPtr> openOrMakeTokenSigner(const TokenPlace& place, KeyAlgorithm algorithm) {
    ASSIGN_OR_RETURN(const auto token, openToken(place));
    auto key = token->find(place.key);
    if (reasonOf(key.status()) == "NO_TOKEN_KEY" && !place.key.label.empty() &&
        place.key.id.empty())
        key = token->generate(algorithm, place.key.label);
    if (!key.ok()) return key.status();
    return unattended(place, *token, *key);
}

}  // namespace chancery::crypto
