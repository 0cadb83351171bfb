#pragma once

#include "src/cli/Command.h"
#include "src/cli/NodeAccess.h"

namespace chancery::cli {

/// What nodes say of themselves: kind, version, health, use of the machine.
class NodeStatusCommand final : public Command {
public:
    std::string words() const override { return "node status"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_access.declare(line); }
    ExitCode run(Session& session) override;

private:
    NodeAccess m_access;
};

/// The channels of nodes with heights and contracts.
class NodeChannelsCommand final : public Command {
public:
    std::string words() const override { return "node channels"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_access.declare(line); }
    ExitCode run(Session& session) override;

private:
    NodeAccess m_access;
};

/// The metrics of nodes as of now.
class NodeMetricsCommand final : public Command {
public:
    std::string words() const override { return "node metrics"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NodeAccess m_access;
    std::string m_match;
};

/// The settings that nodes use, with their defaults.
class NodeConfigCommand final : public Command {
public:
    std::string words() const override { return "node config"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NodeAccess m_access;
    bool m_changed = false;
};

/// Which log lines nodes write.
class NodeLogLevelCommand final : public Command {
public:
    std::string words() const override { return "node log-level"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NodeAccess m_access;
    std::optional<std::string> m_spec;
};

}  // namespace chancery::cli
