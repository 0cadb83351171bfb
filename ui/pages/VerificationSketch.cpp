#include "ui/pages/VerificationSketch.h"

#include <QPainter>
#include <QPainterPath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr qreal kSide = 62, kGap = 40, kSmallSide = 46, kSmallGap = 28, kTop = 8, kBlock = 176;
constexpr int kNarrow = 370;

void write(QPainter& painter, const QRectF& rect, Type type, Tone tone, int align,
           const QString& text) {
    painter.setFont(Theme::instance().font(type));
    painter.setPen(Theme::instance().color(tone));
    painter.drawText(
        rect, align | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(rect.width())));
}

void drawBack(QPainter& painter, qreal from, qreal to, qreal y) {
    const QColor line = Theme::instance().color(Tone::Text3);
    painter.setPen(QPen(line, 1.2));
    painter.drawLine(QPointF(from, y), QPointF(to, y));
    painter.drawLine(QPointF(to, y), QPointF(to + 5, y - 4));
    painter.drawLine(QPointF(to, y), QPointF(to + 5, y + 4));
    statusIcon(Status::Ok).paint(&painter, QRectF((from + to) / 2 - 7, y - 20, 14, 14).toRect());
}

}  // namespace

VerificationSketch::VerificationSketch(QWidget* parent) : QWidget(parent) {
    setAccessibleName(
        tr("Each block points back to the one before it, is signed by the orderers, "
           "and holds endorsed transactions"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this);
}

void VerificationSketch::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    const qreal room = width() - 1;
    const qreal sideWidth = width() < kNarrow ? kSmallSide : kSide;
    const qreal gap = width() < kNarrow ? kSmallGap : kGap;
    const QRectF middle(sideWidth + gap, kTop, room - 2 * (sideWidth + gap), kBlock + 44);
    const qreal link = kTop + 46;
    for (const bool before : {true, false}) {
        const QRectF side(before ? 0 : room - sideWidth, kTop + 24, sideWidth, kBlock - 60);
        drawBox(painter, side, 4, theme.color(Tone::Band1), theme.color(Tone::Band1Edge));
        write(painter, QRectF(side.left() + 4, side.top() + 8, side.width() - 8, 18),
              Type::TableStrong, Tone::Text, Qt::AlignHCenter,
              before ? tr("n − 1", "block before the block n")
                     : tr("n + 1", "block after the block n"));
        for (int i = 0; i < 3; ++i)
            drawBox(painter,
                    QRectF(side.left() + 10, side.top() + 44 + i * 20, side.width() - 20, 10), 3,
                    theme.color(Tone::Surface), theme.color(Tone::Band1Edge));
    }
    drawBox(painter, middle, 4, theme.color(Tone::Surface), theme.color(Tone::Accent), 2);
    drawBack(painter, middle.left() - 2, sideWidth + 4, link);
    drawBack(painter, room - sideWidth - 4, middle.right() + 4, link);

    const qreal left = middle.left() + 14;
    const auto row = [&](qreal y, const QString& text) {
        statusIcon(Status::Ok).paint(&painter, QRectF(left, y + 2, 14, 14).toRect());
        write(painter, QRectF(left + 22, y, middle.right() - left - 30, 18), Type::Table,
              Tone::Text2, Qt::AlignLeft, text);
    };
    write(painter, QRectF(left, middle.top() + 8, middle.width() - 24, 18), Type::BodyStrong,
          Tone::Text, Qt::AlignLeft, tr("Block n"));
    row(middle.top() + 32, tr("Previous hash"));
    row(middle.top() + 54, tr("Data hash"));
    row(middle.top() + 76, tr("Orderer signatures"));
    const QRectF inner(middle.left() + 8, middle.top() + 106, middle.width() - 16,
                       middle.height() - 114);
    drawBox(painter, inner, 3, theme.color(Tone::Subtle), theme.color(Tone::Border2));
    write(painter, QRectF(left, inner.top() + 7, middle.width() - 24, 18), Type::TableStrong,
          Tone::Text, Qt::AlignLeft, tr("Transactions"));
    row(inner.top() + 30, tr("Endorsements"));
    row(inner.top() + 52, tr("Versions that were read"));
    row(inner.top() + 74, tr("Validation codes"));
}

}  // namespace chancery::ui
