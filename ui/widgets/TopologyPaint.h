#pragma once

#include <QCoreApplication>
#include <QPainter>

#include "ui/style/Theme.h"
#include "ui/widgets/TopologyLayout.h"

namespace chancery::ui {

/// Draws a laid out network; `selected` is framed.
class TopologyPaint {
    Q_DECLARE_TR_FUNCTIONS(TopologyPaint)
public:
    TopologyPaint(QPainter& painter, const TopologyPicture& picture, const TopologyLayout& layout,
                  const QString& selected);
    void draw();

private:
    void drawLabels();
    void drawColumn(const PlacedColumn& column, bool last);
    void drawBands();
    void drawBand(const QRectF& rect, int index, bool hatched);
    void drawLinks();
    void drawOrdering();
    void drawFrame(const PlacedNode& placed);
    void drawTitle(const PlacedNode& placed, double width);
    void drawAuthority(const PlacedNode& placed);
    void drawPeer(const PlacedNode& placed);
    void drawMeter(const QRectF& line, const QString& text, double share, bool warn);
    void drawOrderer(const PlacedNode& placed);
    void text(const QRectF& rect, const QString& text, Type type, Tone tone,
              Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

    QPainter& m_painter;
    const TopologyPicture& m_picture;
    const TopologyLayout& m_layout;
    const QString& m_selected;
    const Theme& m_theme;
};

}  // namespace chancery::ui
