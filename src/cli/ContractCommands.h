#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/NetworkCommand.h"

namespace chancery::cli {

/// Packages a contract for installation.
class ContractPackageCommand : public Command {
public:
    std::string words() const override { return "contract package"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::optional<std::filesystem::path> m_folder;
    std::string m_type = "chancery";
    std::optional<std::string> m_service;
    std::optional<std::filesystem::path> m_roots;
    std::string m_label;
    std::filesystem::path m_out;
};

/// Installs a package on the own organisation's peers.
class ContractInstallCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract install"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::filesystem::path m_package;
};

/// The definition that approving and committing speak of.
struct DefinitionOptions {
    std::string name;
    std::string version = "1.0";
    std::optional<std::uint64_t> sequence;
    bool initRequired = false;
    std::string policy;
    std::optional<std::filesystem::path> collections;

    void declare(CommandLine& line);
    Result<usecase::DefinitionText> text() const;
};

/// Approves a definition for the own organisation.
class ContractApproveCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract approve"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    DefinitionOptions m_definition;
    std::string m_packageId;
};

/// Commits a definition that enough organisations have approved.
class ContractCommitCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract commit"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    DefinitionOptions m_definition;
    bool m_onlyCheck = false;
};

/// A call of a contract on the command line.
struct CallOptions {
    std::string name;
    std::vector<std::string> args;
    std::vector<std::string> transient;

    void declare(CommandLine& line);
    Result<usecase::ContractCall> call(const ChannelId& channel) const;
};

/// Asks a contract; nothing is written to the ledger.
class ContractQueryCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract query"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    CallOptions m_call;
};

/// Sends a transaction and waits until it is committed.
class ContractInvokeCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract invoke"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    CallOptions m_call;
};

/// Packages, approvals, definitions, and what runs.
class ContractStatusCommand : public NetworkCommand {
public:
    std::string words() const override { return "contract status"; }
    Help help() const override;

protected:
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;
};

}  // namespace chancery::cli
