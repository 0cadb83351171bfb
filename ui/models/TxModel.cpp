#include "ui/models/TxModel.h"

#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {
namespace {

using usecase::TransactionSummary;

QString idOf(const TransactionSummary& row) {
    return LedgerText::plain(row.txId, 200);
}

QString callOf(const TransactionSummary& row) {
    const QString call = LedgerText::call(row.contract, row.function);
    return call.isEmpty() ? LedgerText::plain(row.type, 100) : call;
}

/// As recorded; where nothing is, as computed here.
const std::optional<usecase::RecordedCode>& shownCode(const TransactionSummary& row) {
    return row.code ? row.code : row.computed;
}

QString resultTip(const TransactionSummary& row) {
    const auto& code = shownCode(row);
    if (!code) return {};
    const QString text = LedgerText::plain(code->name, 100) + QStringLiteral(": ") +
                         LedgerText::codeMeaning(code->number);
    return row.code ? text : text + QLatin1Char('\n') + TxModel::tr("Judged here, by no peer.");
}

QString creatorOf(const TransactionSummary& row) {
    if (!row.creator) return {};
    return LedgerText::name(*row.creator) + QStringLiteral(", ") +
           LedgerText::plain(row.creator->mspId.str(), 100);
}

}  // namespace

TxModel::TxModel(QObject* parent)
    : QAbstractTableModel(parent),
      m_rows(this, {.aboutToGrow =
                        [this](std::uint64_t more) {
                            if (m_hits) beginInsertRows({}, 0, static_cast<int>(more) - 1);
                        },
                    .grown =
                        [this] {
                            if (m_hits) endInsertRows();
                        },
                    .aboutToReset =
                        [this] {
                            if (m_hits) beginResetModel();
                        },
                    .reset =
                        [this] {
                            if (m_hits) endResetModel();
                        },
                    .arrived =
                        [this](std::uint64_t first, std::uint64_t last) {
                            if (m_hits)
                                Q_EMIT dataChanged(index(static_cast<int>(first), 0),
                                                   index(static_cast<int>(last), ColumnCount - 1));
                        },
                    .failed = {}}) {}

void TxModel::showBlock(std::vector<TransactionSummary> transactions) {
    beginResetModel();
    m_hits = false;
    m_block = std::move(transactions);
    endResetModel();
}

void TxModel::showHits(Fetch fetch) {
    if (!m_hits) {
        beginResetModel();
        m_hits = true;
        m_block.clear();
        endResetModel();
    }
    m_rows.setFetch(
        [fetch = std::move(fetch)](
            std::uint64_t first, std::size_t count,
            std::stop_token stop) -> chancery::Result<PagedRows<TransactionSummary>::Part> {
            ASSIGN_OR_RETURN(usecase::TransactionPage page, fetch(first, count, stop));
            return PagedRows<TransactionSummary>::Part{std::move(page.rows), page.total};
        });
}

void TxModel::refresh() {
    if (m_hits) m_rows.refresh();
}

const TransactionSummary* TxModel::rowAt(int row, bool ask) const {
    if (row < 0) return nullptr;
    const auto at = static_cast<std::size_t>(row);
    if (!m_hits) return at < m_block.size() ? &m_block[at] : nullptr;
    return ask ? m_rows.at(at) : m_rows.peek(at);
}

std::optional<usecase::WrittenAt> TxModel::placeAt(int row) const {
    const TransactionSummary* found = rowAt(row, false);
    if (!found) return std::nullopt;
    return usecase::WrittenAt{found->block, found->index};
}

int TxModel::rowOf(const usecase::WrittenAt& place) const {
    // Hits are looked for near the head only: who came there by a link sees the block's own list.
    const int rows = std::min(rowCount(), 2000);
    for (int row = 0; row < rows; ++row)
        if (placeAt(row) == place) return row;
    return -1;
}

int TxModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid()) return 0;
    if (!m_hits) return static_cast<int>(m_block.size());
    return static_cast<int>(std::min<std::uint64_t>(m_rows.total(), 100'000'000));
}

int TxModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TxModel::text(const TransactionSummary& row, int column) const {
    switch (column) {
        case Index:
            return m_hits ? LedgerText::place({row.block, row.index})
                          : LedgerText::number(row.index);
        case Id:
            return row.txId.empty() ? QStringLiteral("–") : LedgerText::shortId(idOf(row));
        case Call:
            return callOf(row);
        case Result:
            return shownCode(row) ? LedgerText::codeWord(*shownCode(row)) : tr("Not judged");
        default:
            return {};
    }
}

QVariant TxModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const TransactionSummary* row = rowAt(index.row(), true);
    const int column = index.column();
    if (role == LoadingRole) return row == nullptr;
    if (!row) return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(*row, column);
        case Qt::ToolTipRole:
            if (column == Id) return idOf(*row);
            if (column == Call) return callOf(*row);
            if (column == Creator) return creatorOf(*row);
            if (column == Result) return resultTip(*row);
            return {};
        case Qt::AccessibleTextRole:
            return column == Creator ? QVariant(creatorOf(*row)) : text(*row, column);
        case Qt::TextAlignmentRole:
            return QVariant(column == Creator ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter);
        case FullTextRole:
            return idOf(*row);
        case LevelRole:
            return column == Result ? QVariant(static_cast<int>(LedgerText::level(shownCode(*row))))
                                    : QVariant();
        case MspRole:
            return column == Creator && row->creator
                       ? QVariant(LedgerText::plain(row->creator->mspId.str(), 100))
                       : QVariant();
        case MonoRole:
            return column == Index || column == Id || column == Call;
        case BlockRole:
            return QVariant::fromValue<quint64>(row->block);
        case PositionRole:
            return static_cast<int>(row->index);
        default:
            return {};
    }
}

QVariant TxModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Creator ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Index:
            return m_hits ? tr("Place") : QStringLiteral("#");
        case Id:
            return tr("Transaction");
        case Call:
            return tr("Contract call");
        case Creator:
            return tr("Creator");
        case Result:
            return tr("Result");
        default:
            return {};
    }
}

}  // namespace chancery::ui
