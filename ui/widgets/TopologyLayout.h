#pragma once

#include <QRectF>
#include <vector>

#include "ui/widgets/TopologyPicture.h"

namespace chancery::ui {

/// A node and where it is drawn; the node is the picture's.
struct PlacedNode {
    enum class Row { Authority, Peer, Orderer };
    const TopologyNode* node = nullptr;
    Row row = Row::Peer;
    QRectF rect;
};
struct PlacedColumn {
    const TopologyColumn* column = nullptr;
    double left = 0, right = 0;
};
struct PlacedBand {
    const TopologyBand* band = nullptr;
    std::size_t index = 0;  ///< in the picture, of peers' cells
    QRectF rect;
};

/// Where everything of a picture stands. Lengths in px at a zoom of 1.
struct TopologyLayout {
    /// `shown`: which bands; columns take `width` when they need less.
    static TopologyLayout of(const TopologyPicture& picture, const std::vector<bool>& shown,
                             double width);

    QSizeF size;
    double labels = 118;  ///< width of the rows' names
    double authorities = 0, peers = 0, peersEnd = 0, hosts = 0;
    QRectF ordering;
    bool hasAuthorities = false;
    std::vector<PlacedColumn> columns;
    std::vector<PlacedBand> bands;
    std::vector<PlacedNode> nodes;  ///< row by row
};

}  // namespace chancery::ui
