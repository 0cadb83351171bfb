#pragma once

#include <QAbstractItemModel>
#include <QDateTime>
#include <QStringList>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "src/usecase/WatchNetwork.h"
#include "ui/bridge/Coalescer.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// A channel as one node has it.
struct NodeChannelRow {
    QString channel;
    quint64 height = 0;
    quint64 behind = 0;    ///< blocks that others have and this node has not
    bool differs = false;  ///< its newest block is not that of the others
    QString relation;
    QString problem;
};

/// A node as it is shown. Text of nodes was made printable.
struct NodeRow {
    QString name, shortName;  ///< "peer1.riverbank", "peer1"
    QString kind;             ///< "peer", "orderer", "ca"
    QString organisation, host, address, version;
    LedgerLevel level = LedgerLevel::Unknown;
    QString state;    ///< "Running", "41 blocks behind"
    QString problem;  ///< what is wrong and why, as far as known; empty: nothing
    QString limits;   ///< why not everything can be done with it
    bool stale = false;
    QDateTime asOf, startedAt;
    double processor = -1;  ///< share of one processor; negative: unknown
    quint64 memory = 0;
    qint64 processId = 0;    ///< as its host tells; 0: none, or nobody tells
    bool isManaged = false;  ///< a host's agent has it in its care: it can be started and stopped
    bool runs = false;       ///< its process, as far as known
    bool leads = false;      ///< an orderer that leads a channel
    std::vector<NodeChannelRow> channels;
    const NodeChannelRow* channel(const QString& name) const;
};

struct OrganisationRow {
    QString name;
    int series = 0;
    std::vector<NodeRow> nodes;
};

struct ChannelRow {
    QString name;
    quint64 height = 0;
    QStringList differing;
};

struct HostRow {
    QString name, agent;
    LedgerLevel level = LedgerLevel::Unknown;
    QString problem;
    quint64 freeMemory = 0, freeDisk = 0, disk = 0;
    quint32 processors = 0;
};

/// How far a node was behind at a moment.
struct LagSample {
    qint64 when = 0;  ///< milliseconds since 1970
    quint64 behind = 0;
};

struct NetworkFigure {
    QString label, value, unit;
    LedgerLevel level = LedgerLevel::None;
};

/// Organisations with their nodes, and what a network's channels and hosts are, as WatchNetwork
/// sees them. A tree of two levels; FullTextRole, LevelRole and MspRole as for ledgers. GUI thread.
class NetworkModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Kind, State, Version, Heights, Host, ColumnCount };
    explicit NetworkModel(QObject* parent = nullptr);
    ~NetworkModel() override;

    /// Null: no network is connected any more.
    void setNetwork(std::shared_ptr<usecase::WatchNetwork> network);
    bool isConnected() const { return m_network != nullptr; }
    /// Nobody has answered yet.
    bool isLoading() const;
    const QString& networkName() const { return m_name; }
    const std::vector<OrganisationRow>& organisations() const { return m_organisations; }
    const std::vector<ChannelRow>& channels() const { return m_channels; }
    const std::vector<HostRow>& hosts() const { return m_hosts; }
    const NodeRow* node(const QString& name) const;
    QModelIndex indexOf(const QString& node) const;
    /// The worst of all nodes.
    LedgerLevel level() const;
    int nodeCount() const;
    int troubled() const;  ///< nodes that are not well
    std::vector<NetworkFigure> figures() const;
    /// Of the last quarter of an hour, oldest first.
    const std::deque<LagSample>& lagOf(const QString& node) const;
    /// New blocks of all channels in the last minute; negative: not watched for long enough.
    double blocksPerMinute() const;
    const HostRow* host(const QString& name) const;
    /// All nodes are asked at once.
    void refresh();

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    using QAbstractItemModel::parent;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void changed();

private:
    void take();
    void readChannels(const usecase::NetworkView& view);
    void readHosts(const usecase::NetworkView& view);
    void keepTrends();
    void describeState(NodeRow& row, const usecase::NodeView& view, bool differs) const;
    double loadOf(const usecase::NodeView& view) const;
    NodeRow rowOf(const usecase::NodeView& view, const usecase::NetworkView& all) const;
    QVariant nodeData(const NodeRow& node, int column, int role) const;

    std::shared_ptr<usecase::WatchNetwork> m_network;
    Subscription m_subscription;
    Coalescer m_coalescer;
    std::shared_ptr<const usecase::NetworkView> m_view;
    QString m_name;
    std::vector<OrganisationRow> m_organisations;
    std::vector<ChannelRow> m_channels;
    std::vector<HostRow> m_hosts;
    struct Load {
        qint64 when = 0;
        double seconds = 0, share = -1;
    };
    mutable std::map<std::string, Load> m_loads;  ///< processor time as it was last told
    std::map<QString, std::deque<LagSample>> m_lags;
    std::deque<std::pair<qint64, quint64>> m_heights;  ///< all channels' heights together
};

}  // namespace chancery::ui
