#include "ui/shell/ContextButton.h"

#include <QPainter>
#include <QStyleOption>
#include <algorithm>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kPadding = 6, kGap = 8, kGlyph = 14, kChevron = 14, kMark = 10, kBadgePadding = 6;
constexpr int kButtonHeight = 30, kMaxText = 260, kMinText = 48;

QFont captionFont() {
    return Theme::instance().font(Type::Body);
}
QFont textFont() {
    return Theme::instance().font(Type::Button);
}
QFont badgeFont() {
    return Theme::instance().font(Type::Caption);
}

qreal advance(const QFont& font, const QString& text) {
    return QFontMetricsF(font).horizontalAdvance(text);
}

}  // namespace

ContextButton::ContextButton(QWidget* parent) : QAbstractButton(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    followTheme(this);
}

void ContextButton::setPart(const ContextPart& part) {
    m_part = part;
    setFocusPolicy(part.menu ? Qt::TabFocus : Qt::NoFocus);
    setEnabled(true);
    QStringList name{part.caption, part.text, part.badge};
    name.removeAll(QString());
    if (part.status) name.append(wordOf(*part.status));
    setAccessibleName(name.join(QStringLiteral(", ")));
    setToolTip(part.tooltip.isEmpty() ? part.text : part.tooltip);
    updateGeometry();
    update();
}

void ContextButton::setCompact(bool compact) {
    m_compact = compact;
    updateGeometry();
    update();
}

/// Everything but the text itself.
qreal ContextButton::fixedWidth() const {
    qreal width = 2 * kPadding;
    if (!m_compact && !m_part.caption.isEmpty())
        width += advance(captionFont(), m_part.caption) + kGap;
    if (m_part.status) width += kGlyph + kGap;
    if (m_part.channel >= 0) width += kMark + kGap;
    if (!m_part.badge.isEmpty()) {
        width += advance(badgeFont(), m_part.badge) + 2 * kBadgePadding + 2;
        if (!m_part.badgeIcon.isEmpty()) width += kGlyph + 4;
        if (!m_part.text.isEmpty()) width += kGap;
    }
    if (m_part.menu) width += kGap + kChevron;
    return width;
}

qreal ContextButton::textWidth() const {
    return m_part.text.isEmpty() ? 0 : advance(textFont(), m_part.text) + 1;
}

QSize ContextButton::sizeHint() const {
    return {static_cast<int>(fixedWidth() + std::min<qreal>(textWidth(), kMaxText)) + 1,
            kButtonHeight};
}

QSize ContextButton::minimumSizeHint() const {
    return {static_cast<int>(fixedWidth() + std::min<qreal>(textWidth(), kMinText)) + 1,
            kButtonHeight};
}

void ContextButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    if (m_part.menu && (underMouse() || isDown()))
        drawBox(painter, rect(), 4, theme.color(isDown() ? Tone::Selected : Tone::Hover));
    if (hasFocus()) drawFocusRing(painter, rect());

    qreal x = kPadding;
    const auto middle = [&](qreal size) { return (height() - size) / 2; };
    const auto write = [&](const QFont& font, Tone tone, const QString& text, qreal width) {
        painter.setFont(font);
        painter.setPen(theme.color(tone));
        painter.drawText(QRectF(x, 0, width + 1, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(font).elidedText(text, Qt::ElideMiddle, width + 1));
        x += width;
    };
    if (!m_compact && !m_part.caption.isEmpty()) {
        write(captionFont(), Tone::Text3, m_part.caption, advance(captionFont(), m_part.caption));
        x += kGap;
    }
    if (m_part.status) {
        statusIcon(*m_part.status)
            .paint(&painter, QRectF(x, middle(kGlyph), kGlyph, kGlyph).toRect());
        x += kGlyph + kGap;
    }
    if (m_part.channel >= 0) {
        drawChannelMark(painter, QRectF(x, middle(kMark), kMark, kMark), m_part.channel);
        x += kMark + kGap;
    }
    if (!m_part.text.isEmpty()) {
        const qreal room = std::max<qreal>(0, width() - fixedWidth());
        write(textFont(), Tone::Text, m_part.text, std::min(textWidth(), room));
        if (!m_part.badge.isEmpty()) x += kGap;
    }
    if (!m_part.badge.isEmpty()) {
        const qreal text = advance(badgeFont(), m_part.badge);
        const qreal glyph = m_part.badgeIcon.isEmpty() ? 0 : kGlyph + 4;
        const QRectF box(x, middle(20), text + glyph + 2 * kBadgePadding, 20);
        drawBox(painter, box, 3, {}, theme.color(Tone::Border2));
        x += kBadgePadding;
        if (glyph > 0) {
            ui::icon(m_part.badgeIcon).paint(&painter, QRectF(x, middle(14), 14, 14).toRect());
            x += glyph;
        }
        write(badgeFont(), Tone::Text2, m_part.badge, text);
        x += kBadgePadding + 2;
    }
    if (m_part.menu) {
        x += kGap;
        ui::icon(QStringLiteral("down"))
            .paint(&painter, QRectF(x, middle(kChevron), kChevron, kChevron).toRect());
    }
}

}  // namespace chancery::ui
