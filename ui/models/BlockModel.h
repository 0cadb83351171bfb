#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "ui/models/PagedRows.h"

namespace chancery::ui {

/// Blocks of a ledger, newest first; virtual: rows that are not here yet have LoadingRole and
/// arrive when they were asked for.
class BlockModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Number, Time, Transactions, Size, Hash, Chain, ColumnCount };
    using Fetch = std::function<Result<usecase::BlockPage>(std::uint64_t first, std::size_t count,
                                                           std::stop_token)>;

    explicit BlockModel(QObject* parent = nullptr);
    /// Shows another list; the rows of the old one stay until the new ones are here.
    void setFetch(Fetch fetch);
    /// Looks whether there is more, or something else, now.
    void refresh() { m_rows.refresh(); }

    std::uint64_t total() const { return m_rows.total(); }
    /// Number of the block in a row, if the row is here.
    std::optional<BlockNumber> blockAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void failed(const QString& sentence);

private:
    QVariant text(const usecase::BlockRow& row, int column) const;

    mutable PagedRows<usecase::BlockRow> m_rows;
};

}  // namespace chancery::ui
