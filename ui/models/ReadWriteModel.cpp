#include "ui/models/ReadWriteModel.h"

#include <map>
#include <set>

#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"
#include "ui/models/ValueDiff.h"

namespace chancery::ui {
namespace {

using namespace usecase;

QString keyText(const std::string& collection, const Bytes& key, const Sentence& meaning) {
    // What tells them apart comes early: their group says already that they are definitions.
    if (meaning.id == "DEFINITION_FIELD")
        if (const Sentence why = meaning.inner("why"); !why.empty())
            return ReadWriteModel::tr("%1: %2", "contract, part of its definition")
                .arg(LedgerText::plain(meaning.argument("contract"), 200),
                     Sentences::tell(why, 200));
    if (!meaning.empty()) return Sentences::tell(meaning, 500);
    if (!collection.empty()) return LedgerText::hash(key, 8, 4);
    return LedgerText::plain(key, 500);
}

}  // namespace

/// A key with all that happened to it.
struct ReadWriteModel::Entry {
    const ReadDescription* read = nullptr;
    const WriteDescription* write = nullptr;
    const KeyPolicyDescription* policy = nullptr;
};

void ReadWriteModel::setTransaction(std::shared_ptr<const TransactionDescription> transaction) {
    beginResetModel();
    m_transaction = std::move(transaction);
    build();
    endResetModel();
}

void ReadWriteModel::setDecoding(bool decode) {
    if (m_decode == decode) return;
    m_decode = decode;
    // The rows stay the same; only what stands in the cells of values is another text.
    build();
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, After));
}

std::size_t ReadWriteModel::reads() const {
    return m_transaction ? m_transaction->reads.size() : 0;
}

std::size_t ReadWriteModel::writes() const {
    return m_transaction ? m_transaction->writes.size() : 0;
}

void ReadWriteModel::build() {
    m_rows.clear();
    if (!m_transaction) return;
    // In the order in which contracts, collections and keys appear.
    using Place = std::pair<std::string, std::string>;
    std::vector<Place> order;
    std::map<Place, std::vector<Entry>> groups;
    std::map<std::pair<Place, Bytes>, std::size_t> known;
    const auto entryOf = [&](const std::string& contract, const std::string& collection,
                             const Bytes& key) -> Entry& {
        const Place place{contract, collection};
        auto [group, isNew] = groups.try_emplace(place);
        if (isNew) order.push_back(place);
        const auto [at, added] = known.try_emplace({place, key}, group->second.size());
        if (added) group->second.emplace_back();
        return group->second[at->second];
    };
    for (const auto& read : m_transaction->reads)
        entryOf(read.contract, read.collection, read.key).read = &read;
    for (const auto& write : m_transaction->writes)
        entryOf(write.contract, write.collection, write.key).write = &write;
    for (const auto& policy : m_transaction->keyPolicies)
        entryOf(policy.contract, policy.collection, policy.key).policy = &policy;
    for (const auto& range : m_transaction->rangeReads)
        if (groups.try_emplace(Place{range.contract, ""}).second)
            order.push_back({range.contract, ""});
    for (const Place& place : order) {
        addGroup(place.first, place.second, groups[place]);
        if (place.second.empty()) addRanges(place.first);
    }
}

void ReadWriteModel::addGroup(const std::string& contract, const std::string& collection,
                              const std::vector<Entry>& entries) {
    int reads = 0, writes = 0;
    for (const Entry& entry : entries) {
        if (entry.read) ++reads;
        if (entry.write) ++writes;
    }
    Row group;
    group.group = true;
    QString name = LedgerText::plain(contract, 200);
    if (!collection.empty()) name += QStringLiteral(" / ") + LedgerText::plain(collection, 200);
    Cell& cell = group.cells[Key];
    cell.text = name;
    QStringList counts{tr("%n read(s)", "", reads), tr("%n write(s)", "", writes)};
    if (!collection.empty()) counts << tr("hashes only");
    cell.full = LedgerText::list(counts);
    cell.mono = true;
    m_rows.push_back(std::move(group));
    for (const Entry& entry : entries) m_rows.push_back(keyRow(entry));
}

void ReadWriteModel::fillValues(const Entry& entry, Row& row) const {
    const WriteDescription* write = entry.write;
    const bool known = m_transaction->stateKnown;
    const bool hashed = !row.collection.empty();
    Cell& before = row.cells[Before];
    Cell& after = row.cells[After];
    before.mono = after.mono = true;
    const auto quiet = [](Cell& cell, const QString& text) {
        cell.text = text;
        cell.mono = false;
        cell.quiet = true;
    };
    if (!write) {
        quiet(before, entry.policy ? tr("policy only") : tr("read only"));
        quiet(after, tr("not written"));
    } else if (hashed) {
        if (write->before)
            before.text = tr("hash %1").arg(LedgerText::hash(*write->before, 8, 4));
        else
            quiet(before, known ? tr("does not exist") : tr("not known"));
        if (write->after)
            after.text = tr("hash %1").arg(LedgerText::hash(*write->after, 8, 4));
        else
            quiet(after, write->purge ? tr("purged") : tr("deleted"));
    } else {
        const ValueDiff diff = ValueDiff::of(write->before, write->after, m_decode);
        before.segments = diff.before;
        after.segments = diff.after;
        if (!write->beforeMeaning.empty() && write->before)
            before.segments = {
                {Sentences::tell(write->beforeMeaning, 1000), LedgerSegment::Mark::Removed}};
        if (!write->afterMeaning.empty() && write->after)
            after.segments = {
                {Sentences::tell(write->afterMeaning, 1000), LedgerSegment::Mark::Added}};
        if (!write->before) quiet(before, known ? tr("does not exist") : tr("not known"));
        if (!write->after) quiet(after, write->purge ? tr("purged") : tr("deleted"));
        if (write->before) before.full = LedgerText::value(*write->before, 64 * 1024);
        if (write->after) after.full = LedgerText::value(*write->after, 64 * 1024);
    }
}

ReadWriteModel::Row ReadWriteModel::keyRow(const Entry& entry) const {
    const ReadDescription* read = entry.read;
    const WriteDescription* write = entry.write;
    const bool known = m_transaction->stateKnown;
    Row row;
    row.hasKey = true;
    row.contract = read ? read->contract : write ? write->contract : entry.policy->contract;
    row.collection = read ? read->collection : write ? write->collection : entry.policy->collection;
    row.key = read ? read->key : write ? write->key : entry.policy->key;
    const Sentence meaning = read ? read->keyMeaning : write ? write->keyMeaning : Sentence();
    const bool hashed = !row.collection.empty();

    Cell& key = row.cells[Key];
    key.text = keyText(row.collection, row.key, meaning);
    key.full = hashed ? LedgerText::fullHash(row.key) : LedgerText::plain(row.key);
    key.mono = true;

    Cell& readAt = row.cells[ReadAt];
    readAt.mono = true;
    if (!read) {
        readAt = {tr("not read"), {}, {}, LedgerLevel::None, false, true};
    } else {
        readAt.text = read->read ? LedgerText::place(*read->read) : tr("did not exist");
        readAt.mono = read->read.has_value();
        if (known) readAt.level = read->stale() ? LedgerLevel::Bad : LedgerLevel::Good;
        readAt.full =
            !known           ? tr("What was current is not known")
            : !read->stale() ? tr("Still current when it was judged")
            : read->current
                ? tr("Changed before it was judged, by %1").arg(LedgerText::place(*read->current))
                : tr("Deleted before it was judged");
    }

    fillValues(entry, row);
    if (entry.policy) {
        const QString text =
            entry.policy->policy
                ? tr("policy %1").arg(LedgerText::plain(*entry.policy->policy, 500))
                : tr("policy removed");
        Cell& after = row.cells[After];
        if (!write)
            after = {text, {}, text, LedgerLevel::None, true, false};
        else
            after.segments.push_back({text, LedgerSegment::Mark::Plain});
    }
    return row;
}

void ReadWriteModel::addRanges(const std::string& contract) {
    for (const RangeReadDescription& range : m_transaction->rangeReads) {
        if (range.contract != contract) continue;
        Row row;
        row.cells[Key].text =
            (range.start.empty() ? tr("first key") : LedgerText::plain(range.start, 200)) +
            QStringLiteral(" … ") +
            (range.end.empty() ? tr("last key") : LedgerText::plain(range.end, 200));
        row.cells[Key].full = row.cells[Key].text;
        row.cells[Key].mono = true;
        row.cells[ReadAt].text =
            range.results ? tr("range, %n result(s)", "", static_cast<int>(*range.results))
                          : tr("range, recorded as hashes");
        row.cells[Before].text = range.exhausted ? tr("queried to its end") : tr("queried in part");
        row.cells[After].text = tr("not written");
        for (const int column : {ReadAt, Before, After}) row.cells[column].quiet = true;
        m_rows.push_back(std::move(row));
    }
}

int ReadWriteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ReadWriteModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReadWriteModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const Cell& cell = row.cells[index.column()];
    const QString text = cell.segments.isEmpty() ? cell.text : ValueDiff::textOf(cell.segments);
    switch (role) {
        case Qt::DisplayRole:
            return row.group && index.column() == ReadAt ? QVariant() : QVariant(text);
        case Qt::AccessibleTextRole:
            return cell.full.isEmpty() || index.column() == Key || row.group
                       ? text
                       : text + QStringLiteral(", ") + cell.full;
        case Qt::ToolTipRole:
            return row.group || cell.full.isEmpty() ? text : cell.full;
        case FullTextRole:
            return cell.full.isEmpty() ? text : cell.full;
        case SegmentsRole:
            return cell.segments.isEmpty() ? QVariant() : QVariant::fromValue(cell.segments);
        case LevelRole:
            return cell.level == LedgerLevel::None ? QVariant()
                                                   : QVariant(static_cast<int>(cell.level));
        case GroupRole:
            return row.group;
        case MonoRole:
            return cell.mono;
        case QuietRole:
            return cell.quiet;
        case HasKeyRole:
            return row.hasKey;
        case ContractRole:
            return QString::fromStdString(row.contract);
        case CollectionRole:
            return QString::fromStdString(row.collection);
        case KeyBytesRole:
            return QByteArray::fromStdString(row.key);
        default:
            return {};
    }
}

QVariant ReadWriteModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Key:
            return tr("Key");
        case ReadAt:
            return tr("Read at version");
        case Before:
            return tr("Before");
        case After:
            return tr("After");
        default:
            return {};
    }
}

}  // namespace chancery::ui
