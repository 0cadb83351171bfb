#include "ui/pages/TopologyOf.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/models/LedgerText.h"
#include "ui/models/NetworkModel.h"
#include "ui/pages/LedgerCells.h"

namespace chancery::ui {
namespace {

/// Full bars: this much memory, and one processor.
constexpr double kFullMemory = 1e9;

class TopologyWords {
    Q_DECLARE_TR_FUNCTIONS(TopologyWords)
};

TopologyCell cellOf(const NodeRow& node, const QString& channel) {
    TopologyCell cell;
    const NodeChannelRow* row = node.channel(channel);
    if (row == nullptr) return cell;
    cell.joined = true;
    cell.value = LedgerText::number(row->height);
    cell.caption = TopologyWords::tr("Height");
    if (row->behind > 0 && node.level == LedgerLevel::Warning) {
        cell.caption = TopologyWords::tr("Behind");
        cell.behind = QStringLiteral("−") + LedgerText::number(row->behind);
    }
    if (node.stale)
        cell.caption =
            TopologyWords::tr("At %1").arg(node.asOf.toString(QStringLiteral("HH:mm:ss")));
    return cell;
}

/// Not every kind of node tells who leads.
bool anybodyLeads(const NetworkModel& model) {
    for (const OrganisationRow& organisation : model.organisations())
        for (const NodeRow& node : organisation.nodes)
            if (node.leads) return true;
    return false;
}

TopologyNode drawn(const NodeRow& node, const NetworkModel& model) {
    TopologyNode result;
    result.id = node.name;
    result.title = node.shortName;
    result.status = statusOf(node.level);
    result.state = node.state;
    result.leads = node.leads;
    result.stale = node.stale;
    for (const ChannelRow& channel : model.channels())
        result.cells.push_back(cellOf(node, channel.name));
    for (const NodeChannelRow& channel : node.channels)
        result.late = result.late || (channel.behind > 0 && node.level == LedgerLevel::Warning);
    if (node.kind == QLatin1String("ca")) {
        result.title = node.name.section('.', 0, 1);
        result.detail =
            node.version.isEmpty() ? QString() : TopologyWords::tr("Version %1").arg(node.version);
    }
    if (node.kind == QLatin1String("orderer")) {
        quint64 height = 0;
        for (const NodeChannelRow& channel : node.channels)
            height = std::max(height, channel.height);
        result.detail = node.leads            ? TopologyWords::tr("Leader")
                        : anybodyLeads(model) ? TopologyWords::tr("Follower")
                                              : TopologyWords::tr("Consenter");
        if (!node.channels.empty()) result.value = LedgerText::number(height);
    }
    if (node.memory > 0) {
        result.memory = LedgerText::size(node.memory);
        result.memoryShare = static_cast<double>(node.memory) / kFullMemory;
    }
    if (node.processor >= 0) {
        result.load = TopologyWords::tr("CPU %1 %").arg(static_cast<int>(node.processor * 100));
        result.loadShare = node.processor;
    }
    return result;
}

void addNode(TopologyColumn& column, const NodeRow& node, const NetworkModel& model) {
    auto& row = node.kind == QLatin1String("ca")        ? column.authorities
                : node.kind == QLatin1String("orderer") ? column.orderers
                                                        : column.peers;
    row.push_back(drawn(node, model));
}

/// Hosts that have nodes of this organisation; those that nobody knows are named as that.
void addHosts(TopologyColumn& column, const OrganisationRow& organisation,
              const NetworkModel& model) {
    QStringList names;
    for (const NodeRow& node : organisation.nodes)
        if (!names.contains(node.host)) names << node.host;
    for (const QString& name : names) {
        const auto count = std::count_if(organisation.nodes.begin(), organisation.nodes.end(),
                                         [&](const NodeRow& node) { return node.host == name; });
        TopologyHostNote note;
        note.iconName = QStringLiteral("host");
        const HostRow* host = model.host(name);
        note.title = name.isEmpty() ? TopologyWords::tr("Host not known") : name;
        note.detail = host == nullptr
                          ? TopologyWords::tr("read and monitor only")
                          : TopologyWords::tr("%n process(es)", nullptr, static_cast<int>(count));
        if (host != nullptr && !host->problem.isEmpty()) {
            note.detail = host->problem;
            note.bad = true;
        }
        column.hosts.push_back(note);
    }
}

TopologyColumn columnOf(const OrganisationRow& organisation, const NetworkModel& model) {
    TopologyColumn column;
    column.name = organisation.name;
    column.series = organisation.series;
    for (const NodeRow& node : organisation.nodes) addNode(column, node, model);
    column.note = column.peers.empty()      ? TopologyWords::tr("Orders blocks")
                  : column.orderers.empty() ? TopologyWords::tr("Member")
                                            : TopologyWords::tr("Member · orders blocks");
    addHosts(column, organisation, model);
    return column;
}

std::vector<TopologyColumn> hostColumns(const NetworkModel& model) {
    std::vector<TopologyColumn> columns;
    std::vector<QString> names;
    for (const HostRow& host : model.hosts()) names.push_back(host.name);
    names.emplace_back();
    for (const QString& name : names) {
        TopologyColumn column;
        OrganisationRow here;
        for (const OrganisationRow& organisation : model.organisations())
            for (const NodeRow& node : organisation.nodes)
                if (node.host == name) here.nodes.push_back(node);
        if (here.nodes.empty()) continue;
        for (const NodeRow& node : here.nodes) {
            addNode(column, node, model);
            auto& row = node.kind == QLatin1String("ca")        ? column.authorities
                        : node.kind == QLatin1String("orderer") ? column.orderers
                                                                : column.peers;
            row.back().title = node.name.section('.', 0, 1);
        }
        addHosts(column, here, model);
        column.name = column.hosts.front().title;
        column.note = column.hosts.front().detail;
        if (const HostRow* host = model.host(name); host != nullptr && host->disk > 0) {
            column.hosts.front().title = TopologyWords::tr("%1 processors").arg(host->processors);
            column.hosts.front().detail =
                TopologyWords::tr("%1 memory and %2 disk free")
                    .arg(LedgerText::size(host->freeMemory), LedgerText::size(host->freeDisk));
        }
        columns.push_back(column);
    }
    return columns;
}

}  // namespace

TopologyPicture topologyOf(const NetworkModel& model, bool byHost) {
    TopologyPicture picture;
    int index = 0;
    for (const ChannelRow& channel : model.channels())
        picture.bands.push_back(
            {channel.name, TopologyWords::tr("Height %1").arg(LedgerText::number(channel.height)),
             index++});
    int orderers = 0, well = 0;
    for (const OrganisationRow& organisation : model.organisations()) {
        for (const NodeRow& node : organisation.nodes) {
            if (node.kind != QLatin1String("orderer")) continue;
            ++orderers;
            well += node.level == LedgerLevel::Good;
        }
        if (!byHost) picture.columns.push_back(columnOf(organisation, model));
    }
    if (byHost) picture.columns = hostColumns(model);
    picture.ordering << TopologyWords::tr("%1 of %2 running").arg(well).arg(orderers);
    return picture;
}

}  // namespace chancery::ui
