#include "ui/widgets/Label.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Paragraph.h"

namespace chancery::ui {

Label::Label(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    connect(&Theme::instance(), &Theme::changed, this, &Label::restyle);
    restyle();
}

Label::Label(const QString& text, Type type, Tone tone, QWidget* parent) : QLabel(parent) {
    m_type = type;
    m_tone = tone;
    setTextFormat(Qt::PlainText);
    setText(text);
    connect(&Theme::instance(), &Theme::changed, this, &Label::restyle);
    restyle();
}

void Label::setType(Type type) {
    m_type = type;
    restyle();
}

void Label::setTone(Tone tone) {
    m_tone = tone;
    restyle();
}

void Label::setElide(Qt::TextElideMode mode) {
    m_elide = mode;
    updateGeometry();
    update();
}

void Label::setSafeText(const QString& text) {
    setText(safeText(text));
}

void Label::restyle() {
    setFont(Theme::instance().font(m_type));
    updateGeometry();
    update();
}

QSize Label::sizeHint() const {
    if (pixmap(Qt::ReturnByValue).isNull() == false) return QLabel::sizeHint();
    const QMargins m = contentsMargins();
    Paragraph paragraph(text(), m_type);
    const int natural = static_cast<int>(std::ceil(paragraph.naturalWidth()));
    const int width = wordWrap() ? std::min(natural, 480) : natural;
    const int height = static_cast<int>(paragraph.layOut(width));
    return QSize(width, height).grownBy(m);
}

QSize Label::minimumSizeHint() const {
    if (wordWrap()) {
        Paragraph paragraph(text(), m_type);
        const int width = std::min(static_cast<int>(paragraph.smallestWidth()), 160);
        return QSize(width, Theme::instance().lineHeight(m_type)).grownBy(contentsMargins());
    }
    if (m_elide == Qt::ElideNone) return sizeHint();
    return {std::min(40, sizeHint().width()), sizeHint().height()};
}

int Label::heightForWidth(int width) const {
    if (!wordWrap()) return -1;
    const QMargins m = contentsMargins();
    Paragraph paragraph(text(), m_type);
    return static_cast<int>(std::ceil(paragraph.layOut(width - m.left() - m.right()))) + m.top() +
           m.bottom();
}

void Label::paintEvent(QPaintEvent* event) {
    if (textInteractionFlags() & Qt::TextSelectableByMouse || text().isEmpty()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    const QColor color = Theme::instance().color(isEnabled() ? m_tone : Tone::Disabled);
    const QRectF rect = contentsRect();
    const QFontMetricsF metrics(font());
    if (!wordWrap()) {
        painter.setFont(font());
        painter.setPen(color);
        const QString shown =
            m_elide == Qt::ElideNone ? text() : metrics.elidedText(text(), m_elide, rect.width());
        painter.drawText(rect, static_cast<int>(alignment()) | Qt::TextDontClip, shown);
        return;
    }
    Paragraph paragraph(text(), m_type);
    const qreal height = paragraph.layOut(rect.width());
    qreal y = rect.top();
    if (alignment() & Qt::AlignVCenter) y += std::max(0.0, (rect.height() - height) / 2);
    paragraph.draw(painter, {rect.left(), y}, color);
}

bool Label::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_elide != Qt::ElideNone && toolTip().isEmpty()) {
        const bool cut = QFontMetricsF(font()).horizontalAdvance(text()) > contentsRect().width();
        if (cut) {
            setToolTip(safeToolTip(text()));
            const bool done = QLabel::event(event);
            setToolTip({});
            return done;
        }
    }
    return QLabel::event(event);
}

}  // namespace chancery::ui
