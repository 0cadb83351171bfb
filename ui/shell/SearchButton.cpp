#include "ui/shell/SearchButton.h"

#include <QPainter>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/KeyCap.h"

namespace chancery::ui {
namespace {
constexpr int kWidth = 296, kHeight = 28, kCompactWidth = 32, kSearchIcon = 16;
}

SearchButton::SearchButton(QWidget* parent) : QAbstractButton(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    followTheme(this);
}

void SearchButton::setCompact(bool compact) {
    m_compact = compact;
    updateGeometry();
    update();
}

void SearchButton::setKeys(const QString& keys) {
    m_keys = keys;
    update();
}

QSize SearchButton::sizeHint() const {
    return {m_compact ? kCompactWidth : kWidth, kHeight};
}

void SearchButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    drawBox(painter, rect(), 4, theme.color(underMouse() ? Tone::Hover : Tone::Surface),
            theme.color(Tone::Control));
    if (hasFocus()) drawFocusRing(painter, rect());
    const qreal top = (height() - kSearchIcon) / 2.0;
    const qreal left = m_compact ? (width() - kSearchIcon) / 2.0 : 8;
    ui::icon(QStringLiteral("search"))
        .paint(&painter, QRectF(left, top, kSearchIcon, kSearchIcon).toRect());
    if (m_compact) return;
    const QSizeF cap = KeyCap::sizeOf(m_keys);
    const QRectF capRect(QPointF(width() - cap.width() - 6, (height() - cap.height()) / 2), cap);
    KeyCap::paint(painter, capRect, m_keys);
    painter.setFont(theme.font(Type::Body));
    painter.setPen(theme.color(Tone::Text3));
    const qreal begin = left + kSearchIcon + 8;
    const QRectF room(begin, 0, capRect.left() - 8 - begin, height());
    painter.drawText(
        room, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(text(), Qt::ElideRight, static_cast<int>(room.width())));
}

}  // namespace chancery::ui
