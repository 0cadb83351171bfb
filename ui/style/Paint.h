#pragma once

#include <QBrush>
#include <QColor>
#include <QFontMetricsF>
#include <QPainter>
#include <QRectF>
#include <QString>

#include "ui/style/Icons.h"
#include "ui/style/Theme.h"

class QWidget;

namespace chancery::ui {

/// Repaints the widget and asks for its size again whenever the look changes.
void followTheme(QWidget* widget);

/// WCAG 2 contrast, 1 to 21; both colours opaque.
double contrastRatio(const QColor& one, const QColor& other);
/// `over` with its alpha on an opaque `under`.
QColor blended(const QColor& over, const QColor& under);

/// The rectangle moved onto whole device pixels, so that lines of one pixel stay sharp at 125 %.
QRectF snapped(const QPainter& painter, const QRectF& rect);
/// One device-independent pixel (at least one device pixel), sharp.
void drawHorizontalLine(QPainter& painter, qreal left, qreal right, qreal y, const QColor& color);
void drawVerticalLine(QPainter& painter, qreal x, qreal top, qreal bottom, const QColor& color);
/// Rounded box whose line lies wholly inside `rect`. An invalid colour leaves that part out.
void drawBox(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill,
             const QColor& line = {}, qreal width = 1);
/// The keyboard's ring, 2 px accent.
void drawFocusRing(QPainter& painter, const QRectF& rect, qreal radius = 4);

/// Organisation chip (22 × 18 and more for long monograms) with its coloured edge.
QSizeF chipSize();
void drawChip(QPainter& painter, const QRectF& rect, const QString& letters, Tone edge,
              bool faded = false);
/// Colour of channel 0, 1, …; the odd ones are hatched as well (s1 plain, s5, s3, s6 hatched).
Tone channelTone(int index);
QBrush channelBrush(int index);
/// Small square in the channel's colour and hatch.
void drawChannelMark(QPainter& painter, const QRectF& rect, int index);

/// Figures of equal width: Qt 6.4 cannot switch the font feature on, so digits are placed on the
/// widest digit's advance. No shaping across digits; for numbers, times and their units only.
qreal tabularWidth(const QFontMetricsF& metrics, const QString& text);
void drawTabular(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                 const QString& text);

}  // namespace chancery::ui
