#include "ui/widgets/ChainStrip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QResizeEvent>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kBoxHeight = 45, kChainGap = 49, kLeastGap = 34, kChainPadding = 12, kNoteGap = 12,
              kTop = 1;

}  // namespace

ChainStrip::ChainStrip(QWidget* parent) : QWidget(parent) {
    installPaintedAccessibility();
    setAccessibleName(tr("Position in the chain"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    followTheme(this);
}

void ChainStrip::setBlocks(std::vector<ChainBlock> blocks) {
    m_blocks = std::move(blocks);
    m_focused = 0;
    for (size_t i = 0; i < m_blocks.size(); ++i) {
        m_blocks[i].number = safeText(m_blocks[i].number, 40);
        m_blocks[i].hash = safeText(m_blocks[i].hash, 64);
        if (m_blocks[i].current) m_focused = static_cast<int>(i);
    }
    takeHeight();
}

void ChainStrip::setNote(const QStringList& lines) {
    m_note.clear();
    for (const QString& line : lines) m_note << safeText(line, 200);
    takeHeight();
}

/// Layouts do not ask again for a height that depends on the width, so it is told to them.
void ChainStrip::takeHeight() {
    setFixedHeight(heightForWidth(width()));
    updateGeometry();
    update();
}

void ChainStrip::resizeEvent(QResizeEvent* event) {
    if (event->size().width() != event->oldSize().width()) takeHeight();
}

qreal ChainStrip::boxWidth() const {
    const QFontMetricsF metrics(Theme::instance().font(Type::Mono));
    qreal widest = 127;
    for (const ChainBlock& block : m_blocks) {
        widest = std::max({widest, metrics.horizontalAdvance(block.number),
                           metrics.horizontalAdvance(block.hash)});
    }
    return std::ceil(widest) + 2 * kChainPadding + 2;
}

qreal ChainStrip::chainWidth(qreal gap) const {
    const auto count = static_cast<qreal>(m_blocks.size());
    return count * boxWidth() + std::max(0.0, count - 1) * gap;
}

qreal ChainStrip::noteWidth() const {
    const QFontMetricsF metrics(Theme::instance().font(Type::Table));
    qreal widest = 0;
    for (const QString& line : m_note) widest = std::max(widest, metrics.horizontalAdvance(line));
    return std::ceil(widest);
}

/// The note stands below the chain where there is no room beside it.
bool ChainStrip::isNoteBelow(int width) const {
    return !m_note.isEmpty() && chainWidth(kLeastGap) + kNoteGap + noteWidth() > width;
}

QSize ChainStrip::sizeHint() const {
    const qreal note = m_note.isEmpty() ? 0 : kNoteGap + noteWidth();
    return {static_cast<int>(std::ceil(chainWidth(kChainGap) + note)) + 1, heightForWidth(width())};
}

QSize ChainStrip::minimumSizeHint() const {
    // Boxes and gaps give way down to about this.
    const auto count = static_cast<int>(m_blocks.size());
    return {std::max(80, count * 96), kBoxHeight + 2 * kTop};
}

int ChainStrip::heightForWidth(int width) const {
    const bool below = isNoteBelow(width);
    const auto lines = static_cast<int>(m_note.size());
    return (below ? kBoxHeight + 8 + lines * 16 : std::max(kBoxHeight, lines * 16)) + 2 * kTop;
}

QRectF ChainStrip::boxOf(int block) const {
    const auto count = static_cast<qreal>(m_blocks.size());
    const bool beside = !m_note.isEmpty() && !isNoteBelow(width());
    const qreal room = width() - (beside ? kNoteGap + noteWidth() : 0);
    // First the gaps give way, then the boxes.
    qreal box = boxWidth(), gap = kChainGap;
    if (count > 1) gap = std::clamp((room - count * box) / (count - 1), 1.0 * kLeastGap, gap);
    if (chainWidth(gap) > room && count > 0) box = (room - (count - 1) * gap) / count;
    return {block * (box + gap), kTop, box, kBoxHeight};
}

void ChainStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    for (int i = 0; i < partCount(); ++i) {
        const ChainBlock& block = m_blocks[static_cast<size_t>(i)];
        const QRectF box = boxOf(i);
        drawBox(painter, box, 4, theme.color(block.current ? Tone::SelectedRow : Tone::Surface),
                theme.color(block.current ? Tone::Accent : Tone::Border2), block.current ? 1.5 : 1);
        const QRectF inner = box.adjusted(kChainPadding, 5, -kChainPadding + 6, -5);
        const QFont font = theme.font(Type::Mono);
        const QFontMetricsF metrics(font);
        painter.setFont(font);
        painter.setPen(theme.color(Tone::Text));
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), 17),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(block.number, Qt::ElideMiddle, inner.width()));
        painter.setPen(theme.color(Tone::Text2));
        painter.drawText(QRectF(inner.left(), inner.top() + 17, inner.width(), 17),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(block.hash, Qt::ElideMiddle, inner.width()));
        if (i > 0) paintLink(painter, i);
        if (m_keyboard && hasFocus() && i == m_focused) drawFocusRing(painter, box);
    }
    painter.setFont(theme.font(Type::Table));
    painter.setPen(theme.color(Tone::Text2));
    const bool below = isNoteBelow(width());
    const qreal left = below || m_blocks.empty() ? 0 : boxOf(partCount() - 1).right() + kNoteGap;
    const auto lines = static_cast<int>(m_note.size());
    qreal top = below ? kTop + kBoxHeight + 8 : kTop + std::max(0, kBoxHeight - lines * 16) / 2.0;
    for (const QString& line : m_note) {
        painter.drawText(
            QRectF(left, top, width() - left, 16), Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(line, Qt::ElideRight, width() - left));
        top += 16;
    }
}

void ChainStrip::paintLink(QPainter& painter, int block) const {
    const Theme& theme = Theme::instance();
    const auto link = m_blocks[static_cast<size_t>(block)].link;
    const bool broken = link == ChainBlock::Link::Broken;
    const QRectF from = boxOf(block), to = boxOf(block - 1);
    const QColor color = theme.color(broken ? Tone::Error : Tone::Text3);
    const qreal y = from.center().y(), tip = to.right() + 3.5, tail = from.left();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(color, 1.2);
    pen.setCapStyle(Qt::FlatCap);
    if (broken) pen.setDashPattern({3, 2.5});
    painter.setPen(pen);
    painter.drawLine(QPointF(tip, y), QPointF(tail, y));
    painter.setPen(QPen(color, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF({{tip + 4.5, y - 4.5}, {tip, y}, {tip + 4.5, y + 4.5}}));
    painter.restore();
    const Status status = broken                            ? Status::Error
                          : link == ChainBlock::Link::Holds ? Status::Ok
                                                            : Status::Unknown;
    QRectF glyph(0, 0, 11, 11);
    glyph.moveCenter({(to.right() + from.left()) / 2, y - 13});
    statusIcon(status).paint(&painter, glyph.toRect());
}

void ChainStrip::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    for (int i = 0; i < partCount(); ++i) {
        if (boxOf(i).contains(event->position())) activatePart(i);
    }
}

void ChainStrip::mouseMoveEvent(QMouseEvent* event) {
    bool over = false;
    for (int i = 0; i < partCount(); ++i) over = over || boxOf(i).contains(event->position());
    setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ChainStrip::keyPressEvent(QKeyEvent* event) {
    m_keyboard = true;
    if (event->key() == Qt::Key_Left) {
        m_focused = std::max(0, m_focused - 1);
    } else if (event->key() == Qt::Key_Right) {
        m_focused = std::min(partCount() - 1, m_focused + 1);
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
               event->key() == Qt::Key_Space) {
        activatePart(m_focused);
    } else {
        QWidget::keyPressEvent(event);
        return;
    }
    update();
}

bool ChainStrip::event(QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        m_keyboard = static_cast<QFocusEvent*>(event)->reason() != Qt::MouseFocusReason;
        update();
    } else if (event->type() == QEvent::FocusOut) {
        update();
    }
    return QWidget::event(event);
}

QString ChainStrip::partName(int part) const {
    const ChainBlock& block = m_blocks[static_cast<size_t>(part)];
    QString name = tr("Block %1, hash %2").arg(block.number, block.hash);
    if (part > 0 && block.link == ChainBlock::Link::Holds) {
        name += QStringLiteral(", ") + tr("follows the block before it");
    }
    if (part > 0 && block.link == ChainBlock::Link::Broken) {
        name += QStringLiteral(", ") + tr("does not follow the block before it");
    }
    return name;
}

QRect ChainStrip::partRect(int part) const {
    return boxOf(part).toAlignedRect();
}

bool ChainStrip::partSelected(int part) const {
    return m_blocks[static_cast<size_t>(part)].current;
}

void ChainStrip::activatePart(int part) {
    if (part < 0 || part >= partCount()) return;
    Q_EMIT activated(m_blocks[static_cast<size_t>(part)].id);
}

}  // namespace chancery::ui
