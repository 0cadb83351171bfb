#include "ui/widgets/StatusLabel.h"

#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kGlyph = 14, kGap = 7;

Tone wordToneOf(Status status) {
    switch (status) {
        case Status::Warn:
            return Tone::Warn;
        case Status::Error:
            return Tone::Error;
        case Status::Off:
        case Status::Unknown:
        case Status::None:
            return Tone::Text2;
        default:
            return Tone::Text;
    }
}

}  // namespace

StatusLabel::StatusLabel(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    followTheme(this);
}

StatusLabel::StatusLabel(Status status, const QString& text, QWidget* parent)
    : StatusLabel(parent) {
    setStatus(status, text);
}

void StatusLabel::setStatus(Status status, const QString& text) {
    m_status = status;
    m_text = safeText(text);
    setAccessibleName(m_text.isEmpty() ? wordOf(status) : m_text);
    setToolTip(m_text.isEmpty() ? wordOf(status) : QString());
    updateGeometry();
    update();
}

void StatusLabel::setType(Type type) {
    m_type = type;
    updateGeometry();
    update();
}

void StatusLabel::setTone(Tone tone) {
    m_tone = tone;
    update();
}

QSize StatusLabel::sizeHint() const {
    const qreal text = QFontMetricsF(Theme::instance().font(m_type)).horizontalAdvance(m_text);
    return {kGlyph + (m_text.isEmpty() ? 0 : kGap + static_cast<int>(std::ceil(text)) + 1),
            std::max(16, Theme::instance().lineHeight(m_type))};
}

void StatusLabel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    statusIcon(m_status).paint(&painter, QRect(0, (height() - kGlyph) / 2, kGlyph, kGlyph));
    painter.setFont(theme.font(m_type));
    painter.setPen(
        theme.color(isEnabled() ? m_tone.value_or(wordToneOf(m_status)) : Tone::Disabled));
    painter.drawText(QRectF(kGlyph + kGap, 0, width() - kGlyph - kGap, height()),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_text);
}

}  // namespace chancery::ui
