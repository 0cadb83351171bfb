#pragma once

#include <filesystem>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Reads certificates for a person.
class CertShowCommand : public Command {
public:
    std::string words() const override { return "cert show"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::vector<std::filesystem::path> m_files;
};

}  // namespace chancery::cli
