#include "src/base/Encoding.h"
#include "src/cli/CauseText.h"
#include "src/cli/ConfigChangeText.h"
#include "src/cli/LedgerText.h"
#include "src/cli/PolicyText.h"
#include "src/cli/ValidationText.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using namespace usecase;

constexpr std::size_t kArgumentsShown = 24;

bool isValid(const TransactionDescription& transaction) {
    return transaction.summary.code ? transaction.summary.code->valid()
                                    : transaction.computedCode && transaction.computedCode->valid();
}

Text callOf(const TransactionDescription& transaction) {
    if (transaction.summary.contract.empty()) return {};
    Text call = strong(transaction.summary.contract);
    call.add(".").add(
        transaction.summary.function.empty() ? "(no function)" : transaction.summary.function,
        Tone::Strong);
    if (!transaction.decodedArguments.empty()) return call;
    call.add("(");
    for (std::size_t i = 0; i < transaction.arguments.size() && i < kArgumentsShown; ++i) {
        if (i > 0) call.add(", ");
        call.add(valueText(transaction.arguments[i], 60));
    }
    if (transaction.arguments.size() > kArgumentsShown)
        call.add(fmt::format(" … {} more", number(transaction.arguments.size() - kArgumentsShown)),
                 Tone::Quiet);
    return call.add(")");
}

Text shownKey(const std::string& collection, const Bytes& key, const Sentence& meaning = {}) {
    if (!meaning.empty()) return meaning.english;
    if (collection.empty()) return keyText(key);
    return quiet("hash ") + Text(shortHash(key, 16));
}

Text shownValue(const std::string& collection, const Bytes& value, const Sentence& meaning) {
    if (!meaning.empty()) return meaning.english;
    return collection.empty() ? valueText(value) : quiet("hash ") + Text(shortHash(value, 16));
}

std::string placeOf(const std::string& contract, const std::string& collection) {
    return collection.empty() ? contract : contract + " / " + collection;
}

void printHead(Printer& out, const TransactionDescription& transaction) {
    const TransactionSummary& summary = transaction.summary;
    Text title =
        strong(fmt::format("Transaction {} of block {}", summary.index, number(summary.block)));
    if (summary.code)
        title.add(summary.code->valid() ? "  ✓ valid" : "  ✗ refused",
                  summary.code->valid() ? Tone::Good : Tone::Bad);
    out.line(title);
    std::string answer;
    if (transaction.responseStatus) {
        answer = std::to_string(*transaction.responseStatus);
        if (!transaction.responseMessage.empty()) answer += ", " + transaction.responseMessage;
    }
    Text event;
    if (transaction.event)
        event = Text(transaction.event->first) + Text(": ") + valueText(transaction.event->second);
    out.fields(
        {{"Id", Text(summary.txId.empty() ? "none" : summary.txId)},
         {"Kind", Text(summary.type == "ENDORSER_TRANSACTION" ? "" : summary.type)},
         {"Sent by", Text(nameOf(summary.creator))},
         {"Sent at", Text(utc(summary.time))},
         {"Call", callOf(transaction)},
         {"Initialises", Text(transaction.isInit ? "yes, the first call of this version" : "")},
         {"Contract version", Text(transaction.contractVersion)},
         {"Answer", Text(answer)},
         {"Result",
          transaction.responsePayload.empty() ? Text() : valueText(transaction.responsePayload)},
         {"Event", event}},
        2);
    if (transaction.decodedArguments.empty()) return;
    std::vector<Printer::Field> fields;
    for (const auto& [name, value] : transaction.decodedArguments)
        fields.emplace_back(name.english, Text(value.english));
    out.fields(fields, 4);
}

void printWrites(Printer& out, const TransactionDescription& transaction) {
    if (transaction.writes.empty() && transaction.keyPolicies.empty()) return;
    out.heading(isValid(transaction) ? "What it changed" : "What it would have changed");
    Table table({{"Contract", Align::Left, Fit::CutEnd},
                 {"Key", Align::Left, Fit::CutEnd, 12},
                 {"Before", Align::Left, Fit::CutEnd, 12},
                 {"After", Align::Left, Fit::CutEnd, 12}});
    for (const WriteDescription& write : transaction.writes) {
        Text before = quiet(transaction.stateKnown ? "did not exist" : "not known");
        if (write.before) before = shownValue(write.collection, *write.before, write.beforeMeaning);
        Text after = warning(write.purge ? "purged with its history" : "deleted");
        if (write.after) after = shownValue(write.collection, *write.after, write.afterMeaning);
        table.row({placeOf(write.contract, write.collection),
                   shownKey(write.collection, write.key, write.keyMeaning), before, after});
    }
    if (table.rows() > 0) out.table(table, 2);
    for (const KeyPolicyDescription& policy : transaction.keyPolicies) {
        Text text = Text("Key ") + shownKey(policy.collection, policy.key) + Text(" of ") +
                    Text(placeOf(policy.contract, policy.collection));
        if (policy.policy)
            text.add(" gets its own endorsement policy: ").add(*policy.policy, Tone::Strong);
        else
            text.add(" loses its own endorsement policy");
        out.item("•", text, 2);
        for (const std::string& entry : policy.otherEntries)
            out.paragraph(quiet("metadata entry " + entry), 4);
    }
}

void printReads(Printer& out, const TransactionDescription& transaction) {
    if (!transaction.reads.empty()) {
        out.heading("What it had read", quiet("(when it was endorsed, and who had written that)"));
        Table table({{"Contract", Align::Left, Fit::CutEnd},
                     {"Key", Align::Left, Fit::CutEnd, 12},
                     {"Read as of"},
                     {"When it was judged"}});
        for (const ReadDescription& read : transaction.reads)
            table.row({placeOf(read.contract, read.collection),
                       shownKey(read.collection, read.key, read.keyMeaning),
                       read.read ? Text(placeText(*read.read)) : quiet("did not exist"),
                       !transaction.stateKnown ? quiet("not known")
                       : !read.stale()         ? good("✓ unchanged")
                       : read.current          ? bad("✗ " + placeText(*read.current))
                                               : bad("✗ gone")});
        out.table(table, 2);
    }
    if (transaction.rangeReads.empty()) return;
    out.heading("Ranges it had queried");
    Table table({{"Contract", Align::Left, Fit::CutEnd},
                 {"From", Align::Left, Fit::CutEnd, 10},
                 {"To", Align::Left, Fit::CutEnd, 10},
                 {"Results"},
                 {"Read to its end"}});
    for (const RangeReadDescription& range : transaction.rangeReads)
        table.row({range.contract,
                   range.start.empty() ? quiet("the first key") : Text(keyText(range.start)),
                   range.end.empty() ? quiet("the last key") : Text(keyText(range.end)),
                   range.results ? Text(number(*range.results)) : quiet("many, recorded as hashes"),
                   range.exhausted ? "yes" : "no"});
    out.table(table, 2);
}

void printEndorsements(Printer& out, const TransactionDescription& transaction) {
    if (!transaction.endorsements.empty()) {
        out.heading("Who endorsed it");
        for (const EndorsementDescription& endorsement : transaction.endorsements) {
            Text text = nameOf(endorsement.endorser);
            if (!endorsement.counts)
                text.add("  does not count: " + endorsement.why.english, Tone::Warning);
            out.item(endorsement.counts ? good("✓") : bad("✗"), text, 2);
        }
    }
    if (transaction.policies.empty()) return;
    out.heading("Who had to endorse it");
    for (const PolicyVerdict& policy : transaction.policies) {
        Text title = Text("For ") + strong(policy.subject.english);
        if (!policy.text.empty()) title.add("  " + policy.text.english, Tone::Quiet);
        out.paragraph(title, 2);
        out.tree(treeOf(policy.explanation), 4);
    }
}

void printVerdict(Printer& out, const TransactionDescription& transaction) {
    const auto& code = transaction.summary.code;
    out.heading("Verdict");
    if (code) {
        const ValidationText text = describeValidationCode(code->number);
        out.item(code->valid() ? good("✓") : bad("✗"),
                 code->valid()
                     ? Text(text.meaning)
                     : bad(code->name) + Text(fmt::format(": {}. {}", text.title, text.meaning)),
                 2);
    } else {
        out.line("No peer has judged it: the block comes from an orderer.", 2);
    }
    if (transaction.cause) out.paragraph(causeText(*transaction.cause), 4);
    for (const Sentence& fault : transaction.faults) out.item(warning("!"), fault.english, 4);
    if (!transaction.computedCode) {
        out.paragraph(quiet("Not judged again here: the data do not allow it."), 4);
        return;
    }
    const RecordedCode& computed = *transaction.computedCode;
    if (!code)
        out.paragraph(Text("Judged here: ") + strong(computed.name) +
                          Text(fmt::format(", {}.", describeValidationCode(computed.number).title)),
                      4);
    else if (computed.number == code->number)
        out.paragraph(quiet("Judged again here, with the same result."), 4);
    else
        out.paragraph(
            bad(fmt::format("Judged again here, the result is another one: {}.", computed.name)),
            4);
}

}  // namespace

void printTransaction(Printer& out, const TransactionDescription& transaction) {
    printHead(out, transaction);
    if (!transaction.configChanges.empty()) {
        out.heading("What it changes in the configuration");
        printChanges(out, transaction.configChanges, 2);
    }
    printWrites(out, transaction);
    printReads(out, transaction);
    printEndorsements(out, transaction);
    printVerdict(out, transaction);
}

}  // namespace chancery::cli
