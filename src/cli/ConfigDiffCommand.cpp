#include "src/cli/ConfigDiffCommand.h"

#include "src/cli/ConfigChangeText.h"
#include "src/cli/Session.h"
#include "src/usecase/CompareConfigs.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

void show(Printer& out, const usecase::ConfigComparison& comparison) {
    printChanges(out, comparison.changes, 0);
    if (comparison.agreements.empty()) return;
    out.heading("Who must agree to go from the first to the second");
    for (const usecase::RequiredAgreement& agreement : comparison.agreements) {
        Text text = strong(agreement.policy);
        if (agreement.text.empty())
            text.add(": there is no such policy, so nobody can agree", Tone::Bad);
        else
            text.add(": " + agreement.text);
        out.item("•", text, 2);
        for (const std::string& element : agreement.elements)
            out.paragraph(quiet("for " + element), 4);
    }
}

Json toJson(const usecase::ConfigComparison& comparison) {
    Json agreements = Json::array();
    for (const usecase::RequiredAgreement& agreement : comparison.agreements)
        agreements.push_back({{"policy", agreement.policy},
                              {"rule", agreement.text},
                              {"elements", agreement.elements}});
    return {{"same", comparison.changes.empty()},
            {"changes", usecase::toJson(comparison.changes)},
            {"agreements", std::move(agreements)}};
}

}  // namespace

Help ConfigDiffCommand::help() const {
    const std::string folder = "tests/data/vectors/config/";
    return {
        .summary = "Tell what differs between two configurations, and who must agree to the change",
        .about = {"Takes config blocks, configurations or their JSON, in any mixture. The "
                  "differences are told in sentences: "
                  "+ added, − removed, ~ changed. Nothing is left out; content that is unknown is "
                  "named with its hash.",
                  "Ends with exit code 1 when there are differences, as diff does."},
        .examples = {{"A changed batch size",
                      "config diff " + folder + "genesis_cfglab.block " + folder +
                          "cfglab/01_batch_size/modified.pb",
                      ExitCode::Findings},
                     {"From the first configuration to the last one",
                      "config diff " + folder + "genesis_tradechannel.block " + folder +
                          "last_config_tradechannel.block",
                      ExitCode::Findings}}};
}

void ConfigDiffCommand::declare(CommandLine& line) {
    line.value({.names = "BEFORE",
                .help = "Configuration (block, binary or JSON)",
                .kind = ValueKind::File,
                .required = true},
               m_before);
    line.value({.names = "AFTER",
                .help = "Configuration to compare with it",
                .kind = ValueKind::File,
                .required = true},
               m_after);
}

ExitCode ConfigDiffCommand::run(Session& session) {
    const auto comparison = usecase::CompareConfigs().run(m_before, m_after);
    if (!comparison.ok()) return session.fail(comparison.status());
    if (session.wantsJson())
        session.print(toJson(*comparison));
    else if (comparison->changes.empty())
        session.out().line("The configurations are the same.");
    else
        show(session.out(), *comparison);
    return comparison->changes.empty() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
