#include "ui/widgets/HexView.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <cmath>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kMargin = 16, kRow = 18, kColumnGap = 20;
/// A clipboard with more than this would only stop other programs.
constexpr qsizetype kMaxCopied = 4 << 20;

QChar shownAs(uchar byte) {
    return byte >= 0x20 && byte < 0x7f ? QChar(byte) : QChar(u'·');
}

const std::array<QString, 256>& hexPairs() {
    static const std::array<QString, 256> pairs = [] {
        std::array<QString, 256> made;
        for (int i = 0; i < 256; ++i) {
            made[static_cast<size_t>(i)] = QStringLiteral("%1").arg(i, 2, 16, QLatin1Char('0'));
        }
        return made;
    }();
    return pairs;
}

}  // namespace

/// In px of the viewport.
struct HexView::Geometry {
    QFont font;
    qreal letter, hexLeft, textLeft, base;
    int perRow;

    qreal hexX(int column) const { return hexLeft + letter * (3 * column + column / 8); }
    qreal textX(int column) const { return textLeft + letter * column; }
};

HexView::HexView(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Bytes"));
    installPaintedAccessibility();
    viewport()->setCursor(Qt::IBeamCursor);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        updateLayout();
        viewport()->update();
    });
    updateLayout();
}

HexView::Geometry HexView::geometryNow() const {
    Geometry g;
    g.font = Theme::instance().font(Type::Mono);
    const QFontMetricsF metrics(g.font);
    g.letter = metrics.horizontalAdvance(u'0');
    g.perRow = m_perRow;
    const int digits = m_bytes.size() > 0xffffffff ? 10 : 8;
    g.hexLeft = kMargin + digits * g.letter + kColumnGap;
    g.textLeft = g.hexLeft + g.letter * (3 * m_perRow - 1 + (m_perRow - 1) / 8) + kColumnGap;
    g.base = (kRow + metrics.ascent() - metrics.descent()) / 2;
    return g;
}

int HexView::partCount() const {
    const qsizetype rows = (m_bytes.size() + m_perRow - 1) / m_perRow;
    const qsizetype left = rows - verticalScrollBar()->value();
    return static_cast<int>(std::clamp<qsizetype>(left, 0, viewport()->height() / kRow + 1));
}

QString HexView::partName(int part) const {
    const qsizetype begin = (verticalScrollBar()->value() + part) * qsizetype{m_perRow};
    const QByteArray row = m_bytes.mid(begin, m_perRow);
    QString text;
    for (const char byte : row) text += shownAs(static_cast<uchar>(byte));
    return QStringLiteral("%1: %2, %3")
        .arg(begin, 8, 16, QLatin1Char('0'))
        .arg(QString::fromLatin1(row.toHex(' ')), text);
}

QRect HexView::partRect(int part) const {
    const QPoint corner = viewport()->mapTo(this, QPoint(0, part * kRow));
    return {corner, QSize(viewport()->width(), kRow)};
}

bool HexView::partSelected(int part) const {
    const qsizetype begin = (verticalScrollBar()->value() + part) * qsizetype{m_perRow};
    const qsizetype first = m_selecting ? selectionBegin() : m_cursor;
    const qsizetype last = m_selecting ? selectionBegin() + selectionSize() - 1 : m_cursor;
    return first < begin + m_perRow && last >= begin;
}

void HexView::activatePart(int part) {
    moveCursor((verticalScrollBar()->value() + part) * qsizetype{m_perRow}, false);
}

void HexView::setBytes(const QByteArray& bytes) {
    m_bytes = bytes;
    m_cursor = m_anchor = 0;
    m_selecting = false;
    m_highlightSize = 0;
    updateLayout();
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

void HexView::setHighlight(qsizetype begin, qsizetype size) {
    m_highlight = std::clamp<qsizetype>(begin, 0, m_bytes.size());
    m_highlightSize = std::clamp<qsizetype>(size, 0, m_bytes.size() - m_highlight);
    viewport()->update();
}

void HexView::reveal(qsizetype offset) {
    const auto row = static_cast<int>(std::clamp<qsizetype>(offset, 0, m_bytes.size()) / m_perRow);
    auto* bar = verticalScrollBar();
    if (row < bar->value()) {
        bar->setValue(row);
    } else if (row >= bar->value() + bar->pageStep()) {
        bar->setValue(row - bar->pageStep() + 1);
    }
}

void HexView::setSelection(qsizetype begin, qsizetype size) {
    begin = std::clamp<qsizetype>(begin, 0, m_bytes.size());
    size = std::clamp<qsizetype>(size, 0, m_bytes.size() - begin);
    m_anchor = begin;
    m_cursor = begin + std::max<qsizetype>(0, size - 1);
    m_selecting = size > 0;
    viewport()->update();
    Q_EMIT selectionChanged();
}

qsizetype HexView::selectionBegin() const {
    return std::min(m_anchor, m_cursor);
}

qsizetype HexView::selectionSize() const {
    if (!m_selecting || m_bytes.isEmpty()) return 0;
    return std::max(m_anchor, m_cursor) - selectionBegin() + 1;
}

QString HexView::selectedHex() const {
    const QByteArray part = m_bytes.mid(selectionBegin(), std::min(selectionSize(), kMaxCopied));
    return QString::fromLatin1(part.toHex());
}

QString HexView::selectedText() const {
    QString text;
    const QByteArray part = m_bytes.mid(selectionBegin(), std::min(selectionSize(), kMaxCopied));
    for (const char c : part) text += shownAs(static_cast<uchar>(c));
    return text;
}

QSize HexView::sizeHint() const {
    const Geometry g = geometryNow();
    return {static_cast<int>(g.textX(m_perRow)) + kMargin + 12, 12 * kRow};
}

void HexView::copyHex() const {
    if (selectionSize() > 0) QGuiApplication::clipboard()->setText(selectedHex());
}

void HexView::copyText() const {
    if (selectionSize() > 0) QGuiApplication::clipboard()->setText(selectedText());
}

void HexView::updateLayout() {
    const qsizetype first = static_cast<qsizetype>(verticalScrollBar()->value()) * m_perRow;
    m_perRow = 16;
    if (geometryNow().textX(16) + kMargin > viewport()->width()) m_perRow = 8;
    const qsizetype rows = (m_bytes.size() + m_perRow - 1) / m_perRow;
    const int page = std::max(1, viewport()->height() / kRow);
    auto* bar = verticalScrollBar();
    bar->setPageStep(page);
    bar->setSingleStep(1);
    bar->setRange(0, static_cast<int>(std::min<qsizetype>(std::numeric_limits<int>::max(),
                                                          std::max<qsizetype>(0, rows - page))));
    bar->setValue(static_cast<int>(first / m_perRow));
    const int overhang =
        static_cast<int>(std::ceil(geometryNow().textX(m_perRow))) + kMargin - viewport()->width();
    horizontalScrollBar()->setRange(0, std::max(0, overhang));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

void HexView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    const Theme& theme = Theme::instance();
    painter.fillRect(viewport()->rect(), theme.color(Tone::Surface));
    painter.translate(-horizontalScrollBar()->value(), 0);
    const Geometry g = geometryNow();
    painter.setFont(g.font);
    const qsizetype rows = (m_bytes.size() + m_perRow - 1) / m_perRow;
    qsizetype row = verticalScrollBar()->value();
    for (qreal y = 0; y < viewport()->height() && row < rows; y += kRow, ++row) {
        paintRow(painter, g, row, y);
    }
    if (m_bytes.isEmpty()) {
        painter.setPen(theme.color(Tone::Text3));
        painter.drawText(QPointF(kMargin, g.base), tr("No bytes"));
    }
    painter.resetTransform();
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        drawFocusRing(painter, viewport()->rect(), 0);
    }
}

QColor HexView::backOf(qsizetype offset) const {
    const Theme& theme = Theme::instance();
    if (selectionSize() > 0 && offset >= selectionBegin() &&
        offset < selectionBegin() + selectionSize()) {
        return theme.color(Tone::Selected);
    }
    if (m_highlightSize > 0 && offset >= m_highlight && offset < m_highlight + m_highlightSize) {
        return theme.color(Tone::Changed);
    }
    return {};
}

void HexView::paintRow(QPainter& painter, const Geometry& g, qsizetype row, qreal y) const {
    const Theme& theme = Theme::instance();
    const qsizetype begin = row * g.perRow;
    const auto count = static_cast<int>(std::min<qsizetype>(g.perRow, m_bytes.size() - begin));
    for (int i = 0; i < count; ++i) {
        const QColor back = backOf(begin + i);
        if (!back.isValid()) continue;
        // The tint runs on to the next byte where that has it too.
        const bool more = i + 1 < count && backOf(begin + i + 1) == back;
        const qreal right = more ? g.hexX(i + 1) : g.hexX(i) + 2 * g.letter + 1;
        painter.fillRect(QRectF(g.hexX(i) - (more || i > 0 ? 0 : 1), y, right - g.hexX(i), kRow),
                         back);
        painter.fillRect(QRectF(g.textX(i), y, g.letter, kRow), back);
    }
    painter.setPen(theme.color(Tone::Text3));
    painter.drawText(QPointF(kMargin, y + g.base),
                     QStringLiteral("%1").arg(begin, m_bytes.size() > 0xffffffff ? 10 : 8, 16,
                                              QLatin1Char('0')));
    QString text;
    painter.setPen(theme.color(Tone::Text));
    for (int i = 0; i < count; ++i) {
        const auto byte = static_cast<uchar>(m_bytes.at(begin + i));
        painter.drawText(QPointF(g.hexX(i), y + g.base), hexPairs()[byte]);
        text += shownAs(byte);
    }
    painter.setPen(theme.color(Tone::Text2));
    painter.drawText(QPointF(g.textLeft, y + g.base), text);
    if (hasFocus() && m_cursor >= begin && m_cursor < begin + count) {
        const auto column = static_cast<int>(m_cursor - begin);
        drawBox(painter, QRectF(g.hexX(column) - 1, y + 1, 2 * g.letter + 2, kRow - 2), 2, {},
                theme.color(Tone::Accent));
    }
}

void HexView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    updateLayout();
}

qsizetype HexView::offsetAt(const QPoint& point) const {
    const Geometry g = geometryNow();
    const qreal x = point.x() + horizontalScrollBar()->value();
    const qsizetype row = verticalScrollBar()->value() +
                          static_cast<qsizetype>(std::floor(static_cast<double>(point.y()) / kRow));
    int column = 0;
    if (x >= g.textLeft - kColumnGap / 2.0) {
        column = static_cast<int>((x - g.textLeft) / g.letter);
    } else {
        while (column + 1 < g.perRow && g.hexX(column + 1) - g.letter / 2 <= x) ++column;
    }
    column = std::clamp(column, 0, g.perRow - 1);
    return std::clamp<qsizetype>(row * g.perRow + column, 0,
                                 std::max<qsizetype>(0, m_bytes.size() - 1));
}

void HexView::moveCursor(qsizetype to, bool select) {
    m_cursor = std::clamp<qsizetype>(to, 0, std::max<qsizetype>(0, m_bytes.size() - 1));
    if (!select) m_anchor = m_cursor;
    m_selecting = select;
    reveal(m_cursor);
    viewport()->update();
    Q_EMIT selectionChanged();
}

void HexView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        moveCursor(offsetAt(event->pos()), event->modifiers() & Qt::ShiftModifier);
    }
}

void HexView::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) moveCursor(offsetAt(event->pos()), true);
}

void HexView::keyPressEvent(QKeyEvent* event) {
    const bool select = event->modifiers() & Qt::ShiftModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    const qsizetype page = static_cast<qsizetype>(verticalScrollBar()->pageStep()) * m_perRow;
    const qsizetype rowBegin = m_cursor / m_perRow * m_perRow;
    if (event->key() == Qt::Key_C && control && select) {
        copyText();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        copyHex();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        setSelection(0, m_bytes.size());
        return;
    }
    switch (event->key()) {
        case Qt::Key_Left:
            moveCursor(m_cursor - 1, select);
            return;
        case Qt::Key_Right:
            moveCursor(m_cursor + 1, select);
            return;
        case Qt::Key_Up:
            moveCursor(m_cursor - m_perRow, select);
            return;
        case Qt::Key_Down:
            moveCursor(m_cursor + m_perRow, select);
            return;
        case Qt::Key_PageUp:
            moveCursor(m_cursor - page, select);
            return;
        case Qt::Key_PageDown:
            moveCursor(m_cursor + page, select);
            return;
        case Qt::Key_Home:
            moveCursor(control ? 0 : rowBegin, select);
            return;
        case Qt::Key_End:
            moveCursor(control ? m_bytes.size() - 1 : rowBegin + m_perRow - 1, select);
            return;
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

void HexView::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* hex = menu->addAction(tr("Copy as hexadecimal"), this, &HexView::copyHex);
    QAction* text = menu->addAction(tr("Copy as text"), this, &HexView::copyText);
    menu->addAction(tr("Select all"), this, [this] { setSelection(0, m_bytes.size()); });
    hex->setEnabled(selectionSize() > 0);
    text->setEnabled(selectionSize() > 0);
    menu->popup(event->globalPos());
}

void HexView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateLayout();
    QAbstractScrollArea::changeEvent(event);
}

}  // namespace chancery::ui
