#pragma once

#include <QIdentityProxyModel>
#include <functional>

#include "ui/models/LedgerRoles.h"
#include "ui/style/Icons.h"

namespace chancery::ui {

/// The glyph that a level is shown with.
Status statusOf(LedgerLevel level);

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
