#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/Command.h"
#include "src/cli/NetworkAccess.h"

namespace chancery::cli {

/// Options of a network that is to be made.
struct NetworkOptions {
    std::filesystem::path folder = "network";
    std::string channel = "mychannel";
    std::optional<std::uint64_t> firstPort;
    std::optional<std::uint64_t> batchTimeoutMs;
    std::optional<std::filesystem::path> contract;
    std::string contractName = "wallet";
    std::string policy;
    std::string suite = "ECDSA-P256";

    void declare(CommandLine& line);
};

/// Makes a network, and leaves it stopped.
class NetworkCreateCommand : public Command {
public:
    std::string words() const override { return "network create"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_options.declare(line); }
    ExitCode run(Session& session) override;

private:
    NetworkOptions m_options;
};

/// Starts the network in a folder and serves until it is interrupted.
class NetworkStartCommand : public Command {
public:
    std::string words() const override { return "network start"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    std::filesystem::path m_folder = "network";
    bool m_once = false;
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

/// What each node of a network says about itself.
class NetworkStatusCommand : public Command {
public:
    std::string words() const override { return "network status"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_folder = "network";
};

}  // namespace chancery::cli
