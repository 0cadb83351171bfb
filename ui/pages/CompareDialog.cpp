#include "ui/pages/CompareDialog.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"
#include "ui/pages/LedgerParts.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/ProgressLine.h"

namespace chancery::ui {

CompareDialog::CompareDialog(LedgerPageModel* model, LedgerExports* exports, QWidget* parent)
    : LedgerDialog(tr("Compare with another source"),
                   tr("The hash of a block covers everything before it: where two sources have the "
                      "same, they have the same history."),
                   parent),
      m_model(model),
      m_exports(exports) {
    setObjectName(QStringLiteral("compareDialog"));
    auto* place = new QHBoxLayout;
    m_path = new QLineEdit;
    m_path->setObjectName(QStringLiteral("path"));
    m_path->setAccessibleName(tr("Other source"));
    place->addWidget(m_path, 1);
    QPushButton* file = makeButton(tr("Choose…"));
    file->setAutoDefault(false);
    connect(file, &QPushButton::clicked, this, &CompareDialog::choose);
    place->addWidget(file);
    addField(tr("Other source"), place);
    auto* height = new QHBoxLayout;
    m_atHeight = new QCheckBox(tr("Only up to block"));
    m_height = new QSpinBox;
    m_height->setAccessibleName(tr("Only up to block"));
    m_height->setRange(0, 2'000'000'000);
    m_height->setGroupSeparatorShown(true);
    m_height->setMinimumWidth(120);
    m_height->setValue(static_cast<int>(model->status().lastBlock.value_or(0)));
    m_height->setEnabled(false);
    connect(m_atHeight, &QCheckBox::toggled, m_height, &QWidget::setEnabled);
    height->addWidget(m_atHeight);
    height->addWidget(m_height);
    height->addStretch();
    content()->addSpacing(6);
    content()->addLayout(height);
    m_progress = new ProgressLine;
    m_progress->setFraction(-1);
    m_progress->hide();
    content()->addSpacing(6);
    content()->addWidget(m_progress);
    m_result = addSection(content(), 0, 0);
    content()->addStretch();
    addCancel(tr("Close"));
    m_start = addPrimary(tr("Compare"));
    connect(m_start, &QPushButton::clicked, this, &CompareDialog::start);
    connect(exports, &LedgerExports::compared, this, &CompareDialog::show);
    setMinimumWidth(620);
    resize(620, 380);
}

CompareDialog::~CompareDialog() {
    m_exports->cancelComparison();
}

void CompareDialog::setPath(const QString& path) {
    m_path->setText(path);
}

void CompareDialog::choose() {
    auto* chooser = new QFileDialog(this, tr("Other source"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::AnyFile);
    connect(chooser, &QFileDialog::fileSelected, this, &CompareDialog::setPath);
    chooser->open();
}

void CompareDialog::start() {
    clearSection(m_result);
    if (m_path->text().trimmed().isEmpty()) {
        m_path->setFocus();
        return;
    }
    m_progress->show();
    m_start->setEnabled(false);
    m_exports->compare({m_path->text().trimmed()},
                       m_atHeight->isChecked()
                           ? std::optional(static_cast<quint64>(m_height->value()))
                           : std::nullopt);
}

void CompareDialog::show(const LedgerExports::Comparison& result) {
    m_progress->hide();
    m_start->setEnabled(true);
    clearSection(m_result);
    if (!result.ok) {
        m_result->addWidget(
            new Notice(Notice::Kind::Error, tr("They cannot be compared."), result.sentence));
        return;
    }
    const QString height = LedgerText::number(result.height);
    auto* notice =
        result.equal ? new Notice(Notice::Kind::Ok, tr("Equal up to block %1.").arg(height),
                                  tr("Both sources have the same history."))
        : result.block
            ? new Notice(
                  Notice::Kind::Error,
                  tr("Block %1 is the first that differs.").arg(LedgerText::number(*result.block)),
                  result.sentence)
            : new Notice(Notice::Kind::Error, tr("They differ."), result.sentence);
    notice->setObjectName(QStringLiteral("comparison"));
    m_result->addWidget(notice);
    auto* hashes = new DetailGrid(1);
    hashes->addCopy(m_model->sourceName(), result.left);
    hashes->addCopy(tr("Other source"), result.right);
    m_result->addWidget(hashes);
    if (const auto block = result.block ? result.block : result.damaged) {
        QPushButton* show = makeButton(tr("Show the block"), ButtonTone::Link);
        show->setAutoDefault(false);
        m_result->addWidget(show, 0, Qt::AlignLeft);
        connect(show, &QPushButton::clicked, this, [this, block = *block] {
            Q_EMIT blockRequested(block);
            accept();
        });
    }
    // Room for sentences of any length; what was added counts only when it has been shown.
    QTimer::singleShot(0, this, [this] {
        layout()->activate();
        const int needed = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width())
                                                         : layout()->totalSizeHint().height();
        if (needed > this->height()) resize(width(), needed);
    });
}

}  // namespace chancery::ui
