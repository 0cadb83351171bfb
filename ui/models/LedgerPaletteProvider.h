#pragma once

#include <functional>

#include "ui/bridge/GuiExecutor.h"
#include "ui/models/Link.h"
#include "ui/models/PaletteEntry.h"

namespace chancery::ui {

class LedgerPageModel;

/// Blocks, transactions and values of the opened ledger for the palette. Asks the index on the
/// pool.
class LedgerPaletteProvider : public PaletteProvider {
    Q_OBJECT
public:
    /// `go` shows a link, `search` a query of the ledger.
    LedgerPaletteProvider(LedgerPageModel& model, std::function<void(const Link&)> go,
                          std::function<void(const QString&)> search, QObject* parent = nullptr);
    void ask(quint64 serial, const PaletteQuery& query) override;

private:
    struct Found;
    std::vector<PaletteEntry> entries(const QString& text, const Found& found) const;
    PaletteEntry blockEntry(quint64 block, int check) const;
    std::vector<PaletteAction> linkActions(const Link& link, const QString& whole) const;
    QString commandFor(const QString& rest) const;

    LedgerPageModel& m_model;
    std::function<void(const Link&)> m_go;
    std::function<void(const QString&)> m_search;
    CallHandle m_asking;
};

}  // namespace chancery::ui
