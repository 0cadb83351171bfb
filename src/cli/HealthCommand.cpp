#include "src/cli/HealthCommand.h"

#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/NetworkHealth.h"

namespace chancery::cli {
namespace {

Text toned(usecase::HealthSeverity severity) {
    const std::string name(usecase::nameOf(severity));
    return severity == usecase::HealthSeverity::Error     ? bad(name)
           : severity == usecase::HealthSeverity::Warning ? warning(name)
                                                          : quiet(name);
}

}  // namespace

Help HealthCommand::help() const {
    return {.summary = "Examine a network: what is wrong, why that matters, what to do",
            .about = {"Every channel of the peers is looked at through Fabric's own protocols: "
                      "its configuration, the heights of all nodes, its contracts; with a "
                      "network's folder also the certificates in it. \"--rules\" lists what is "
                      "looked for; docs/governance.md explains the rules.",
                      "Exit code 1 when there is an error or a warning."},
            .examples = {{.what = "What is looked for?", .arguments = "network health --rules"},
                         {.what = "A small network has warnings",
                          .arguments = "network health --network network",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void HealthCommand::options(CommandLine& line) {
    line.flag("--rules", "Only list the rules", m_rules);
}

Status HealthCommand::open() {
    return m_rules ? absl::OkStatus() : m_access.open();
}

Result<std::vector<usecase::FabricCommand>> HealthCommand::fabric() {
    const usecase::FabricCommands fabric(m_access.place());
    auto all = fabric.channelInfo();
    for (auto& command : fabric.contractStatus()) all.push_back(std::move(command));
    return all;
}

ExitCode HealthCommand::printRules(Session& session) const {
    Json all = Json::array();
    Table table({{"Rule", Align::Left, Fit::Keep},
                 {"Severity"},
                 {"What is wrong", Align::Left, Fit::Wrap},
                 {"What to do", Align::Left, Fit::Wrap}});
    for (const usecase::HealthRule* rule : usecase::healthRules()) {
        const std::string id(rule->id), title(rule->title), remedy(rule->remedy);
        all.push_back({{"id", id},
                       {"severity", std::string(usecase::nameOf(rule->severity))},
                       {"title", title},
                       {"remedy", remedy}});
        table.row({strong(id), toned(rule->severity), title, remedy});
    }
    if (session.wantsJson())
        session.print({{"rules", std::move(all)}});
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Result<usecase::HealthFacts> HealthCommand::collect(Session& session) {
    std::vector<usecase::ContractStatusPeer> peers;
    if (const usecase::NetworkFolder* network = m_access.network()) {
        usecase::CreateNetwork create(m_access.connector(), m_access.deadline());
        for (const auto& organisation : network->organisations()) {
            const std::string& name = organisation.plan().name;
            if (organisation.plan().kind != usecase::OrganisationPlan::Kind::Peers) continue;
            ASSIGN_OR_RETURN(const auto admin, create.actAs(*network, name, "Admin"));
            ASSIGN_OR_RETURN(const auto addresses, create.peers(*network, name));
            for (const auto& peer : addresses) peers.push_back({peer, admin.identity});
        }
    } else {
        for (const auto& peer : m_access.ownPeers()) peers.push_back({peer, m_access.identity()});
    }
    usecase::NetworkHealth health(m_access.context(), m_access.deadline());
    auto facts = health.collect({.channel = m_access.channel(),
                                 .orderers = m_access.orderers(),
                                 .peers = m_access.everyPeer(),
                                 .administered = peers});
    facts.now = session.clock().now();
    if (const usecase::NetworkFolder* network = m_access.network())
        health.addCertificates(*network, facts);
    return facts;
}

ExitCode HealthCommand::act(Session& session) {
    if (m_rules) return printRules(session);
    const auto facts = collect(session);
    if (!facts.ok()) return session.fail(facts.status());
    const auto findings = usecase::HealthExam().run(*facts);
    const bool good =
        findings.empty() || findings.front().rule->severity == usecase::HealthSeverity::Info;
    if (session.wantsJson()) {
        Json all = Json::array();
        for (const auto& finding : findings)
            all.push_back({{"id", std::string(finding.rule->id)},
                           {"severity", std::string(usecase::nameOf(finding.rule->severity))},
                           {"subject", bytesToJson(finding.subject)},
                           {"reason", bytesToJson(finding.sentence)},
                           {"title", std::string(finding.rule->title)},
                           {"remedy", std::string(finding.rule->remedy)}});
        session.print({{"channels", facts->channels.size()},
                       {"rules", usecase::healthRules().size()},
                       {"findings", std::move(all)}});
        return good ? ExitCode::Ok : ExitCode::Findings;
    }
    Printer& print = session.out();
    for (const auto& finding : findings) {
        print.item(toned(finding.rule->severity), strong(finding.subject) +
                                                      Text(" " + finding.sentence) +
                                                      quiet("  " + std::string(finding.rule->id)));
        print.item(accent("→"), std::string(finding.rule->remedy), 2);
    }
    if (!findings.empty()) print.blank();
    print.line(Text(counted(findings.size(), "finding") + " of " +
                    counted(usecase::healthRules().size(), "rule") + " in " +
                    counted(facts->channels.size(), "channel")));
    return good ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
