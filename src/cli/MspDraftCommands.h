#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/Command.h"
#include "src/usecase/ConfigFile.h"

namespace chancery::cli {

/// A revocation list into an organisation's MSP, as a draft for each channel.
class MspDraftCrlCommand : public Command {
public:
    std::string words() const override { return "msp draft-crl"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    /// The configurations that were given, and with a network the newest of each of its channels.
    Status collect();
    Status fetch();
    ExitCode draftAll(Session& session, const Bytes& crl);

    std::vector<std::filesystem::path> m_configs;
    std::optional<std::filesystem::path> m_network;
    std::string m_mspId;
    std::filesystem::path m_crl;
    std::filesystem::path m_out;
    std::vector<Result<usecase::ConfigFile>> m_read;
    std::vector<std::string> m_places;
};

/// A CA's certificate beside the old one, or the old one away, as a draft.
class MspDraftCaCommand : public Command {
public:
    std::string words() const override { return "msp draft-ca"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_config;
    std::string m_mspId;
    std::filesystem::path m_certificate;
    std::filesystem::path m_out;
    bool m_tls = false;
    bool m_remove = false;
};

}  // namespace chancery::cli
