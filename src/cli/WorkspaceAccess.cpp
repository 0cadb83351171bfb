#include "src/cli/WorkspaceAccess.h"

#include "src/cli/SecretInput.h"

namespace chancery::cli {

void WorkspaceAccess::declare(CommandLine& line, bool pins) {
    line.value({.names = "--workspace",
                .help = "Folder of the workspace; default: workspace",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_given);
    line.value({.names = "--passphrase-fd",
                .help = "Read the passphrase from this descriptor; without, the terminal asks",
                .kind = ValueKind::Number,
                .value = "N"},
               m_passphrase);
    if (!pins) return;
    line.value({.names = "--pin-fd",
                .help = "Read the token's PIN from this descriptor; without, the terminal asks",
                .kind = ValueKind::Number,
                .value = "N"},
               m_pin);
    line.flag("--last-try", "Give a PIN even if a wrong one would lock the token", m_lastTry);
}

void WorkspaceAccess::declareOptional(CommandLine& line) {
    line.value({.names = "--workspace",
                .help = "Folder of a workspace that holds the identity",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_given);
    line.value({.names = "--passphrase-fd",
                .help = "With --workspace: read its passphrase from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_passphrase);
    line.value({.names = "--pin-fd",
                .help = "With --workspace: read a token's PIN from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_pin);
}

wallet::Options WorkspaceAccess::options() const {
    wallet::Options options;
    options.pin = [descriptor = m_pin](const crypto::TokenInfo& token) {
        return readSecret(descriptor, fmt::format("PIN of the token {}", token.label));
    };
    if (m_lastTry) options.lastPinTry = crypto::LastTry::Allowed;
    return options;
}

Status WorkspaceAccess::open() {
    ASSIGN_OR_RETURN(m_wallet, wallet::Wallet::open(folder(), options()));
    return absl::OkStatus();
}

Status WorkspaceAccess::unlock() {
    // Before the first secret is in memory.
    wallet::hardenProcess();
    RETURN_IF_ERROR(open());
    AskedSecret keeper(m_passphrase);
    return m_wallet->unlockWith(keeper);
}

void TokenChoice::declare(CommandLine& line, const std::string& forWhat) {
    line.value({.names = "--token",
                .help = forWhat + ": PKCS#11 module that \"token allow\" has approved",
                .kind = ValueKind::File,
                .value = "MODULE"},
               m_module);
    line.value({.names = "--token-label", .help = "With --token: which one", .value = "LABEL"},
               m_label);
    line.value({.names = "--token-serial",
                .help = "With --token: its serial number, when the label fits several",
                .value = "NUMBER"},
               m_serial);
}

Result<wallet::TokenTarget> TokenChoice::target() const {
    if (m_module && (m_label || m_serial))
        return wallet::TokenTarget{*m_module, {m_label.value_or(""), m_serial.value_or("")}};
    return makeError(
        StatusCode::kInvalidArgument, "USAGE",
        m_module ? "--token needs --token-label or --token-serial" : "--token-label needs --token");
}

}  // namespace chancery::cli
