#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/NetworkCommand.h"

namespace chancery::cli {

/// Makes peers members of a channel.
class ChannelJoinCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel join"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::filesystem::path m_block;
    bool m_orderers = false;
};

/// Takes orderers out of a channel.
class ChannelLeaveCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel leave"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::vector<std::string> m_orderers;
};

/// What a channel is: nodes, heights, members, policies.
class ChannelInfoCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel info"; }
    Help help() const override;

protected:
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;
};

/// Makes a channel of organisations of the network's folder, and joins its nodes.
class ChannelCreateCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel create"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::string m_name;
    std::vector<std::string> m_organisations;
    std::vector<std::filesystem::path> m_bundles;
    std::optional<std::string> m_batchTimeout;
    std::optional<std::uint64_t> m_messages;
    std::optional<std::filesystem::path> m_out;
};

/// The channels of peers.
class ChannelListCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel list"; }
    Help help() const override;

protected:
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;
};

/// Writes a block of a channel into a file.
class ChannelFetchCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel fetch"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::string m_which = "config";
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
