#include "ui/style/SliderPaint.h"

#include "ui/style/Paint.h"
#include "ui/style/Theme.h"

namespace chancery::ui {
namespace {
constexpr qreal kLine = 4, kHandle = 14;
}

void drawSlider(const QStyleOptionSlider& option, QPainter& painter, const QRectF& groove,
                const QRectF& handle) {
    const Theme& theme = Theme::instance();
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool lying = option.orientation == Qt::Horizontal;
    const QColor accent = theme.color(enabled ? Tone::Accent : Tone::Disabled);
    QRectF line = lying ? QRectF(groove.left(), 0, groove.width(), kLine)
                        : QRectF(0, groove.top(), kLine, groove.height());
    lying ? line.moveTop(groove.center().y() - kLine / 2)
          : line.moveLeft(groove.center().x() - kLine / 2);
    drawBox(painter, line, kLine / 2, theme.color(Tone::Border2));
    QRectF done = line;
    if (lying)
        option.upsideDown ? done.setLeft(handle.center().x()) : done.setRight(handle.center().x());
    else
        option.upsideDown ? done.setTop(handle.center().y()) : done.setBottom(handle.center().y());
    drawBox(painter, done, kLine / 2, accent);
    QRectF knob(0, 0, kHandle, kHandle);
    knob.moveCenter(handle.center());
    const bool hover = enabled && option.state & QStyle::State_MouseOver &&
                       option.activeSubControls & QStyle::SC_SliderHandle;
    drawBox(painter, knob, kHandle / 2, theme.color(hover ? Tone::Hover : Tone::Surface), accent,
            enabled && option.state & QStyle::State_HasFocus ? 3 : 2);
}

}  // namespace chancery::ui
