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
    // In a row there is room for the beginning only.
    auto* told = new Label({}, Type::Table);
    told->setObjectName(QStringLiteral("toldFinding"));
    told->setWordWrap(true);
    auto* means = new Label({}, Type::Table, Tone::Text2);
    means->setWordWrap(true);
    for (Label* label : {told, means}) {
        label->hide();
        content()->addWidget(label);
    }
    const bool broken = model->verification().level == LedgerLevel::Bad;
    if (!broken && !model->verification().toolTip.isEmpty()) {
        auto* trusted = new Label(model->verification().toolTip, Type::Caption, Tone::Text3);
        trusted->setWordWrap(true);
        content()->addWidget(trusted);
    }
    addCancel(tr("Close"));
    QPushButton* go = addPrimary(tr("Show the block"));
    go->setEnabled(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [go, told, means](const QModelIndex& current) {
                go->setEnabled(current.data(BlockRole).isValid());
                const auto say = [&](Label* label, int column) {
                    const QString text = current.siblingAtColumn(column).data().toString();
                    label->setSafeText(text);
                    label->setVisible(!text.isEmpty());
                };
                say(told, FindingsModel::Finding);
                say(means, FindingsModel::Meaning);
            });
    if (m_table->model()->rowCount() > 0) m_table->selectRow(0);
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
