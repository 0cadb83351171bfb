#include "ui/widgets/DetailGrid.h"

#include <QGridLayout>

#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {
namespace {
constexpr int kTight = 640;
}

DetailGrid::DetailGrid(int columns, QWidget* parent)
    : QWidget(parent), m_columns(std::max(1, columns)) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(3);
    for (int i = 0; i < m_columns; ++i) m_grid->setColumnStretch(2 * i + 1, 1);
}

void DetailGrid::clear() {
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_next = 0;
    m_spanNext = false;
}

Label* DetailGrid::addText(const QString& label, const QString& value, Type type, Tone tone) {
    auto* text = new Label({}, type, tone);
    if (value.isEmpty()) {
        text->setText(QStringLiteral("–"));
        text->setTone(Tone::Text3);
    } else {
        text->setSafeText(value);
    }
    text->setWordWrap(true);
    place(label, text);
    return text;
}

CopyLabel* DetailGrid::addCopy(const QString& label, const QString& value) {
    auto* copy = new CopyLabel(value);
    copy->setWhat(label);
    place(label, copy);
    return copy;
}

void DetailGrid::addStatus(const QString& label, Status status, const QString& value) {
    place(label, new StatusLabel(status, value));
}

void DetailGrid::addWidget(const QString& label, QWidget* value) {
    place(label, value);
}

void DetailGrid::nextSpansRow() {
    m_spanNext = true;
    if (m_next % m_columns != 0) m_next += m_columns - m_next % m_columns;
}

void DetailGrid::setLabelWidth(int width) {
    m_labelWidth = width;
    for (int i = 0; i < m_columns; ++i) m_grid->setColumnMinimumWidth(2 * i, width);
}

void DetailGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // In little room labels take what they need, so that more is left for the values.
    const bool tight = m_columns > 1 && width() < kTight;
    if (std::exchange(m_isTight, tight) == tight) return;
    for (int column = 0; column < m_columns; ++column) {
        int widest = 0;
        const auto eachLabel = [&](const auto& visit) {
            for (int row = 0; row < m_grid->rowCount(); ++row)
                if (QLayoutItem* item = m_grid->itemAtPosition(row, 2 * column))
                    if (auto* label = qobject_cast<Label*>(item->widget()); label) visit(*label);
        };
        eachLabel([&](Label& label) {
            if (label.buddy() == nullptr) return;
            const int needed = label.fontMetrics().horizontalAdvance(label.text()) + 2;
            widest = std::max(widest, needed);
        });
        const int width = tight ? std::min(widest, m_labelWidth) : m_labelWidth;
        m_grid->setColumnMinimumWidth(2 * column, width);
        eachLabel([&](Label& label) {
            if (label.buddy() != nullptr) label.setFixedWidth(width);
        });
    }
}

void DetailGrid::place(const QString& label, QWidget* value) {
    auto* name = new Label(label, Type::Table, Tone::Text3);
    name->setElide(Qt::ElideRight);
    name->setFixedWidth(m_labelWidth);
    name->setMinimumHeight(20);
    name->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    name->setBuddy(value);
    if (value->accessibleName().isEmpty()) value->setAccessibleDescription(label);
    const int row = m_next / m_columns, column = m_next % m_columns;
    const int span = m_spanNext ? 2 * (m_columns - column) - 1 : 1;
    m_grid->addWidget(name, row, 2 * column, Qt::AlignTop);
    value->setMinimumHeight(20);
    m_grid->addWidget(value, row, 2 * column + 1, 1, span, Qt::AlignTop);
    m_next += m_spanNext ? m_columns - column : 1;
    m_spanNext = false;
}

}  // namespace chancery::ui
