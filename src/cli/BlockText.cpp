#include "src/base/Encoding.h"
#include "src/cli/ConfigChangeText.h"
#include "src/cli/LedgerText.h"
#include "src/cli/ValidationText.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using namespace usecase;

Text verdictOf(const std::optional<RecordedCode>& code) {
    if (!code) return quiet("not judged");
    return code->valid() ? good("✓ valid") : bad("✗ " + code->name);
}

Text signersOf(const BlockDescription& block) {
    std::vector<Text> signers;
    for (const BlockSignature& signature : block.signatures)
        signers.emplace_back(signature.consenter
                                 ? fmt::format("orderer number {}", *signature.consenter)
                                 : nameOf(signature.signer));
    return signers.empty() ? quiet("nobody") : joined(signers, ", ");
}

Text writtenBy(const KeyVersion& version) {
    Text text(placeText(version.at));
    if (version.creator) text.add(", " + nameOf(*version.creator));
    return text;
}

}  // namespace

void printBlocks(Printer& out, const std::vector<BlockSummary>& blocks) {
    Table table({{"Block", Align::Right},
                 {"Time (UTC)"},
                 {"Txs", Align::Right},
                 {"Refused", Align::Right},
                 {"Size", Align::Right},
                 {"Hash", Align::Left, Fit::Id, 13}});
    for (const BlockSummary& block : blocks) {
        const std::size_t refused = block.valid ? block.transactions - *block.valid : 0;
        // A configuration stands alone in its block.
        table.row({number(block.number), utc(block.time),
                   block.config ? accent("config") : Text(number(block.transactions)),
                   !block.valid  ? Text()
                   : refused > 0 ? warning(number(refused))
                                 : quiet("0"),
                   size(block.size), toHex(block.hash)});
    }
    out.table(table);
}

void printBlock(Printer& out, const BlockDescription& block) {
    const BlockSummary& summary = block.summary;
    Text title = strong(fmt::format("Block {}", number(summary.number)));
    if (summary.config) title.add("  configuration", Tone::Accent);
    out.line(title);
    std::string judged = "no peer has judged its transactions";
    if (summary.valid)
        judged = fmt::format("{} valid, {} refused", number(*summary.valid),
                             number(summary.transactions - *summary.valid));
    Text data = Text(toHex(block.dataHash));
    data.add(block.dataHashMatches ? "  matches" : "  does not match the data",
             block.dataHashMatches ? Tone::Good : Tone::Bad);
    std::string raft;
    if (block.raftIndex) raft = fmt::format("entry {} of the Raft log", number(*block.raftIndex));
    if (block.bftViewAndSequence)
        raft = fmt::format("decision {} in view {}", number(block.bftViewAndSequence->second),
                           number(block.bftViewAndSequence->first));
    out.fields(
        {{"Time", Text(summary.time ? utc(*summary.time) + " UTC" : "")},
         {"Hash", Text(toHex(summary.hash))},
         {"Previous block's hash", block.previousHash.empty()
                                       ? quiet("none, this is the first block")
                                       : Text(toHex(block.previousHash))},
         {"Hash of its data", data},
         {"State fingerprint", Text(toHex(block.commitHash))},
         {"Transactions", Text(fmt::format("{}: {}", number(summary.transactions), judged))},
         {"Signed by", signersOf(block)},
         {"Ordered as", Text(raft)},
         {"Configuration in force",
          block.lastConfig ? Text(fmt::format("block {}", number(*block.lastConfig))) : Text()},
         {"Stored in", Text(fmt::format("{}, {} from byte {}", block.file, size(summary.size),
                                        number(block.offset)))}},
        2);
    if (!block.configChanges.empty()) {
        out.heading("What it changes");
        printChanges(out, block.configChanges, 2);
    }
    if (block.transactions.empty()) return;
    out.heading("Transactions");
    Table table({{"#", Align::Right},
                 {"Time (UTC)"},
                 {"Call", Align::Left, Fit::CutEnd, 14},
                 {"Sent by", Align::Left, Fit::CutEnd, 14},
                 {"Verdict of the peers", Align::Left, Fit::CutEnd, 12},
                 {"Id", Align::Left, Fit::Id, 13}});
    for (const TransactionSummary& transaction : block.transactions) {
        // The day stands above already, as a rule.
        const std::string time = utc(transaction.time);
        const bool sameDay = time.substr(0, 10) == utc(summary.time).substr(0, 10);
        table.row({number(transaction.index), sameDay && !time.empty() ? time.substr(11) : time,
                   callText(transaction),
                   transaction.creator ? Text(shortNameOf(*transaction.creator)) : Text(),
                   verdictOf(transaction.code), transaction.txId});
    }
    out.table(table, 2);
}

void printKey(Printer& out, const KeyDescription& key, bool withHistory) {
    const std::string name = keyText(key.key);
    Text title = strong(name) + quiet("  key of " + key.contract);
    if (!key.collection.empty()) title.add(", private collection " + key.collection, Tone::Quiet);
    out.line(title);
    if (key.current) {
        out.fields({{key.collection.empty() ? "Value" : "Hash of the value",
                     key.collection.empty() ? valueText(*key.current->value, 4000)
                                            : Text(toHex(*key.current->value))},
                    {"Written by", writtenBy(*key.current)},
                    {"With", Text(key.current->function)},
                    {"Transaction id", Text(key.current->txId)},
                    {"Time", Text(utc(key.current->time))},
                    {"Own endorsement policy", key.policy ? Text(*key.policy) : Text()},
                    {"State after", Text(fmt::format("block {}", number(key.height)))}},
                   2);
    } else {
        out.line(fmt::format("does not exist after block {}", number(key.height)), 2);
    }
    if (!withHistory) return;
    out.heading("History", quiet("(newest first)"));
    if (key.history.empty()) {
        out.line("Nobody ever wrote it.", 2);
        return;
    }
    Table table({{"Block/tx"},
                 {"Time (UTC)"},
                 {"Sent by", Align::Left, Fit::CutEnd, 12},
                 {"With", Align::Left, Fit::CutEnd, 10},
                 {key.collection.empty() ? "Value" : "Hash of the value", Align::Left,
                  key.collection.empty() ? Fit::CutEnd : Fit::Id, 16}});
    for (const KeyVersion& version : key.history) {
        Text value = !version.value           ? warning("deleted")
                     : key.collection.empty() ? valueText(*version.value)
                                              : Text(toHex(*version.value));
        table.row({shortPlace(version.at), utc(version.time),
                   version.creator ? Text(shortNameOf(*version.creator)) : Text(), version.function,
                   value});
    }
    out.table(table, 2);
}

}  // namespace chancery::cli
