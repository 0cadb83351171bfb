#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "ui/style/Icons.h"

namespace chancery::ui {

/// A peer in the band of a channel.
struct TopologyCell {
    bool joined = false;
    QString caption;  ///< "Height"
    QString value;    ///< "1,204,172"
    QString behind;   ///< "−41"; empty: it is not late
};

/// A node as it is drawn.
struct TopologyNode {
    QString id;     ///< "peer1.riverbank"
    QString title;  ///< "peer1"
    Status status = Status::Unknown;
    QString state;   ///< "41 blocks behind", for accessible names and in place of a detail
    QString detail;  ///< below the title of a CA or an orderer
    QString value;   ///< an orderer's height
    bool leads = false;
    bool late = false;                ///< its blocks come late
    bool stale = false;               ///< what is shown is from earlier
    std::vector<TopologyCell> cells;  ///< one for each channel
    QString load, memory;             ///< "CPU 14 %", "412 MB"; empty: unknown
    double loadShare = -1, memoryShare = -1;
};

struct TopologyHostNote {
    QString iconName, title, detail;
    bool bad = false;
};

/// An organisation, or a host, with its nodes.
struct TopologyColumn {
    QString name, note;
    int series = -1;  ///< Theme::seriesTone of the chip; negative: a host, which has none
    std::vector<TopologyNode> authorities, peers, orderers;
    std::vector<TopologyHostNote> hosts;
};

struct TopologyBand {
    QString name, note;
    int index = 0;  ///< of the channel mark
};

struct TopologyPicture {
    std::vector<TopologyColumn> columns;
    std::vector<TopologyBand> bands;
    QStringList ordering;  ///< lines below "Ordering service"
};

}  // namespace chancery::ui
