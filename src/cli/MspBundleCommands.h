#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "src/cli/Command.h"

namespace chancery::cli {

/// An organisation's public definition as one file.
class MspExportCommand : public Command {
public:
    std::string words() const override { return "msp export"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_folder;
    std::string m_mspId;
    std::optional<std::string> m_name;
    std::filesystem::path m_out;
};

/// What such a file holds, and its fingerprint.
class MspBundleCommand : public Command {
public:
    std::string words() const override { return "msp bundle"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_file;
};

/// From such a file to an MSP folder.
class MspImportCommand : public Command {
public:
    std::string words() const override { return "msp import"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_file;
    std::filesystem::path m_out;
    std::optional<std::string> m_words;
};

}  // namespace chancery::cli
