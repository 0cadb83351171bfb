// What a person can ask of the ledger page: commands, keys, dialogs, links.
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>
#include "ui/models/CommandRegistry.h"
#include "ui/models/KeyViewModel.h"
#include "ui/models/LedgerInspectorModel.h"
#include "ui/models/LedgerText.h"
#include "ui/pages/CompareDialog.h"
#include "ui/pages/ExportDialog.h"
#include "ui/pages/FindingsDialog.h"
#include "ui/pages/KeyDialog.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/LedgerPage.h"
#include "ui/pages/LedgerParts.h"
#include "ui/pages/TransactionInspector.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SegmentedControl.h"

namespace chancery::ui {

void LedgerPage::makeShortcuts() {
    const auto on = [this](const QKeySequence& keys, auto run) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, run);
    };
    on(QKeySequence(Qt::Key_J), [this] { step(1); });
    on(QKeySequence(Qt::Key_K), [this] { step(-1); });
    on(QKeySequence(Qt::ALT | Qt::Key_Up), [this] { stepBlock(-1); });
    on(QKeySequence(Qt::ALT | Qt::Key_Down), [this] { stepBlock(1); });
}

void LedgerPage::addCommands(CommandRegistry* commands) {
    const auto notOpen = [this] {
        return m_model->state() == LedgerPageModel::State::Open ? QString()
                                                                : tr("No ledger is open");
    };
    const QString page = QStringLiteral("ledger");
    // Files have no place in a command's form that is copied before they are known.
    commands->add({QStringLiteral("ledger.verifyAgain"),
                   tr("Verify again"),
                   QStringLiteral("shield"),
                   {},
                   page,
                   QStringLiteral("chanceryctl ledger verify PATH"),
                   notOpen,
                   [this] { m_model->verifyAgain(); }});
    commands->add({QStringLiteral("ledger.export"), tr("Export range…"), QStringLiteral("download"),
                   QKeySequence(Qt::CTRL | Qt::Key_E), page,
                   QStringLiteral("chanceryctl ledger export PATH --format json --out FILE"),
                   notOpen, [this] { openExport(false); }});
    commands->add({QStringLiteral("ledger.exportTransaction"),
                   tr("Export evidence of the transaction…"),
                   QStringLiteral("stamp"),
                   {},
                   page,
                   QStringLiteral("chanceryctl ledger evidence PATH --tx ID --out DIR"),
                   [this, notOpen] {
                       return m_inspectorModel->transaction() ? notOpen()
                                                              : tr("No transaction is selected");
                   },
                   [this] { openExport(true); }});
    commands->add({QStringLiteral("ledger.findings"),
                   tr("Findings of the verification…"),
                   QStringLiteral("shield"),
                   {},
                   page,
                   QStringLiteral("chanceryctl ledger verify PATH"),
                   notOpen,
                   [this] { openFindings(); }});
    commands->add({QStringLiteral("ledger.compare"),
                   tr("Compare with another source…"),
                   QStringLiteral("swap"),
                   {},
                   page,
                   {},
                   notOpen,
                   [this] { openCompare(); }});
    commands->add({QStringLiteral("ledger.key"),
                   tr("History and state of a key…"),
                   QStringLiteral("key"),
                   {},
                   page,
                   QStringLiteral("chanceryctl ledger show PATH --key CONTRACT/KEY --history"),
                   notOpen,
                   [this] { openKeySearch(); }});
}

// --- What is shown ---

void LedgerPage::showBlock(quint64 number) {
    m_touched = true;
    m_makesRoom = true;
    m_pendingBlock = number;
    if (m_scope->current() == AllHits) m_scope->setCurrent(ThisBlock);
    m_inspectorModel->showBlock(number);
    m_model->findRow(number);
}

void LedgerPage::showTransaction(quint64 block, quint64 index) {
    m_pendingTransaction = static_cast<int>(std::min<quint64>(index, 1 << 30));
    showBlock(block);
}

void LedgerPage::showTransaction(const QString& id) {
    m_touched = true;
    m_makesRoom = true;
    if (m_scope->current() == AllHits) m_scope->setCurrent(ThisBlock);
    m_inspectorModel->showTransaction(TxId(id.toStdString()));
}

void LedgerPage::step(int by) {
    const int row = m_transactions->currentIndex().row() + by;
    if (row >= 0 && row < m_transactionCells->rowCount()) {
        m_transactions->setCurrentIndex(m_transactionCells->index(row, 0));
        return;
    }
    if (m_scope->current() == AllHits) return;
    m_pendingTransaction = by > 0 ? 0 : -1;
    stepBlock(by);
}

void LedgerPage::stepBlock(int by) {
    const int row = m_blocks->currentIndex().row() + by;
    if (row < 0 || row >= m_blockCells->rowCount()) {
        m_pendingTransaction.reset();
        return;
    }
    m_blocks->setCurrentIndex(m_blockCells->index(row, 0));
}

void LedgerPage::showKey(const QString& contract, const QString& collection, const QByteArray& key,
                         std::optional<quint64> height) {
    auto* dialog = new KeyDialog(
        m_keyModel, [this](const QString& msp) { return m_inspectorModel->seriesOf(msp); }, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &KeyDialog::transactionRequested, this,
            qOverload<quint64, quint64>(&LedgerPage::showTransaction));
    m_keyModel->setHeight(height);
    m_keyModel->show(contract, collection, key);
    dialog->open();
}

void LedgerPage::openKeySearch() {
    showKey({}, {}, {});
}

void LedgerPage::openExport(bool selectedOnly) {
    const auto view = m_inspectorModel->transaction();
    auto* dialog = new ExportDialog(m_model, m_exports, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (selectedOnly && view) dialog->setTransaction(view->place, view->id);
    if (const auto block = m_inspectorModel->block()) dialog->setCurrentBlock(block->number);
    dialog->open();
}

void LedgerPage::openFindings() {
    auto* dialog = new FindingsDialog(m_model, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &FindingsDialog::blockRequested, this, &LedgerPage::showBlock);
    connect(dialog, &FindingsDialog::transactionRequested, this,
            qOverload<quint64, quint64>(&LedgerPage::showTransaction));
    dialog->open();
}

void LedgerPage::openCompare() {
    auto* dialog = new CompareDialog(m_model, m_exports, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CompareDialog::blockRequested, this, &LedgerPage::showBlock);
    dialog->open();
}

// --- The page in its shell ---

bool LedgerPage::reveal(const Link& link) {
    if (link.network != QStringLiteral("ledger") || link.channel != m_model->key() ||
        m_model->state() != LedgerPageModel::State::Open)
        return false;
    if (link.kind == QStringLiteral("page")) return true;
    bool number = false;
    if (link.kind == QStringLiteral("block")) {
        const quint64 block = link.id.toULongLong(&number);
        if (number) showBlock(block);
        return number;
    }
    if (link.kind == QStringLiteral("tx")) {
        const QStringList place = link.id.split(QLatin1Char(':'));
        if (place.size() != 2) {
            showTransaction(link.id);
            return !link.id.isEmpty();
        }
        const quint64 block = place[0].toULongLong(&number);
        const quint64 index = number ? place[1].toULongLong(&number) : 0;
        if (number) showTransaction(block, index);
        return number;
    }
    if (link.kind == QStringLiteral("key")) {
        const qsizetype slash = link.id.indexOf(QLatin1Char('/'));
        if (slash <= 0) return false;
        showKey(link.id.left(slash), {}, link.id.mid(slash + 1).toUtf8());
        return true;
    }
    return false;
}

Link LedgerPage::currentLink() const {
    if (m_model->state() != LedgerPageModel::State::Open)
        return {QStringLiteral("ledger"), {}, QStringLiteral("page"), QStringLiteral("ledger")};
    if (const auto view = m_inspectorModel->transaction())
        return {QStringLiteral("ledger"), m_model->key(), QStringLiteral("tx"),
                QStringLiteral("%1:%2").arg(view->place.block).arg(view->place.transaction)};
    return {QStringLiteral("ledger"), m_model->key(), QStringLiteral("page"),
            QStringLiteral("ledger")};
}

void LedgerPage::setInspectorShown(bool shown) {
    m_inspector->setVisible(shown);
}

void LedgerPage::focusMain() {
    m_blocks->setFocus();
}

void LedgerPage::focusFilter() {
    m_query->lineEdit()->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace chancery::ui
