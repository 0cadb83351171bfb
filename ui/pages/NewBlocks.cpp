#include "ui/pages/NewBlocks.h"

#include <QEvent>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>

#include "ui/widgets/Buttons.h"
#include "ui/widgets/DataTable.h"

namespace chancery::ui {

NewBlocks::NewBlocks(DataTable* table) : QObject(table), m_table(table) {
    m_button = makeButton(QString(), ButtonTone::Primary, QStringLiteral("up"), ButtonSize::Small,
                          m_table);
    m_button->setObjectName(QStringLiteral("newBlocks"));
    m_button->hide();
    connect(m_button, &QPushButton::clicked, m_table, &DataTable::scrollToTop);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (value == 0) clear();
    });
    connect(m_table->model(), &QAbstractItemModel::modelReset, this, &NewBlocks::clear);
    connect(m_table->model(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { inserted(first, last); });
    m_table->installEventFilter(this);
}

void NewBlocks::setTold(bool told) {
    m_told = told;
    if (!told) clear();
}

void NewBlocks::inserted(int first, int last) {
    QScrollBar* bar = m_table->verticalScrollBar();
    if (first != 0 || bar->value() == 0) return;
    const int rows = last - first + 1;
    const bool pixels = m_table->verticalScrollMode() == QAbstractItemView::ScrollPerPixel;
    const int by = pixels ? rows * m_table->rowHeight(0) : rows;
    QMetaObject::invokeMethod(
        bar, [bar, to = bar->value() + by] { bar->setValue(to); }, Qt::QueuedConnection);
    if (!m_told) return;
    m_rows += rows;
    m_button->setText(tr("%n new block(s)", "", m_rows));
    m_button->setAccessibleName(m_button->text());
    m_button->show();
    place();
    m_button->raise();
}

void NewBlocks::clear() {
    m_rows = 0;
    m_button->hide();
}

void NewBlocks::place() {
    m_button->adjustSize();
    m_button->move((m_table->width() - m_button->width()) / 2,
                   m_table->horizontalHeader()->height() + 8);
}

bool NewBlocks::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && m_rows > 0) place();
    return QObject::eventFilter(watched, event);
}

}  // namespace chancery::ui
