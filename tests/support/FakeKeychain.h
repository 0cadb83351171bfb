#pragma once

#include <map>
#include <mutex>
#include <string>

#include "src/wallet/SecretKeeper.h"

namespace chancery::test {

/// A keychain in memory, which can be out of order. Thread-safe.
class FakeKeychain final : public wallet::SecretKeeper {
public:
    Result<crypto::Secret> read(const std::string& name) override {
        const std::lock_guard hold(m_mutex);
        RETURN_IF_ERROR(m_failure);
        const auto found = m_secrets.find(name);
        if (found == m_secrets.end())
            return makeError(StatusCode::kNotFound, "NO_SECRET", "it is not there");
        return crypto::Secret(found->second);
    }
    Status keep(const std::string& name, const crypto::Secret& secret) override {
        const std::lock_guard hold(m_mutex);
        RETURN_IF_ERROR(m_failure);
        m_secrets[name] = Bytes(secret.view());
        return absl::OkStatus();
    }
    Status forget(const std::string& name) override {
        const std::lock_guard hold(m_mutex);
        RETURN_IF_ERROR(m_failure);
        m_secrets.erase(name);
        return absl::OkStatus();
    }

    void fail(Status failure) {
        const std::lock_guard hold(m_mutex);
        m_failure = std::move(failure);
    }
    std::map<std::string, Bytes> secrets() {
        const std::lock_guard hold(m_mutex);
        return m_secrets;
    }
    void put(const std::string& name, Bytes secret) {
        const std::lock_guard hold(m_mutex);
        m_secrets[name] = std::move(secret);
    }

private:
    std::mutex m_mutex;
    std::map<std::string, Bytes> m_secrets;
    Status m_failure;
};

/// What a desktop without any keychain says.
inline Status noKeychain() {
    return makeError(StatusCode::kUnavailable, "NO_KEYCHAIN",
                     "this desktop has no service that keeps secrets");
}

}  // namespace chancery::test
