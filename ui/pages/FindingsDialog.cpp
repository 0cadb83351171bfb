#include "ui/pages/FindingsDialog.h"

#include <QHeaderView>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerRoles.h"
#include "ui/pages/LedgerCells.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

FindingsDialog::FindingsDialog(LedgerPageModel* model, QWidget* parent)
    : LedgerDialog(tr("Findings of the verification"), model->verification().text, parent) {
    setObjectName(QStringLiteral("findingsDialog"));
    m_table = new DataTable(QStringLiteral("ledger.findings"));
    m_table->setObjectName(QStringLiteral("findingsTable"));
    m_table->setAccessibleName(tr("Findings"));
    m_table->setEmptyText(tr("There is nothing to object to."));
    m_table->setModel(new LedgerCells(model->findings(), {}, this));
    m_table->setColumnDelegate<GlyphTextDelegate>(FindingsModel::Severity);
    for (const int column : {FindingsModel::Block, FindingsModel::Finding, FindingsModel::Meaning})
        m_table->setColumnDelegate<CellDelegate>(column);
    m_table->horizontalHeader()->resizeSection(FindingsModel::Severity, 96);
    m_table->horizontalHeader()->resizeSection(FindingsModel::Block, 90);
    m_table->horizontalHeader()->resizeSection(FindingsModel::Finding, 340);
    m_table->setStretchColumn(FindingsModel::Meaning);
    content()->addWidget(m_table, 1);
    if (!model->verification().toolTip.isEmpty()) {
        auto* trusted = new Label(model->verification().toolTip, Type::Caption, Tone::Text3);
        trusted->setWordWrap(true);
        content()->addWidget(trusted);
    }
    addCancel(tr("Close"));
    QPushButton* go = addPrimary(tr("Show the block"));
    go->setEnabled(false);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [go](const QModelIndex& current) { go->setEnabled(current.data(BlockRole).isValid()); });
    connect(go, &QPushButton::clicked, this, [this] { show(m_table->currentIndex()); });
    connect(m_table, &DataTable::opened, this, &FindingsDialog::show);
    resize(860, 420);
}

void FindingsDialog::show(const QModelIndex& index) {
    const QVariant block = index.data(BlockRole);
    if (!block.isValid()) return;
    const int position = index.data(PositionRole).toInt();
    if (position >= 0)
        Q_EMIT transactionRequested(block.toULongLong(), static_cast<quint64>(position));
    else
        Q_EMIT blockRequested(block.toULongLong());
    accept();
}

}  // namespace chancery::ui
