#include "ui/widgets/DialogFooter.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"

namespace chancery::ui {

DialogFooter::DialogFooter(QWidget* parent) : QWidget(parent) {
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(20, 13, 20, 12);
    m_layout->setSpacing(8);
    m_layout->addStretch();
    followTheme(this);
}

void DialogFooter::addButton(QWidget* button) {
    m_layout->addWidget(button);
}

void DialogFooter::addLeft(QWidget* widget) {
    m_layout->insertWidget(m_left++, widget);
}

void DialogFooter::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawHorizontalLine(painter, 0, width(), 0, Theme::instance().color(Tone::Border));
}

}  // namespace chancery::ui
