#pragma once

#include "src/cli/Command.h"

namespace chancery::cli {

/// Says which program this is and which formats it reads.
class VersionCommand : public Command {
public:
    std::string words() const override { return "version"; }
    Help help() const override;
    void declare(CommandLine&) override {}
    ExitCode run(Session& session) override;
};

}  // namespace chancery::cli
