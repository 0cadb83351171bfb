#include "ui/widgets/Spinner.h"

#include <QPainter>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kSpinnerFrameMs = 33;
constexpr int kDegrees = 12;  ///< per frame: a turn a second

}  // namespace

Spinner::Spinner(QWidget* parent, int size) : QWidget(parent), m_size(size) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(wordOf(Status::Running));
    m_timer.setInterval(kSpinnerFrameMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + kDegrees) % 360;
        update();
    });
    connect(&Theme::instance(), &Theme::changed, this, &Spinner::updateMotion);
    followTheme(this);
}

QSize Spinner::sizeHint() const {
    return {m_size, m_size};
}

void Spinner::updateMotion() {
    if (isVisible() && !Theme::instance().reducedMotion()) {
        m_timer.start();
    } else {
        m_timer.stop();
        m_angle = 0;
    }
}

void Spinner::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal pen = m_size * 1.8 / 14;
    const qreal side = std::min(width(), height()) - pen - 1.6;
    QRectF ring(0, 0, side, side);
    ring.moveCenter(QRectF(rect()).center());
    const Theme& theme = Theme::instance();
    painter.setPen(QPen(theme.color(Tone::Border2), pen));
    painter.drawEllipse(ring);
    painter.setPen(QPen(theme.color(Tone::Accent), pen, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(ring, (90 - m_angle) * 16, -90 * 16);
}

void Spinner::showEvent(QShowEvent*) {
    updateMotion();
}

void Spinner::hideEvent(QHideEvent*) {
    m_timer.stop();
}

}  // namespace chancery::ui
