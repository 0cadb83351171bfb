#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/Command.h"
#include "src/cli/NetworkAccess.h"

namespace chancery::cli {

/// Makes peers members of a channel.
class ChannelJoinCommand : public Command {
public:
    std::string words() const override { return "channel join"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NetworkAccess m_access;
    std::filesystem::path m_block;
};

/// The channels of peers.
class ChannelListCommand : public Command {
public:
    std::string words() const override { return "channel list"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_access.declare(line); }
    ExitCode run(Session& session) override;

private:
    NetworkAccess m_access;
};

/// Writes a block of a channel into a file.
class ChannelFetchCommand : public Command {
public:
    std::string words() const override { return "channel fetch"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    NetworkAccess m_access;
    std::string m_which = "config";
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
