#include "ui/widgets/LagChart.h"

#include <QDateTime>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr double kScaleWidth = 34, kTimesHeight = 18;

/// 1, 2 or 5 and zeros: the least that is not below.
double roundUp(double value) {
    if (value <= 2) return 2;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0, 10.0})
        if (step * power >= value) return step * power;
    return 10 * power;
}

}  // namespace

LagChart::LagChart(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this);
}

void LagChart::setSamples(std::vector<QPointF> samples) {
    m_samples = std::move(samples);
    update();
}

void LagChart::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QRectF area(kScaleWidth, 6, width() - kScaleWidth - 2, height() - kTimesHeight - 8);
    double most = 0;
    for (const QPointF& sample : m_samples) most = std::max(most, sample.y());
    most = roundUp(most);
    painter.setFont(theme.font(Type::Axis));
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = area.bottom() - part * area.height();
        drawHorizontalLine(painter, area.left(), area.right(), y,
                           theme.color(part == 0 ? Tone::Border2 : Tone::Border));
        painter.setPen(theme.color(Tone::Text2));
        drawTabular(painter, {0, y - 8, kScaleWidth - 8, 16}, Qt::AlignRight | Qt::AlignVCenter,
                    QString::number(part * most));
    }
    if (m_samples.size() < 2) return;
    const double began = m_samples.front().x(), ended = m_samples.back().x();
    const auto timeAt = [&](double when, Qt::Alignment side) {
        const auto time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(when), Qt::UTC);
        painter.setPen(theme.color(Tone::Text2));
        drawTabular(painter, {area.left(), area.bottom() + 2, area.width(), kTimesHeight},
                    side | Qt::AlignVCenter, time.toString(QStringLiteral("HH:mm:ss")));
    };
    timeAt(began, Qt::AlignLeft);
    timeAt(ended, Qt::AlignRight);
    QPainterPath line;
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        const double x =
            area.left() + (m_samples[i].x() - began) / std::max(1.0, ended - began) * area.width();
        const QPointF point(x, area.bottom() - m_samples[i].y() / most * area.height());
        i == 0 ? line.moveTo(point) : line.lineTo(point);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath fill = line;
    fill.lineTo(area.bottomRight());
    fill.lineTo(area.bottomLeft());
    QColor tint = theme.color(Tone::Series1);
    tint.setAlphaF(0.12F);
    painter.fillPath(fill, tint);
    painter.strokePath(line, QPen(theme.color(Tone::Series1), 1.5));
}

}  // namespace chancery::ui
