#include "ui/widgets/IconButton.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionToolButton>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {

IconButton::IconButton(const QString& iconName, const QString& text, QWidget* parent)
    : QToolButton(parent) {
    setAutoRaise(true);
    setToolButtonStyle(Qt::ToolButtonIconOnly);
    setIcon(chancery::ui::icon(iconName));
    setIconSize({16, 16});
    setText(text);
    setAccessibleName(text);
    setToolTip(text);
    setFocusPolicy(Qt::TabFocus);
    followTheme(this);
}

void IconButton::setIconName(const QString& name) {
    setIcon(chancery::ui::icon(name));
}

void IconButton::setCompact(bool compact) {
    setSide(compact ? 24 : 28);
}

void IconButton::setSide(int pixels) {
    m_side = pixels;
    updateGeometry();
}

void IconButton::setCount(const QString& count) {
    m_count = count;
    setAccessibleDescription(count);
    update();
}

QSize IconButton::sizeHint() const {
    return {m_side, m_side};
}

void IconButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    style()->drawPrimitive(QStyle::PE_PanelButtonTool, &option, &painter, this);
    QRect box(QPoint(), iconSize());
    box.moveCenter(rect().center());
    const auto mode = !isEnabled()  ? QIcon::Disabled
                      : isChecked() ? QIcon::Selected
                                    : QIcon::Normal;
    icon().paint(&painter, box, Qt::AlignCenter, mode);
    if (hasFocus() && option.state & QStyle::State_KeyboardFocusChange) {
        drawFocusRing(painter, rect());
    }
    if (m_count.isEmpty()) return;
    const Theme& theme = Theme::instance();
    QFont font = theme.font(Type::CaptionStrong);
    font.setPointSizeF(10 * 0.75);
    font.setWeight(QFont::DemiBold);
    const qreal width = std::max(15.0, QFontMetricsF(font).horizontalAdvance(m_count) + 7);
    const QRectF count(this->width() - width, 0, width, 15);
    drawBox(painter, count, 7.5, theme.color(Tone::Error));
    painter.setFont(font);
    painter.setPen(theme.color(Tone::Surface));
    painter.drawText(count, Qt::AlignCenter | Qt::TextDontClip, m_count);
}

}  // namespace chancery::ui
