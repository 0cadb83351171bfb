#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/NetworkCommand.h"
#include "src/usecase/ConfigEdits.h"
#include "src/usecase/JudgeDraft.h"

namespace chancery::cli {

/// How a new draft is written; shared with the commands of members.
struct DraftOptions {
    std::filesystem::path out;
    std::optional<std::filesystem::path> config;  ///< instead of asking the orderers
    std::string note;
    std::optional<std::uint64_t> days;
    std::vector<std::string> allowed;

    void declare(CommandLine& line);
    static void declareAllowed(CommandLine& line, std::vector<std::string>& allowed);
};

/// Asks for the configuration, edits it, and writes and tells the draft.
ExitCode draftEdits(Session& session, NetworkAccess& access, const DraftOptions& options,
                    const usecase::ConfigEdits& edits, const ChannelId& channel,
                    const std::filesystem::path& out);

/// `channel update draft`
class UpdateDraftCommand : public NetworkCommand {
public:
    std::string words() const override { return "channel update draft"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    Result<usecase::ConfigEdits> edits() const;
    ExitCode draftOfFile(Session& session);

    DraftOptions m_draft;
    std::optional<std::string> m_batchTimeout;
    std::optional<std::uint64_t> m_messages, m_bytes, m_absoluteBytes;
    std::vector<std::string> m_addAnchors, m_removeAnchors, m_addEndpoints, m_removeEndpoints;
    std::vector<std::string> m_acls, m_policies, m_capabilities, m_removeConsenters;
    std::optional<std::filesystem::path> m_edited;
};

/// What all commands about an existing draft have.
class DraftCommand : public NetworkCommand {
protected:
    void options(CommandLine& line) override;
    ExitCode act(Session& session) final;
    virtual ExitCode actOn(Session& session, usecase::ConfigDraft draft) = 0;
    /// Replaces the file.
    Status write(const usecase::ConfigDraft& draft) const;

    std::filesystem::path m_file;
};

/// `channel update show` and `diff`: no network is asked.
class UpdateShowCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update show"; }
    Help help() const override;

protected:
    Status open() override { return absl::OkStatus(); }
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;
};

class UpdateDiffCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update diff"; }
    Help help() const override;

protected:
    Status open() override { return absl::OkStatus(); }
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;
};

class UpdateSignCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update sign"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override { return m_access.openIdentity(); }
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;

private:
    std::vector<std::string> m_allowed;
};

class UpdateMergeCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update merge"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override { return absl::OkStatus(); }
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;

private:
    std::vector<std::filesystem::path> m_others;
};

class UpdateRejectCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update reject"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override { return m_access.openIdentity(); }
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;

private:
    std::string m_reason;
};

class UpdateSubmitCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update submit"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;

private:
    std::vector<std::string> m_allowed;
    bool m_despiteRejections = false;
};

class UpdateRebaseCommand : public DraftCommand {
public:
    std::string words() const override { return "channel update rebase"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode actOn(Session& session, usecase::ConfigDraft draft) override;

private:
    std::optional<std::filesystem::path> m_config;
};

}  // namespace chancery::cli
