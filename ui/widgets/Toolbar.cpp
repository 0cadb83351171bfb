#include "ui/widgets/Toolbar.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"

namespace chancery::ui {

Toolbar::Toolbar(QWidget* parent) : QWidget(parent) {
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(16, 5, 16, 6);
    m_layout->setSpacing(8);
    setMinimumHeight(40);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    followTheme(this);
}

void Toolbar::addWidget(QWidget* widget, int stretch) {
    m_layout->addWidget(widget, stretch);
}

void Toolbar::addStretch() {
    m_layout->addStretch();
}

void Toolbar::addSpacing(int pixels) {
    m_layout->addSpacing(pixels);
}

void Toolbar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Tone::Surface));
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui
