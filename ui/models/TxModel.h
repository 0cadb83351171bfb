#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "ui/models/PagedRows.h"

namespace chancery::ui {

/// Transactions of one block in their order, or those that a query found, newest first.
class TxModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Index, Id, Call, Creator, Result, ColumnCount };
    using Fetch = std::function<chancery::Result<usecase::TransactionPage>(
        std::uint64_t first, std::size_t count, std::stop_token)>;

    explicit TxModel(QObject* parent = nullptr);
    void showBlock(std::vector<usecase::TransactionSummary> transactions);
    void showHits(Fetch fetch);
    void refresh();
    bool showsHits() const { return m_hits; }

    std::optional<usecase::WrittenAt> placeAt(int row) const;
    /// Only of rows that are here; -1 otherwise.
    int rowOf(const usecase::WrittenAt& place) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const usecase::TransactionSummary* rowAt(int row, bool ask) const;
    QVariant text(const usecase::TransactionSummary& row, int column) const;

    bool m_hits = false;
    std::vector<usecase::TransactionSummary> m_block;
    mutable PagedRows<usecase::TransactionSummary> m_rows;
};

}  // namespace chancery::ui
