#include "ui/models/KeyHistoryModel.h"

#include "ui/models/LedgerText.h"
#include "ui/models/ValueDiff.h"

namespace chancery::ui {

using namespace usecase;

void KeyHistoryModel::setKey(std::shared_ptr<const KeyDescription> key) {
    beginResetModel();
    m_key = std::move(key);
    build();
    endResetModel();
}

void KeyHistoryModel::setDecoding(bool decode) {
    if (m_decode == decode) return;
    beginResetModel();
    m_decode = decode;
    build();
    endResetModel();
}

void KeyHistoryModel::build() {
    m_rows.clear();
    if (!m_key) return;
    const auto& history = m_key->history;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const std::optional<Bytes> before =
            i + 1 < history.size() ? history[i + 1].value : std::nullopt;
        Row row;
        if (m_key->collection.empty()) {
            const ValueDiff diff = ValueDiff::of(before, history[i].value, m_decode);
            row = {diff.before, diff.after};
        } else {
            // Private data: the ledger holds hashes only.
            const auto hashed = [](const std::optional<Bytes>& value, LedgerSegment::Mark mark) {
                QVector<LedgerSegment> segments;
                if (value) segments = {{tr("hash %1").arg(LedgerText::hash(*value, 8, 4)), mark}};
                return segments;
            };
            row = {hashed(before, LedgerSegment::Mark::Removed),
                   hashed(history[i].value, LedgerSegment::Mark::Added)};
        }
        m_rows.push_back(std::move(row));
    }
}

std::optional<WrittenAt> KeyHistoryModel::placeAt(int row) const {
    if (row < 0 || row >= rowCount()) return std::nullopt;
    return m_key->history[static_cast<std::size_t>(row)].at;
}

int KeyHistoryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KeyHistoryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant KeyHistoryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const auto at = static_cast<std::size_t>(index.row());
    const KeyVersion& version = m_key->history[at];
    const int column = index.column();
    const QVector<LedgerSegment>& segments =
        column == Before ? m_rows[at].before : m_rows[at].after;
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            if (column == Version) return LedgerText::place(version.at);
            if (column == Time) return LedgerText::dateTime(version.time).left(19);
            if (column == By)
                return version.creator ? LedgerText::name(*version.creator) : QStringLiteral("–");
            if (column == Function) return LedgerText::plain(version.function, 200);
            if (segments.isEmpty())
                return column == After          ? tr("deleted")
                       : at + 1 < m_rows.size() ? tr("deleted")
                                                : tr("did not exist");
            return ValueDiff::textOf(segments);
        case Qt::ToolTipRole:
            if (column == Version) return LedgerText::plain(version.txId, 200);
            if (column == Time) return LedgerText::dateTime(version.time);
            if (column == By && version.creator)
                return LedgerText::plain(version.creator->mspId.str(), 100);
            return data(index, Qt::DisplayRole);
        case FullTextRole:
            if (column == Version) return LedgerText::plain(version.txId, 200);
            if (column == After && version.value)
                return m_key->collection.empty() ? LedgerText::value(*version.value, 64 * 1024)
                                                 : LedgerText::fullHash(*version.value);
            return data(index, Qt::DisplayRole);
        case SegmentsRole:
            return column < Before || segments.isEmpty() ? QVariant()
                                                         : QVariant::fromValue(segments);
        case MspRole:
            return column == By && version.creator
                       ? QVariant(LedgerText::plain(version.creator->mspId.str(), 100))
                       : QVariant();
        case MonoRole:
            return column == Version || column == Time || column == Function ||
                   (column >= Before && !segments.isEmpty());
        case QuietRole:
            return column >= Before && segments.isEmpty();
        case BlockRole:
            return QVariant::fromValue<quint64>(version.at.block);
        case PositionRole:
            return static_cast<int>(version.at.transaction);
        default:
            return {};
    }
}

QVariant KeyHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Version:
            return tr("Version");
        case Time:
            return tr("Time, UTC");
        case By:
            return tr("Written by");
        case Function:
            return tr("Function");
        case Before:
            return tr("Value before");
        case After:
            return tr("Value after");
        default:
            return {};
    }
}

void StateModel::setKeys(std::vector<KeyDescription> keys) {
    beginResetModel();
    m_keys = std::move(keys);
    endResetModel();
}

int StateModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

int StateModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StateModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const KeyDescription& key = m_keys[static_cast<std::size_t>(index.row())];
    const auto& current = key.current;
    const bool hashed = !key.collection.empty();
    switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            switch (index.column()) {
                case Key:
                    return hashed ? LedgerText::hash(key.key, 8, 4) : LedgerText::plain(key.key);
                case Value:
                    if (!current || !current->value) return tr("does not exist");
                    return hashed ? LedgerText::hash(*current->value, 8, 4)
                                  : LedgerText::value(*current->value, 2048);
                case Version:
                    return current ? LedgerText::place(current->at) : QStringLiteral("–");
                default:
                    return current && current->creator ? LedgerText::name(*current->creator)
                                                       : QStringLiteral("–");
            }
        case FullTextRole:
            if (index.column() == Value && current && current->value && !hashed)
                return LedgerText::value(*current->value, 64 * 1024);
            return data(index, Qt::DisplayRole);
        case MspRole:
            return index.column() == By && current && current->creator
                       ? QVariant(LedgerText::plain(current->creator->mspId.str(), 100))
                       : QVariant();
        case MonoRole:
            return index.column() != By;
        case QuietRole:
            return index.column() == Value && (!current || !current->value);
        case HasKeyRole:
            return true;
        case ContractRole:
            return QString::fromStdString(key.contract);
        case CollectionRole:
            return QString::fromStdString(key.collection);
        case KeyBytesRole:
            return QByteArray::fromStdString(key.key);
        default:
            return {};
    }
}

QVariant StateModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Key:
            return tr("Key");
        case Value:
            return tr("Value");
        case Version:
            return tr("Version");
        case By:
            return tr("Written by");
        default:
            return {};
    }
}

}  // namespace chancery::ui
