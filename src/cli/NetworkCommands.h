#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/Command.h"
#include "src/cli/HostsAccess.h"
#include "src/cli/NetworkAccess.h"

namespace chancery::cli {

/// Options of a network that is to be made.
struct NetworkOptions {
    std::filesystem::path folder = "network";
    std::optional<std::string> topology;
    std::vector<std::string> places;  ///< "zone=host"
    std::string channel = "mychannel";
    std::optional<std::uint64_t> firstPort;
    std::optional<std::uint64_t> batchTimeoutMs;
    std::optional<std::filesystem::path> contract;
    std::string contractName = "wallet";
    std::string policy;
    std::string suite = "ECDSA-P256";
    HostsAccess hosts;

    void declare(CommandLine& line);
    /// Errors of findTopology; NO_SUCH_HOST; INVALID_ARGUMENT (USAGE).
    Result<usecase::NetworkPlan> plan() const;
};

/// Makes a network, and leaves it stopped.
class NetworkCreateCommand : public Command {
public:
    std::string words() const override { return "network create"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NetworkOptions m_options;
    bool m_preview = false;
    bool m_explain = false;
    bool m_start = false;
};

/// Makes a network when there is none, sends transactions, serves until it is interrupted.
class NetworkRunCommand : public Command {
public:
    std::string words() const override { return "network run"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    NetworkOptions m_options;
    std::vector<std::string> m_calls;
    bool m_once = false;
};

/// A command about one network that there is.
class NetworkFolderCommand : public Command {
public:
    void declare(CommandLine& line) override;

protected:
    std::filesystem::path m_folder = "network";
    HostsAccess m_hosts;
};

/// Starts the network in a folder and serves until it is interrupted, or goes on without us.
class NetworkStartCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "network start"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    bool m_once = false;
    bool m_detached = false;
};

/// Ends nodes and agent of a network that goes on by itself.
class NetworkStopCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "network stop"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

/// What each node of a network says about itself.
class NetworkStatusCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "network status"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

/// Removes a network from all its hosts.
class NetworkDeleteCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "network delete"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    bool m_yes = false;
};

class TopologyListCommand : public Command {
public:
    std::string words() const override { return "topology list"; }
    Help help() const override;
    void declare(CommandLine&) override {}
    ExitCode run(Session& session) override;
};

class TopologyShowCommand : public Command {
public:
    std::string words() const override { return "topology show"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_topology;
};

class TopologyCheckCommand : public Command {
public:
    std::string words() const override { return "topology check"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_file;
};

/// A topology of the program as a file, to be changed.
class TopologySaveCommand : public Command {
public:
    std::string words() const override { return "topology save"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_topology;
    std::filesystem::path m_file;
};

/// What will be started, for people; shared by commands that make networks.
void tellPreview(Session& session, const usecase::NetworkPlan& plan);

}  // namespace chancery::cli
