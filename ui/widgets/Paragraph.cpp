#include "ui/widgets/Paragraph.h"

#include <QFontMetricsF>
#include <QTextOption>
#include <cmath>

namespace chancery::ui {

Paragraph::Paragraph(const QString& text, Type type, qsizetype strongLength)
    : m_font(Theme::instance().font(type)),
      m_strong(m_font),
      m_strongLength(strongLength),
      m_lineHeight(Theme::instance().lineHeight(type)) {
    m_strong.setWeight(QFont::DemiBold);
    QString lines = text;
    lines.replace('\n', QChar::LineSeparator);
    m_layout.setText(lines);
    m_layout.setFont(m_font);
    m_layout.setCacheEnabled(true);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout.setTextOption(option);
    if (strongLength > 0) {
        QTextLayout::FormatRange range;
        range.start = 0;
        range.length = static_cast<int>(strongLength);
        range.format.setFont(m_strong);
        m_layout.setFormats({range});
    }
}

qreal Paragraph::layOut(qreal width) {
    m_width = std::max(1.0, width);
    qreal y = 0;
    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(m_width);
        line.setPosition(QPointF(0, y + (m_lineHeight - line.height()) / 2));
        y += m_lineHeight;
    }
    m_layout.endLayout();
    return std::max(y, m_lineHeight);
}

qreal Paragraph::naturalWidth() const {
    const QFontMetricsF plain(m_font), strong(m_strong);
    qreal widest = 0;
    qsizetype start = 0;
    const QString text = m_layout.text();
    for (const QString& line : text.split(QChar::LineSeparator)) {
        const qsizetype bold = std::clamp<qsizetype>(m_strongLength - start, 0, line.size());
        widest = std::max(widest, strong.horizontalAdvance(line.left(bold)) +
                                      plain.horizontalAdvance(line.mid(bold)));
        start += line.size() + 1;
    }
    return std::ceil(widest) + 1;
}

qreal Paragraph::smallestWidth() const {
    const QFontMetricsF metrics(m_strongLength > 0 ? m_strong : m_font);
    qreal widest = 0;
    const QString text = m_layout.text();
    for (const QString& word : text.split(' ')) {
        widest = std::max(widest, metrics.horizontalAdvance(word.left(24)));
    }
    return std::ceil(widest) + 1;
}

void Paragraph::draw(QPainter& painter, const QPointF& topLeft, const QColor& color,
                     const QColor& strongColor) {
    painter.setPen(color);
    if (m_strongLength > 0 && strongColor.isValid()) {
        auto formats = m_layout.formats();
        formats.first().format.setForeground(strongColor);
        m_layout.setFormats(formats);
        // Formats drop the lines.
        layOut(m_width);
    }
    m_layout.draw(&painter, topLeft);
}

}  // namespace chancery::ui
