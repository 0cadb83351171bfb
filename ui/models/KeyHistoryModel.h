#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <optional>

#include "src/usecase/LedgerDescription.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// The versions of a key, newest first, each compared with the one before it.
class KeyHistoryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Version, Time, By, Function, Before, After, ColumnCount };

    explicit KeyHistoryModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setKey(std::shared_ptr<const usecase::KeyDescription> key);
    void setDecoding(bool decode);
    std::optional<usecase::WrittenAt> placeAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QVector<LedgerSegment> before, after;
    };
    void build();

    std::shared_ptr<const usecase::KeyDescription> m_key;
    bool m_decode = true;
    std::vector<Row> m_rows;
};

/// Keys as they are at one height, in byte order.
class StateModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, Value, Version, By, ColumnCount };

    explicit StateModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setKeys(std::vector<usecase::KeyDescription> keys);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<usecase::KeyDescription> m_keys;
};

}  // namespace chancery::ui
