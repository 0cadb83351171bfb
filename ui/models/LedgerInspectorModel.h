#pragma once

#include <QByteArray>
#include <QObject>
#include <QStringList>
#include <map>
#include <memory>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/EndorsementModel.h"
#include "ui/models/EnvelopeModel.h"
#include "ui/models/ReadWriteModel.h"
#include "ui/models/TransactionView.h"

namespace chancery::ui {

class LedgerPageModel;

/// The block and the transaction that are looked at. GUI thread only.
class LedgerInspectorModel : public QObject {
    Q_OBJECT
public:
    explicit LedgerInspectorModel(LedgerPageModel* page, QObject* parent = nullptr);

    /// Loads the block with its neighbours, and its transactions into the page's list. A
    /// transaction that was asked for beforehand stays.
    void showBlock(BlockNumber number);
    /// The transaction and, when it is another one than before, its block.
    void showTransaction(const usecase::TransactionReference& reference);
    void clear();

    /// Null: none, or not here yet.
    std::shared_ptr<const BlockView> block() const { return m_block; }
    std::shared_ptr<const TransactionView> transaction() const { return m_view; }
    bool loading() const { return m_loading; }
    /// Where the transaction stands that is being loaded; nothing when only its id is known.
    const std::optional<usecase::WrittenAt>& loadingPlace() const { return m_loadingPlace; }

    ReadWriteModel* readWrites() { return &m_readWrites; }
    EndorsementModel* endorsements() { return &m_endorsements; }
    EnvelopeModel* envelope() { return &m_envelope; }
    /// Envelope tree and bytes are read when they are looked at.
    void wantEnvelope();
    void wantRaw();
    QByteArray raw() const { return m_raw; }
    /// Names of the organisations seen, in the order of their MSP ids, for stable colours.
    int seriesOf(const QString& msp) const;
    /// Who agreed to the configuration that a block brought; empty: not known (yet).
    QStringList signersOf(BlockNumber configBlock) const;

Q_SIGNALS:
    void blockChanged();
    void transactionChanged();
    void rawChanged();
    /// Organisations and who signed configurations are known now.
    void overviewChanged();
    void problem(const QString& sentence);

private:
    struct Blocks {
        usecase::BlockDescription block;
        std::optional<usecase::BlockDescription> previous, next;
    };
    void showLoadedBlock(Result<Blocks> blocks);
    void showLoaded(Result<usecase::TransactionDescription> transaction);
    void loadOrganisations();

    LedgerPageModel* m_page;
    ReadWriteModel m_readWrites;
    EndorsementModel m_endorsements;
    EnvelopeModel m_envelope;
    std::shared_ptr<const BlockView> m_block;
    std::shared_ptr<const TransactionView> m_view;
    std::optional<BlockNumber> m_wantedBlock;
    bool m_loading = false;
    std::optional<usecase::WrittenAt> m_loadingPlace;
    bool m_envelopeWanted = false, m_rawWanted = false;
    QByteArray m_raw;
    QStringList m_organisations;
    std::map<BlockNumber, QStringList> m_signers;
    CallHandle m_blockCall, m_transactionCall, m_envelopeCall, m_rawCall, m_overviewCall;
};

}  // namespace chancery::ui
