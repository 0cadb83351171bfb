#pragma once

#include <filesystem>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Checks an MSP folder as a node would.
class MspCheckCommand : public Command {
public:
    std::string words() const override { return "msp check"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_folder;
    std::string m_mspId;
    std::string m_level = "V2_0";
    std::vector<std::filesystem::path> m_identities;
};

}  // namespace chancery::cli
