#include "ui/models/NetworkModel.h"

#include <algorithm>
#include <numeric>

#include "ui/bridge/GuiExecutor.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {
namespace {

/// A node this far behind is called late; less is on its way.
constexpr quint64 kLate = 3;
/// Trends are kept this long, and the speed of new blocks is that of the last minute.
constexpr qint64 kKept = 15 * 60 * 1000, kMinute = 60 * 1000, kLeastApart = 900;
/// A share of a processor is worked out of at least so many milliseconds.
constexpr qint64 kLoadOver = 800;
/// A disk with less than this share of room is called almost full.
constexpr double kLittleRoom = 0.1;

QString shown(const std::string& text) {
    return LedgerText::plain(text, 300);
}

/// The agent of this machine has no name of its own.
QString hostNameOf(const std::string& name) {
    return name == "local" ? NetworkModel::tr("This computer") : shown(name);
}

QDateTime timeOf(const std::optional<absl::Time>& time) {
    return time ? QDateTime::fromMSecsSinceEpoch(absl::ToUnixMillis(*time), Qt::UTC) : QDateTime();
}

int gravity(LedgerLevel level) {
    switch (level) {
        case LedgerLevel::Bad:
            return 4;
        case LedgerLevel::Warning:
            return 3;
        case LedgerLevel::Unknown:
            return 2;
        case LedgerLevel::Running:
        case LedgerLevel::Pending:
            return 1;
        default:
            return 0;
    }
}

}  // namespace

const NodeChannelRow* NodeRow::channel(const QString& wanted) const {
    for (const NodeChannelRow& row : channels)
        if (row.channel == wanted) return &row;
    return nullptr;
}

NetworkModel::NetworkModel(QObject* parent)
    : QAbstractItemModel(parent), m_coalescer([this] { take(); }) {}

NetworkModel::~NetworkModel() {
    setNetwork(nullptr);
}

void NetworkModel::setNetwork(std::shared_ptr<usecase::WatchNetwork> network) {
    m_subscription.reset();
    // Its end waits for answers that are on their way.
    if (m_network) GuiExecutor::runLong([old = std::exchange(m_network, nullptr)] {});
    m_network = std::move(network);
    if (m_network)
        m_subscription = m_network->watch([poke = m_coalescer.poker()](const auto&) { poke(); });
    take();
}

bool NetworkModel::isLoading() const {
    return m_view != nullptr && !m_view->nodes.empty() &&
           std::all_of(m_view->nodes.begin(), m_view->nodes.end(),
                       [](const auto& node) { return reasonOf(node.reach) == "NOT_ASKED_YET"; });
}

void NetworkModel::readChannels(const usecase::NetworkView& view) {
    m_channels.clear();
    std::vector<std::size_t> members;
    for (const auto& channel : view.channels) {
        ChannelRow row{shown(channel.channel.str()), channel.height, {}};
        for (const auto& name : channel.differing) row.differing << shown(name);
        m_channels.push_back(row);
        members.push_back(channel.members.size());
    }
    // What most of them share comes first.
    std::vector<std::size_t> order(m_channels.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return members[a] > members[b]; });
    std::vector<ChannelRow> sorted;
    for (const std::size_t at : order) sorted.push_back(m_channels[at]);
    m_channels = std::move(sorted);
}

void NetworkModel::readHosts(const usecase::NetworkView& view) {
    m_hosts.clear();
    for (const auto& host : view.hosts) {
        HostRow row;
        row.name = hostNameOf(host.name);
        row.level = host.reach.ok() ? LedgerLevel::Good : LedgerLevel::Unknown;
        if (!host.reach.ok()) row.problem = LedgerText::error(host.reach);
        if (host.facts) {
            row.agent = shown(host.facts->agentVersion);
            row.processors = host.facts->processors;
            row.freeMemory = host.facts->freeMemoryBytes;
            row.freeDisk = host.facts->freeDiskBytes;
            row.disk = host.facts->diskBytes;
            const double room = kLittleRoom * static_cast<double>(row.disk);
            if (host.reach.ok() && static_cast<double>(row.freeDisk) < room) {
                row.level = LedgerLevel::Warning;
                row.problem = tr("Its disk is almost full: %1 of %2 are free.")
                                  .arg(LedgerText::size(row.freeDisk), LedgerText::size(row.disk));
            }
        }
        m_hosts.push_back(row);
    }
}

void NetworkModel::take() {
    const auto view = m_network ? m_network->view() : nullptr;
    std::vector<OrganisationRow> organisations;
    if (view) {
        for (const auto& node : view->nodes) {
            const QString name = shown(node.what.organisation);
            auto at = std::find_if(organisations.begin(), organisations.end(),
                                   [&](const auto& row) { return row.name == name; });
            if (at == organisations.end()) {
                organisations.push_back({name, static_cast<int>(organisations.size()), {}});
                at = organisations.end() - 1;
            }
            at->nodes.push_back(rowOf(node, *view));
        }
    }
    const auto sameShape = [](const auto& a, const auto& b) {
        return a.name == b.name &&
               std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                          [](const auto& x, const auto& y) { return x.name == y.name; });
    };
    const bool same = std::equal(organisations.begin(), organisations.end(),
                                 m_organisations.begin(), m_organisations.end(), sameShape);
    if (!same) beginResetModel();
    m_view = view;
    m_name = view ? shown(view->name) : QString();
    m_organisations = std::move(organisations);
    const usecase::NetworkView nothing;
    readChannels(view ? *view : nothing);
    readHosts(view ? *view : nothing);
    keepTrends();
    if (!same) {
        endResetModel();
    } else {
        for (int row = 0; row < rowCount(); ++row) {
            const QModelIndex top = index(row, 0);
            Q_EMIT dataChanged(top, index(row, ColumnCount - 1));
            if (rowCount(top) > 0)
                Q_EMIT dataChanged(index(0, 0, top),
                                   index(rowCount(top) - 1, ColumnCount - 1, top));
        }
    }
    Q_EMIT changed();
}

void NetworkModel::keepTrends() {
    if (!m_view) {
        m_loads.clear();
        m_lags.clear();
        m_heights.clear();
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const OrganisationRow& organisation : m_organisations) {
        for (const NodeRow& node : organisation.nodes) {
            quint64 behind = 0;
            for (const auto& channel : node.channels) behind = std::max(behind, channel.behind);
            auto& lag = m_lags[node.name];
            if (!lag.empty() && now - lag.back().when < kLeastApart) continue;
            lag.push_back({now, behind});
            while (lag.front().when < now - kKept) lag.pop_front();
        }
    }
    quint64 all = 0;
    for (const ChannelRow& channel : m_channels) all += channel.height;
    if (all == 0 || (!m_heights.empty() && now - m_heights.back().first < kLeastApart)) return;
    m_heights.emplace_back(now, all);
    while (m_heights.front().first < now - kMinute) m_heights.pop_front();
}

const std::deque<LagSample>& NetworkModel::lagOf(const QString& node) const {
    static const std::deque<LagSample> kNone;
    const auto found = m_lags.find(node);
    return found == m_lags.end() ? kNone : found->second;
}

double NetworkModel::blocksPerMinute() const {
    if (m_heights.size() < 2) return -1;
    const auto& [began, first] = m_heights.front();
    const auto& [ended, last] = m_heights.back();
    if (ended - began < 2 * kLeastApart || last < first) return -1;
    return static_cast<double>(last - first) * kMinute / static_cast<double>(ended - began);
}

const HostRow* NetworkModel::host(const QString& name) const {
    for (const HostRow& host : m_hosts)
        if (host.name == name) return &host;
    return nullptr;
}

/// Of one processor, since the node's answer before.
double NetworkModel::loadOf(const usecase::NodeView& view) const {
    if (!view.status || !view.asOf) return -1;
    const qint64 now = absl::ToUnixMillis(*view.asOf);
    Load& load = m_loads[view.what.name];
    const double seconds = view.status->processorSeconds;
    if (seconds <= 0) return -1;
    if (load.when == 0 || seconds < load.seconds) {
        load = {now, seconds, -1};
    } else if (now - load.when >= kLoadOver) {
        load = {now, seconds,
                (seconds - load.seconds) * 1000 / static_cast<double>(now - load.when)};
    }
    return load.share;
}

NodeRow NetworkModel::rowOf(const usecase::NodeView& view, const usecase::NetworkView& all) const {
    NodeRow row;
    row.name = shown(view.what.name);
    row.shortName = row.name.section('.', 0, 0);
    row.kind = shown(view.what.kind);
    row.organisation = shown(view.what.organisation);
    row.host = hostNameOf(view.what.host);
    row.asOf = timeOf(view.asOf);
    row.stale = !view.reach.ok() && view.asOf.has_value();
    if (view.abilities) row.limits = shown(view.abilities->limits);
    if (view.status) {
        row.version = shown(view.status->version);
        row.startedAt = timeOf(view.status->startedAt);
        row.memory = view.status->memoryBytes;
        if (!view.status->endpoints.empty())
            row.address = shown(view.status->endpoints.begin()->second);
    }
    quint64 behind = 0;
    QString late;
    bool differs = false;
    for (const auto& channel : view.channels) {
        NodeChannelRow made;
        made.channel = shown(channel.channel.str());
        made.height = channel.height;
        made.relation = shown(channel.relation);
        made.problem = shown(channel.problem);
        row.leads = row.leads || channel.relation.find("leader") != std::string::npos;
        for (const auto& other : all.channels) {
            if (other.channel != channel.channel) continue;
            made.behind = other.height - std::min(other.height, channel.height);
            made.differs =
                std::count(other.differing.begin(), other.differing.end(), view.what.name) > 0;
        }
        if (made.behind > behind) {
            behind = made.behind;
            late = made.channel;
        }
        differs = differs || made.differs;
        row.channels.push_back(made);
    }
    const auto phase = view.process ? view.process->phase : interfaces::NodePhase::Running;
    row.isManaged = view.process.has_value();
    row.runs = row.isManaged ? phase == interfaces::NodePhase::Running ||
                                   phase == interfaces::NodePhase::Starting
                             : view.reach.ok();
    row.processId = view.process ? view.process->processId : 0;
    row.processor = view.reach.ok() ? loadOf(view) : -1;
    if (behind >= kLate) {
        row.state = tr("%1 blocks behind").arg(LedgerText::number(behind));
        row.problem = tr("%1 blocks behind on %2.").arg(LedgerText::number(behind), late);
    }
    describeState(row, view, differs);
    return row;
}

/// What is worst decides; the row's state and problem tell already how late it is, if it is.
void NetworkModel::describeState(NodeRow& row, const usecase::NodeView& view, bool differs) const {
    using interfaces::NodePhase;
    const NodePhase phase = view.process ? view.process->phase : NodePhase::Running;
    const auto tell = [&](LedgerLevel level, const QString& state, const QString& problem = {}) {
        row.level = level;
        row.state = state;
        row.problem = problem;
    };
    if (phase == NodePhase::Starting) {
        tell(LedgerLevel::Running, tr("Starting"));
    } else if (phase == NodePhase::Failed || phase == NodePhase::WaitingToRestart) {
        tell(LedgerLevel::Bad, tr("Failed"), shown(view.process->problem));
    } else if (phase == NodePhase::Stopped || phase == NodePhase::Stopping) {
        tell(LedgerLevel::Unknown, tr("Stopped"), tr("Its process does not run."));
    } else if (reasonOf(view.reach) == "NOT_ASKED_YET") {
        tell(LedgerLevel::Unknown, tr("Asking…"));
    } else if (!view.reach.ok()) {
        tell(LedgerLevel::Unknown, tr("No answer"), LedgerText::error(view.reach));
    } else if (differs) {
        tell(LedgerLevel::Bad, tr("Another ledger"),
             tr("Its newest block is not the one that others have at this height."));
    } else if (!row.state.isEmpty()) {
        row.level = LedgerLevel::Warning;
    } else {
        tell(LedgerLevel::Good, row.leads ? tr("Running, leader") : tr("Running"));
    }
    if (!view.reach.ok() || !view.status) return;
    for (const auto& check : view.status->health) {
        if (check.problem.empty()) continue;
        if (row.level == LedgerLevel::Good) {
            row.level = LedgerLevel::Warning;
            row.state = tr("Needs attention");
        }
        row.problem += (row.problem.isEmpty() ? QString() : QStringLiteral(" ")) +
                       tr("%1: %2.").arg(shown(check.component), shown(check.problem));
    }
}

const NodeRow* NetworkModel::node(const QString& name) const {
    for (const OrganisationRow& organisation : m_organisations)
        for (const NodeRow& node : organisation.nodes)
            if (node.name == name) return &node;
    return nullptr;
}

QModelIndex NetworkModel::indexOf(const QString& name) const {
    for (std::size_t i = 0; i < m_organisations.size(); ++i)
        for (std::size_t k = 0; k < m_organisations[i].nodes.size(); ++k)
            if (m_organisations[i].nodes[k].name == name)
                return index(static_cast<int>(k), 0, index(static_cast<int>(i), 0));
    return {};
}

int NetworkModel::nodeCount() const {
    int count = 0;
    for (const auto& organisation : m_organisations)
        count += static_cast<int>(organisation.nodes.size());
    return count;
}

int NetworkModel::troubled() const {
    int count = 0;
    for (const auto& organisation : m_organisations)
        for (const auto& node : organisation.nodes) count += gravity(node.level) > 1 ? 1 : 0;
    return count;
}

LedgerLevel NetworkModel::level() const {
    if (m_organisations.empty()) return LedgerLevel::Unknown;
    LedgerLevel worst = LedgerLevel::Good;
    for (const auto& organisation : m_organisations)
        for (const auto& node : organisation.nodes)
            if (gravity(node.level) > gravity(worst)) worst = node.level;
    return worst;
}

std::vector<NetworkFigure> NetworkModel::figures() const {
    const int all = nodeCount(), ill = troubled();
    quint64 lag = 0;
    for (const auto& organisation : m_organisations)
        for (const auto& node : organisation.nodes)
            for (const auto& channel : node.channels) lag = std::max(lag, channel.behind);
    bool differ = false;
    for (const auto& channel : m_channels) differ = differ || !channel.differing.isEmpty();
    const auto hostsWell = std::count_if(m_hosts.begin(), m_hosts.end(), [](const HostRow& host) {
        return host.level == LedgerLevel::Good;
    });
    const auto wellOrWarn = [](bool well) {
        return well ? LedgerLevel::Good : LedgerLevel::Warning;
    };
    std::vector<NetworkFigure> result;
    result.push_back({tr("Nodes healthy"), LedgerText::number(static_cast<quint64>(all - ill)),
                      tr("of %1").arg(all), wellOrWarn(ill == 0)});
    result.push_back({tr("Channels"), LedgerText::number(m_channels.size()),
                      differ ? tr("ledgers differ") : tr("in agreement"),
                      differ ? LedgerLevel::Bad : LedgerLevel::Good});
    const double blocks = blocksPerMinute();
    result.push_back(
        {tr("New blocks"),
         blocks < 0 ? QStringLiteral("–") : LedgerText::number(static_cast<quint64>(blocks + 0.5)),
         tr("a minute")});
    result.push_back(
        {tr("Furthest behind"), LedgerText::number(lag), tr("blocks"), wellOrWarn(lag < kLate)});
    if (!m_hosts.empty())
        result.push_back({tr("Hosts well"), LedgerText::number(static_cast<quint64>(hostsWell)),
                          tr("of %1").arg(m_hosts.size()),
                          wellOrWarn(static_cast<std::size_t>(hostsWell) == m_hosts.size())});
    return result;
}

void NetworkModel::refresh() {
    if (!m_network || !m_view) return;
    for (const auto& node : m_view->nodes) m_network->refresh(node.what.name);
}

// A node's index carries the number of its organisation plus one, an organisation's nothing.
QModelIndex NetworkModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : quintptr(0));
}

QModelIndex NetworkModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr(0));
}

int NetworkModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_organisations.size());
    if (parent.internalId() != 0 || parent.column() != 0) return 0;
    return static_cast<int>(m_organisations[static_cast<size_t>(parent.row())].nodes.size());
}

int NetworkModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

QVariant NetworkModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (index.internalId() != 0)
        return nodeData(
            m_organisations[index.internalId() - 1].nodes[static_cast<size_t>(index.row())],
            index.column(), role);
    const OrganisationRow& organisation = m_organisations[static_cast<size_t>(index.row())];
    if (role == GroupRole) return true;
    if (index.column() != Name) return {};
    if (role == Qt::DisplayRole) return organisation.name;
    if (role == MspRole) return organisation.name;
    return {};
}

QVariant NetworkModel::nodeData(const NodeRow& node, int column, int role) const {
    if (role == LevelRole && column == State) return static_cast<int>(node.level);
    if (role == QuietRole) return node.stale;
    if (role == MonoRole) return column == Heights;
    if (role == Qt::ToolTipRole && column == State)
        return node.problem.isEmpty() ? QVariant() : node.problem;
    if (role != Qt::DisplayRole) return {};
    switch (column) {
        case Name:
            return node.name;
        case Kind:
            return node.kind == QLatin1String("ca")        ? tr("CA")
                   : node.kind == QLatin1String("orderer") ? tr("Orderer")
                                                           : tr("Peer");
        case State:
            return node.state;
        case Version:
            return node.version;
        case Heights: {
            QStringList parts;
            for (const auto& channel : node.channels)
                parts << channel.channel + ' ' + LedgerText::number(channel.height);
            return LedgerText::list(parts);
        }
        case Host:
            return node.host;
        default:
            return {};
    }
}

QVariant NetworkModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Name:
            return tr("Organisation and node");
        case Kind:
            return tr("Type");
        case State:
            return tr("State");
        case Version:
            return tr("Version");
        case Heights:
            return tr("Heights");
        case Host:
            return tr("Host");
        default:
            return {};
    }
}

}  // namespace chancery::ui
