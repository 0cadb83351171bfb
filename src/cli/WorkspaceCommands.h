#pragma once

#include "src/cli/Command.h"
#include "src/cli/WorkspaceAccess.h"

namespace chancery::cli {

/// Makes a workspace under a new passphrase.
class WorkspaceCreateCommand : public Command {
public:
    std::string words() const override { return "workspace create"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
};

/// Another passphrase, and new keys behind it.
class WorkspacePassphraseCommand : public Command {
public:
    std::string words() const override { return "workspace passphrase"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    std::optional<std::uint64_t> m_new;
};

/// What was done with the workspace, and whether that record is whole.
class WorkspaceAuditCommand : public Command {
public:
    std::string words() const override { return "workspace audit"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    bool m_unlocked = false;
};

/// Approves a PKCS#11 module.
class TokenAllowCommand : public Command {
public:
    std::string words() const override { return "token allow"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    std::filesystem::path m_module;
};

/// The approved modules and their tokens.
class TokenListCommand : public Command {
public:
    std::string words() const override { return "token list"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
};

}  // namespace chancery::cli
