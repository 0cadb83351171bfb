#pragma once

#include "src/cli/Command.h"

namespace chancery::cli {

/// Reads a policy text and shows what it means and how it is encoded.
class PolicyParseCommand : public Command {
public:
    std::string words() const override { return "policy parse"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_text;
};

}  // namespace chancery::cli
