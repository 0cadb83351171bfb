#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "src/usecase/LedgerDescription.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// What a transaction read and wrote, a row per key under a heading per contract or collection.
class ReadWriteModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, ReadAt, Before, After, ColumnCount };

    explicit ReadWriteModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setTransaction(std::shared_ptr<const usecase::TransactionDescription> transaction);
    /// Whether JSON is taken apart, so that what changed can be marked.
    void setDecoding(bool decode);
    bool decoding() const { return m_decode; }
    std::size_t reads() const;
    std::size_t writes() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Cell {
        QString text;
        QVector<LedgerSegment> segments;  ///< instead of the text
        QString full;
        LedgerLevel level = LedgerLevel::None;
        bool mono = false;
        bool quiet = false;
    };
    struct Row {
        Cell cells[ColumnCount];
        bool group = false;
        std::string contract, collection;
        Bytes key;
        bool hasKey = false;
    };
    struct Entry;

    void build();
    void addGroup(const std::string& contract, const std::string& collection,
                  const std::vector<Entry>& entries);
    Row keyRow(const Entry& entry) const;
    void fillValues(const Entry& entry, Row& row) const;
    void addRanges(const std::string& contract);

    std::shared_ptr<const usecase::TransactionDescription> m_transaction;
    bool m_decode = true;
    std::vector<Row> m_rows;
};

}  // namespace chancery::ui
