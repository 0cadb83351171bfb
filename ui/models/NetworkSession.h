#pragma once

#include <QObject>
#include <optional>
#include <stop_token>
#include <vector>

#include "src/usecase/LiveNetwork.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/NetworkModel.h"

namespace chancery::ui {

class OperationModel;

/// A step of a network's making.
struct NetworkStep {
    enum class State { Waiting, Running, Done, Failed };
    QString text;
    State state = State::Waiting;
    QString took;  ///< "1.2 s"
};

/// A kind of network that can be made, in the language of the moment.
struct NetworkTemplate {
    QString id, name, about;
    int organisations = 0, peers = 0, orderers = 0, channels = 0;
    quint64 memory = 0;  ///< bytes, as such networks were measured
};

/// What this computer has for a network.
struct NetworkPreflight {
    bool known = false;
    quint64 freeMemory = 0, freeDisk = 0;  ///< bytes
    QString missing;                       ///< program that is not there; empty: none
};

/// The network that is open, from its making to its end. GUI thread.
class NetworkSession : public QObject {
    Q_OBJECT
public:
    enum class State { Closed, Creating, Opening, Open, Failed };

    /// Without connectors nothing can be made or opened here; networks of others can be shown.
    NetworkSession(std::optional<usecase::NetworkConnectors> connectors, OperationModel* operations,
                   QObject* parent = nullptr);
    ~NetworkSession() override;

    bool canOpen() const { return m_connectors.has_value(); }
    State state() const { return m_state; }
    NetworkModel* model() { return &m_model; }
    const QString& name() const { return m_name; }
    /// Of a network of this console's own.
    const QString& folder() const { return m_folder; }
    const std::vector<NetworkStep>& steps() const { return m_steps; }
    /// Why it could not be made or opened.
    const QString& failure() const { return m_failure; }
    const QString& failureDetails() const { return m_failureDetails; }

    const NetworkPreflight& preflight() const { return m_preflight; }
    /// Looks what this computer has, in the background.
    void look();
    /// Those that come with the program.
    static std::vector<NetworkTemplate> templates();
    /// Makes a network below `parentFolder`, in a folder that is not there yet, with sample
    /// transactions from then on when they are wanted. What was open is closed.
    void create(const QString& templateId, const QString& parentFolder, bool samples);
    void open(const QString& folder);
    /// Shows a network that somebody else has opened.
    void show(std::shared_ptr<usecase::WatchNetwork> network, const QString& name);
    /// A making that is given up removes what it has made.
    void cancel();
    void close();

    /// Blocks of a peer that runs on this computer; empty: there is none.
    QString ledgerFolder() const;

    bool sendsSamples() const { return m_samples; }
    void setSamples(bool on);
    bool canControl() const { return m_live != nullptr; }
    enum class Control { Start, Stop, Restart };
    /// In the background, as an operation.
    void control(Control what, const QString& node);

Q_SIGNALS:
    void stateChanged();
    void stepsChanged();
    void samplesChanged();
    void preflightChanged();

private:
    using Opened = Result<std::shared_ptr<usecase::LiveNetwork>>;
    void begin(State state, const QString& title);
    void stepTold(const usecase::StepReport& report);
    void opened(quint64 attempt, Opened live);
    void release();
    static QString stepText(const std::string& what);

    std::optional<usecase::NetworkConnectors> m_connectors;
    OperationModel* m_operations;
    NetworkModel m_model;
    State m_state = State::Closed;
    QString m_name, m_folder, m_failure, m_failureDetails;
    std::vector<NetworkStep> m_steps;
    std::shared_ptr<usecase::LiveNetwork> m_live;
    std::shared_future<void> m_before;  ///< the end of the network that was open before
    std::stop_source m_stop;
    CallHandle m_traffic, m_looking;
    NetworkPreflight m_preflight;
    std::vector<CallHandle> m_controls;
    quint64 m_operation = 0;
    quint64 m_attempt = 0;
    bool m_samples = false;
};

}  // namespace chancery::ui
