#include "ui/widgets/Badge.h"

#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kPadding = 6, kLargePadding = 8, kGlyph = 12, kGap = 5;

}  // namespace

BadgeColors colorsOf(BadgeTone tone) {
    switch (tone) {
        case BadgeTone::Neutral:
            return {Tone::Idle, Tone::IdleBack};
        case BadgeTone::Accent:
            return {Tone::Accent, Tone::Selected};
        case BadgeTone::Ok:
            return {Tone::Ok, Tone::OkBack};
        case BadgeTone::Warn:
            return {Tone::Warn, Tone::WarnBack};
        case BadgeTone::Error:
            return {Tone::Error, Tone::ErrorBack};
        case BadgeTone::Info:
            return {Tone::Info, Tone::InfoBack};
        case BadgeTone::Outline:
            return {Tone::Text2, Tone::Surface, true};
    }
    return {Tone::Idle, Tone::IdleBack};
}

BadgeTone badgeToneOf(Status status) {
    switch (status) {
        case Status::Ok:
            return BadgeTone::Ok;
        case Status::Warn:
            return BadgeTone::Warn;
        case Status::Error:
            return BadgeTone::Error;
        case Status::Pending:
        case Status::Info:
            return BadgeTone::Info;
        case Status::Running:
            return BadgeTone::Accent;
        case Status::Off:
        case Status::Unknown:
        case Status::None:
            return BadgeTone::Neutral;
    }
    return BadgeTone::Neutral;
}

Badge::Badge(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    followTheme(this);
}

Badge::Badge(const QString& text, BadgeTone tone, QWidget* parent) : Badge(parent) {
    setTone(tone);
    setText(text);
}

void Badge::setText(const QString& text) {
    m_text = safeText(text);
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

void Badge::setTone(BadgeTone tone) {
    m_tone = tone;
    m_status.reset();
    update();
}

void Badge::setStatus(Status status, const QString& text) {
    m_tone = badgeToneOf(status);
    m_status = status;
    setText(text);
}

void Badge::setIconName(const QString& name) {
    m_iconName = name;
    updateGeometry();
    update();
}

void Badge::setLarge(bool large) {
    m_large = large;
    updateGeometry();
    update();
}

QFont Badge::textFont() const {
    QFont font = Theme::instance().font(m_large ? Type::Table : Type::CaptionStrong);
    font.setWeight(QFont::Medium);
    return font;
}

QSize Badge::sizeHint() const {
    const bool glyph = m_status || !m_iconName.isEmpty();
    const qreal text = QFontMetricsF(textFont()).horizontalAdvance(m_text);
    const int padding = m_large ? kLargePadding : kPadding;
    return {static_cast<int>(std::ceil(text)) + 2 * padding + (glyph ? kGlyph + kGap : 0),
            m_large ? 22 : 18};
}

void Badge::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const BadgeColors colors = colorsOf(m_tone);
    drawBox(painter, rect(), 3, colors.outlined ? QColor() : theme.color(colors.back),
            colors.outlined ? theme.color(Tone::Border2) : QColor());
    qreal x = m_large ? kLargePadding : kPadding;
    if (m_status || !m_iconName.isEmpty()) {
        const QRect box(static_cast<int>(x), (height() - kGlyph) / 2, kGlyph, kGlyph);
        (m_status ? statusIcon(*m_status) : icon(m_iconName, colors.text)).paint(&painter, box);
        x += kGlyph + kGap;
    }
    painter.setFont(textFont());
    painter.setPen(theme.color(colors.text));
    painter.drawText(QRectF(x, 0, width() - x, height()),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_text);
}

}  // namespace chancery::ui
