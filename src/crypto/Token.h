#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/crypto/Key.h"
#include "src/crypto/TokenLibrary.h"

namespace chancery::crypto {

/// Which of a module's tokens; an empty part fits every token.
struct TokenName {
    std::string label;
    std::string serial;
};

/// A key in a token, by what may be known about it. The private number never leaves the token.
struct TokenKey {
    std::string label;
    Bytes id;  ///< CKA_ID; for keys made here PublicKey::ski(), as Fabric looks for them
    PublicKey publicKey;
    bool extractable = false;  ///< made elsewhere, carelessly: the token would give it away
};

/// Which of a token's keys; an empty part fits every key.
struct TokenKeyName {
    Bytes id;
    std::string label;
};

enum class LastTry { Refused, Allowed };

/// One token of a loaded module; all objects for the same token share its login. Sessions are kept
/// and reused, as many as calls are made at the same time. Holds ECDSA keys on P-256 and P-384:
/// PKCS#11 has no mechanism for SM2, and Ed25519 is not asked of tokens. Thread-safe; calls wait for
/// the device.
class Token {
public:
    /// NOT_FOUND (NO_TOKEN), FAILED_PRECONDITION (SEVERAL_TOKENS) when the name fits more than one,
    /// UNAVAILABLE (TOKEN_GONE).
    static Result<std::shared_ptr<Token>> open(std::shared_ptr<TokenLibrary> library,
                                               const TokenName& name);
    ~Token();

    /// Asked anew, because the counter of tries changes.
    Result<TokenInfo> info() const;

    /// Shows the PIN to the token, and to nobody else; when this program is logged in already, the
    /// PIN is not looked at. UNAUTHENTICATED (TOKEN_WRONG_PIN); FAILED_PRECONDITION:
    /// TOKEN_PIN_LOCKED, TOKEN_LAST_TRY (one wrong PIN more would lock the token; not even tried
    /// unless allowed).
    Status login(BytesView pin, LastTry lastTry = LastTry::Refused);
    /// Its keys sign no more until the next login.
    void logout();
    bool loggedIn() const;

    /// Of the kinds named above, with their public halves. FAILED_PRECONDITION (TOKEN_LOCKED).
    Result<std::vector<TokenKey>> keys() const;
    /// NOT_FOUND (NO_TOKEN_KEY), FAILED_PRECONDITION (SEVERAL_TOKEN_KEYS).
    Result<TokenKey> find(const TokenKeyName& name) const;
    /// Made inside, never to leave. ALREADY_EXISTS (TOKEN_KEY_EXISTS) for a label in use;
    /// FAILED_PRECONDITION (TOKEN_NO_MECHANISM) for keys that it cannot hold.
    Result<TokenKey> generate(KeyAlgorithm algorithm, const std::string& label);
    /// Put inside, never to leave again; the same refusals.
    Result<TokenKey> importKey(const PrivateKey& key, const std::string& label);
    /// Both halves. NOT_FOUND (NO_TOKEN_KEY).
    Status remove(const TokenKeyName& name);

    /// Signs as long as this program is logged in, however often that ends and begins; keeps the
    /// token open.
    Result<SignerPtr> signer(const TokenKey& key) const;

    struct State;
    explicit Token(std::shared_ptr<State> state);

private:
    std::shared_ptr<State> m_state;
};

}  // namespace chancery::crypto
