#include "ui/widgets/KeyCap.h"

#include <QHash>
#include <QKeySequence>
#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"

namespace chancery::ui {

KeyCap::KeyCap(const QString& text, QWidget* parent) : QWidget(parent), m_text(text) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
    followTheme(this);
}

void KeyCap::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize KeyCap::sizeHint() const {
    return sizeOf(m_text).toSize();
}

QStringList KeyCap::partsOf(const QKeySequence& keys) {
    const QString text = keys.toString(QKeySequence::PortableText);
    QStringList parts = text.size() == 1 ? QStringList{text} : text.split('+', Qt::SkipEmptyParts);
    static const QHash<QString, QString> kSigns = {
        {QStringLiteral("Left"), QStringLiteral("←")},
        {QStringLiteral("Right"), QStringLiteral("→")},
        {QStringLiteral("Up"), QStringLiteral("↑")},
        {QStringLiteral("Down"), QStringLiteral("↓")},
        {QStringLiteral("Return"), QStringLiteral("Enter")}};
    for (QString& part : parts) part = kSigns.value(part, part);
    return parts;
}

QSizeF KeyCap::sizeOf(const QString& text) {
    const qreal width =
        QFontMetricsF(Theme::instance().font(Type::Caption)).horizontalAdvance(text);
    return {std::max(16.0, std::ceil(width) + 10), 18};
}

void KeyCap::paint(QPainter& painter, const QRectF& rect, const QString& text) {
    const Theme& theme = Theme::instance();
    drawBox(painter, rect, 3, theme.color(Tone::Surface), theme.color(Tone::Border2));
    painter.setFont(theme.font(Type::Caption));
    painter.setPen(theme.color(Tone::Text2));
    painter.drawText(rect, Qt::AlignCenter | Qt::TextDontClip, text);
}

void KeyCap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter, rect(), m_text);
}

}  // namespace chancery::ui
