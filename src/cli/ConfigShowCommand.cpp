#include "src/cli/ConfigShowCommand.h"

#include "src/cli/ConfigText.h"
#include "src/cli/Session.h"
#include "src/usecase/DescribeConfig.h"

namespace chancery::cli {

Help ConfigShowCommand::help() const {
    const std::string block = "tests/data/vectors/config/last_config_tradechannel.block";
    return {
        .summary =
            "Show a channel configuration: tables for people, configtxlator's JSON for programs",
        .about = {"Takes a config block as \"peer channel fetch config\" writes it, or a "
                  "configuration, an update or "
                  "their envelopes as configtxlator's tools exchange them, in binary or JSON.",
                  "With --output json the result is the same JSON that configtxlator's "
                  "proto_decode gives for the "
                  "file; with --config-only the configuration alone, without the block around it, "
                  "ready to be edited "
                  "and given to \"config compute-update\"."},
        .examples = {{"The configuration in force", "config show " + block},
                     {"As JSON, to be edited",
                      "config show --output json --config-only " + block + " > config.json"}}};
}

void ConfigShowCommand::declare(CommandLine& line) {
    line.value({.names = "FILE",
                .help = "Config block, configuration or update",
                .kind = ValueKind::File,
                .required = true},
               m_file);
    line.flag("--config-only", "JSON of the configuration without the block or envelope around it",
              m_configOnly);
}

ExitCode ConfigShowCommand::run(Session& session) {
    const usecase::DescribeConfig describe;
    if (session.wantsJson() || m_configOnly) {
        const auto json = describe.json(m_file, m_configOnly);
        if (!json.ok()) return session.fail(json.status());
        session.out().raw(safeJson(*json));
        return ExitCode::Ok;
    }
    const auto config = describe.run(m_file);
    if (reasonOf(config.status()) == "NO_CONFIG") {
        // An update or an organisation has no table of its own; its JSON says everything.
        const auto json = describe.json(m_file, false);
        if (!json.ok()) return session.fail(json.status());
        session.out().raw(safeJson(*json));
        return ExitCode::Ok;
    }
    if (!config.ok()) return session.fail(config.status());
    printConfig(session.out(), *config);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
