#include "ui/models/BlockModel.h"

#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {
namespace {

using usecase::BlockRow;

LedgerLevel levelOf(const BlockRow& row) {
    switch (row.check) {
        case BlockRow::Check::Good:
            return LedgerLevel::Good;
        case BlockRow::Check::Bad:
            return LedgerLevel::Bad;
        case BlockRow::Check::Unchecked:
            break;
    }
    return LedgerLevel::Unknown;
}

QString levelWord(const BlockRow& row) {
    switch (row.check) {
        case BlockRow::Check::Good:
            return BlockModel::tr("Matches the chain");
        case BlockRow::Check::Bad:
            return BlockModel::tr("Does not match");
        case BlockRow::Check::Unchecked:
            break;
    }
    return BlockModel::tr("Not checked");
}

QString toolTip(const BlockRow& row, int column) {
    switch (column) {
        case BlockModel::Time:
            return row.time ? LedgerText::dateTime(row.time) + QStringLiteral(" UTC") : QString();
        case BlockModel::Transactions:
            if (!row.valid && row.invalid > 0)
                return BlockModel::tr(
                           "No peer has judged them; %1 are invalid by what is computed "
                           "here")
                    .arg(LedgerText::number(row.invalid));
            if (!row.valid) return BlockModel::tr("No peer has judged them");
            return BlockModel::tr("%1 valid, %2 invalid")
                .arg(LedgerText::number(*row.valid),
                     LedgerText::number(row.transactions - *row.valid));
        case BlockModel::Size:
            return LedgerText::number(row.size) + QStringLiteral(" B");
        case BlockModel::Hash:
            return LedgerText::fullHash(row.hash);
        case BlockModel::Chain:
            return levelWord(row);
        default:
            return row.config ? BlockModel::tr("Configuration block") : QString();
    }
}

}  // namespace

BlockModel::BlockModel(QObject* parent)
    : QAbstractTableModel(parent),
      m_rows(
          this,
          {.aboutToGrow =
               [this](std::uint64_t more) { beginInsertRows({}, 0, static_cast<int>(more) - 1); },
           .grown = [this] { endInsertRows(); },
           .aboutToReset = [this] { beginResetModel(); },
           .reset = [this] { endResetModel(); },
           .arrived =
               [this](std::uint64_t first, std::uint64_t last) {
                   Q_EMIT dataChanged(index(static_cast<int>(first), 0),
                                      index(static_cast<int>(last), ColumnCount - 1));
               },
           .failed = [this](const Status& status) { Q_EMIT failed(LedgerText::error(status)); }}) {}

void BlockModel::setFetch(Fetch fetch) {
    if (!fetch) {
        m_rows.setFetch({});
        return;
    }
    m_rows.setFetch(
        [fetch = std::move(fetch)](std::uint64_t first, std::size_t count,
                                   std::stop_token stop) -> Result<PagedRows<BlockRow>::Part> {
            ASSIGN_OR_RETURN(usecase::BlockPage page, fetch(first, count, stop));
            return PagedRows<BlockRow>::Part{std::move(page.rows), page.total};
        });
}

std::optional<BlockNumber> BlockModel::blockAt(int row) const {
    if (row < 0) return std::nullopt;
    const BlockRow* found = m_rows.peek(static_cast<std::uint64_t>(row));
    return found ? std::optional(found->number) : std::nullopt;
}

int BlockModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid()) return 0;
    return static_cast<int>(std::min<std::uint64_t>(m_rows.total(), 100'000'000));
}

int BlockModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BlockModel::text(const BlockRow& row, int column) const {
    switch (column) {
        case Number:
            return LedgerText::number(row.number);
        case Time:
            return LedgerText::time(row.time);
        case Transactions:
            return LedgerText::number(row.transactions);
        case Size:
            return LedgerText::size(row.size);
        case Hash:
            return LedgerText::hash(row.hash);
        default:
            return {};
    }
}

QVariant BlockModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == Size    ? Qt::AlignRight | Qt::AlignVCenter
                        : index.column() == Chain ? Qt::AlignCenter
                                                  : Qt::AlignLeft | Qt::AlignVCenter);
    const BlockRow* row = m_rows.at(static_cast<std::uint64_t>(index.row()));
    if (role == LoadingRole) return row == nullptr;
    if (!row) return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(*row, index.column());
        case Qt::ToolTipRole:
            return toolTip(*row, index.column());
        case Qt::AccessibleTextRole:
            if (index.column() == Chain) return levelWord(*row);
            if (index.column() == Transactions) return toolTip(*row, Transactions);
            return text(*row, index.column());
        case FullTextRole:
            if (index.column() == Number) return QString::number(row->number);
            if (index.column() == Time) return LedgerText::dateTime(row->time);
            return LedgerText::fullHash(row->hash);
        case LevelRole:
            return index.column() == Chain ? QVariant(static_cast<int>(levelOf(*row))) : QVariant();
        case MonoRole:
            return index.column() != Transactions && index.column() != Size;
        case BlockRole:
            return QVariant::fromValue<quint64>(row->number);
        case ShareRole: {
            if (index.column() != Transactions) return {};
            const double invalid =
                static_cast<double>(row->valid ? row->transactions - *row->valid : row->invalid);
            return QVariant::fromValue(
                QVector<double>{static_cast<double>(row->transactions), invalid});
        }
        default:
            return {};
    }
}

QVariant BlockModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Size    ? Qt::AlignRight | Qt::AlignVCenter
                        : section == Chain ? Qt::AlignCenter
                                           : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Number:
            return tr("Block");
        case Time:
            return tr("Time, UTC");
        case Transactions:
            return tr("Transactions");
        case Size:
            return tr("Size");
        case Hash:
            return tr("Block hash");
        case Chain:
            return tr("Chain");
        default:
            return {};
    }
}

}  // namespace chancery::ui
