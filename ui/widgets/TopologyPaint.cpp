#include "ui/widgets/TopologyPaint.h"

#include <QPainterPath>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr double kNodePad = 10, kNodeRadius = 4, kNodeGlyph = 14;

/// Fill and edge of a channel's band; those beyond the design's two are made of their mark.
std::pair<QColor, QColor> bandColors(int index) {
    const Theme& theme = Theme::instance();
    if (index % 4 == 0) return {theme.color(Tone::Band1), theme.color(Tone::Band1Edge)};
    if (index % 4 == 1) return {theme.color(Tone::Band5), theme.color(Tone::Band5Edge)};
    QColor fill = theme.color(channelTone(index)), edge = fill;
    fill.setAlphaF(0.16F);
    edge.setAlphaF(0.5F);
    const QColor under = theme.color(Tone::Surface);
    return {blended(fill, under), blended(edge, under)};
}

QPolygonF starAt(const QPointF& middle, double radius) {
    QPolygonF points;
    for (int i = 0; i < 10; ++i) {
        const double far = i % 2 == 0 ? radius : radius * 0.45;
        const double angle = M_PI * (i / 5.0 - 0.5);
        points << middle + QPointF(far * std::cos(angle), far * std::sin(angle));
    }
    return points;
}

}  // namespace

TopologyPaint::TopologyPaint(QPainter& painter, const TopologyPicture& picture,
                             const TopologyLayout& layout, const QString& selected)
    : m_painter(painter),
      m_picture(picture),
      m_layout(layout),
      m_selected(selected),
      m_theme(Theme::instance()) {}

void TopologyPaint::draw() {
    m_painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_layout.columns.size(); ++i)
        drawColumn(m_layout.columns[i], i + 1 == m_layout.columns.size());
    drawBands();
    drawOrdering();
    drawLinks();
    drawLabels();
    for (const PlacedNode& placed : m_layout.nodes) {
        if (placed.row == PlacedNode::Row::Authority) drawAuthority(placed);
        if (placed.row == PlacedNode::Row::Peer) drawPeer(placed);
        if (placed.row == PlacedNode::Row::Orderer) drawOrderer(placed);
    }
}

void TopologyPaint::text(const QRectF& rect, const QString& text, Type type, Tone tone,
                         Qt::Alignment alignment) {
    const QFont font = m_theme.font(type);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.color(tone));
    m_painter.drawText(rect, static_cast<int>(alignment),
                       QFontMetricsF(font).elidedText(text, Qt::ElideRight, rect.width()));
}

void TopologyPaint::drawLabels() {
    const double width = m_layout.labels - 24;
    if (m_layout.hasAuthorities) {
        const QRectF box(16, m_layout.authorities, width, 40);
        m_painter.setFont(m_theme.font(Type::TableStrong));
        m_painter.setPen(m_theme.color(Tone::Text));
        m_painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap,
                           tr("Certificate authorities"));
    }
    for (const PlacedBand& band : m_layout.bands) {
        text({16, band.rect.top() + 6, width, 17}, band.band->name, Type::TableStrong, Tone::Text);
        text({16, band.rect.top() + 23, width, 17}, band.band->note, Type::Caption, Tone::Text2);
    }
    double y = m_layout.ordering.top() + 8;
    text({16, y, width + 60, 17}, tr("Ordering service"), Type::TableStrong, Tone::Text);
    for (const QString& line : m_picture.ordering)
        text({16, y += 17, width, 17}, line, Type::Caption, Tone::Text2);
    text({16, m_layout.hosts, width, 18}, tr("Hosts"), Type::TableStrong, Tone::Text);
}

void TopologyPaint::drawColumn(const PlacedColumn& placed, bool last) {
    const TopologyColumn& column = *placed.column;
    double x = placed.left;
    const double y = 14, wide = placed.right - placed.left;
    if (column.series >= 0) {
        const QSizeF size = chipSize();
        drawChip(m_painter, {x, y, std::max(size.width(), 30.0), size.height()},
                 monogram(column.name), m_theme.seriesTone(column.series));
        x += std::max(size.width(), 30.0) + 8;
    } else {
        icon(QStringLiteral("host"), Tone::Text2)
            .paint(&m_painter, QRectF(x, y + 1, 16, 16).toRect());
        x += 24;
    }
    text({x, y, placed.right - x, 18}, column.name, Type::SectionTitle, Tone::Text);
    text({placed.left, y + 22, wide, 17}, column.note, Type::Caption, Tone::Text2);
    double line = m_layout.hosts;
    for (const TopologyHostNote& host : column.hosts) {
        icon(host.iconName, Tone::Text2)
            .paint(&m_painter, QRectF(placed.left, line + 1, 16, 16).toRect());
        text({placed.left + 24, line, wide - 24, 18}, host.title, Type::Table, Tone::Text);
        text({placed.left + 24, line + 18, wide - 24, 16}, host.detail, Type::Caption,
             host.bad ? Tone::Warn : Tone::Text2);
        line += 36;
    }
    if (!last)
        drawVerticalLine(m_painter, placed.right + 5, 0, m_layout.size.height(),
                         m_theme.color(Tone::Border));
}

void TopologyPaint::drawBand(const QRectF& rect, int index, bool hatched) {
    const auto [fill, edge] = bandColors(index);
    m_painter.fillRect(rect, fill);
    if (!hatched || index % 4 == 0) return;
    QColor thin = edge;
    thin.setAlphaF(0.6F);
    const std::array patterns{Qt::SolidPattern, Qt::FDiagPattern, Qt::BDiagPattern,
                              Qt::DiagCrossPattern};
    m_painter.fillRect(rect, QBrush(thin, patterns[static_cast<std::size_t>(index % 4)]));
}

void TopologyPaint::drawBands() {
    for (const PlacedBand& band : m_layout.bands) {
        const auto [fill, edge] = bandColors(band.band->index);
        drawBox(m_painter, band.rect, kNodeRadius, fill, edge);
        QRectF hatch = band.rect.adjusted(1, 1, -1, -1);
        hatch.setLeft(m_layout.labels - 6);
        if (hatch.width() > 0) drawBand(hatch, band.band->index, true);
    }
}

/// Blocks come from the ordering service; from which of its nodes, nobody tells.
void TopologyPaint::drawLinks() {
    if (m_picture.columns.empty()) return;
    for (const PlacedNode& placed : m_layout.nodes) {
        if (placed.row != PlacedNode::Row::Peer) continue;
        const bool away = placed.node->status == Status::Unknown ||
                          placed.node->status == Status::Off || placed.node->stale;
        const Tone tone = placed.node->late ? Tone::Warn : away ? Tone::Border2 : Tone::Text3;
        QPen pen(m_theme.color(tone), placed.node->late ? 1.8 : 1.2);
        if (placed.node->late || away) pen.setDashPattern({3, 2.5});
        m_painter.setPen(pen);
        const double x = std::round(placed.rect.center().x()) + 0.5;
        const double tip = m_layout.peersEnd + 3, tail = m_layout.ordering.top();
        m_painter.drawLine(QPointF(x, tail), QPointF(x, tip));
        m_painter.setPen(
            QPen(m_theme.color(tone), 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPolyline(QPolygonF({{x - 4, tip + 5}, {x, tip}, {x + 4, tip + 5}}));
    }
}

void TopologyPaint::drawOrdering() {
    drawBox(m_painter, m_layout.ordering, kNodeRadius, m_theme.color(Tone::Subtle),
            m_theme.color(Tone::Border2));
    const PlacedNode* before = nullptr;
    for (const PlacedNode& placed : m_layout.nodes) {
        if (placed.row != PlacedNode::Row::Orderer) continue;
        if (before != nullptr) {
            m_painter.setPen(QPen(m_theme.color(Tone::Text3), 1.2));
            const double y = std::round(placed.rect.center().y()) + 0.5;
            m_painter.drawLine(QPointF(before->rect.right(), y), QPointF(placed.rect.left(), y));
        }
        before = &placed;
    }
}

void TopologyPaint::drawFrame(const PlacedNode& placed) {
    const bool chosen = placed.node->id == m_selected;
    drawBox(m_painter, placed.rect, kNodeRadius, m_theme.color(Tone::Surface),
            m_theme.color(chosen ? Tone::Accent : Tone::Control), chosen ? 2 : 1);
}

void TopologyPaint::drawTitle(const PlacedNode& placed, double width) {
    const TopologyNode& node = *placed.node;
    const double middle = placed.rect.top() + 17;
    statusIcon(node.status)
        .paint(&m_painter, QRectF(placed.rect.left() + kNodePad, middle - kNodeGlyph / 2,
                                  kNodeGlyph, kNodeGlyph)
                               .toRect());
    text({placed.rect.left() + kNodePad + kNodeGlyph + 6, middle - 9,
          width - kNodePad * 2 - kNodeGlyph - 6, 18},
         node.title, Type::TableStrong, Tone::Text);
}

void TopologyPaint::drawAuthority(const PlacedNode& placed) {
    drawFrame(placed);
    const TopologyNode& node = *placed.node;
    const QRectF box = placed.rect;
    statusIcon(node.status)
        .paint(&m_painter, QRectF(box.left() + kNodePad, box.center().y() - kNodeGlyph / 2,
                                  kNodeGlyph, kNodeGlyph)
                               .toRect());
    const double left = box.left() + kNodePad + kNodeGlyph + 6,
                 wide = box.right() - kNodePad - left;
    text({left, box.top() + 3, wide, 18}, node.title, Type::TableStrong, Tone::Text);
    const bool well = node.status == Status::Ok;
    text({left, box.top() + 20, wide, 16}, well ? node.detail : node.state, Type::Caption,
         node.status == Status::Warn || node.status == Status::Error ? toneOf(node.status)
                                                                     : Tone::Text2);
}

void TopologyPaint::drawPeer(const PlacedNode& placed) {
    drawFrame(placed);
    const TopologyNode& node = *placed.node;
    const QRectF box = placed.rect;
    drawTitle(placed, box.width());
    const double left = box.left() + kNodePad, wide = box.width() - 2 * kNodePad;
    const Tone value = node.stale ? Tone::Text3 : Tone::Text;
    for (const PlacedBand& band : m_layout.bands) {
        const TopologyCell cell =
            band.index < node.cells.size() ? node.cells[band.index] : TopologyCell();
        const double y = band.rect.top();
        if (!cell.joined) {
            text({left, y, wide, band.rect.height()}, tr("not joined"), Type::Caption, Tone::Text3,
                 Qt::AlignCenter);
            continue;
        }
        const double edge = node.id == m_selected ? 2 : 1;
        drawBand({box.left() + edge, y + 1, box.width() - 2 * edge, band.rect.height() - 2},
                 band.band->index, false);
        const auto line = bandColors(band.band->index).second;
        drawHorizontalLine(m_painter, box.left() + edge, box.right() - edge, y, line);
        drawHorizontalLine(m_painter, box.left() + edge, box.right() - edge, band.rect.bottom() - 1,
                           line);
        text({left, y + 6, wide, 16}, cell.caption, Type::Caption, Tone::Text2);
        text({left, y + 23, wide, 17}, cell.value, Type::Mono, value);
        if (!cell.behind.isEmpty())
            text({left, y + 23, wide, 17}, cell.behind, Type::MonoStrong, Tone::Warn,
                 Qt::AlignRight | Qt::AlignVCenter);
    }
    const double lines = box.bottom() - 46;
    const bool calm = node.status == Status::Ok || node.status == Status::Warn;
    if (calm && !node.memory.isEmpty()) {
        drawMeter({left, lines, wide, 17}, node.load, node.loadShare, node.loadShare > 0.5);
        drawMeter({left, lines + 18, wide, 17}, node.memory, node.memoryShare, false);
    } else {
        text({left, lines + 9, wide, 17}, node.state, Type::Caption,
             node.status == Status::Error ? Tone::Error : Tone::Text2);
    }
}

void TopologyPaint::drawMeter(const QRectF& line, const QString& words, double share, bool warn) {
    if (words.isEmpty()) return;
    const double bar = share < 0 ? 0 : std::min(38.0, line.width() * 0.36);
    text({line.left(), line.top(), line.width() - bar - 4, line.height()}, words, Type::Caption,
         Tone::Text2);
    if (share < 0) return;
    QRectF back(line.right() - bar, line.center().y() - 2, bar, 4);
    drawBox(m_painter, back, 2, m_theme.color(Tone::Border));
    back.setWidth(std::clamp(share, 0.03, 1.0) * bar);
    drawBox(m_painter, back, 2, m_theme.color(warn ? Tone::Warn : Tone::Text3));
}

void TopologyPaint::drawOrderer(const PlacedNode& placed) {
    drawFrame(placed);
    const TopologyNode& node = *placed.node;
    const QRectF box = placed.rect;
    drawTitle(placed, box.width() - (node.leads ? 20 : 0));
    if (node.leads) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.color(Tone::Accent));
        m_painter.drawPolygon(starAt({box.right() - 18, box.top() + 16}, 8));
    }
    const QRectF line(box.left() + kNodePad, box.top() + 29, box.width() - 2 * kNodePad, 17);
    const bool away = node.status != Status::Ok && node.status != Status::Warn;
    const double height = QFontMetricsF(m_theme.font(Type::Mono)).horizontalAdvance(node.value) + 6;
    text({line.left(), line.top(), line.width() - (away ? 0 : height), 17},
         away ? node.state : node.detail, Type::Caption, Tone::Text2);
    if (!away)
        text(line, node.value, Type::Mono, node.stale ? Tone::Text3 : Tone::Text,
             Qt::AlignRight | Qt::AlignVCenter);
}

}  // namespace chancery::ui
