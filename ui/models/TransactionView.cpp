#include "ui/models/TransactionView.h"

#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {
namespace {

using namespace usecase;

constexpr std::size_t kArgumentsShown = 40;
constexpr std::size_t kAnswerShown = 320;

PersonView personOf(const IdentityName& identity) {
    return {LedgerText::name(identity), LedgerText::role(identity),
            LedgerText::plain(identity.mspId.str(), 100),
            LedgerText::plain(identity.fingerprint, 100)};
}

/// "2 of 3" as somebody would say it.
QString gateText(const PolicyExplanation& gate) {
    const auto parts = static_cast<int>(gate.parts.size());
    const auto needed = static_cast<int>(std::min<std::size_t>(gate.needed, 100000));
    if (!gate.rule.starts_with(std::to_string(gate.needed) + " of "))
        return Sentences::word(gate.rule);
    if (needed == 0) return TransactionView::tr("nobody has to sign");
    if (needed == parts)
        return parts == 2 ? TransactionView::tr("both") : TransactionView::tr("all %n", "", parts);
    if (needed == 1) return TransactionView::tr("any one of %n", "", parts);
    return TransactionView::tr("any %1 of %2").arg(needed).arg(parts);
}

QString capitalised(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString reasonsOf(const PolicyExplanation& part) {
    QStringList reasons;
    for (const Sentence& reason : part.reasons) reasons << Sentences::tell(reason, 500);
    return reasons.isEmpty() ? LedgerText::plain(part.why, 500)
                             : reasons.join(TransactionView::tr("; "));
}

PolicyNodeView nodeOf(const PolicyExplanation& part) {
    if (part.parts.size() == 1 && part.rule == "1 of 1") return nodeOf(part.parts.front());
    PolicyNodeView node;
    node.satisfied = part.satisfied;
    if (part.parts.empty() && !part.phrase.empty()) {
        node.rule = LedgerText::plain(part.rule, 300);
        node.remark = part.satisfied     ? LedgerText::plain(part.usedBy, 300)
                      : part.why.empty() ? TransactionView::tr("nobody signed as such")
                                         : reasonsOf(part);
        return node;
    }
    node.rule = gateText(part);
    node.remark = TransactionView::tr("%1 needed, %2 there")
                      .arg(LedgerText::number(part.needed), LedgerText::number(part.have));
    for (const PolicyExplanation& inner : part.parts) node.parts.push_back(nodeOf(inner));
    return node;
}

PolicyView policyOf(const PolicyVerdict& verdict) {
    PolicyView view;
    view.subject = Sentences::tell(verdict.subject, 300);
    view.text = Sentences::tell(verdict.text, 1000);
    view.sentence = Sentences::tell(verdict.sentence, 1000);
    view.satisfied = verdict.satisfied;
    view.tree = nodeOf(verdict.explanation);
    return view;
}

QString conflictKey(const ConflictDescription& conflict) {
    if (conflict.collection.empty()) return LedgerText::plain(conflict.key, 200);
    return TransactionView::tr("the key with hash %1 of %2")
        .arg(LedgerText::hash(conflict.key, 8, 4), LedgerText::plain(conflict.collection, 100));
}

QString conflictText(const ConflictDescription& conflict) {
    const QString key = conflictKey(conflict);
    const QString who =
        conflict.writer
            ? TransactionView::tr("transaction %1").arg(LedgerText::place(*conflict.writer))
            : TransactionView::tr("another transaction");
    if (!conflict.read)
        return TransactionView::tr(
                   "It had read “%1” when it did not exist; meanwhile %2 created it.")
            .arg(key, who);
    const QString block = LedgerText::number(conflict.read->block);
    if (!conflict.current)
        return TransactionView::tr(
                   "It had read “%1” as block %2 had left it; meanwhile %3 deleted it.")
            .arg(key, block, who);
    return TransactionView::tr("It had read “%1” as block %2 had left it; meanwhile %3 changed it.")
        .arg(key, block, who);
}

QString rangeText(const CauseDescription& cause) {
    const QString range = TransactionView::tr("It had queried the keys from “%1” to “%2”")
                              .arg(LedgerText::plain(cause.range->first, 200),
                                   LedgerText::plain(cause.range->second, 200));
    if (cause.rangeSummarised || !cause.conflict || cause.conflict->key.empty())
        return TransactionView::tr("%1; the result would be another one now.").arg(range);
    const ConflictDescription& conflict = *cause.conflict;
    const QString who =
        conflict.writer
            ? TransactionView::tr("transaction %1").arg(LedgerText::place(*conflict.writer))
            : TransactionView::tr("another transaction");
    const QString key = conflictKey(conflict);
    if (!conflict.current)
        return TransactionView::tr("%1; meanwhile %2 deleted “%3”.").arg(range, who, key);
    if (!conflict.read)
        return TransactionView::tr("%1; meanwhile %2 created “%3”.").arg(range, who, key);
    return TransactionView::tr("%1; meanwhile %2 changed “%3”.").arg(range, who, key);
}

CauseView causeOf(const CauseDescription& cause, const TransactionDescription& transaction) {
    CauseView view;
    if (cause.range)
        view.sentence = rangeText(cause);
    else if (cause.conflict)
        view.sentence = conflictText(*cause.conflict);
    else if (cause.original)
        view.sentence = TransactionView::tr("Transaction %1 has the same id.")
                            .arg(LedgerText::place(*cause.original));
    else
        view.sentence = Sentences::tell(told(cause));
    if (cause.original) view.other = cause.original;
    if (cause.conflict) {
        view.other = cause.conflict->writer;
        // The range's summary names no key, and of a private key only the hash is known.
        if (!cause.conflict->key.empty() && cause.conflict->collection.empty()) {
            view.key = KeyReference{cause.conflict->contract, "", cause.conflict->key};
            view.keyText = TransactionView::tr("History of %1")
                               .arg(LedgerText::plain(cause.conflict->key, 80));
        }
    }
    if (view.other)
        view.otherText =
            TransactionView::tr("Open transaction %1").arg(LedgerText::place(*view.other));
    for (const PolicyVerdict& policy : transaction.policies)
        if (!policy.satisfied) view.missing.push_back(policyOf(policy));
    return view;
}

QString argumentsOf(const TransactionDescription& transaction) {
    QStringList parts;
    for (std::size_t i = 0; i < transaction.arguments.size() && i < kArgumentsShown; ++i)
        parts << LedgerText::value(transaction.arguments[i], 200);
    QString text = parts.join(QStringLiteral("  "));
    if (transaction.arguments.size() > kArgumentsShown)
        text +=
            QStringLiteral("  ") +
            TransactionView::tr("… %n more", "",
                                static_cast<int>(transaction.arguments.size() - kArgumentsShown));
    return text;
}

void addVerdict(TransactionView& view, const TransactionDescription& transaction) {
    const auto& code = transaction.summary.code;
    const auto& computed = transaction.computedCode;
    view.level = LedgerText::level(code);
    if (code) {
        view.verdict = TransactionView::tr("%1, code %2")
                           .arg(LedgerText::plain(code->name, 100))
                           .arg(code->number);
        view.verdictMeaning = LedgerText::codeMeaning(code->number);
    } else if (computed) {
        view.level = LedgerText::level(computed);
        view.verdict =
            TransactionView::tr("%1, judged here").arg(LedgerText::plain(computed->name, 100));
        view.verdictMeaning = LedgerText::codeMeaning(computed->number);
    } else {
        view.verdict = TransactionView::tr("Not judged");
        view.verdictMeaning =
            TransactionView::tr("No peer has judged it: the block comes from an orderer.");
    }
    if (code && computed && code->number != computed->number)
        view.otherVerdict =
            TransactionView::tr("Judged again here, the result is another one: %1. %2")
                .arg(LedgerText::plain(computed->name, 100),
                     LedgerText::codeMeaning(computed->number));
}

QString privateNoteOf(const TransactionDescription& transaction) {
    QStringList collections;
    const auto add = [&](const std::string& collection) {
        const QString name = LedgerText::plain(collection, 100);
        if (!collection.empty() && !collections.contains(name)) collections << name;
    };
    for (const auto& read : transaction.reads) add(read.collection);
    for (const auto& write : transaction.writes) add(write.collection);
    if (collections.isEmpty()) return {};
    return TransactionView::tr(
               "Private data is not held here: the ledger has its hashes only (%1).")
        .arg(collections.join(QStringLiteral(", ")));
}

}  // namespace

std::vector<ChangeView> ChangeView::of(const std::vector<ConfigChange>& changes) {
    std::vector<ChangeView> views;
    for (const ConfigChange& change : changes)
        views.push_back({change.id.ends_with("_ADDED")     ? Kind::Added
                         : change.id.ends_with("_REMOVED") ? Kind::Removed
                                                           : Kind::Changed,
                         Sentences::tell(change.told()), LedgerText::plain(change.path, 500),
                         of(change.details)});
    return views;
}

TransactionView TransactionView::of(const TransactionDescription& transaction) {
    const TransactionSummary& summary = transaction.summary;
    TransactionView view;
    view.place = {summary.block, summary.index};
    view.id = LedgerText::plain(summary.txId, 300);
    view.type = LedgerText::plain(summary.type, 100);
    view.config = summary.type == "CONFIG";
    view.call = LedgerText::call(summary.contract, summary.function);
    if (view.call.isEmpty())
        view.call = view.config ? TransactionView::tr("Configuration") : view.type;
    view.where =
        summary.time
            ? TransactionView::tr("in block %1 at index %2, sent %3 UTC")
                  .arg(LedgerText::number(summary.block), LedgerText::number(summary.index),
                       LedgerText::dateTime(summary.time))
            : TransactionView::tr("in block %1 at index %2")
                  .arg(LedgerText::number(summary.block), LedgerText::number(summary.index));
    addVerdict(view, transaction);
    if (summary.creator) view.creator = personOf(*summary.creator);
    for (const PolicyVerdict& policy : transaction.policies)
        view.policies.push_back(policyOf(policy));
    if (!view.policies.empty()) {
        const PolicyView& first = view.policies.front();
        const bool all = std::all_of(view.policies.begin(), view.policies.end(),
                                     [](const PolicyView& one) { return one.satisfied; });
        view.policy =
            (all ? TransactionView::tr("%1, satisfied") : TransactionView::tr("%1, not satisfied"))
                .arg(first.text.isEmpty() ? first.subject : first.text);
    }
    view.contractVersion = LedgerText::plain(transaction.contractVersion, 100);
    for (const auto& [name, value] : transaction.decodedArguments)
        view.decoded.push_back({Sentences::tell(name, 100), Sentences::tell(value)});
    if (view.decoded.empty()) view.arguments = argumentsOf(transaction);
    if (transaction.responseStatus) {
        view.response = QString::number(*transaction.responseStatus);
        if (!transaction.responseMessage.empty())
            view.response += QStringLiteral(", ") + LedgerText::plain(transaction.responseMessage);
        if (!transaction.responsePayload.empty())
            view.response +=
                QStringLiteral(", ") + LedgerText::value(transaction.responsePayload, kAnswerShown);
    }
    if (transaction.event)
        view.event = NamedValue{LedgerText::plain(transaction.event->first, 300),
                                LedgerText::value(transaction.event->second, 64 * 1024)};
    if (transaction.cause) view.cause = causeOf(*transaction.cause, transaction);
    view.changes = ChangeView::of(transaction.configChanges);
    for (const Sentence& fault : transaction.faults)
        view.faults << capitalised(Sentences::tell(fault, 1000));
    view.privateNote = privateNoteOf(transaction);
    return view;
}

namespace {

void addSigners(BlockView& view, const BlockDescription& block) {
    QStringList names;
    for (const BlockSignature& signature : block.signatures) {
        if (signature.signer) {
            view.signers.push_back(personOf(*signature.signer));
            names << LedgerText::name(*signature.signer);
        } else if (signature.consenter) {
            names << TransactionView::tr("consenter %1").arg(*signature.consenter);
        }
    }
    if (!names.isEmpty())
        view.notes
            << (names.size() > 2
                    ? TransactionView::tr("Signed by %n orderer(s)", "",
                                          static_cast<int>(names.size()))
                    : TransactionView::tr("Signed by %1").arg(names.join(QStringLiteral(", "))));
    else
        view.notes << TransactionView::tr("Signed by nobody");
}

}  // namespace

BlockView BlockView::of(const BlockDescription& block, const BlockDescription* previous,
                        const BlockDescription* next) {
    const BlockSummary& summary = block.summary;
    BlockView view;
    view.number = summary.number;
    view.config = summary.config;
    view.title = TransactionView::tr("Block %1").arg(LedgerText::number(summary.number));
    QStringList parts{
        TransactionView::tr("%n transaction(s)", "", static_cast<int>(summary.transactions))};
    const auto judgedHere =
        std::count_if(block.transactions.begin(), block.transactions.end(),
                      [](const TransactionSummary& one) { return one.computed.has_value(); });
    const auto invalidHere = std::count_if(
        block.transactions.begin(), block.transactions.end(),
        [](const TransactionSummary& one) { return one.computed && !one.computed->valid(); });
    if (!summary.valid && judgedHere == 0)
        parts << TransactionView::tr("not judged");
    else if (!summary.valid)
        parts << TransactionView::tr("%n invalid (judged here)", "", static_cast<int>(invalidHere));
    else if (*summary.valid < summary.transactions)
        parts << TransactionView::tr("%n invalid", "",
                                     static_cast<int>(summary.transactions - *summary.valid));
    parts << LedgerText::size(summary.size);
    if (summary.config) parts << TransactionView::tr("configuration");
    view.summary = LedgerText::list(parts);
    view.hash = LedgerText::fullHash(summary.hash);
    view.hashShort = LedgerText::hash(summary.hash, 8, 6);
    view.previousHash = LedgerText::fullHash(block.previousHash);
    view.previousShort = LedgerText::hash(block.previousHash, 8, 6);
    view.dataHash = LedgerText::fullHash(block.dataHash);
    view.commitHash = LedgerText::fullHash(block.commitHash);
    view.computedDataHash = LedgerText::fullHash(block.computedDataHash);
    view.dataHashMatches = block.dataHashMatches;
    view.notes << (block.dataHashMatches ? TransactionView::tr("Data hash recomputed")
                                         : TransactionView::tr("Data hash does not match"));
    addSigners(view, block);
    if (block.raftIndex)
        view.notes
            << TransactionView::tr("Raft index %1").arg(LedgerText::number(*block.raftIndex));
    if (block.bftViewAndSequence)
        view.notes << TransactionView::tr("BFT view %1, sequence %2")
                          .arg(LedgerText::number(block.bftViewAndSequence->first),
                               LedgerText::number(block.bftViewAndSequence->second));
    view.place = TransactionView::tr("%1, byte %2")
                     .arg(LedgerText::plain(block.file, 1000), LedgerText::number(block.offset));
    view.changes = ChangeView::of(block.configChanges);
    if (previous)
        view.before = previous->summary.hash == block.previousHash ? Joint::Holds : Joint::Broken;
    if (next) {
        view.next = next->summary.number;
        view.nextShort = LedgerText::hash(next->summary.hash, 8, 6);
        view.after = next->previousHash == summary.hash ? Joint::Holds : Joint::Broken;
        if (view.after == Joint::Broken) {
            view.expectedHash = LedgerText::fullHash(next->previousHash);
            view.actualHash = view.hash;
        }
    }
    if (view.before == Joint::Broken) {
        view.expectedHash = view.previousHash;
        view.actualHash = LedgerText::fullHash(previous->summary.hash);
    }
    return view;
}

}  // namespace chancery::ui
