#pragma once

#include "src/cli/NetworkCommands.h"
#include "src/usecase/PlayScenario.h"

namespace chancery::cli {

class ScenarioListCommand : public Command {
public:
    std::string words() const override { return "scenario list"; }
    Help help() const override;
    void declare(CommandLine&) override {}
    ExitCode run(Session& session) override;
};

/// Its steps; as JSON the file itself, to be changed.
class ScenarioShowCommand : public Command {
public:
    std::string words() const override { return "scenario show"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_scenario;
};

class ScenarioCheckCommand : public Command {
public:
    std::string words() const override { return "scenario check"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_file;
    std::optional<std::string> m_topology;
};

/// Plays a scenario on a network that runs.
class ScenarioRunCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "scenario run"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    void tell(Session& session, const usecase::ScenarioStep& step) const;

    std::optional<std::string> m_scenario;
    std::optional<std::uint64_t> m_seed;
    std::filesystem::path m_out;
    std::string m_language = "en";
    bool m_step = false;
};

}  // namespace chancery::cli
