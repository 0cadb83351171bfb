#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "ui/bridge/GuiExecutor.h"
#include "ui/models/Link.h"
#include "ui/models/PaletteEntry.h"

namespace chancery::usecase {
class BrowseLedger;
struct CertificateDescription;
}  // namespace chancery::usecase

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
    static void findHash(const usecase::BrowseLedger& ledger, const QString& hash,
                         std::stop_token stop, Found& found);
    static void findCertificate(const usecase::BrowseLedger& ledger, const std::string& pem,
                                std::stop_token stop, Found& found);
    static QString searchFor(const usecase::CertificateDescription& certificate);
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
