#include "ui/pages/RecentDelegate.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/models/RecentLedgers.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kRow = 48, kRecentGlyph = 16, kTextLeft = 28, kDateRoom = 96;

void paintVerdict(QPainter& painter, const QRect& rect, RecentLedger::Verdict verdict,
                  bool missing) {
    if (missing) {
        icon(QStringLiteral("file"), Tone::Disabled).paint(&painter, rect);
    } else if (verdict == RecentLedger::Verdict::Bad) {
        statusIcon(Status::Error).paint(&painter, rect);
    } else {
        icon(verdict == RecentLedger::Verdict::Good ? QStringLiteral("shield")
                                                    : QStringLiteral("ledger"),
             Tone::Text2)
            .paint(&painter, rect);
    }
}

}  // namespace

QString RecentDelegate::dateText(const QDateTime& opened) {
    const qint64 days = opened.toLocalTime().date().daysTo(QDate::currentDate());
    if (days == 0) return tr("Today");
    if (days == 1) return tr("Yesterday");
    const QDate date = opened.toLocalTime().date();
    if (date.year() == QDate::currentDate().year())
        return QLocale().toString(date, tr("d MMMM", "date without year, as in 12 March"));
    return date.toString(Qt::ISODate);
}

QSize RecentDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {200, kRow};
}

void RecentDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    const QRectF rect(option.rect);
    const bool selected = option.state.testFlag(QStyle::State_Selected) &&
                          option.state.testFlag(QStyle::State_Active) && option.widget != nullptr &&
                          option.widget->hasFocus();
    if (selected || option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(rect, theme.color(selected ? Tone::SelectedRow : Tone::Hover));
    drawHorizontalLine(*painter, rect.left(), rect.right() + 1, rect.bottom(),
                       theme.color(Tone::Border));
    const bool missing = index.data(RecentLedgers::MissingRole).toBool();
    const auto verdict =
        static_cast<RecentLedger::Verdict>(index.data(RecentLedgers::VerdictRole).toInt());
    paintVerdict(*painter,
                 QRect(option.rect.left(), option.rect.center().y() - kRecentGlyph / 2,
                       kRecentGlyph, kRecentGlyph),
                 verdict, missing);
    const auto write = [&](const QRectF& room, Type type, Tone tone, int align, const QString& text,
                           Qt::TextElideMode mode) {
        painter->setFont(theme.font(type));
        painter->setPen(theme.color(tone));
        painter->drawText(
            room, align | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(text, mode, static_cast<int>(room.width())));
    };
    // The date takes what it needs, so that little is cut of the line beside it.
    const QString aside =
        missing ? tr("Locate…") : dateText(index.data(RecentLedgers::DateRole).toDateTime());
    const qreal needed =
        std::ceil(QFontMetricsF(theme.font(Type::Table)).horizontalAdvance(aside)) + 1;
    const qreal room = std::min<qreal>(kDateRoom, needed);
    const QString summary = safeText(index.data(RecentLedgers::SummaryRole).toString(), 400);
    const qreal beside = rect.width() - kTextLeft - room - 16;
    const bool tight =
        QFontMetricsF(theme.font(Type::Table)).horizontalAdvance(summary) + 1 > beside;
    // Where the verdict needs the whole line, the date stands beside the name.
    const qreal dateHeight = tight ? rect.height() / 2 : rect.height();
    const QRectF right(rect.right() - room - 4, rect.top() + (tight ? 6 : 0), room,
                       dateHeight - (tight ? 6 : 0));
    write(right, Type::Table, missing ? Tone::Accent : Tone::Text2, Qt::AlignRight, aside,
          Qt::ElideRight);
    const QRectF text(rect.left() + kTextLeft, rect.top() + 6,
                      right.left() - rect.left() - kTextLeft - 12, rect.height() - 12);
    const QRectF upper(text.topLeft(), QSizeF(text.width(), text.height() / 2));
    write(upper, Type::Body, missing ? Tone::Text3 : Tone::Text, Qt::AlignLeft,
          safeText(index.data(Qt::DisplayRole).toString(), 300), Qt::ElideMiddle);
    QRectF lower = upper.translated(0, text.height() / 2);
    if (tight) lower.setRight(rect.right() - 4);
    write(lower, Type::Table, Tone::Text2, Qt::AlignLeft, summary, Qt::ElideRight);
    painter->restore();
}

}  // namespace chancery::ui
