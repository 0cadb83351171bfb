#include "ui/style/Paint.h"

#include <QPainterPath>
#include <QWidget>
#include <array>
#include <cmath>

namespace chancery::ui {
namespace {

double luminance(const QColor& color) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

qreal ratioOf(const QPainter& painter) {
    return painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1;
}

/// A device pixel's edge in the painter's coordinates; painters of widgets are only moved.
qreal onPixel(qreal value, qreal shift, qreal ratio) {
    return (std::round((value + shift) * ratio)) / ratio - shift;
}

/// One px, on whole device pixels, and at least one of them.
qreal hairline(qreal ratio, qreal width = 1) {
    return std::max(1.0, std::round(width * ratio)) / ratio;
}

}  // namespace

void followTheme(QWidget* widget) {
    QObject::connect(&Theme::instance(), &Theme::changed, widget, [widget] {
        widget->updateGeometry();
        widget->update();
    });
}

double contrastRatio(const QColor& one, const QColor& other) {
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor blended(const QColor& over, const QColor& under) {
    const double alpha = over.alphaF();
    const auto mix = [&](double a, double b) { return a * alpha + b * (1 - alpha); };
    return QColor::fromRgbF(static_cast<float>(mix(over.redF(), under.redF())),
                            static_cast<float>(mix(over.greenF(), under.greenF())),
                            static_cast<float>(mix(over.blueF(), under.blueF())));
}

QRectF snapped(const QPainter& painter, const QRectF& rect) {
    const qreal ratio = ratioOf(painter);
    const QTransform& t = painter.deviceTransform();
    // The device transform has the ratio in it already.
    const qreal dx = t.dx() / ratio, dy = t.dy() / ratio;
    return QRectF(QPointF(onPixel(rect.left(), dx, ratio), onPixel(rect.top(), dy, ratio)),
                  QPointF(onPixel(rect.right(), dx, ratio), onPixel(rect.bottom(), dy, ratio)));
}

void drawHorizontalLine(QPainter& painter, qreal left, qreal right, qreal y, const QColor& color) {
    QRectF line = snapped(painter, QRectF(left, y, right - left, 0));
    line.setHeight(hairline(ratioOf(painter)));
    painter.fillRect(line, color);
}

void drawVerticalLine(QPainter& painter, qreal x, qreal top, qreal bottom, const QColor& color) {
    QRectF line = snapped(painter, QRectF(x, top, 0, bottom - top));
    line.setWidth(hairline(ratioOf(painter)));
    painter.fillRect(line, color);
}

void drawBox(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill,
             const QColor& line, qreal width) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal pen = hairline(ratioOf(painter), width);
    QRectF box = snapped(painter, rect);
    if (line.isValid()) {
        box.adjust(pen / 2, pen / 2, -pen / 2, -pen / 2);
        painter.setPen(QPen(line, pen));
        radius = std::max(0.0, radius - pen / 2);
    } else {
        painter.setPen(Qt::NoPen);
    }
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    if (radius > 0) {
        painter.drawRoundedRect(box, radius, radius);
    } else {
        painter.drawRect(box);
    }
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QRectF& rect, qreal radius) {
    drawBox(painter, rect, radius, {}, Theme::instance().color(Tone::Accent), 2);
}

QSizeF chipSize() {
    return {26, 18};
}

void drawChip(QPainter& painter, const QRectF& rect, const QString& letters, Tone edge,
              bool faded) {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = snapped(painter, rect);
    QPainterPath path;
    path.addRoundedRect(box, 3, 3);
    painter.fillPath(path, theme.color(Tone::Chip));
    painter.setClipPath(path);
    painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.color(edge));
    painter.setClipping(false);
    QFont font = theme.font(Type::CaptionStrong);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(theme.color(faded ? Tone::Text2 : Tone::Text));
    painter.drawText(box.adjusted(3, 0, 0, 0), Qt::AlignCenter | Qt::TextDontClip, letters);
    painter.restore();
}

Tone channelTone(int index) {
    static constexpr std::array kOrder = {Tone::Series1, Tone::Series5, Tone::Series3,
                                          Tone::Series6};
    if (index < 0) return Tone::Text3;
    return kOrder[static_cast<size_t>(index) % kOrder.size()];
}

QBrush channelBrush(int index) {
    static constexpr std::array kPatterns = {Qt::SolidPattern, Qt::FDiagPattern, Qt::BDiagPattern,
                                             Qt::DiagCrossPattern};
    const auto pattern = index < 0 ? Qt::SolidPattern : kPatterns[static_cast<size_t>(index) % 4];
    return QBrush(Theme::instance().color(channelTone(index)), pattern);
}

void drawChannelMark(QPainter& painter, const QRectF& rect, int index) {
    const QColor color = Theme::instance().color(channelTone(index));
    const int hatch = index < 0 ? 0 : index % 4;
    if (hatch == 0) {
        drawBox(painter, rect, 2, color);
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = snapped(painter, rect);
    drawBox(painter, box, 2, Theme::instance().color(Tone::Surface), color, 1.5);
    QPainterPath inner;
    inner.addRoundedRect(box.adjusted(1, 1, -1, -1), 1, 1);
    painter.setClipPath(inner, Qt::IntersectClip);
    painter.setPen(QPen(color, 1.6));
    const qreal side = box.width();
    for (qreal at = -side; at < side; at += 4) {
        if (hatch != 2) {
            painter.drawLine(QPointF(box.left() + at, box.bottom()),
                             QPointF(box.left() + at + side, box.top()));
        }
        if (hatch != 1) {
            painter.drawLine(QPointF(box.left() + at, box.top()),
                             QPointF(box.left() + at + side, box.bottom()));
        }
    }
    painter.restore();
}

namespace {

/// Runs of digits are placed digit by digit, all else as it is.
template <class OnRun>
void forRuns(const QString& text, OnRun&& onRun) {
    qsizetype start = 0;
    for (qsizetype at = 0; at <= text.size(); ++at) {
        const bool digit = at < text.size() && text.at(at) >= u'0' && text.at(at) <= u'9';
        if (digit || at == text.size()) {
            if (at > start) onRun(text.mid(start, at - start), false);
            if (digit) onRun(text.mid(at, 1), true);
            start = at + 1;
        }
    }
}

qreal digitWidth(const QFontMetricsF& metrics) {
    qreal widest = 0;
    for (char16_t c = u'0'; c <= u'9'; ++c) {
        widest = std::max(widest, metrics.horizontalAdvance(QChar(c)));
    }
    return widest;
}

}  // namespace

qreal tabularWidth(const QFontMetricsF& metrics, const QString& text) {
    const qreal digit = digitWidth(metrics);
    qreal width = 0;
    forRuns(text, [&](const QString& run, bool isDigit) {
        width += isDigit ? digit : metrics.horizontalAdvance(run);
    });
    return width;
}

void drawTabular(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                 const QString& text) {
    const QFontMetricsF metrics(painter.font());
    const qreal digit = digitWidth(metrics);
    qreal x = rect.left();
    if (alignment & Qt::AlignRight) x = rect.right() - tabularWidth(metrics, text);
    if (alignment & Qt::AlignHCenter) x = rect.center().x() - tabularWidth(metrics, text) / 2;
    qreal base = rect.top() + metrics.ascent();
    if (alignment & Qt::AlignVCenter) {
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    } else if (alignment & Qt::AlignBottom) {
        base = rect.bottom() - metrics.descent();
    }
    forRuns(text, [&](const QString& run, bool isDigit) {
        const qreal width = metrics.horizontalAdvance(run);
        painter.drawText(QPointF(isDigit ? x + (digit - width) / 2 : x, base), run);
        x += isDigit ? digit : width;
    });
}

}  // namespace chancery::ui
