#include "ui/pages/ExportDialog.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "ui/models/LedgerExports.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/SegmentedControl.h"

namespace chancery::ui {
namespace {

constexpr int kForms = 4;

int spinMaximum(quint64 block) {
    return static_cast<int>(std::min<quint64>(block, 2'000'000'000));
}

}  // namespace

ExportDialog::ExportDialog(LedgerPageModel* model, LedgerExports* exports, QWidget* parent)
    : LedgerDialog(tr("Export a range of blocks"), {}, parent), m_model(model), m_exports(exports) {
    setObjectName(QStringLiteral("exportDialog"));
    m_form = new SegmentedControl({tr("Evidence"), tr("JSON"), tr("CSV"), tr("Block files")});
    m_form->setObjectName(QStringLiteral("form"));
    addField(tr("Form"), m_form);
    m_about = new Label({}, Type::Caption, Tone::Text3);
    m_about->setWordWrap(true);
    m_about->setMinimumHeight(48);
    m_about->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    content()->addWidget(m_about);

    content()->addWidget(makeRange());
    content()->addWidget(makeLanguage());

    auto* place = new QHBoxLayout;
    m_path = new QLineEdit;
    m_path->setObjectName(QStringLiteral("path"));
    m_path->setAccessibleName(tr("Write to"));
    place->addWidget(m_path, 1);
    QPushButton* choose = makeButton(tr("Choose…"));
    choose->setAutoDefault(false);
    place->addWidget(choose);
    addField(tr("Write to"), place);
    m_error = new Label({}, Type::Caption, Tone::Error);
    m_error->setWordWrap(true);
    content()->addWidget(m_error);
    content()->addStretch();

    addCancel(tr("Cancel"));
    connect(addPrimary(tr("Export")), &QPushButton::clicked, this, &ExportDialog::start);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::choosePath);
    connect(m_path, &QLineEdit::textEdited, this, [this] { m_pathEdited = true; });
    connect(m_form, &SegmentedControl::currentChanged, this, &ExportDialog::formChanged);
    m_form->setCurrent(0);
    formChanged();
    setMinimumWidth(560);
}

QWidget* ExportDialog::makeRange() {
    m_range = new QWidget;
    auto* range = new QVBoxLayout(m_range);
    range->setContentsMargins(0, 0, 0, 0);
    range->setSpacing(6);
    range->addWidget(new Label(tr("Blocks"), Type::TableStrong, Tone::Text2));
    auto* spins = new QHBoxLayout;
    m_first = new QSpinBox;
    m_last = new QSpinBox;
    m_first->setObjectName(QStringLiteral("first"));
    m_last->setObjectName(QStringLiteral("last"));
    m_first->setAccessibleName(tr("First block"));
    m_last->setAccessibleName(tr("Last block"));
    const auto& status = m_model->status();
    const int low = spinMaximum(status.firstBlock.value_or(0));
    const int high = spinMaximum(status.lastBlock.value_or(0));
    for (QSpinBox* spin : {m_first, m_last}) {
        spin->setRange(low, high);
        spin->setGroupSeparatorShown(true);
        spin->setMinimumWidth(120);
    }
    m_last->setValue(high);
    spins->addWidget(m_first);
    spins->addWidget(new Label(tr("to"), Type::Body, Tone::Text2));
    spins->addWidget(m_last);
    spins->addStretch();
    range->addLayout(spins);
    return m_range;
}

QWidget* ExportDialog::makeLanguage() {
    m_languageField = new QWidget;
    auto* language = new QVBoxLayout(m_languageField);
    language->setContentsMargins(0, 6, 0, 0);
    language->setSpacing(6);
    language->addWidget(new Label(tr("Language of the report"), Type::TableStrong, Tone::Text2));
    m_language = new QComboBox;
    m_language->setAccessibleName(tr("Language of the report"));
    m_language->addItems({QStringLiteral("English"), QStringLiteral("简体中文")});
    m_language->setCurrentIndex(QLocale().language() == QLocale::Chinese ? 1 : 0);
    language->addWidget(m_language);
    return m_languageField;
}

int ExportDialog::form() const {
    return std::clamp(m_form->current(), 0, kForms - 1);
}

void ExportDialog::setTransaction(const usecase::WrittenAt& place, const QString& id) {
    m_transaction = place;
    setWindowTitle(tr("Export the evidence of a transaction"));
    setSummary(
        tr("Transaction %1 at %2").arg(LedgerText::shortId(id, 16, 12), LedgerText::place(place)));
    m_form->setCurrent(0);
    formChanged();
}

void ExportDialog::setCurrentBlock(quint64 block) {
    if (m_model->filtered() && !m_transaction) {
        m_first->setValue(spinMaximum(block));
        m_last->setValue(spinMaximum(block));
    }
}

void ExportDialog::formChanged() {
    static constexpr LedgerExports::Form kForm[kForms] = {
        LedgerExports::Form::Evidence, LedgerExports::Form::Json, LedgerExports::Form::Csv,
        LedgerExports::Form::Blocks};
    const QString about[kForms] = {
        tr("A folder with a report (PDF and HTML), the blocks, certificates and what was signed. "
           "Whoever gets it can check it without any network: by hand, or with chanceryctl ledger "
           "verify."),
        tr("One file: an array of blocks with everything decoded. Read by programs; not signed."),
        tr("One file: a line per transaction, for spreadsheets. Cells that would run as a formula "
           "begin with an apostrophe."),
        tr("A folder with one file per block, as peers hand them out. Can be opened here again.")};
    m_about->setText(about[form()]);
    const bool evidence = form() == 0;
    m_languageField->setVisible(evidence);
    m_range->setVisible(!(evidence && m_transaction));
    if (!m_pathEdited) {
        QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
        if (!QFileInfo(folder).isDir()) folder = QDir::homePath();
        m_path->setText(
            QDir(folder).filePath(LedgerExports::suggestedName(kForm[form()], m_model->channel())));
    }
    m_error->clear();
}

void ExportDialog::choosePath() {
    auto* chooser = new QFileDialog(this, tr("Write to"), QFileInfo(m_path->text()).path());
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    // The writers never overwrite anything, so the question whether to would promise too much.
    chooser->setOption(QFileDialog::DontConfirmOverwrite);
    chooser->selectFile(QFileInfo(m_path->text()).fileName());
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_path->setText(path);
        m_pathEdited = true;
    });
    chooser->open();
}

void ExportDialog::start() {
    static constexpr LedgerExports::Form kForm[kForms] = {
        LedgerExports::Form::Evidence, LedgerExports::Form::Json, LedgerExports::Form::Csv,
        LedgerExports::Form::Blocks};
    if (m_path->text().trimmed().isEmpty()) {
        m_error->setText(tr("Say where to write it."));
        m_path->setFocus();
        return;
    }
    if (m_last->value() < m_first->value()) {
        m_error->setText(tr("The last block comes before the first one."));
        m_last->setFocus();
        return;
    }
    LedgerExports::Request request;
    request.form = kForm[form()];
    request.first = static_cast<quint64>(m_first->value());
    request.last = static_cast<quint64>(m_last->value());
    if (form() == 0) request.transaction = m_transaction;
    request.out = m_path->text().trimmed();
    request.chinese = m_language->currentIndex() == 1;
    m_exports->run(request);
    accept();
}

}  // namespace chancery::ui
