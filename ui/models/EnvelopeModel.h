#pragma once

#include <QAbstractItemModel>
#include <memory>

#include "src/usecase/BrowseLedger.h"

namespace chancery::ui {

/// An envelope as the tree of its messages and fields. Rows of a branch are made when it is
/// opened.
class EnvelopeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Field, Value, Type, Bytes, ColumnCount };

    explicit EnvelopeModel(QObject* parent = nullptr);
    ~EnvelopeModel() override;
    /// Null: empty.
    void setEnvelope(std::shared_ptr<const usecase::EnvelopeNode> root);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Item;
    Item* itemOf(const QModelIndex& index) const;

    std::shared_ptr<const usecase::EnvelopeNode> m_envelope;
    std::unique_ptr<Item> m_root;
};

}  // namespace chancery::ui
