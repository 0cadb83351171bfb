#include "ui/widgets/TimeHistogram.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kMargin = 16, kTop = 8, kAxis = 20, kHistogramHeight = 56;
constexpr qreal kGripReach = 5;  ///< px at each side of an edge that take it
constexpr qreal kLabelRoom = 110;

QString axisFormat(qint64 spanMs) {
    constexpr qint64 kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
    if (spanMs <= 10 * kMinute) return QStringLiteral("HH:mm:ss");
    if (spanMs <= 36 * kHour) return QStringLiteral("HH:mm");
    if (spanMs <= 14 * kDay) return QStringLiteral("MM-dd HH:mm");
    return QStringLiteral("yyyy-MM-dd");
}

}  // namespace

TimeHistogram::TimeHistogram(QWidget* parent) : QWidget(parent) {
    installPaintedAccessibility();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this);
}

void TimeHistogram::setModel(HistogramModel model) {
    const bool had = hasRange();
    const QDateTime begin = rangeBegin(), end = rangeEnd();
    m_model = std::move(model);
    m_highest = 1;
    for (const auto& bar : m_model.bars) m_highest = std::max(m_highest, bar.total);
    m_first = m_last = -1;
    if (had) setRange(begin, end);
    update();
}

void TimeHistogram::setRange(const QDateTime& begin, const QDateTime& end) {
    const auto count = static_cast<int>(m_model.bars.size());
    const qint64 span = m_model.begin.msecsTo(m_model.end);
    m_first = m_last = -1;
    if (count > 0 && span > 0 && begin.isValid() && end.isValid()) {
        const auto barOf = [&](const QDateTime& time) {
            return static_cast<double>(m_model.begin.msecsTo(time)) / static_cast<double>(span) *
                   count;
        };
        const double first = barOf(begin), last = barOf(end);
        if (last > 0 && first < count && last > first) {
            m_first = std::clamp(static_cast<int>(std::floor(first + 1e-6)), 0, count - 1);
            m_last = std::clamp(static_cast<int>(std::ceil(last - 1e-6)) - 1, m_first, count - 1);
        }
    }
    update();
}

void TimeHistogram::clearRange() {
    m_first = m_last = -1;
    update();
}

QDateTime TimeHistogram::timeOf(int edge) const {
    const auto count = static_cast<qint64>(m_model.bars.size());
    if (count == 0) return {};
    return m_model.begin.addMSecs(m_model.begin.msecsTo(m_model.end) * edge / count).toUTC();
}

QDateTime TimeHistogram::rangeBegin() const {
    return hasRange() ? timeOf(m_first) : QDateTime();
}

QDateTime TimeHistogram::rangeEnd() const {
    return hasRange() ? timeOf(m_last + 1) : QDateTime();
}

QSize TimeHistogram::sizeHint() const {
    return {480, kHistogramHeight};
}

QSize TimeHistogram::minimumSizeHint() const {
    return {160, kHistogramHeight};
}

QRectF TimeHistogram::plot() const {
    return QRectF(rect()).adjusted(kMargin, kTop, -kMargin, -kAxis);
}

qreal TimeHistogram::edgeOf(int bar) const {
    const QRectF area = plot();
    const auto count = std::max<size_t>(1, m_model.bars.size());
    return area.left() + area.width() * bar / static_cast<qreal>(count);
}

QRectF TimeHistogram::barRect(int bar) const {
    const QRectF area = plot();
    const qreal left = edgeOf(bar), right = edgeOf(bar + 1);
    const qreal gap = right - left >= 5 ? 2 : right - left >= 3 ? 1 : 0;
    const auto& value = m_model.bars[static_cast<size_t>(bar)];
    const qreal height =
        value.total > 0 ? std::max(2.0, area.height() * value.total / m_highest) : 0;
    return {left, area.bottom() - height, std::max(1.0, right - left - gap), height};
}

int TimeHistogram::barAt(qreal x) const {
    const QRectF area = plot();
    const auto count = static_cast<int>(m_model.bars.size());
    if (count == 0 || area.width() <= 0) return -1;
    return std::clamp(static_cast<int>((x - area.left()) / area.width() * count), 0, count - 1);
}

TimeHistogram::Grip TimeHistogram::gripAt(qreal x) const {
    if (!hasRange()) return Grip::New;
    const qreal left = edgeOf(m_first), right = edgeOf(m_last + 1);
    // Of two edges close together the one on that side of their middle.
    if (std::abs(x - left) <= kGripReach && x < (left + right) / 2) return Grip::Left;
    if (std::abs(x - right) <= kGripReach) return Grip::Right;
    return x > left && x < right ? Grip::Whole : Grip::New;
}

void TimeHistogram::select(int first, int last) {
    const auto count = static_cast<int>(m_model.bars.size());
    if (count == 0) return;
    first = std::clamp(first, 0, count - 1);
    last = std::clamp(last, first, count - 1);
    if (first == m_first && last == m_last) return;
    m_first = first;
    m_last = last;
    update();
    Q_EMIT rangeChanged(rangeBegin(), rangeEnd());
}

void TimeHistogram::dropRange() {
    if (!hasRange()) return;
    clearRange();
    Q_EMIT rangeChanged({}, {});
}

void TimeHistogram::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Tone::Surface));
    if (hasRange()) {
        const QRectF area = plot();
        painter.fillRect(
            snapped(painter, QRectF(edgeOf(m_first), area.top(),
                                    edgeOf(m_last + 1) - edgeOf(m_first), area.height())),
            theme.color(Tone::SelectedRow));
    }
    paintBars(painter);
    paintAxis(painter);
    paintBrush(painter);
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
    if (m_keyboard && hasFocus()) drawFocusRing(painter, rect().adjusted(4, 2, -4, -3));
}

void TimeHistogram::paintBars(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QColor idle = theme.color(Tone::Border2), brushed = theme.color(Tone::Series1),
                 bad = theme.color(Tone::Error);
    for (int i = 0; i < static_cast<int>(m_model.bars.size()); ++i) {
        const auto& bar = m_model.bars[static_cast<size_t>(i)];
        if (bar.total <= 0) continue;
        QRectF box = snapped(painter, barRect(i));
        if (box.width() <= 0) box.setWidth(1);
        const bool in = hasRange() && i >= m_first && i <= m_last;
        painter.fillRect(box, in ? brushed : idle);
        if (bar.bad <= 0) continue;
        // However few they are, they are seen.
        const qreal cap = std::min(box.height(), std::max(2.0, box.height() * bar.bad / bar.total));
        painter.fillRect(snapped(painter, QRectF(box.left(), box.top(), box.width(), cap)), bad);
    }
    const QRectF area = plot();
    drawHorizontalLine(painter, area.left(), area.right(), area.bottom(),
                       theme.color(Tone::Border));
}

void TimeHistogram::paintAxis(QPainter& painter) const {
    const qint64 span = m_model.begin.msecsTo(m_model.end);
    if (m_model.bars.empty() || span <= 0) return;
    const Theme& theme = Theme::instance();
    const QRectF area = plot();
    painter.setFont(theme.font(Type::Axis));
    painter.setPen(theme.color(Tone::Text3));
    const int parts = std::clamp(static_cast<int>(area.width() / kLabelRoom), 1, 8);
    const QString format = axisFormat(span);
    for (int i = 0; i <= parts; ++i) {
        const qreal x = area.left() + area.width() * i / parts;
        const QString text = m_model.begin.addMSecs(span * i / parts).toUTC().toString(format);
        const QRectF row(0, area.bottom() + 3, 0, 14);
        if (i == 0) {
            drawTabular(painter, row.adjusted(x, 0, x + 1, 0), Qt::AlignLeft | Qt::AlignVCenter,
                        text);
        } else if (i == parts) {
            drawTabular(painter, row.adjusted(x - 1, 0, x, 0), Qt::AlignRight | Qt::AlignVCenter,
                        text);
        } else {
            drawTabular(painter, row.adjusted(x - 1, 0, x + 1, 0),
                        Qt::AlignHCenter | Qt::AlignVCenter, text);
        }
    }
}

void TimeHistogram::paintBrush(QPainter& painter) const {
    if (!hasRange()) return;
    const QColor accent = Theme::instance().color(Tone::Accent);
    const QRectF area = plot();
    for (const qreal x : {edgeOf(m_first), edgeOf(m_last + 1)}) {
        drawVerticalLine(painter, x == edgeOf(m_first) ? x : x - 1, area.top(), area.bottom() + 1,
                         accent);
        QRectF grip(0, 0, 5, 10);
        grip.moveCenter({x, area.center().y()});
        drawBox(painter, grip, 1.5, accent);
    }
}

void TimeHistogram::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_model.bars.empty()) return;
    m_keyboard = false;
    m_grip = gripAt(event->position().x());
    m_anchor = barAt(event->position().x());
    m_grabFirst = m_first;
    m_grabLast = m_last;
    if (m_grip == Grip::New) select(m_anchor, m_anchor);
}

void TimeHistogram::mouseMoveEvent(QMouseEvent* event) {
    const qreal x = event->position().x();
    const int bar = barAt(x);
    if (bar < 0) return;
    const auto count = static_cast<int>(m_model.bars.size());
    switch (m_grip) {
        case Grip::None: {
            const Grip here = gripAt(x);
            setCursor(here == Grip::Left || here == Grip::Right ? Qt::SizeHorCursor
                      : here == Grip::Whole                     ? Qt::OpenHandCursor
                                                                : Qt::CrossCursor);
            return;
        }
        case Grip::New:
            select(std::min(m_anchor, bar), std::max(m_anchor, bar));
            return;
        case Grip::Left:
            select(std::min(bar, m_grabLast), std::max(bar, m_grabLast));
            return;
        case Grip::Right:
            select(std::min(bar, m_grabFirst), std::max(bar, m_grabFirst));
            return;
        case Grip::Whole: {
            const int shift = std::clamp(bar - m_anchor, -m_grabFirst, count - 1 - m_grabLast);
            select(m_grabFirst + shift, m_grabLast + shift);
            return;
        }
    }
}

void TimeHistogram::mouseReleaseEvent(QMouseEvent*) {
    m_grip = Grip::None;
}

void TimeHistogram::mouseDoubleClickEvent(QMouseEvent*) {
    m_grip = Grip::None;
    dropRange();
}

void TimeHistogram::wheelEvent(QWheelEvent* event) {
    const int delta = event->angleDelta().y();
    const auto count = static_cast<int>(m_model.bars.size());
    if (delta == 0 || count == 0) {
        event->ignore();
        return;
    }
    event->accept();
    const int first = hasRange() ? m_first : 0, last = hasRange() ? m_last : count - 1;
    const int size = last - first + 1;
    const int wanted = delta > 0 ? std::max(1, size * 3 / 4) : std::max(size + 1, size * 4 / 3);
    if (wanted >= count) {
        dropRange();
        return;
    }
    // The bar under the pointer stays where it is in the range.
    const double at = std::clamp((barAt(event->position().x()) - first + 0.5) / size, 0.0, 1.0);
    const int begin =
        std::clamp(static_cast<int>(std::lround(first + at * (size - wanted))), 0, count - wanted);
    select(begin, begin + wanted - 1);
}

void TimeHistogram::keyPressEvent(QKeyEvent* event) {
    const auto count = static_cast<int>(m_model.bars.size());
    const bool left = event->key() == Qt::Key_Left, right = event->key() == Qt::Key_Right;
    const bool home = event->key() == Qt::Key_Home, end = event->key() == Qt::Key_End;
    if (event->key() == Qt::Key_Escape && hasRange()) {
        dropRange();
        return;
    }
    if (count == 0 || !(left || right || home || end)) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_keyboard = true;
    if (!hasRange()) {
        const int begin = left || end ? count - 1 : 0;
        select(begin, begin);
        return;
    }
    const int size = m_last - m_first;
    const int step = left ? -1 : 1;
    if (event->modifiers() & Qt::ShiftModifier) {
        const int to = home ? m_first : end ? count - 1 : m_last + step;
        select(m_first, std::max(m_first, to));
    } else if (event->modifiers() & Qt::ControlModifier) {
        const int to = home ? 0 : end ? m_last : m_first + step;
        select(std::min(to, m_last), m_last);
    } else {
        const int to = std::clamp(home  ? 0
                                  : end ? count - 1 - size
                                        : m_first + step,
                                  0, count - 1 - size);
        select(to, to + size);
    }
}

void TimeHistogram::focusInEvent(QFocusEvent* event) {
    m_keyboard = event->reason() != Qt::MouseFocusReason;
    update();
}

void TimeHistogram::focusOutEvent(QFocusEvent*) {
    update();
}

bool TimeHistogram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int bar = barAt(help->pos().x());
        if (bar >= 0) {
            QToolTip::showText(help->globalPos(), safeToolTip(partName(bar)), this, partRect(bar));
        }
        return true;
    }
    return QWidget::event(event);
}

int TimeHistogram::partCount() const {
    return static_cast<int>(m_model.bars.size());
}

QString TimeHistogram::partName(int part) const {
    const auto& bar = m_model.bars[static_cast<size_t>(part)];
    const auto format = QStringLiteral("yyyy-MM-dd HH:mm:ss");
    return tr("%1 to %2 UTC: %3 transactions, %4 invalid")
        .arg(timeOf(part).toString(format), timeOf(part + 1).toString(format),
             locale().toString(bar.total, 'f', 0), locale().toString(bar.bad, 'f', 0));
}

QRect TimeHistogram::partRect(int part) const {
    const QRectF area = plot();
    return QRectF(edgeOf(part), area.top(), edgeOf(part + 1) - edgeOf(part), area.height())
        .toAlignedRect();
}

bool TimeHistogram::partSelected(int part) const {
    return hasRange() && part >= m_first && part <= m_last;
}

QString TimeHistogram::wholeText() const {
    if (!hasRange()) return tr("Transactions over time, no range selected");
    const auto format = QStringLiteral("yyyy-MM-dd HH:mm:ss");
    return tr("Transactions over time, %1 to %2 UTC selected")
        .arg(rangeBegin().toString(format), rangeEnd().toString(format));
}

}  // namespace chancery::ui
