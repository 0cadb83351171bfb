#pragma once

#include <QWidget>

#include "ui/widgets/PaintedAccessible.h"
#include "ui/widgets/TopologyLayout.h"
#include "ui/widgets/TopologyPicture.h"

namespace chancery::ui {

/// A network as a drawing: a column for each organisation, rows for CAs, peers, ordering and hosts;
/// channels are bands across the peers that joined them. Laid out by rules, nothing is dragged.
/// Arrows move from node to node, Ctrl and the wheel zoom. Stands in a scroll area.
class TopologyView : public QWidget, public PaintedParts {
    Q_OBJECT
public:
    explicit TopologyView(QWidget* parent = nullptr);

    void setPicture(TopologyPicture picture);
    void setBandShown(int band, bool shown);
    QString selected() const { return m_selected; }
    void select(const QString& id);
    double zoom() const { return m_zoom; }
    /// 0.5 to 2; the view is as large as its drawing then.
    void setZoom(double zoom);
    /// So that everything is seen in that room.
    void fit(const QSize& room);
    /// A little smaller, so that its columns are seen in that width; a drawing that is much wider
    /// stays as large as it can be read. Nothing once somebody has chosen a zoom.
    void fitWidth(int width);
    /// The whole drawing from (0, 0) on, without selection: for files.
    void drawPicture(QPainter& painter);
    QSize pictureSize() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    int partCount() const override;
    QString partName(int part) const override;
    QRect partRect(int part) const override;
    bool partSelected(int part) const override;
    void activatePart(int part) override;

Q_SIGNALS:
    void selectionChanged(const QString& id);
    void activated(const QString& id);
    void zoomChanged(double zoom);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void lay();
    TopologyLayout layoutFor(double width) const;
    void applyZoom(double zoom);
    void choose(const QString& id);
    void step(const QPointF& direction);
    const PlacedNode* at(const QPointF& point) const;

    TopologyPicture m_picture;
    std::vector<bool> m_shown;
    TopologyLayout m_layout;
    QSizeF m_least;  ///< of the drawing, at a zoom of 1
    QString m_selected;
    double m_zoom = 1;
    bool m_ownZoom = false;  ///< somebody has chosen it
    bool m_keyboard = false;
};

}  // namespace chancery::ui
