#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/UpdateCommands.h"

namespace chancery::cli {

/// Who belongs to a channel.
class MemberListCommand : public NetworkCommand {
public:
    std::string words() const override { return "member list"; }
    Help help() const override;

protected:
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;
};

/// Drafts that make an organisation a member.
class MemberAddCommand : public NetworkCommand {
public:
    std::string words() const override { return "member add"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::filesystem::path m_bundle;
    std::optional<std::string> m_fingerprint;
    std::vector<std::string> m_anchors, m_endpoints, m_policies;
    bool m_everyChannel = false;
    DraftOptions m_draft;
};

/// Drafts that take a member away.
class MemberRemoveCommand : public NetworkCommand {
public:
    std::string words() const override { return "member remove"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    std::string m_who;
    bool m_everyChannel = false;
    DraftOptions m_draft;
};

/// The bundle of an organisation of the network's folder.
class MemberBundleCommand : public Command {
public:
    std::string words() const override { return "member bundle"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_folder = "network";
    std::string m_organisation;
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
