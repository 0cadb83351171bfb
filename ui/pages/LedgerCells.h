#pragma once

#include <QIdentityProxyModel>
#include <functional>

namespace chancery::ui {

/// From what the ledger's models mean to how cells look: levels become glyphs, MSP ids chips,
/// compared values tints.
class LedgerCells : public QIdentityProxyModel {
    Q_OBJECT
public:
    using SeriesOf = std::function<int(const QString& msp)>;
    /// Wraps `source` and becomes a child of `parent`.
    LedgerCells(QAbstractItemModel* source, SeriesOf seriesOf, QObject* parent);

    QVariant data(const QModelIndex& index, int role) const override;
    /// Parts of the look that need no other data have changed (colours of organisations).
    void restyle();

private:
    QVariant look(const QModelIndex& index, int role) const;
    SeriesOf m_seriesOf;
};

}  // namespace chancery::ui
