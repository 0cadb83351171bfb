#include "ui/widgets/TopologyView.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/TopologyPaint.h"

namespace chancery::ui {
namespace {

constexpr double kViewReadable = 0.8, kViewLeast = 0.5, kViewMost = 2, kViewZoomStep = 0.1;

}  // namespace

TopologyView::TopologyView(QWidget* parent) : QWidget(parent) {
    installPaintedAccessibility();
    setAccessibleName(tr("Topology"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    followTheme(this);
}

void TopologyView::setPicture(TopologyPicture picture) {
    m_picture = std::move(picture);
    m_shown.resize(m_picture.bands.size(), true);
    lay();
}

void TopologyView::setBandShown(int band, bool shown) {
    const auto at = static_cast<std::size_t>(band);
    if (at >= m_shown.size() || m_shown[at] == shown) return;
    m_shown[at] = shown;
    lay();
}

TopologyLayout TopologyView::layoutFor(double width) const {
    return TopologyLayout::of(m_picture, m_shown, width);
}

/// A drawing that needs less than there is takes all of it.
void TopologyView::lay() {
    const QSizeF before = std::exchange(m_least, layoutFor(0).size);
    m_layout = layoutFor(width() / m_zoom);
    if (m_least != before) updateGeometry();
    update();
}

void TopologyView::resizeEvent(QResizeEvent*) {
    lay();
}

QSize TopologyView::pictureSize() const {
    return {static_cast<int>(std::ceil(m_layout.size.width())),
            static_cast<int>(std::ceil(m_layout.size.height()))};
}

QSize TopologyView::sizeHint() const {
    const QSizeF least = m_least * m_zoom;
    return {static_cast<int>(std::ceil(least.width())),
            static_cast<int>(std::ceil(least.height()))};
}

void TopologyView::setZoom(double zoom) {
    m_ownZoom = true;
    applyZoom(zoom);
}

void TopologyView::applyZoom(double zoom) {
    zoom = std::clamp(std::round(zoom * 20) / 20, kViewLeast, kViewMost);
    if (zoom == m_zoom) return;
    m_zoom = zoom;
    lay();
    updateGeometry();
    Q_EMIT zoomChanged(m_zoom);
}

void TopologyView::fit(const QSize& room) {
    const QSizeF least = layoutFor(0).size;
    if (least.isEmpty()) return;
    const double zoom = std::min(room.width() / least.width(), room.height() / least.height());
    // Rounded down, so that nothing is cut off.
    setZoom(std::min(1.0, std::floor(zoom * 20) / 20));
}

void TopologyView::fitWidth(int width) {
    const double least = layoutFor(0).size.width();
    if (least <= 0 || width <= 0 || m_ownZoom) return;
    applyZoom(std::clamp(std::floor(width / least * 20) / 20, kViewReadable, 1.0));
}

void TopologyView::drawPicture(QPainter& painter) {
    painter.fillRect(QRectF(QPointF(), m_layout.size), Theme::instance().color(Tone::Surface));
    TopologyPaint(painter, m_picture, m_layout, QString()).draw();
}

void TopologyView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Tone::Surface));
    painter.scale(m_zoom, m_zoom);
    TopologyPaint(painter, m_picture, m_layout, m_selected).draw();
    if (!m_keyboard || !hasFocus()) return;
    for (const PlacedNode& placed : m_layout.nodes)
        if (placed.node->id == m_selected)
            drawFocusRing(painter, placed.rect.adjusted(-3, -3, 3, 3), 6);
}

void TopologyView::select(const QString& id) {
    if (m_selected == id) return;
    m_selected = id;
    update();
}

void TopologyView::choose(const QString& id) {
    if (m_selected == id) return;
    select(id);
    Q_EMIT selectionChanged(id);
}

const PlacedNode* TopologyView::at(const QPointF& point) const {
    for (const PlacedNode& placed : m_layout.nodes)
        if (placed.rect.contains(point / m_zoom)) return &placed;
    return nullptr;
}

void TopologyView::mousePressEvent(QMouseEvent* event) {
    m_keyboard = false;
    if (event->button() != Qt::LeftButton) return;
    if (const PlacedNode* placed = at(event->position())) choose(placed->node->id);
}

void TopologyView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const PlacedNode* placed = at(event->position())) Q_EMIT activated(placed->node->id);
}

void TopologyView::mouseMoveEvent(QMouseEvent* event) {
    const PlacedNode* placed = at(event->position());
    setCursor(placed == nullptr ? Qt::ArrowCursor : Qt::PointingHandCursor);
    setToolTip(placed == nullptr
                   ? QString()
                   : safeText(placed->node->id + QStringLiteral(": ") + placed->node->state, 300));
}

void TopologyView::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    setZoom(m_zoom + (event->angleDelta().y() > 0 ? kViewZoomStep : -kViewZoomStep));
    event->accept();
}

/// To the nearest node in that direction; what lies far aside counts as further away.
void TopologyView::step(const QPointF& direction) {
    const PlacedNode* from = nullptr;
    for (const PlacedNode& placed : m_layout.nodes)
        if (placed.node->id == m_selected) from = &placed;
    if (from == nullptr) {
        if (!m_layout.nodes.empty()) choose(m_layout.nodes.front().node->id);
        return;
    }
    const PlacedNode* best = nullptr;
    double least = 0;
    for (const PlacedNode& placed : m_layout.nodes) {
        const QPointF way = placed.rect.center() - from->rect.center();
        const double ahead = QPointF::dotProduct(way, direction);
        const double aside = std::abs(way.x() * direction.y()) + std::abs(way.y() * direction.x());
        if (ahead < 1) continue;
        const double cost = ahead + 2 * aside;
        if (best != nullptr && cost >= least) continue;
        best = &placed;
        least = cost;
    }
    if (best != nullptr) choose(best->node->id);
}

void TopologyView::keyPressEvent(QKeyEvent* event) {
    m_keyboard = true;
    switch (event->key()) {
        case Qt::Key_Left:
            return step({-1, 0});
        case Qt::Key_Right:
            return step({1, 0});
        case Qt::Key_Up:
            return step({0, -1});
        case Qt::Key_Down:
            return step({0, 1});
        case Qt::Key_Home:
            return setZoom(1);
        case Qt::Key_F:
            if (parentWidget() != nullptr) fit(parentWidget()->size());
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!m_selected.isEmpty()) Q_EMIT activated(m_selected);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool TopologyView::event(QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        m_keyboard = static_cast<QFocusEvent*>(event)->reason() != Qt::MouseFocusReason;
        update();
    } else if (event->type() == QEvent::FocusOut) {
        update();
    }
    return QWidget::event(event);
}

int TopologyView::partCount() const {
    return static_cast<int>(m_layout.nodes.size());
}

QString TopologyView::partName(int part) const {
    const TopologyNode& node = *m_layout.nodes[static_cast<std::size_t>(part)].node;
    QStringList words{node.id, node.state};
    for (std::size_t i = 0; i < node.cells.size() && i < m_picture.bands.size(); ++i)
        if (node.cells[i].joined)
            words << m_picture.bands[i].name + QStringLiteral(" ") + node.cells[i].value +
                         QStringLiteral(" ") + node.cells[i].behind;
    return words.join(QStringLiteral(", ")).simplified();
}

QRect TopologyView::partRect(int part) const {
    const QRectF box = m_layout.nodes[static_cast<std::size_t>(part)].rect;
    return QRectF(box.topLeft() * m_zoom, box.size() * m_zoom).toAlignedRect();
}

bool TopologyView::partSelected(int part) const {
    return m_layout.nodes[static_cast<std::size_t>(part)].node->id == m_selected;
}

void TopologyView::activatePart(int part) {
    choose(m_layout.nodes[static_cast<std::size_t>(part)].node->id);
}

}  // namespace chancery::ui
