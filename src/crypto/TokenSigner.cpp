#include <openssl/evp.h>

#include "src/crypto/Curve.h"
#include "src/crypto/Digests.h"
#include "src/crypto/TokenImpl.h"

namespace chancery::crypto {
namespace {

// A key that signs in its token. Looks like any other: DER, low S.
class TokenSigner final : public Signer {
public:
    TokenSigner(std::shared_ptr<Token::State> state, TokenKey key)
        : m_state(std::move(state)), m_key(std::move(key)) {}

    PublicKey publicKey() const override { return m_key.publicKey; }

    Result<Bytes> sign(BytesView message, HashAlgorithm hash) const override {
        std::array<unsigned char, EVP_MAX_MD_SIZE> hashed;
        digestInto(hash, {message}, hashed.data());
        const Curve& curve = *curveOf(m_key.publicKey.algorithm());
        // The leftmost bits, as many as the order has (FIPS 186-4, 6.4): not every token cuts.
        const std::size_t size = std::min(sizeOf(hash), curve.size);
        // A session or handle that went stale in the meantime is replaced once.
        auto numbers = signOnce(hashed.data(), size);
        if (!numbers.ok() && (numbers.status().code() == StatusCode::kUnavailable ||
                              numbers.status().code() == StatusCode::kNotFound)) {
            forget();
            numbers = signOnce(hashed.data(), size);
        }
        if (!numbers.ok()) return numbers.status();
        if (numbers->size() != 2 * curve.size)
            return tokenError(CKR_FUNCTION_FAILED, "sign", m_state->label);
        const auto number = [&](std::size_t at) {
            BytesView part = BytesView(*numbers).substr(at, curve.size);
            while (part.size() > 1 && part.front() == 0) part.remove_prefix(1);
            return part;
        };
        return toLowS(writeSignature(number(0), number(curve.size)), curve.algorithm);
    }

private:
    struct Found {
        std::uint64_t login;
        CK_OBJECT_HANDLE handle;
    };

    Result<CK_OBJECT_HANDLE> handleIn(TokenSession& session) const {
        std::uint64_t login = 0;
        {
            const std::lock_guard lock(m_state->mutex);
            if (!m_state->loggedIn)
                return tokenError(CKR_USER_NOT_LOGGED_IN, "sign", m_state->label);
            login = m_state->logins;
        }
        {
            const std::lock_guard lock(m_mutex);
            if (m_found && m_found->login == login) return m_found->handle;
        }
        const CK_OBJECT_CLASS wantedClass = CKO_PRIVATE_KEY;
        std::vector<CK_ATTRIBUTE> wanted = {
            {CKA_CLASS, const_cast<CK_OBJECT_CLASS*>(&wantedClass), sizeof wantedClass},
            {CKA_ID, const_cast<char*>(m_key.id.data()), m_key.id.size()},
            {CKA_LABEL, const_cast<char*>(m_key.label.data()), m_key.label.size()}};
        ASSIGN_OR_RETURN(const auto handles, findObjects(session, wanted, 2));
        if (handles.empty()) return tokenError(CKR_KEY_HANDLE_INVALID, "sign", m_state->label);
        const std::lock_guard lock(m_mutex);
        m_found = Found{login, handles.front()};
        return handles.front();
    }

    Result<Bytes> signOnce(unsigned char* hashed, std::size_t size) const {
        ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
        ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE handle, handleIn(session));
        CK_MECHANISM mechanism = {CKM_ECDSA, nullptr, 0};
        RETURN_IF_ERROR(
            session.check(session.call().C_SignInit(session.get(), &mechanism, handle), "sign"));
        Bytes numbers(256, '\0');
        CK_ULONG got = numbers.size();
        RETURN_IF_ERROR(
            session.check(session.call().C_Sign(session.get(), hashed, size,
                                                reinterpret_cast<CK_BYTE*>(numbers.data()), &got),
                          "sign"));
        numbers.resize(std::min<std::size_t>(got, numbers.size()));
        return numbers;
    }

    void forget() const {
        const std::lock_guard lock(m_mutex);
        m_found.reset();
    }

    std::shared_ptr<Token::State> m_state;
    TokenKey m_key;
    mutable std::mutex m_mutex;
    mutable std::optional<Found> m_found;
};

}  // namespace

SignerPtr makeTokenSigner(std::shared_ptr<Token::State> state, TokenKey key) {
    return std::make_shared<TokenSigner>(std::move(state), std::move(key));
}

}  // namespace chancery::crypto
