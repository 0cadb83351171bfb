#include "ui/pages/KeyDialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/models/KeyViewModel.h"
#include "ui/models/LedgerText.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/LedgerParts.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/SegmentedControl.h"

namespace chancery::ui {
namespace {

int asInt(quint64 block) {
    return static_cast<int>(std::min<quint64>(block, 2'000'000'000));
}

}  // namespace

KeyDialog::KeyDialog(KeyViewModel* model, SeriesOf seriesOf, QWidget* parent)
    : LedgerDialog(tr("History and state of a key"), {}, parent),
      m_model(model),
      m_seriesOf(std::move(seriesOf)) {
    setObjectName(QStringLiteral("keyDialog"));
    content()->addLayout(makeWhich());
    content()->addSpacing(4);
    content()->addLayout(makeHeight());

    m_value = addSection(content(), 0, 4);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("value"));
    m_text->setAccessibleName(tr("Value"));
    m_text->setReadOnly(true);
    m_text->setPlaceholderText(tr("Choose a contract, type a key and press Enter."));
    m_text->setFont(Theme::instance().font(Type::Mono));
    m_text->setFixedHeight(92);
    content()->addWidget(m_text);

    m_mode = new SegmentedControl({tr("Versions"), tr("Keys at this height")});
    auto* modes = new QHBoxLayout;
    modes->addWidget(m_mode);
    modes->addStretch();
    auto* decode = new QCheckBox(tr("Decode values as JSON"));
    decode->setFont(Theme::instance().font(Type::Table));
    decode->setChecked(true);
    connect(decode, &QCheckBox::toggled, model->history(), &KeyHistoryModel::setDecoding);
    modes->addWidget(decode);
    content()->addSpacing(6);
    content()->addLayout(modes);
    m_pages = new QStackedWidget;
    m_pages->addWidget(makeHistory());
    m_pages->addWidget(makeState());
    content()->addWidget(m_pages, 1);
    addCancel(tr("Close"));

    connect(m_mode, &SegmentedControl::currentChanged, this, [this](int mode) {
        m_pages->setCurrentIndex(mode);
        if (mode == 1) m_model->setPrefix(m_contract->currentText(), m_key->text().toUtf8());
    });
    connect(model, &KeyViewModel::changed, this, &KeyDialog::show);
    connect(model, &KeyViewModel::contractsChanged, this, &KeyDialog::showContracts);
    showContracts();
    show();
    resize(900, 620);
}

QLayout* KeyDialog::makeWhich() {
    auto* which = new QGridLayout;
    which->setHorizontalSpacing(8);
    which->setVerticalSpacing(4);
    which->setColumnStretch(1, 1);
    const auto place = [which](const QString& label, QWidget* field, int column) {
        auto* name = new Label(label, Type::TableStrong, Tone::Text2);
        name->setBuddy(field);
        which->addWidget(name, 0, column);
        which->addWidget(field, 1, column);
    };
    m_contract = new QComboBox;
    m_contract->setObjectName(QStringLiteral("contract"));
    m_contract->setAccessibleName(tr("Contract"));
    m_contract->setEditable(true);
    m_contract->setInsertPolicy(QComboBox::NoInsert);
    m_contract->setMinimumWidth(180);
    place(tr("Contract"), m_contract, 0);
    m_key = new QLineEdit;
    m_key->setObjectName(QStringLiteral("key"));
    m_key->setAccessibleName(tr("Key"));
    m_key->setPlaceholderText(tr("Key, or how it begins"));
    place(tr("Key"), m_key, 1);
    QPushButton* find = makeButton(tr("Show"), ButtonTone::Secondary, QStringLiteral("search"));
    find->setObjectName(QStringLiteral("show"));
    find->setAutoDefault(false);
    which->addWidget(find, 1, 2);
    connect(find, &QPushButton::clicked, this, &KeyDialog::search);
    connect(m_key, &QLineEdit::returnPressed, this, &KeyDialog::search);
    return which;
}

QLayout* KeyDialog::makeHeight() {
    auto* height = new QHBoxLayout;
    height->setSpacing(8);
    height->addWidget(new Label(tr("After block"), Type::Body, Tone::Text2));
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(QStringLiteral("heightSlider"));
    m_slider->setAccessibleName(tr("After block"));
    m_height = new QSpinBox;
    m_height->setObjectName(QStringLiteral("height"));
    m_height->setAccessibleName(tr("After block"));
    m_height->setGroupSeparatorShown(true);
    m_height->setMinimumWidth(110);
    height->addWidget(m_slider, 1);
    height->addWidget(m_height);

    // Dragging asks when the hand rests, not for every block that it passes.
    m_delay = new QTimer(this);
    m_delay->setSingleShot(true);
    m_delay->setInterval(80);
    connect(m_delay, &QTimer::timeout, this,
            [this] { m_model->setHeight(static_cast<quint64>(m_height->value())); });
    const int first = asInt(m_model->firstBlock());
    const int last = asInt(m_model->lastBlock());
    m_slider->setRange(first, last);
    m_height->setRange(first, last);
    m_height->setValue(m_model->height() ? asInt(*m_model->height()) : last);
    m_slider->setValue(m_height->value());
    connect(m_slider, &QSlider::valueChanged, m_height, &QSpinBox::setValue);
    connect(m_height, &QSpinBox::valueChanged, this, &KeyDialog::heightChanged);
    return height;
}

QWidget* KeyDialog::makeHistory() {
    m_history = new DataTable(QStringLiteral("ledger.keyHistory"));
    m_history->setObjectName(QStringLiteral("historyTable"));
    m_history->setAccessibleName(tr("Versions of the key"));
    m_history->setEmptyText(tr("There is no version to show."));
    m_history->setModel(new LedgerCells(m_model->history(), m_seriesOf, this));
    m_history->setColumnDelegate<CellDelegate>(KeyHistoryModel::Version);
    m_history->setColumnDelegate<CellDelegate>(KeyHistoryModel::Time);
    m_history->setColumnDelegate<ChipDelegate>(KeyHistoryModel::By);
    m_history->setColumnDelegate<CellDelegate>(KeyHistoryModel::Function);
    m_history->setColumnDelegate<DiffDelegate>(KeyHistoryModel::Before);
    m_history->setColumnDelegate<DiffDelegate>(KeyHistoryModel::After);
    const int widths[] = {84, 172, 180, 110, 140, 140};
    for (int column = 0; column < KeyHistoryModel::ColumnCount; ++column)
        m_history->horizontalHeader()->resizeSection(column, widths[column]);
    m_history->setStretchColumn(KeyHistoryModel::After);
    connect(m_history, &DataTable::opened, this, [this](const QModelIndex& index) {
        const auto place = m_model->history()->placeAt(index.row());
        if (!place) return;
        Q_EMIT transactionRequested(place->block, place->transaction);
        accept();
    });
    return m_history;
}

QWidget* KeyDialog::makeState() {
    m_state = new DataTable(QStringLiteral("ledger.state"));
    m_state->setObjectName(QStringLiteral("stateTable"));
    m_state->setAccessibleName(tr("Keys at this height"));
    m_state->setEmptyText(tr("No key begins like this."));
    m_state->setModel(new LedgerCells(m_model->state(), m_seriesOf, this));
    m_state->setColumnDelegate<CellDelegate>(StateModel::Key);
    m_state->setColumnDelegate<CellDelegate>(StateModel::Value);
    m_state->setColumnDelegate<CellDelegate>(StateModel::Version);
    m_state->setColumnDelegate<ChipDelegate>(StateModel::By);
    const int widths[] = {240, 260, 100, 190};
    for (int column = 0; column < StateModel::ColumnCount; ++column)
        m_state->horizontalHeader()->resizeSection(column, widths[column]);
    m_state->setStretchColumn(StateModel::Value);
    connect(m_state, &DataTable::opened, this, [this](const QModelIndex& index) {
        m_mode->setCurrent(0);
        m_pages->setCurrentIndex(0);
        m_model->show(index.data(ContractRole).toString(), index.data(CollectionRole).toString(),
                      index.data(KeyBytesRole).toByteArray());
    });
    return m_state;
}

void KeyDialog::showContracts() {
    const QString now = m_contract->currentText();
    m_contract->clear();
    m_contract->addItems(m_model->contracts());
    if (!m_model->contract().isEmpty())
        m_contract->setCurrentText(m_model->contract());
    else if (!now.isEmpty())
        m_contract->setCurrentText(now);
}

void KeyDialog::search() {
    const QString text = m_key->text();
    // A key that does not print is shown with escapes; as long as they are not touched it is meant.
    const QByteArray key = text == m_model->keyText() ? m_model->key() : text.toUtf8();
    m_model->show(m_contract->currentText(), {}, key);
    if (m_mode->current() == 1) m_model->setPrefix(m_contract->currentText(), key);
}

void KeyDialog::heightChanged(int block) {
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(block);
    m_delay->start();
}

void KeyDialog::show() {
    if (!m_model->contract().isEmpty()) {
        m_contract->setCurrentText(m_model->contract());
        m_key->setText(m_model->keyText());
    }
    clearSection(m_value);
    const KeyViewModel::Value& value = m_model->value();
    if (!m_model->problem().isEmpty()) {
        m_value->addWidget(
            new Notice(Notice::Kind::Error, tr("The key cannot be read."), m_model->problem()));
    } else if (value.known) {
        auto* grid = new DetailGrid(2);
        grid->addText(tr("Written by"), value.by.isEmpty()
                                            ? QStringLiteral("–")
                                            : value.by + QStringLiteral(", ") + value.msp);
        grid->addText(tr("Version"),
                      value.version.isEmpty() ? QStringLiteral("–")
                                              : value.version + QStringLiteral("   ") + value.when,
                      Type::Mono);
        if (!value.policy.isEmpty()) {
            grid->nextSpansRow();
            grid->addText(tr("Own policy"), value.policy, Type::Mono);
        }
        if (!value.complete) {
            grid->nextSpansRow();
            grid->addText(tr("Remark"),
                          tr("The state before the first block is not known; a snapshot would give "
                             "it."));
        }
        m_value->addWidget(grid);
    }
    m_text->setPlainText(value.exists  ? value.text
                         : value.known ? tr("The key does not exist at this height.")
                                       : QString());
}

}  // namespace chancery::ui
