#include "ui/widgets/GlyphWidget.h"

#include <QPainter>

#include "ui/style/Paint.h"

namespace chancery::ui {

GlyphWidget::GlyphWidget(Status status, int size, QWidget* parent) : QWidget(parent) {
    setFixedSize(size, size);
    setStatus(status);
    followTheme(this);
}

void GlyphWidget::setStatus(Status status) {
    m_status = status;
    setAccessibleName(wordOf(status));
    setToolTip(wordOf(status));
    update();
}

void GlyphWidget::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    statusIcon(m_status).paint(&painter, rect());
}

}  // namespace chancery::ui
