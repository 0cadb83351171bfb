#include "ui/models/LedgerInspectorModel.h"

#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {

using namespace usecase;

LedgerInspectorModel::LedgerInspectorModel(LedgerPageModel* page, QObject* parent)
    : QObject(parent), m_page(page) {
    connect(page, &LedgerPageModel::stateChanged, this, [this] {
        if (m_page->state() != LedgerPageModel::State::Open) clear();
    });
}

void LedgerInspectorModel::clear() {
    for (CallHandle* handle :
         {&m_blockCall, &m_transactionCall, &m_envelopeCall, &m_rawCall, &m_overviewCall})
        *handle = CallHandle();
    m_wantedBlock.reset();
    m_block.reset();
    m_view.reset();
    m_loading = false;
    m_raw.clear();
    m_organisations.clear();
    m_signers.clear();
    m_readWrites.setTransaction(nullptr);
    m_endorsements.setTransaction(nullptr);
    m_envelope.setEnvelope(nullptr);
    Q_EMIT blockChanged();
    Q_EMIT transactionChanged();
}

void LedgerInspectorModel::showBlock(BlockNumber number) {
    if (!m_page->ledger()) return;
    m_wantedBlock = number;
    if (m_loading && (!m_loadingPlace || m_loadingPlace->block != number)) {
        // The later wish counts: the answer to the one before would take the place again.
        m_transactionCall = CallHandle();
        m_loading = false;
    }
    m_blockCall = call(
        this,
        [ledger = m_page->ledger(), number](std::stop_token) -> Result<Blocks> {
            Blocks blocks;
            ASSIGN_OR_RETURN(blocks.block, ledger->block(number));
            // Neighbours may be missing: at the ends, or where the chain is damaged.
            if (number > 0)
                if (auto previous = ledger->block(number - 1); previous.ok())
                    blocks.previous = *std::move(previous);
            if (auto next = ledger->block(number + 1); next.ok()) blocks.next = *std::move(next);
            return blocks;
        },
        [this](Result<Blocks> blocks) { showLoadedBlock(std::move(blocks)); });
}

void LedgerInspectorModel::showLoadedBlock(Result<Blocks> blocks) {
    if (!blocks.ok()) {
        Q_EMIT problem(LedgerText::error(blocks.status()));
        return;
    }
    m_block = std::make_shared<BlockView>(
        BlockView::of(blocks->block, blocks->previous ? &*blocks->previous : nullptr,
                      blocks->next ? &*blocks->next : nullptr));
    if (!m_page->transactions()->showsHits())
        m_page->transactions()->showBlock(std::move(blocks->block.transactions));
    Q_EMIT blockChanged();
}

void LedgerInspectorModel::showTransaction(const TransactionReference& reference) {
    if (!m_page->ledger()) return;
    if (m_organisations.isEmpty()) loadOrganisations();
    if (const auto* place = std::get_if<WrittenAt>(&reference))
        if (m_view && m_view->place == *place && !m_loading) return;
    m_loading = true;
    m_loadingPlace.reset();
    if (const auto* place = std::get_if<WrittenAt>(&reference)) m_loadingPlace = *place;
    m_transactionCall = call(
        this,
        [ledger = m_page->ledger(), reference](std::stop_token) {
            return ledger->transaction(reference);
        },
        [this](Result<TransactionDescription> transaction) { showLoaded(std::move(transaction)); });
}

void LedgerInspectorModel::showLoaded(Result<TransactionDescription> transaction) {
    m_loading = false;
    m_raw.clear();
    m_envelope.setEnvelope(nullptr);
    m_envelopeCall = CallHandle();
    m_rawCall = CallHandle();
    if (!transaction.ok()) {
        m_view.reset();
        m_readWrites.setTransaction(nullptr);
        m_endorsements.setTransaction(nullptr);
        Q_EMIT transactionChanged();
        Q_EMIT problem(LedgerText::error(transaction.status()));
        return;
    }
    const auto shared = std::make_shared<const TransactionDescription>(*std::move(transaction));
    m_view = std::make_shared<TransactionView>(TransactionView::of(*shared));
    m_readWrites.setTransaction(shared);
    m_endorsements.setTransaction(shared);
    if (m_wantedBlock != m_view->place.block) showBlock(m_view->place.block);
    Q_EMIT transactionChanged();
    if (m_envelopeWanted) wantEnvelope();
    if (m_rawWanted) wantRaw();
}

void LedgerInspectorModel::wantEnvelope() {
    m_envelopeWanted = true;
    if (!m_view || !m_page->ledger() || m_envelope.hasChildren()) return;
    m_envelopeCall = call(
        this,
        [ledger = m_page->ledger(), place = m_view->place](std::stop_token) {
            return ledger->envelope(place);
        },
        [this](Result<EnvelopeNode> envelope) {
            if (envelope.ok())
                m_envelope.setEnvelope(std::make_shared<EnvelopeNode>(*std::move(envelope)));
            else
                Q_EMIT problem(LedgerText::error(envelope.status()));
        });
}

void LedgerInspectorModel::wantRaw() {
    m_rawWanted = true;
    if (!m_view || !m_page->ledger() || !m_raw.isEmpty()) return;
    m_rawCall = call(
        this,
        [ledger = m_page->ledger(), place = m_view->place](std::stop_token) {
            return ledger->rawTransaction(place);
        },
        [this](Result<Bytes> raw) {
            if (raw.ok())
                m_raw = QByteArray(raw->data(), static_cast<qsizetype>(raw->size()));
            else
                Q_EMIT problem(LedgerText::error(raw.status()));
            Q_EMIT rawChanged();
        });
}

void LedgerInspectorModel::loadOrganisations() {
    m_overviewCall = call(
        this, [ledger = m_page->ledger()](std::stop_token) { return ledger->overview(); },
        [this](Result<LedgerOverview> overview) {
            if (!overview.ok()) return;
            for (const OrganisationOverview& organisation : overview->organisations)
                m_organisations << LedgerText::plain(organisation.mspId.str(), 100);
            m_organisations.removeDuplicates();
            for (const ConfigChangeOverview& change : overview->configChanges)
                for (const IdentityName& signer : change.signers)
                    m_signers[change.block] << LedgerText::name(signer) + QStringLiteral(" (") +
                                                   LedgerText::plain(signer.mspId.str(), 100) +
                                                   QLatin1Char(')');
            Q_EMIT overviewChanged();
        });
}

QStringList LedgerInspectorModel::signersOf(BlockNumber configBlock) const {
    const auto found = m_signers.find(configBlock);
    return found == m_signers.end() ? QStringList() : found->second;
}

int LedgerInspectorModel::seriesOf(const QString& msp) const {
    const int known = static_cast<int>(m_organisations.indexOf(msp));
    if (known >= 0) return known;
    // Until the configuration is known, and for strangers: by name, so that it stays the same.
    return static_cast<int>(qHash(msp, 0) % 6);
}

}  // namespace chancery::ui
