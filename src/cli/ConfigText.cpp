#include "src/cli/ConfigText.h"

#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using namespace usecase;

std::string partOf(const OrganisationDescription& organisation) {
    return organisation.orderer       ? "orders blocks"
           : organisation.application ? "member"
                                      : "consortium";
}

void printHead(Printer& out, const ConfigDescription& config) {
    Text title =
        strong(config.channel.empty() ? "Channel configuration" : "Channel " + config.channel);
    title.add(fmt::format("  configuration number {}", number(config.sequence)));
    if (config.block) title.add(fmt::format(", block {}", number(*config.block)));
    out.line(title);
    const std::string batch =
        fmt::format("after {}, {} or {}; no transaction above {}", config.batchTimeout,
                    counted(config.batchMaxCount, "transaction"), size(config.batchPreferredBytes),
                    size(config.batchMaxBytes));
    Text ordering(config.consensus);
    if (!config.consenters.empty()) ordering.add(": " + list(config.consenters));
    if (config.maintenance)
        ordering.add("  in maintenance: no transactions are accepted", Tone::Warning);
    out.fields({{"Ordering", ordering},
                {"A block is cut", config.consensus.empty() ? Text() : Text(batch)},
                {"Orderer addresses", Text(list(config.ordererAddresses))},
                {"Feature level of the channel", Text(list(config.channelCapabilities))},
                {"Feature level of orderers", Text(list(config.ordererCapabilities))},
                {"Feature level of peers", Text(list(config.applicationCapabilities))}},
               2);
}

void printOrganisations(Printer& out, const ConfigDescription& config) {
    if (config.organisations.empty()) return;
    out.heading("Organisations");
    Table table({{"Name", Align::Left, Fit::CutEnd},
                 {"MSP id", Align::Left, Fit::CutEnd},
                 {"Part"},
                 {"Certificate authorities, valid until", Align::Left, Fit::Wrap, 20},
                 {"Roles from"},
                 {"Revocation lists", Align::Right},
                 {"Anchor peers, orderers", Align::Left, Fit::Wrap, 14}});
    for (const OrganisationDescription& organisation : config.organisations) {
        std::vector<std::string> authorities;
        for (const AuthorityDescription& authority : organisation.authorities)
            authorities.push_back(
                authority.name +
                (authority.notAfter ? " " + utc(*authority.notAfter).substr(0, 10) : ""));
        std::vector<std::string> hosts = organisation.anchorPeers;
        hosts.insert(hosts.end(), organisation.endpoints.begin(), organisation.endpoints.end());
        table.row(
            {organisation.name, organisation.mspId.str(), partOf(organisation),
             organisation.problem.empty() ? Text(list(authorities)) : bad(organisation.problem),
             organisation.nodeOus ? "units" : "admin list", number(organisation.revocationLists),
             list(hosts)});
    }
    out.table(table, 2);
}

void printPolicies(Printer& out, const ConfigDescription& config) {
    if (!config.policies.empty()) {
        out.heading("Policies", quiet("(who may do what)"));
        Table table(
            {{"Policy", Align::Left, Fit::CutMiddle, 24}, {"Needs", Align::Left, Fit::Wrap, 30}});
        for (const PolicyRow& policy : config.policies) table.row({policy.path, policy.text});
        out.table(table, 2);
    }
    if (config.acls.empty()) return;
    out.heading("Access rules", quiet("(where they differ from Fabric's defaults)"));
    Table table({{"Resource", Align::Left, Fit::CutMiddle, 24},
                 {"Policy", Align::Left, Fit::CutMiddle, 24}});
    for (const auto& [resource, policy] : config.acls) table.row({resource, policy});
    out.table(table, 2);
}

}  // namespace

void printConfig(Printer& out, const ConfigDescription& config) {
    printHead(out, config);
    printOrganisations(out, config);
    printPolicies(out, config);
    if (config.problems.empty()) return;
    out.heading("Not understood");
    for (const std::string& problem : config.problems) out.item(warning("!"), problem, 2);
}

}  // namespace chancery::cli
