#include <algorithm>
#include <map>

#include "src/base/Encoding.h"
#include "src/cli/CauseText.h"
#include "src/cli/ConfigChangeText.h"
#include "src/cli/LedgerText.h"
#include "src/cli/ValidationText.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using namespace usecase;

constexpr std::size_t kRefusedInOverview = 12;

std::string period(const LedgerOverview& ledger) {
    if (!ledger.firstTime || !ledger.lastTime) return {};
    const std::string first = utc(*ledger.firstTime);
    const std::string last = utc(*ledger.lastTime);
    const bool sameDay = first.substr(0, 10) == last.substr(0, 10);
    return fmt::format("{} to {} UTC", first, sameDay ? last.substr(11) : last);
}

Text transactionsOf(const LedgerOverview& ledger) {
    const std::size_t refused = ledger.transactions - ledger.valid - ledger.notJudged;
    Text text = strong(number(ledger.transactions));
    text.add(": ").add(number(ledger.valid) + " valid", Tone::Good);
    if (refused > 0) text.add(", ").add(number(refused) + " refused", Tone::Warning);
    if (ledger.notJudged > 0)
        text.add(fmt::format(", {} not judged by any peer", number(ledger.notJudged)));
    return text;
}

std::string orderingOf(const LedgerOverview& ledger) {
    if (ledger.consensus.empty()) return {};
    const std::string kind = ledger.consensus == "etcdraft" ? "Raft (tolerates crashes)"
                             : ledger.consensus == "BFT" ? "SmartBFT (tolerates dishonest orderers)"
                                                         : ledger.consensus;
    return fmt::format("{}, {}: {}", kind, counted(ledger.consenters.size(), "orderer"),
                       list(ledger.consenters));
}

void printSummary(Printer& out, const LedgerOverview& ledger) {
    out.line(strong("Channel " + ledger.channel));
    const std::string blocks =
        fmt::format("{} ({} to {}), {}", number(ledger.blocks), number(ledger.firstBlock),
                    number(ledger.lastBlock), size(ledger.bytes));
    std::string cut;
    if (ledger.batchTimeout)
        cut = fmt::format(
            "after {}, {} or {}, whichever comes first", duration(*ledger.batchTimeout),
            counted(ledger.batchMaxCount, "transaction"), size(ledger.batchPreferredBytes));
    std::string capabilities;
    for (const auto& [name, values] : {std::pair{"channel", &ledger.channelCapabilities},
                                       std::pair{"orderers", &ledger.ordererCapabilities},
                                       std::pair{"peers", &ledger.applicationCapabilities}})
        if (!values->empty())
            capabilities +=
                fmt::format("{}{} {}", capabilities.empty() ? "" : ", ", name, list(*values));
    out.fields({{"Blocks", Text(blocks)},
                {"Period", Text(period(ledger))},
                {"Transactions", transactionsOf(ledger)},
                {"Last block's hash", Text(toHex(ledger.lastHash))},
                {"Ordering", Text(orderingOf(ledger))},
                {"A block is cut", Text(cut)},
                {"Feature levels", Text(capabilities)}},
               2);
}

void printOrganisations(Printer& out, const LedgerOverview& ledger) {
    if (ledger.organisations.empty()) return;
    out.heading("Organisations");
    Table table({{"Name", Align::Left, Fit::CutEnd},
                 {"MSP id", Align::Left, Fit::CutEnd},
                 {"Part", Align::Left},
                 {"Since block", Align::Right},
                 {"Anchor peers and orderers", Align::Left, Fit::Wrap, 16}});
    for (const OrganisationOverview& organisation : ledger.organisations) {
        const std::string part = organisation.application && organisation.orderer ? "member, orders"
                                 : organisation.orderer                           ? "orders blocks"
                                                                                  : "member";
        std::vector<std::string> hosts = organisation.anchorPeers;
        hosts.insert(hosts.end(), organisation.ordererEndpoints.begin(),
                     organisation.ordererEndpoints.end());
        Text since = number(organisation.since);
        if (organisation.removed)
            since.add(fmt::format(" to {}", number(*organisation.removed)), Tone::Warning);
        table.row({organisation.name, organisation.mspId.str(), part, since, list(hosts)});
    }
    out.table(table, 2);
}

/// The first configuration consists of nothing but additions, one inside the other; those that
/// everybody asks for are told.
void pick(const std::vector<ConfigChange>& changes, std::vector<ConfigChange>& story) {
    for (const ConfigChange& change : changes) {
        for (const std::string_view id : {"ORGANISATION_ADDED", "CONSENSUS_TYPE_ADDED",
                                          "CONSENTER_ADDED", "BATCH_TIMEOUT_ADDED"})
            if (change.id == id) story.push_back(change);
        pick(change.details, story);
    }
}

std::vector<ConfigChange> storyOf(const ConfigChangeOverview& change) {
    if (change.block != 0) return change.changes;
    std::vector<ConfigChange> story;
    pick(change.changes, story);
    return story;
}

void printConfigChanges(Printer& out, const LedgerOverview& ledger) {
    if (ledger.configChanges.empty()) return;
    out.heading("How the channel was configured");
    for (const ConfigChangeOverview& change : ledger.configChanges) {
        Text title = accent(fmt::format("Block {}", number(change.block)));
        if (change.time) title.add("  " + utc(*change.time), Tone::Quiet);
        out.line(title, 2);
        printChanges(out, storyOf(change), 4, false);
        std::vector<std::string> signers;
        for (const IdentityName& signer : change.signers) signers.push_back(shortNameOf(signer));
        if (!signers.empty()) out.paragraph(quiet("Agreed by " + list(signers)), 6);
    }
}

void printContracts(Printer& out, const LedgerOverview& ledger) {
    if (ledger.contracts.empty()) return;
    out.heading("Contracts");
    Table table({{"Contract", Align::Left, Fit::CutEnd},
                 {"Version", Align::Left, Fit::CutEnd, 7},
                 {"Defined", Align::Left, Fit::Wrap, 9},
                 {"Calls", Align::Right},
                 {"Refused", Align::Right},
                 {"Keys", Align::Right},
                 {"Who must endorse a change", Align::Left, Fit::Wrap, 22}});
    for (const ContractOverview& contract : ledger.contracts) {
        std::string defined;
        if (contract.definedAt)
            defined = contract.sequence > 1
                          ? fmt::format("block {}, {} times", number(contract.definedAt->block),
                                        contract.sequence)
                          : fmt::format("block {}", number(contract.definedAt->block));
        Text refused = contract.refused > 0 ? warning(number(contract.refused)) : Text("0");
        table.row({strong(contract.name), contract.version,
                   contract.definedAt
                       ? Text(defined)
                       : quiet(contract.name == "_lifecycle" ? "part of Fabric" : "never"),
                   number(contract.calls), refused, number(contract.keys), contract.policy});
    }
    out.table(table, 2);
    for (const ContractOverview& contract : ledger.contracts) {
        if (contract.collections.empty()) continue;
        out.blank();
        out.line(Text("Private data of ") + strong(contract.name), 2);
        Table collections({{"Collection", Align::Left, Fit::CutEnd},
                           {"Kept for", Align::Left},
                           {"Who holds it", Align::Left, Fit::Wrap, 20}});
        for (const auto& collection : contract.collections)
            collections.row(
                {collection.name,
                 collection.blocksToLive == 0 ? "ever" : counted(collection.blocksToLive, "block"),
                 collection.members});
        out.table(collections, 4);
    }
}

void printKeys(Printer& out, const LedgerOverview& ledger) {
    if (ledger.busiestKeys.empty()) return;
    out.heading("Busiest keys");
    Table table({{"Contract", Align::Left, Fit::CutEnd},
                 {"Key", Align::Left, Fit::CutEnd, 12},
                 {"Writes", Align::Right},
                 {"Reads", Align::Right},
                 {"Refusals because it had changed", Align::Right}});
    for (const KeyOverview& key : ledger.busiestKeys)
        table.row({key.contract, keyText(key.key), number(key.writes), number(key.reads),
                   key.conflicts > 0 ? warning(number(key.conflicts)) : Text("0")});
    out.table(table, 2);
}

void printVerdictCounts(Printer& out, const LedgerOverview& ledger) {
    if (ledger.refused.empty()) return;
    std::map<int, std::pair<std::size_t, std::string>> codes;
    for (const RefusedTransaction& transaction : ledger.refused) {
        if (!transaction.summary.code) continue;
        auto& [count, name] = codes[transaction.summary.code->number];
        ++count;
        name = transaction.summary.code->name;
    }
    out.heading("Refused transactions", quiet("(they stand in the chain, but changed nothing)"));
    Table table({{"How many", Align::Right},
                 {"Peers' verdict"},
                 {"Which means", Align::Left, Fit::Wrap, 30}});
    std::vector<std::pair<int, std::pair<std::size_t, std::string>>> sorted(codes.begin(),
                                                                            codes.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second.first > b.second.first; });
    for (const auto& [code, row] : sorted)
        table.row({number(row.first), warning(row.second),
                   std::string(describeValidationCode(code).meaning)});
    out.table(table, 2);
    out.blank();
    printRefused(out, ledger.refused, kRefusedInOverview);
}

}  // namespace

void printRefused(Printer& out, const std::vector<RefusedTransaction>& refused, std::size_t limit) {
    Table table({{"Block/tx"},
                 {"Call", Align::Left, Fit::CutEnd, 14},
                 {"Sent by", Align::Left, Fit::CutEnd, 12},
                 {"Why it was refused", Align::Left, Fit::Wrap, 36}});
    std::size_t shown = 0;
    for (const auto& [summary, cause] : refused) {
        if (limit > 0 && shown == limit) break;
        ++shown;
        const ValidationText text =
            describeValidationCode(summary.code ? summary.code->number : 254);
        Text why = warning(text.title);
        if (cause) why.add(": ").add(causeText(*cause));
        table.row({shortPlace({summary.block, summary.index}), callText(summary),
                   summary.creator ? Text(summary.creator->commonName) : Text(), why});
    }
    out.table(table, 2);
    if (shown < refused.size())
        out.paragraph(
            quiet(fmt::format("… and {} more; \"ledger show PATH --refused\" lists all of them.",
                              number(refused.size() - shown))),
            2);
}

void printOverview(Printer& out, const LedgerOverview& ledger) {
    printSummary(out, ledger);
    printOrganisations(out, ledger);
    printConfigChanges(out, ledger);
    printContracts(out, ledger);
    printKeys(out, ledger);
    printVerdictCounts(out, ledger);
    out.blank();
    out.paragraph(
        quiet("Look closer: --blocks lists the blocks, --block N opens one, --tx BLOCK/INDEX tells "
              "a transaction, "
              "--key CONTRACT/KEY shows a value and --history how it came about."));
}

}  // namespace chancery::cli
