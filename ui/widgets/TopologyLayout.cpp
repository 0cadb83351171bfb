#include "ui/widgets/TopologyLayout.h"

#include <algorithm>

namespace chancery::ui {
namespace {

constexpr double kTopologyMargin = 8, kTopologyTop = 14, kTopologyHeader = 54, kTopologyRowGap = 24,
                 kTopologyGap = 8, kTopologyColumnGap = 10;
constexpr double kTopologyPeer = 118, kTopologyWidestPeer = 176, kTopologyOrderer = 140,
                 kTopologyHostNote = 130;
constexpr double kTopologyAuthorityHeight = 40, kTopologyPeerTitle = 36, kTopologyBand = 46,
                 kTopologyBandGap = 28, kTopologyMeters = 54;
constexpr double kTopologyLinks = 64, kTopologyOrderingHeight = 70, kTopologyOrdererHeight = 52,
                 kTopologyHostHeight = 36;

double rowOf(std::size_t count, double width) {
    return count == 0
               ? 0
               : static_cast<double>(count) * width + static_cast<double>(count - 1) * kTopologyGap;
}

double leastColumn(const TopologyColumn& column) {
    return std::max({rowOf(column.peers.size(), kTopologyPeer),
                     rowOf(column.orderers.size(), kTopologyOrderer), kTopologyHostNote});
}

bool hasJoined(const TopologyColumn& column, std::size_t band) {
    return std::ranges::any_of(column.peers, [&](const TopologyNode& peer) {
        return band < peer.cells.size() && peer.cells[band].joined;
    });
}

}  // namespace

TopologyLayout TopologyLayout::of(const TopologyPicture& picture, const std::vector<bool>& shown,
                                  double width) {
    TopologyLayout result;
    double least = result.labels + kTopologyMargin;
    for (const TopologyColumn& column : picture.columns)
        least += leastColumn(column) + kTopologyColumnGap;
    const auto count = static_cast<double>(std::max<std::size_t>(1, picture.columns.size()));
    const double spare =
        std::clamp((width - least) / count, 0.0, 2 * (kTopologyWidestPeer - kTopologyPeer));

    double x = result.labels, hosts = 1;
    for (const TopologyColumn& column : picture.columns) {
        const double wide = leastColumn(column) + spare;
        result.columns.push_back({&column, x, x + wide});
        hosts = std::max(hosts, static_cast<double>(column.hosts.size()));
        result.hasAuthorities = result.hasAuthorities || !column.authorities.empty();
        x += wide + kTopologyColumnGap;
    }
    const double right = picture.columns.empty() ? result.labels : x - kTopologyColumnGap;

    result.authorities = kTopologyTop + kTopologyHeader;
    result.peers = result.authorities +
                   (result.hasAuthorities ? kTopologyAuthorityHeight + kTopologyRowGap : 0.0);
    double y = result.peers + kTopologyPeerTitle;
    for (std::size_t i = 0; i < picture.bands.size(); ++i) {
        if (i < shown.size() && !shown[i]) continue;
        double end = result.labels;
        for (const PlacedColumn& column : result.columns)
            if (hasJoined(*column.column, i)) end = column.right + kTopologyGap;
        result.bands.push_back(
            {&picture.bands[i], i, {kTopologyMargin, y, end - kTopologyMargin, kTopologyBand}});
        y += kTopologyBand + kTopologyBandGap;
    }
    if (!result.bands.empty()) y -= kTopologyBandGap;
    result.peersEnd = y + kTopologyMeters;
    result.ordering = {kTopologyMargin, result.peersEnd + kTopologyLinks,
                       right + kTopologyGap - kTopologyMargin, kTopologyOrderingHeight};
    result.hosts = result.ordering.bottom() + kTopologyRowGap;

    const auto place = [&](PlacedNode::Row kind, const PlacedColumn& column,
                           const std::vector<TopologyNode>& nodes, double top, double height,
                           double widest) {
        const auto many = static_cast<double>(nodes.size());
        const double room = (column.right - column.left - (many - 1) * kTopologyGap) / many;
        const double wide = std::min(room, widest);
        double left = column.left;
        for (const TopologyNode& node : nodes) {
            result.nodes.push_back({&node, kind, {left, top, wide, height}});
            left += wide + kTopologyGap;
        }
    };
    for (const PlacedColumn& column : result.columns)
        if (!column.column->authorities.empty())
            place(PlacedNode::Row::Authority, column, column.column->authorities,
                  result.authorities, kTopologyAuthorityHeight, kTopologyWidestPeer);
    for (const PlacedColumn& column : result.columns)
        if (!column.column->peers.empty())
            place(PlacedNode::Row::Peer, column, column.column->peers, result.peers,
                  result.peersEnd - result.peers, kTopologyWidestPeer);
    for (const PlacedColumn& column : result.columns)
        if (!column.column->orderers.empty())
            place(PlacedNode::Row::Orderer, column, column.column->orderers,
                  result.ordering.top() + (kTopologyOrderingHeight - kTopologyOrdererHeight) / 2,
                  kTopologyOrdererHeight, kTopologyOrderer);
    result.size = {right + kTopologyGap + kTopologyMargin,
                   result.hosts + kTopologyRowGap + hosts * kTopologyHostHeight};
    return result;
}

}  // namespace chancery::ui
