#include "ui/shell/BrandMark.h"

#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/style/Theme.h"

namespace chancery::ui {
namespace {
constexpr int kLeft = 14, kSign = 20, kGap = 10;
}

BrandMark::BrandMark(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    setAccessibleName(QStringLiteral("Chancery"));
    followTheme(this);
}

void BrandMark::setCompact(bool compact) {
    m_compact = compact;
    updateGeometry();
    update();
}

QSize BrandMark::sizeHint() const {
    if (m_compact) return {kLeft + kSign + kLeft, 44};
    const QFontMetrics metrics(Theme::instance().font(Type::InspectorTitle));
    return {kLeft + kSign + kGap + metrics.horizontalAdvance(accessibleName()) + 8, 44};
}

void BrandMark::paintSign(QPainter& painter, const QRectF& rect, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal unit = rect.width() / 20;
    QPen pen(color, 1.9 * unit, Qt::SolidLine, Qt::RoundCap);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(rect.center(), 8.2 * unit, 8.2 * unit);
    const QRectF inner(rect.center() - QPointF(4.1, 4.1) * unit, QSizeF(8.2, 8.2) * unit);
    painter.drawArc(inner, 45 * 16, 270 * 16);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(rect.center(), 1.4 * unit, 1.4 * unit);
    painter.restore();
}

QIcon BrandMark::windowIcon() {
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintSign(painter, QRectF(0, 0, size, size), QColor(0x39, 0x47, 0xc2));
        icon.addPixmap(pixmap);
    }
    return icon;
}

void BrandMark::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    paintSign(painter, QRectF(kLeft, (height() - kSign) / 2.0, kSign, kSign),
              theme.color(Tone::Accent));
    if (m_compact) return;
    painter.setFont(theme.font(Type::InspectorTitle));
    painter.setPen(theme.color(Tone::Text));
    painter.drawText(QRectF(kLeft + kSign + kGap, 0, width(), height()),
                     Qt::AlignLeft | Qt::AlignVCenter, accessibleName());
}

}  // namespace chancery::ui
