#include "src/cli/PolicyExplainCommand.h"

#include "src/cli/PolicyMeaning.h"
#include "src/cli/PolicyText.h"
#include "src/cli/Session.h"
#include "src/usecase/ExplainPolicy.h"

namespace chancery::cli {
namespace {

void show(Printer& out, const usecase::PolicyInsight& insight) {
    Text title = strong(insight.path);
    const std::string meaning = meaningOfPolicy(insight.path);
    if (!meaning.empty()) title.add("  decides about " + meaning, Tone::Quiet);
    out.paragraph(title);
    out.tree(treeOf(insight.tree), 2);
    printSets(out, insight);
}

void show(Printer& out, const std::vector<usecase::PolicyRow>& policies) {
    Table table({{"Policy", Align::Left, Fit::CutMiddle, 24},
                 {"Needs", Align::Left, Fit::Wrap, 24},
                 {"Decides about", Align::Left, Fit::Wrap, 20}});
    for (const usecase::PolicyRow& policy : policies)
        table.row({policy.path, policy.text, meaningOfPolicy(policy.path)});
    out.table(table);
}

}  // namespace

Help PolicyExplainCommand::help() const {
    const std::string config = "tests/data/vectors/config/last_config_tradechannel.block";
    return {
        .summary = "Explain the policies of a channel: what they decide, who can satisfy them",
        .about =
            {"Policies that refer to those of all organisations (\"MAJORITY Admins\") are "
             "resolved. You get the smallest "
             "groups of signatures that suffice, and the organisations without which nothing goes.",
             "Without PATH all policies of the configuration are listed."},
        .examples = {{"All policies of a channel", "policy explain " + config},
                     {"Who can define contracts?",
                      "policy explain " + config + " /Channel/Application/LifecycleEndorsement"}}};
}

void PolicyExplainCommand::declare(CommandLine& line) {
    line.value({.names = "CONFIG",
                .help = "Config block, configuration or its JSON",
                .kind = ValueKind::File,
                .required = true},
               m_config);
    line.value(
        {.names = "PATH", .help = "Path of the policy, for example /Channel/Application/Admins"},
        m_path);
}

ExitCode PolicyExplainCommand::run(Session& session) {
    const usecase::ExplainPolicy explain;
    if (m_path) {
        const auto insight = explain.run(m_config, *m_path);
        if (!insight.ok()) return session.fail(insight.status());
        if (session.wantsJson())
            session.print(toJson(*insight));
        else
            show(session.out(), *insight);
        return ExitCode::Ok;
    }
    const auto policies = explain.list(m_config);
    if (!policies.ok()) return session.fail(policies.status());
    if (!session.wantsJson()) {
        show(session.out(), *policies);
        return ExitCode::Ok;
    }
    Json array = Json::array();
    for (const usecase::PolicyRow& policy : *policies)
        array.push_back({{"path", policy.path},
                         {"rule", policy.text},
                         {"decides_about", meaningOfPolicy(policy.path)}});
    session.print(array);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
