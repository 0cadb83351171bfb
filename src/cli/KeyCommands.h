#pragma once

#include "src/cli/Command.h"
#include "src/cli/WorkspaceAccess.h"

namespace chancery::cli {

/// The keys of a workspace, or those in a token.
class KeyListCommand : public Command {
public:
    std::string words() const override { return "key list"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode listToken(Session& session);

    WorkspaceAccess m_workspace;
    TokenChoice m_token;
};

class KeyGenerateCommand : public Command {
public:
    std::string words() const override { return "key generate"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    TokenChoice m_token;
    std::string m_label;
    std::string m_algorithm = "ECDSA-P256";
};

/// A key file comes in, or a key that a token has already becomes known.
class KeyImportCommand : public Command {
public:
    std::string words() const override { return "key import"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    TokenChoice m_token;
    std::string m_label;
    std::optional<std::filesystem::path> m_file;
    std::optional<std::string> m_tokenKey;
    std::optional<std::uint64_t> m_filePassphrase;
};

/// From the workspace's files into a token.
class KeyMoveCommand : public Command {
public:
    std::string words() const override { return "key move"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    TokenChoice m_token;
    std::string m_key;
    bool m_keychain = false;
};

/// The only way by which a private key leaves a workspace.
class KeyExportCommand : public Command {
public:
    std::string words() const override { return "key export"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    std::string m_key;
    std::filesystem::path m_out;
    std::optional<std::uint64_t> m_exportPassphrase;
};

/// Locks the workspace in every program that has it unlocked.
class KeyLockCommand : public Command {
public:
    std::string words() const override { return "key lock"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
};

}  // namespace chancery::cli
