#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/wallet/SecretKeeper.h"

namespace chancery::cli {

/// A passphrase or PIN: one line of the descriptor, or asked on the terminal without showing it.
/// Never from the command line or the environment, which other users can read. A second secret may
/// follow in the next line of the same descriptor. INVALID_ARGUMENT: NO_SECRET (the descriptor is
/// not open, or at its end), SECRET_TOO_LONG (1024 bytes); FAILED_PRECONDITION (NO_TERMINAL);
/// CANCELLED (STOPPED).
Result<crypto::Secret> readSecret(const std::optional<std::uint64_t>& descriptor,
                                  std::string_view question);

/// The same for one that is new: a terminal asks twice. INVALID_ARGUMENT (SECRETS_DIFFER).
Result<crypto::Secret> readNewSecret(const std::optional<std::uint64_t>& descriptor,
                                     std::string_view question);

/// The terminal or a descriptor as the place where a workspace's passphrase is kept.
class AskedSecret final : public wallet::SecretKeeper {
public:
    explicit AskedSecret(std::optional<std::uint64_t> descriptor) : m_descriptor(descriptor) {}
    Result<crypto::Secret> read(const std::string& workspaceId) override;
    Status keep(const std::string& workspaceId, const crypto::Secret& secret) override;
    Status forget(const std::string& workspaceId) override;

private:
    std::optional<std::uint64_t> m_descriptor;
};

}  // namespace chancery::cli
