#include "src/usecase/HealthExam.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "src/identity/Msp.h"
#include "src/usecase/Rfc3339.h"

namespace chancery::usecase {
namespace {

using Severity = HealthSeverity;
/// Subject and sentence of each finding.
using Found = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kHeightsApart = 2;  // a block that is on its way is no finding
constexpr std::uint64_t kLargestBatch = 49U << 20;
constexpr absl::Duration kSoon = absl::Hours(30 * 24);

std::string join(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
    return all;
}

std::size_t quorumOf(const HealthChannel& channel) {
    const std::size_t count = channel.bundle->consenters().size();
    return channel.bundle->consensusType() == "BFT" ? count - (count - 1) / 3 : count / 2 + 1;
}

/// Consenters whose orderer gives blocks.
std::size_t liveConsenters(const HealthChannel& channel) {
    std::size_t live = 0;
    for (const auto& consenter : channel.bundle->consenters()) {
        const std::string address = fmt::format("{}:{}", consenter.host, consenter.port);
        live += std::any_of(channel.nodes.begin(), channel.nodes.end(), [&](const auto& node) {
            return node.isOrderer && node.height && node.endpoint == address;
        });
    }
    return live;
}

/// Whether all consenters are among the nodes that were asked.
bool knowsConsenters(const HealthChannel& channel) {
    const auto& all = channel.bundle->consenters();
    return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& consenter) {
        const std::string address = fmt::format("{}:{}", consenter.host, consenter.port);
        return std::any_of(channel.nodes.begin(), channel.nodes.end(), [&](const auto& node) {
            return node.isOrderer && node.endpoint == address;
        });
    });
}

const std::vector<std::string>& governingPolicies() {
    static const std::vector<std::string> paths{"/Channel/Admins",
                                                "/Channel/Application/Admins",
                                                "/Channel/Application/Endorsement",
                                                "/Channel/Application/LifecycleEndorsement",
                                                "/Channel/Orderer/Admins",
                                                "/Channel/Orderer/BlockValidation",
                                                "/Channel/Writers",
                                                "/Channel/Readers"};
    return paths;
}

// One function for each rule; they stand in the order of the table below.

void noConfiguration(const HealthChannel& channel, Found& found) {
    if (!channel.problem.empty()) found.emplace_back(channel.channel.str(), channel.problem);
}

void unreachable(const HealthChannel& channel, Found& found) {
    for (const ChannelNode& node : channel.nodes)
        if (!node.height)
            found.emplace_back(node.name, fmt::format("does not answer for {}: {}",
                                                      channel.channel.str(), node.problem));
}

void heightsDiffer(const HealthChannel& channel, Found& found) {
    std::uint64_t highest = 0;
    for (const ChannelNode& node : channel.nodes)
        highest = std::max(highest, node.height.value_or(0));
    for (const ChannelNode& node : channel.nodes)
        if (node.height && *node.height + kHeightsApart < highest)
            found.emplace_back(node.name,
                               fmt::format("has {} blocks of {}; another node has {}", *node.height,
                                           channel.channel.str(), highest));
}

void quorumLost(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || !knowsConsenters(channel)) return;
    const std::size_t live = liveConsenters(channel);
    if (live < quorumOf(channel))
        found.emplace_back(channel.channel.str(),
                           fmt::format("{} of {} consenters answer, {} are needed", live,
                                       channel.bundle->consenters().size(), quorumOf(channel)));
}

void quorumAtEdge(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || !knowsConsenters(channel)) return;
    const std::size_t count = channel.bundle->consenters().size();
    if (count > 2 && liveConsenters(channel) == quorumOf(channel) && quorumOf(channel) < count)
        found.emplace_back(channel.channel.str(),
                           fmt::format("{} of {} consenters answer; no further one may fail",
                                       liveConsenters(channel), count));
}

void singleOrderer(const HealthChannel& channel, Found& found) {
    if (channel.bundle && channel.bundle->consenters().size() == 1)
        found.emplace_back(channel.channel.str(), "has one consenter");
}

void evenCluster(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || channel.bundle->consensusType() == "BFT") return;
    const std::size_t count = channel.bundle->consenters().size();
    if (count > 0 && count % 2 == 0)
        found.emplace_back(
            channel.channel.str(),
            fmt::format("{} consenters bear no more failures than {}", count, count - 1));
}

void bftTooSmall(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || channel.bundle->consensusType() != "BFT") return;
    const std::size_t count = channel.bundle->consenters().size();
    if (count < 4)
        found.emplace_back(channel.channel.str(),
                           fmt::format("{} BFT consenters bear no failure at all", count));
}

void maintenance(const HealthChannel& channel, Found& found) {
    if (channel.config.maintenance)
        found.emplace_back(channel.channel.str(), "takes no transactions: maintenance mode");
}

void nobodyCan(const HealthChannel& channel, Found& found) {
    if (!channel.bundle) return;
    const auto isMember = [&](const MspId& mspId) {
        return channel.bundle->msps()->find(mspId) != nullptr;
    };
    for (const std::string& path : channel.bundle->policies().paths())
        if (!channel.bundle->policies().find(path)->canBeSatisfiedBy(isMember))
            found.emplace_back(channel.channel.str(), "nobody can satisfy " + path);
}

void oneIsEnough(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || channel.bundle->applicationOrganisations().size() < 2) return;
    for (const char* path : {"/Channel/Application/Admins", "/Channel/Application/Endorsement",
                             "/Channel/Application/LifecycleEndorsement", "/Channel/Admins"}) {
        const auto policy = channel.bundle->policies().find(path);
        if (!policy) continue;
        std::vector<std::string> alone;
        for (const MspId& mspId : channel.bundle->msps()->ids())
            if (policy->canBeSatisfiedBy([&](const MspId& other) { return other == mspId; }))
                alone.push_back(mspId.str());
        if (!alone.empty())
            found.emplace_back(channel.channel.str(),
                               fmt::format("{} alone can satisfy {}", join(alone), path));
    }
}

void indispensable(const HealthChannel& channel, Found& found) {
    if (!channel.bundle || channel.bundle->applicationOrganisations().size() < 3) return;
    for (const char* path :
         {"/Channel/Application/Endorsement", "/Channel/Application/LifecycleEndorsement"}) {
        const auto policy = channel.bundle->policies().find(path);
        if (!policy || !policy->canBeSatisfiedBy([](const MspId&) { return true; })) continue;
        for (const auto& [mspId, name] : channel.bundle->applicationOrgs())
            if (!policy->canBeSatisfiedBy([&](const MspId& other) { return other != mspId; }))
                found.emplace_back(name, fmt::format("{} cannot be satisfied without it in {}",
                                                     path, channel.channel.str()));
    }
}

void policyMissing(const HealthChannel& channel, Found& found) {
    if (!channel.bundle) return;
    for (const std::string& path : governingPolicies()) {
        if (path.starts_with("/Channel/Orderer") && !channel.bundle->orderer()) continue;
        if (path.starts_with("/Channel/Application") && !channel.bundle->hasApplication()) continue;
        if (!channel.bundle->policies().find(path))
            found.emplace_back(channel.channel.str(), "there is no policy " + path);
    }
}

void noAnchors(const HealthChannel& channel, Found& found) {
    for (const OrganisationDescription& member : channel.config.organisations)
        if (member.application && member.anchorPeers.empty())
            found.emplace_back(member.name, "has no anchor peer in " + channel.channel.str());
}

void noEndpoints(const HealthChannel& channel, Found& found) {
    for (const OrganisationDescription& member : channel.config.organisations)
        if (member.orderer && member.endpoints.empty())
            found.emplace_back(member.name,
                               "names no address of its orderers in " + channel.channel.str());
}

void brokenMsp(const HealthChannel& channel, Found& found) {
    for (const OrganisationDescription& member : channel.config.organisations)
        if (!member.problem.empty())
            found.emplace_back(member.name, channel.channel.str() + ": " + member.problem);
    for (const std::string& problem : channel.config.problems)
        found.emplace_back(channel.channel.str(), problem);
}

void noAdministrator(const HealthChannel& channel, Found& found) {
    for (const OrganisationDescription& member : channel.config.organisations)
        if (member.problem.empty() && !member.nodeOus && member.administrators == 0)
            found.emplace_back(member.name, fmt::format("has neither node OUs nor listed "
                                                        "administrators in {}",
                                                        channel.channel.str()));
}

void noAdminOu(const HealthChannel& channel, Found& found) {
    for (const OrganisationDescription& member : channel.config.organisations)
        if (member.problem.empty() && !member.nodeOus && member.administrators > 0)
            found.emplace_back(member.name,
                               fmt::format("lists {} administrators one by one in {}",
                                           member.administrators, channel.channel.str()));
}

void batchTooLarge(const HealthChannel& channel, Found& found) {
    if (channel.config.batchMaxBytes > kLargestBatch)
        found.emplace_back(channel.channel.str(), fmt::format("takes transactions of {} bytes",
                                                              channel.config.batchMaxBytes));
}

void batchUneven(const HealthChannel& channel, Found& found) {
    if (channel.config.batchMaxBytes > 0 &&
        channel.config.batchPreferredBytes == channel.config.batchMaxBytes)
        found.emplace_back(channel.channel.str(),
                           fmt::format("cuts blocks at {} bytes, which one transaction may have "
                                       "as well",
                                       channel.config.batchMaxBytes));
}

void batchSlow(const HealthChannel& channel, Found& found) {
    if (channel.bundle && channel.bundle->orderer() &&
        channel.bundle->orderer()->batchTimeout > absl::Seconds(10))
        found.emplace_back(channel.channel.str(),
                           "a lone transaction waits " + channel.config.batchTimeout);
}

void oldCapabilities(const HealthChannel& channel, Found& found) {
    if (!channel.bundle) return;
    const auto& capabilities = channel.bundle->capabilities();
    if (!capabilities.newLifecycle)
        found.emplace_back(channel.channel.str(), "application capability is below V2_0");
    if (!capabilities.orgOrdererEndpoints)
        found.emplace_back(channel.channel.str(), "channel capability is below V1_4_2");
    if (channel.bundle->orderer() && !capabilities.ordererConsensusMigration)
        found.emplace_back(channel.channel.str(), "orderer capability is below V1_4_2");
}

void noContract(const HealthChannel& channel, Found& found) {
    if (channel.contracts && channel.contracts->contracts.empty())
        found.emplace_back(channel.channel.str(), "has no committed contract");
}

void contractNowhere(const HealthChannel& channel, Found& found) {
    if (!channel.contracts) return;
    for (const ContractState& contract : channel.contracts->contracts)
        if (contract.runsAt.empty())
            found.emplace_back(contract.definition.contract.name,
                               fmt::format("is committed in {}, but runs at no peer that was asked",
                                           channel.channel.str()));
}

void contractMissingSomewhere(const HealthChannel& channel, Found& found) {
    if (!channel.contracts) return;
    for (const ContractState& contract : channel.contracts->contracts) {
        std::vector<std::string> missing;
        for (const PeerPackages& peer : channel.contracts->peers)
            if (std::find(contract.runsAt.begin(), contract.runsAt.end(), peer.name) ==
                contract.runsAt.end())
                missing.push_back(peer.name);
        if (!contract.runsAt.empty() && !missing.empty())
            found.emplace_back(contract.definition.contract.name,
                               fmt::format("does not run at {}", join(missing)));
    }
}

void ended(const HealthFacts& facts, Found& found) {
    for (const HealthEnd& end : facts.ends)
        if (!end.isList && end.at <= facts.now)
            found.emplace_back(end.what, "ended at " + rfc3339(end.at));
}

void ending(const HealthFacts& facts, Found& found) {
    for (const HealthEnd& end : facts.ends)
        if (!end.isList && end.at > facts.now && end.at <= facts.now + kSoon)
            found.emplace_back(end.what, "ends at " + rfc3339(end.at));
}

void oldLists(const HealthFacts& facts, Found& found) {
    for (const HealthEnd& end : facts.ends)
        if (end.isList && end.at <= facts.now)
            found.emplace_back(end.what, "should have been renewed at " + rfc3339(end.at));
}

struct Row {
    HealthRule rule;
    void (*ofChannel)(const HealthChannel&, Found&);
    void (*ofAll)(const HealthFacts&, Found&);
};

std::vector<Row> errorRows() {
    return {
        {{"NO_CONFIGURATION", Severity::Error, "The configuration of a channel cannot be had",
          "Look at the orderers' logs; \"channel fetch\" tells more."},
         noConfiguration,
         nullptr},
        {{"NODE_UNREACHABLE", Severity::Error, "A node does not answer",
          "Start it, or look why its address or its TLS certificate does not work."},
         unreachable,
         nullptr},
        {{"QUORUM_LOST", Severity::Error, "Too few consenters answer to order anything",
          "Start the missing orderers; nothing is ordered before."},
         quorumLost,
         nullptr},
        {{"POLICY_NOBODY", Severity::Error, "A policy that nobody can satisfy",
          "Whoever rules the policy's group changes it by a draft, as long as somebody can."},
         nobodyCan,
         nullptr},
        {{"POLICY_MISSING", Severity::Error, "A policy that nodes ask for does not exist",
          "Add it: \"channel update draft --policy PATH=RULE\"."},
         policyMissing,
         nullptr},
        {{"MSP_UNREADABLE", Severity::Error, "A definition in the configuration cannot be read",
          "Replace it by a draft; \"msp check\" tells what is wrong with an MSP."},
         brokenMsp,
         nullptr},
        {{"NO_ADMINISTRATOR", Severity::Error, "Nobody is administrator of an organisation",
          "Turn node OUs on in its MSP, and send the new definition to the others."},
         noAdministrator,
         nullptr},
        {{"CERTIFICATE_ENDED", Severity::Error, "A certificate in use has ended",
          "\"cert renew\" renews it; \"cert forecast\" tells what stands still."},
         nullptr,
         ended},
        {{"BATCH_TOO_LARGE", Severity::Error, "Transactions may be larger than nodes can move",
          "\"channel update draft --absolute-bytes 10485760\"."},
         batchTooLarge,
         nullptr},
        {{"BFT_TOO_SMALL", Severity::Error, "A BFT cluster that bears no failure",
          "Run at least four consenters of different organisations."},
         bftTooSmall,
         nullptr},
    };
}

std::vector<Row> warningRows() {
    return {
        {{"QUORUM_AT_EDGE", Severity::Warning, "One more failure stops ordering",
          "Start the missing orderers."},
         quorumAtEdge,
         nullptr},
        {{"SINGLE_ORDERER", Severity::Warning, "Ordering depends on one node",
          "Add consenters until there are three or five."},
         singleOrderer,
         nullptr},
        {{"HEIGHTS_DIFFER", Severity::Warning, "A node is behind the others",
          "Look at its log; when it stays behind, its orderers or its disk are the cause."},
         heightsDiffer,
         nullptr},
        {{"MAINTENANCE", Severity::Warning, "A channel is in maintenance mode",
          "End the migration: set the state of the consensus type to NORMAL."},
         maintenance,
         nullptr},
        {{"POLICY_ALONE", Severity::Warning, "One organisation can decide alone",
          "Use \"MAJORITY Admins\" or name several: \"channel update draft --policy\"."},
         oneIsEnough,
         nullptr},
        {{"NO_ANCHOR_PEER", Severity::Warning, "An organisation without an anchor peer",
          "\"channel update draft --anchor ORG=HOST:PORT\": else other organisations' peers "
          "do not find its peers."},
         noAnchors,
         nullptr},
        {{"NO_ORDERER_ENDPOINT", Severity::Warning, "Orderers without an address",
          "\"channel update draft --endpoint ORG=HOST:PORT\"."},
         noEndpoints,
         nullptr},
        {{"CERTIFICATE_ENDING", Severity::Warning, "A certificate in use ends within 30 days",
          "\"cert renew\" renews it in time."},
         nullptr,
         ending},
        {{"CRL_OUTDATED", Severity::Warning, "A revocation list should have been renewed",
          "\"ca crl\" makes a new one, \"msp draft-crl\" brings it into the channel."},
         nullptr,
         oldLists},
        {{"OLD_CAPABILITIES", Severity::Warning, "Old capabilities keep features off",
          "\"channel update draft --capability LEVEL=V2_0\", once all nodes support it."},
         oldCapabilities,
         nullptr},
        {{"CONTRACT_NOWHERE", Severity::Warning, "A committed contract runs nowhere",
          "\"contract install\" and \"contract approve --package-id\" at peers that shall run it."},
         contractNowhere,
         nullptr},
    };
}

std::vector<Row> infoRows() {
    return {
        {{"NO_ADMIN_OU", Severity::Info, "Administrators are listed one by one",
          "Turn node OUs on: a new administrator then needs no change of the channel."},
         noAdminOu,
         nullptr},
        {{"INDISPENSABLE", Severity::Info, "Without one organisation nothing can be endorsed",
          "Check that this is meant; \"policy simulate\" shows what stops."},
         indispensable,
         nullptr},
        {{"EVEN_CLUSTER", Severity::Info, "An even number of consenters",
          "Add or remove one: the same failures are borne with one node less."},
         evenCluster,
         nullptr},
        {{"BATCH_UNEVEN", Severity::Info, "Blocks have no room above one large transaction",
          "Set the preferred size below the absolute one: --batch-bytes 2097152."},
         batchUneven,
         nullptr},
        {{"BATCH_SLOW", Severity::Info, "Lone transactions wait long",
          "\"channel update draft --batch-timeout 2s\"."},
         batchSlow,
         nullptr},
        {{"CONTRACT_NOT_EVERYWHERE", Severity::Info, "A contract does not run at every peer",
          "Install it there, too, when these peers shall endorse."},
         contractMissingSomewhere,
         nullptr},
        {{"NO_CONTRACT", Severity::Info, "A channel without a contract",
          "\"contract package\", \"install\", \"approve\" and \"commit\" bring one."},
         noContract,
         nullptr},
    };
}

const std::vector<Row>& table() {
    static const std::vector<Row> rows = [] {
        std::vector<Row> all = errorRows();
        for (const auto& more : {warningRows(), infoRows()})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return rows;
}

}  // namespace

std::string_view nameOf(HealthSeverity severity) {
    return severity == Severity::Error     ? "error"
           : severity == Severity::Warning ? "warning"
                                           : "info";
}

const std::vector<const HealthRule*>& healthRules() {
    static const std::vector<const HealthRule*> rules = [] {
        std::vector<const HealthRule*> all;
        for (const Row& row : table()) all.push_back(&row.rule);
        return all;
    }();
    return rules;
}

std::vector<HealthFinding> HealthExam::run(const HealthFacts& facts) const {
    std::vector<HealthFinding> findings;
    for (const Row& row : table()) {
        Found found;
        if (row.ofAll != nullptr) row.ofAll(facts, found);
        if (row.ofChannel != nullptr)
            for (const HealthChannel& channel : facts.channels) row.ofChannel(channel, found);
        for (auto& [subject, sentence] : found)
            findings.push_back({&row.rule, std::move(subject), std::move(sentence)});
    }
    std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
        return a.rule->severity > b.rule->severity;
    });
    return findings;
}

}  // namespace chancery::usecase
