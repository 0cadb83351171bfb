#include "src/crypto/Token.h"

#include <fmt/format.h>

#include <map>

#include "src/base/Encoding.h"
#include "src/crypto/TokenImpl.h"

namespace chancery::crypto {
namespace {

Status lockedPin(const std::string& token) {
    return tokenError(CKR_PIN_LOCKED, "log in", token);
}

// The device went away, and took every session and the login with it.
bool losesDevice(CK_RV code) {
    switch (code) {
        case CKR_DEVICE_REMOVED:
        case CKR_DEVICE_ERROR:
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_SESSION_HANDLE_INVALID:
        case CKR_SESSION_CLOSED:
        case CKR_CRYPTOKI_NOT_INITIALIZED:
            return true;
        default:
            return false;
    }
}

bool spoilsSession(CK_RV code) {
    return losesDevice(code) || code == CKR_OPERATION_ACTIVE || code == CKR_GENERAL_ERROR;
}

}  // namespace

Token::State::~State() {
    if (loggedIn && !idle.empty()) call().C_Logout(idle.front());
    for (const CK_SESSION_HANDLE session : idle) call().C_CloseSession(session);
}

Result<CK_SESSION_HANDLE> Token::State::take() {
    std::unique_lock lock(mutex);
    while (true) {
        if (!idle.empty()) {
            const CK_SESSION_HANDLE session = idle.back();
            idle.pop_back();
            return session;
        }
        CK_SESSION_HANDLE session = 0;
        CK_RV code = call().C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                                          nullptr, &session);
        if (code == CKR_TOKEN_WRITE_PROTECTED)
            code = call().C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
        if (code == CKR_OK) {
            ++open;
            return session;
        }
        // A token with few sessions: another call will bring one back.
        if (code == CKR_SESSION_COUNT && open > 0) {
            returned.wait(lock);
            continue;
        }
        return tokenError(code, "open a session", label);
    }
}

void Token::State::giveBack(CK_SESSION_HANDLE session, bool healthy) {
    {
        const std::lock_guard lock(mutex);
        if (healthy) {
            idle.push_back(session);
        } else {
            call().C_CloseSession(session);
            --open;
            // With its last session the token forgets who was logged in.
            if (open == 0) loggedIn = false;
        }
    }
    returned.notify_one();
}

void Token::State::dropIdle() {
    const std::lock_guard lock(mutex);
    for (const CK_SESSION_HANDLE session : idle) call().C_CloseSession(session);
    open -= idle.size();
    idle.clear();
    loggedIn = false;
}

Result<TokenSession> TokenSession::of(Token::State& state) {
    ASSIGN_OR_RETURN(const CK_SESSION_HANDLE session, state.take());
    return TokenSession(state, session);
}

TokenSession::TokenSession(TokenSession&& other) noexcept
    : m_state(std::exchange(other.m_state, nullptr)),
      m_session(other.m_session),
      m_healthy(other.m_healthy),
      m_gone(other.m_gone) {}

TokenSession::~TokenSession() {
    if (m_state == nullptr) return;
    m_state->giveBack(m_session, m_healthy);
    if (m_gone) m_state->dropIdle();
}

Status TokenSession::check(CK_RV code, std::string_view what) {
    if (spoilsSession(code)) m_healthy = false;
    if (losesDevice(code)) m_gone = true;
    return tokenError(code, what, m_state->label);
}

Token::Token(std::shared_ptr<State> state) : m_state(std::move(state)) {}
Token::~Token() = default;

Result<std::shared_ptr<Token>> Token::open(std::shared_ptr<TokenLibrary> library,
                                           const TokenName& name) {
    ASSIGN_OR_RETURN(const auto tokens, library->tokens());
    const TokenInfo* found = nullptr;
    const std::string asked = printable(name.label.empty() ? name.serial : name.label, 64);
    for (const TokenInfo& token : tokens) {
        if (!token.initialised || (!name.label.empty() && token.label != name.label) ||
            (!name.serial.empty() && token.serial != name.serial))
            continue;
        if (found != nullptr)
            return makeError(StatusCode::kFailedPrecondition, "SEVERAL_TOKENS",
                             fmt::format("more than one token is called '{}'; name its serial "
                                         "number too",
                                         asked),
                             {{"token", asked}});
        found = &token;
    }
    if (found == nullptr)
        return makeError(StatusCode::kNotFound, "NO_TOKEN",
                         fmt::format("{} knows no token '{}' that is ready for use",
                                     library->module().path.string(), asked),
                         {{"token", asked}});
    // A token knows one login per program, so whoever opens it again shares what is known of that.
    static std::mutex mutex;
    static std::map<std::pair<const TokenLibrary*, std::uint64_t>, std::weak_ptr<State>> opened;
    const std::lock_guard lock(mutex);
    std::weak_ptr<State>& known = opened[{library.get(), found->slot}];
    auto state = known.lock();
    if (!state || state->label != found->label) {
        state = std::make_shared<State>(library, CK_SLOT_ID(found->slot), found->label);
        known = state;
    }
    return std::make_shared<Token>(std::move(state));
}

Result<TokenInfo> Token::info() const {
    return readTokenInfo(*m_state->library, m_state->slot);
}

Status Token::login(BytesView pin, LastTry lastTry) {
    ASSIGN_OR_RETURN(const TokenInfo now, info());
    if (now.locked) return lockedPin(m_state->label);
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    if (loggedIn()) return absl::OkStatus();
    if (now.lastTry && lastTry == LastTry::Refused)
        return makeError(
            StatusCode::kFailedPrecondition, "TOKEN_LAST_TRY",
            fmt::format("the token '{}' allows one try more before it locks itself; it was not "
                        "made",
                        printable(m_state->label, 64)),
            {{"token", printable(m_state->label, 64)}});
    // Not worth a try: modules differ in what they make of it.
    if (pin.empty()) return tokenError(CKR_PIN_LEN_RANGE, "log in", m_state->label);
    auto* text = reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(pin.data()));
    const CK_RV code = session.call().C_Login(session.get(), CKU_USER, text, pin.size());
    if (code != CKR_USER_ALREADY_LOGGED_IN) RETURN_IF_ERROR(session.check(code, "log in"));
    const std::lock_guard lock(m_state->mutex);
    m_state->loggedIn = true;
    ++m_state->logins;
    return absl::OkStatus();
}

void Token::logout() {
    if (!loggedIn()) return;
    auto session = TokenSession::of(*m_state);
    if (session.ok()) session->call().C_Logout(session->get());
    const std::lock_guard lock(m_state->mutex);
    m_state->loggedIn = false;
    ++m_state->logins;
}

bool Token::loggedIn() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->loggedIn;
}

Result<SignerPtr> Token::signer(const TokenKey& key) const {
    RETURN_IF_ERROR(checkTokenAlgorithm(key.publicKey.algorithm(), m_state->label));
    return makeTokenSigner(m_state, key);
}

}  // namespace chancery::crypto
