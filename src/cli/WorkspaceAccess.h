#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "src/cli/CommandLine.h"
#include "src/wallet/Wallet.h"

namespace chancery::cli {

/// The options by which a command finds a workspace, and what they lead to.
class WorkspaceAccess {
public:
    /// --workspace, --passphrase-fd; with `pins` --pin-fd and --last-try.
    void declare(CommandLine& line, bool pins = false);
    /// --workspace as the only one, without a default: for commands that may do without.
    void declareOptional(CommandLine& line);

    /// Locked: what is no secret can be read. Errors of wallet::Wallet::open.
    Status open();
    /// Asks for the passphrase. Errors of wallet::Vault::unlock and readSecret.
    Status unlock();

    bool given() const { return m_given.has_value(); }
    std::filesystem::path folder() const { return m_given.value_or("workspace"); }
    wallet::Options options() const;
    wallet::Wallet& wallet() { return *m_wallet; }
    const std::optional<std::uint64_t>& passphraseDescriptor() const { return m_passphrase; }

private:
    std::optional<std::filesystem::path> m_given;
    std::optional<std::uint64_t> m_passphrase;
    std::optional<std::uint64_t> m_pin;
    bool m_lastTry = false;
    std::unique_ptr<wallet::Wallet> m_wallet;
};

/// --token and --token-label (and --token-serial): a token in place of the workspace's own files.
class TokenChoice {
public:
    void declare(CommandLine& line, const std::string& forWhat);
    bool given() const { return m_module.has_value(); }
    /// INVALID_ARGUMENT (USAGE): only a part of them.
    Result<wallet::TokenTarget> target() const;

private:
    std::optional<std::filesystem::path> m_module;
    std::optional<std::string> m_label;
    std::optional<std::string> m_serial;
};

}  // namespace chancery::cli
