#pragma once

// For the sources of this folder: PKCS#11 itself.
#include <p11-kit/pkcs11.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "src/crypto/Token.h"

namespace chancery::crypto {

struct TokenLibrary::Functions {
    CK_FUNCTION_LIST* list = nullptr;
};

/// The error of a PKCS#11 call, in our words. `what` says what was tried, "log in".
Status tokenError(CK_RV code, std::string_view what, const std::string& token);

/// The description behind a slot.
Result<TokenInfo> readTokenInfo(const TokenLibrary& library, CK_SLOT_ID slot);

struct Token::State {
    State(std::shared_ptr<TokenLibrary> libraryOfThis, CK_SLOT_ID slotOfThis,
          std::string labelOfThis)
        : library(std::move(libraryOfThis)), slot(slotOfThis), label(std::move(labelOfThis)) {}
    ~State();

    const CK_FUNCTION_LIST& call() const { return *library->functions().list; }

    Result<CK_SESSION_HANDLE> take();
    /// A session that failed is closed instead of kept.
    void giveBack(CK_SESSION_HANDLE session, bool healthy);
    /// After a loss of the device all sessions are void.
    void dropIdle();

    const std::shared_ptr<TokenLibrary> library;
    const CK_SLOT_ID slot;
    const std::string label;

    std::mutex mutex;
    std::condition_variable returned;
    std::vector<CK_SESSION_HANDLE> idle;
    std::size_t open = 0;
    bool loggedIn = false;
    std::uint64_t logins = 0;  ///< handles of private keys are good for one login only
};

/// A session for the time of some calls.
class TokenSession {
public:
    static Result<TokenSession> of(Token::State& state);
    TokenSession(TokenSession&& other) noexcept;
    TokenSession& operator=(TokenSession&&) = delete;
    ~TokenSession();

    CK_SESSION_HANDLE get() const { return m_session; }
    const CK_FUNCTION_LIST& call() const { return m_state->call(); }
    /// OK, or the error of the call; after errors that spoil a session it is closed.
    Status check(CK_RV code, std::string_view what);

private:
    TokenSession(Token::State& state, CK_SESSION_HANDLE session)
        : m_state(&state), m_session(session) {}

    Token::State* m_state;
    CK_SESSION_HANDLE m_session;
    bool m_healthy = true;
    bool m_gone = false;  ///< not only this session: the device
};

/// Handles of the objects with these attributes, at most `most`.
Result<std::vector<CK_OBJECT_HANDLE>> findObjects(TokenSession& session,
                                                  std::vector<CK_ATTRIBUTE> wanted,
                                                  std::size_t most = 4096);
/// A value of any length; nothing when the object does not have it.
Result<Bytes> readAttribute(TokenSession& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

/// The signer behind Token::signer.
SignerPtr makeTokenSigner(std::shared_ptr<Token::State> state, TokenKey key);

/// Why a token does not hold keys of this kind; OK for those that it may.
Status checkTokenAlgorithm(KeyAlgorithm algorithm, const std::string& token);

}  // namespace chancery::crypto
