#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Tries a policy with signers who are only thought of.
class PolicySimulateCommand : public Command {
public:
    std::string words() const override { return "policy simulate"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_policy;
    std::optional<std::string> m_path;
    std::vector<std::string> m_signers;
    std::vector<std::string> m_down;
};

}  // namespace chancery::cli
