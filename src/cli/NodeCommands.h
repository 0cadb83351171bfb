#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/cli/NetworkCommands.h"

namespace chancery::cli {

/// A command about nodes of one network, which runs.
class NodesCommand : public NetworkFolderCommand {
public:
    void declare(CommandLine& line) override;

protected:
    /// NOT_FOUND (NO_SUCH_NODE) for names that it has not.
    Result<std::unique_ptr<usecase::RunningNetwork>> open(Deadline deadline);
    /// Shows the states of the nodes of this command, or the error.
    ExitCode tell(Session& session, const usecase::RunningNetwork& network, Deadline deadline);
    std::vector<std::string> m_nodes;
    bool m_explain = false;
};

class NodeListCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "node list"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

class NodeStartCommand : public NodesCommand {
public:
    std::string words() const override { return "node start"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

class NodeStopCommand : public NodesCommand {
public:
    std::string words() const override { return "node stop"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

class NodeRestartCommand : public NodesCommand {
public:
    std::string words() const override { return "node restart"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    bool m_apply = false;
};

class NodeUpgradeCommand : public NodesCommand {
public:
    std::string words() const override { return "node upgrade"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_version;
};

class NodeRollbackCommand : public NodesCommand {
public:
    std::string words() const override { return "node rollback"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

class NodeRemoveCommand : public NodesCommand {
public:
    std::string words() const override { return "node remove"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    bool m_yes = false;
};

/// One more peer or orderer of an organisation.
class NodeAddCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "node add"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_name;
    std::string m_organisation;
    std::string m_host;
    std::vector<std::string> m_channels;
};

/// One more organisation, with CAs, members and peers of its own.
class OrganisationAddCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "organisation add"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_name, m_domain, m_mspId;
    std::vector<std::string> m_peers{"peer0"};
    std::vector<std::string> m_users{"User1"};
};

/// Peers of an organisation join a channel that has it as a member, or it is one no more.
class OrganisationJoinCommand : public NetworkFolderCommand {
public:
    explicit OrganisationJoinCommand(bool joins) : m_joins(joins) {}
    std::string words() const override {
        return m_joins ? "organisation join" : "organisation leave";
    }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    const bool m_joins;
    std::string m_name, m_channel;
};

class NodeLogsCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "node logs"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    std::string m_node;
    std::string m_level = "debug";
    std::string m_contains;
    std::optional<std::uint64_t> m_last;
    bool m_follow = false;
};

}  // namespace chancery::cli
