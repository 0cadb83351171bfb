#include "ui/widgets/HorizontalLine.h"

#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/style/Theme.h"

namespace chancery::ui {

HorizontalLine::HorizontalLine(QWidget* parent) : QWidget(parent) {
    setFixedHeight(1);
    followTheme(this);
}

void HorizontalLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawHorizontalLine(painter, 0, width(), 0, Theme::instance().color(Tone::Border));
}

}  // namespace chancery::ui
