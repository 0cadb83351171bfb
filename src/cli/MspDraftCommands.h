#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "src/cli/Command.h"

namespace chancery::cli {

/// A revocation list into an organisation's MSP, as a draft.
class MspDraftCrlCommand : public Command {
public:
    std::string words() const override { return "msp draft-crl"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_config;
    std::string m_mspId;
    std::filesystem::path m_crl;
    std::filesystem::path m_out;
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
