#include "ui/widgets/FigureStrip.h"

#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kPadding = 16, kHeight = 58;

}  // namespace

FigureStrip::FigureStrip(QWidget* parent) : QWidget(parent) {
    installPaintedAccessibility();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Figures"));
    followTheme(this);
}

void FigureStrip::setFigures(std::vector<Figure> figures) {
    m_figures = std::move(figures);
    updateGeometry();
    update();
}

QSize FigureStrip::sizeHint() const {
    const Theme& theme = Theme::instance();
    const QFontMetricsF label(theme.font(Type::Caption)), value(theme.font(Type::Figure)),
        unit(theme.font(Type::Table));
    qreal widest = 0;
    for (const Figure& f : m_figures) {
        const qreal glyph = f.status == Status::None ? 0 : 20;
        widest =
            std::max({widest, label.horizontalAdvance(f.label),
                      glyph + tabularWidth(value, f.value) + 6 + unit.horizontalAdvance(f.unit)});
    }
    return {
        static_cast<int>(std::ceil(widest) + 2 * kPadding - 8) * static_cast<int>(m_figures.size()),
        kHeight};
}

QSize FigureStrip::minimumSizeHint() const {
    // The figures stay whole; labels and units are shortened.
    const QFontMetricsF value(Theme::instance().font(Type::Figure));
    qreal widest = 56;
    for (const Figure& f : m_figures) {
        widest =
            std::max(widest, (f.status == Status::None ? 0 : 20) + tabularWidth(value, f.value));
    }
    return {static_cast<int>(std::ceil(widest) + kPadding + 4) * partCount(), kHeight};
}

QString FigureStrip::partName(int part) const {
    const Figure& f = m_figures[static_cast<size_t>(part)];
    QString name = QStringLiteral("%1: %2 %3").arg(f.label, f.value, f.unit).trimmed();
    if (f.status != Status::None) name += QStringLiteral(", ") + wordOf(f.status);
    return name;
}

QRect FigureStrip::partRect(int part) const {
    const int count = std::max(1, partCount());
    const int left = width() * part / count;
    return {left, 0, width() * (part + 1) / count - left, height()};
}

void FigureStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Tone::Surface));
    for (int i = 0; i < partCount(); ++i) {
        const Figure& f = m_figures[static_cast<size_t>(i)];
        const QRect cell = partRect(i);
        if (i > 0) {
            drawVerticalLine(painter, cell.left(), 0, height(), theme.color(Tone::Border));
        }
        qreal x = cell.left() + kPadding;
        painter.setFont(theme.font(Type::Caption));
        painter.setPen(theme.color(Tone::Text3));
        painter.drawText(QRectF(x, 9, cell.right() - x, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(painter.font())
                             .elidedText(safeText(f.label), Qt::ElideRight, cell.right() - x - 4));
        const QRectF row(x, 25, cell.right() - x, 24);
        if (f.status != Status::None) {
            statusIcon(f.status).paint(&painter, QRect(static_cast<int>(x), 31, 14, 14));
            x += 20;
        }
        const QFont big = theme.font(Type::Figure);
        const QString value = safeText(f.value);
        painter.setFont(big);
        painter.setPen(theme.color(f.stale ? Tone::Text3 : Tone::Text));
        drawTabular(painter, QRectF(x, row.top(), cell.right() - x, row.height()),
                    Qt::AlignLeft | Qt::AlignVCenter, value);
        // The unit stands on the figure's base line.
        const QFontMetricsF metrics(big);
        const qreal base = row.center().y() + (metrics.ascent() - metrics.descent()) / 2;
        painter.setFont(theme.font(Type::Table));
        painter.setPen(theme.color(f.stale ? Tone::Text3 : Tone::Text2));
        const qreal unit = x + tabularWidth(metrics, value) + 5;
        painter.drawText(QPointF(unit, base), QFontMetricsF(painter.font())
                                                  .elidedText(safeText(f.unit), Qt::ElideRight,
                                                              cell.right() - unit - 2));
    }
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui
