#pragma once

#include <QFont>
#include <QPainter>
#include <QString>
#include <QTextLayout>

#include "ui/style/Theme.h"

namespace chancery::ui {

/// Plain text broken into lines of a fixed distance, its beginning strong when wanted.
class Paragraph {
public:
    Paragraph(const QString& text, Type type, qsizetype strongLength = 0);
    /// Other than the type's.
    void setLineHeight(qreal pixels) { m_lineHeight = pixels; }
    /// Breaks for that width; the height in px.
    qreal layOut(qreal width);
    /// Of the longest line without any break.
    qreal naturalWidth() const;
    /// Of the longest word.
    qreal smallestWidth() const;
    void draw(QPainter& painter, const QPointF& topLeft, const QColor& color,
              const QColor& strongColor = {});

private:
    QTextLayout m_layout;
    QFont m_font;
    QFont m_strong;
    qsizetype m_strongLength;
    qreal m_lineHeight;
    qreal m_width = 1;
};

}  // namespace chancery::ui
