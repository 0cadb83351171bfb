#pragma once

#include "src/cli/Command.h"
#include "src/cli/WorkspaceAccess.h"

namespace chancery::cli {

class IdentityListCommand : public Command {
public:
    std::string words() const override { return "identity list"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
};

/// From an MSP folder, an application's wallet or a certificate.
class IdentityImportCommand : public Command {
public:
    std::string words() const override { return "identity import"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<wallet::ForeignIdentity> read();

    WorkspaceAccess m_workspace;
    TokenChoice m_token;
    std::string m_label;
    std::optional<std::filesystem::path> m_msp;
    std::optional<std::filesystem::path> m_file;
    std::optional<std::filesystem::path> m_certificate;
    std::optional<std::string> m_mspId;
    std::optional<std::uint64_t> m_keyPassphrase;
};

/// The public part of an identity.
class IdentityExportCommand : public Command {
public:
    std::string words() const override { return "identity export"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    std::string m_label;
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
