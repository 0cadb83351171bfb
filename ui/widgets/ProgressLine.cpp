#include "ui/widgets/ProgressLine.h"

#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kFrameMs = 16;
constexpr double kStep = 0.012;  ///< of the whole way, per frame

}  // namespace

ProgressLine::ProgressLine(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress"));
    m_timer.setInterval(kFrameMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_phase = std::fmod(m_phase + kStep, 1.0);
        update();
    });
    connect(&Theme::instance(), &Theme::changed, this, &ProgressLine::updateMotion);
    followTheme(this);
}

void ProgressLine::setFraction(double fraction) {
    fraction = std::isnan(fraction) ? -1 : std::min(fraction, 1.0);
    if (m_fraction == fraction) return;
    m_fraction = fraction;
    setAccessibleDescription(fraction < 0 ? QString()
                                          : tr("%1 %").arg(static_cast<int>(fraction * 100)));
    updateMotion();
    update();
}

void ProgressLine::setThickness(int pixels) {
    m_thickness = pixels;
    updateGeometry();
    update();
}

QSize ProgressLine::sizeHint() const {
    return {160, m_thickness};
}

QSize ProgressLine::minimumSizeHint() const {
    return {24, m_thickness};
}

void ProgressLine::updateMotion() {
    const bool move = m_fraction < 0 && isVisible() && !Theme::instance().reducedMotion();
    if (move == m_timer.isActive()) return;
    if (move) {
        m_timer.start();
    } else {
        m_timer.stop();
    }
}

void ProgressLine::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const qreal radius = m_thickness / 2.0;
    const QRectF line(0, (height() - m_thickness) / 2.0, width(), m_thickness);
    drawBox(painter, line, radius, theme.color(Tone::Chip));
    QRectF filled = line;
    if (m_fraction >= 0) {
        filled.setWidth(line.width() * m_fraction);
    } else {
        const qreal part = line.width() * 0.25;
        const qreal phase = theme.reducedMotion() ? 0.5 : m_phase;
        filled.setLeft(phase * (line.width() + part) - part);
        filled.setWidth(part);
        filled = filled.intersected(line);
    }
    if (filled.width() >= 1) drawBox(painter, filled, radius, theme.color(Tone::Accent));
}

void ProgressLine::showEvent(QShowEvent*) {
    updateMotion();
}

void ProgressLine::hideEvent(QHideEvent*) {
    m_timer.stop();
}

}  // namespace chancery::ui
