#pragma once

#include "src/cli/Command.h"

namespace chancery::cli {

/// Prints a completion script for a shell.
class CompletionCommand : public Command {
public:
    std::string words() const override { return "completion"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    std::string m_shell;
};

}  // namespace chancery::cli
