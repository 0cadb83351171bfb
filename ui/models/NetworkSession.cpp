#include "ui/models/NetworkSession.h"

#include <QDir>
#include <QFile>
#include <QLocale>
#include <QStorageInfo>
#include <condition_variable>
#include <mutex>

#include "ui/models/LedgerText.h"
#include "ui/models/OperationModel.h"

namespace chancery::ui {
namespace {

constexpr std::uint32_t kSampleStep = 8;  // behind those of CreateNetwork
constexpr std::chrono::seconds kNetworkPatience{120}, kSamplePatience{10};
constexpr std::chrono::milliseconds kBetweenSamples{600}, kAfterFailure{2000};

QString labelOf(const usecase::Label& label) {
    const bool chinese = QLocale().language() == QLocale::Chinese;
    return QString::fromStdString(chinese && !label.zh.empty() ? label.zh : label.en);
}

QString durationOf(std::chrono::nanoseconds took) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    return milliseconds < 1000
               ? QStringLiteral("%1 ms").arg(milliseconds)
               : QStringLiteral("%1 s").arg(static_cast<double>(milliseconds) / 1000, 0, 'f', 1);
}

/// Two at a time would want the same ports and the same agent.
void awaitEnd(const std::shared_future<void>& before) {
    if (before.valid()) before.wait_for(kNetworkPatience);
}

/// As the kernel reckons it: what programs can have without swapping.
quint64 availableMemory() {
    QFile file(QStringLiteral("/proc/meminfo"));
    if (!file.open(QFile::ReadOnly)) return 0;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("MemAvailable:"))
            return line.mid(13).trimmed().split(' ').value(0).toULongLong() * 1024;
    return 0;
}

std::filesystem::path pathOf(const QString& text) {
    return QFile::encodeName(text).toStdString();
}

/// A name that nobody has below the folder.
QString freeFolder(const QString& parent, const QString& wanted) {
    for (int number = 1;; ++number) {
        const QString path =
            parent + '/' + wanted + (number == 1 ? QString() : QStringLiteral("-%1").arg(number));
        if (!QFileInfo::exists(path)) return path;
    }
}

using Live = Result<std::shared_ptr<usecase::LiveNetwork>>;

/// Sends what the topology shows, as the last step.
Live withScenario(std::shared_ptr<usecase::LiveNetwork> live,
                  const usecase::LiveNetwork::Options& options,
                  const std::function<void(const usecase::StepReport&)>& told) {
    told({.what = {}, .number = kSampleStep, .of = kSampleStep, .took = std::nullopt});
    const auto began = std::chrono::steady_clock::now();
    if (const Status sent = live->sendScenario(options.deadline, options.stop); !sent.ok())
        return sent;
    told({.what = {},
          .number = kSampleStep,
          .of = kSampleStep,
          .took = std::chrono::steady_clock::now() - began});
    return live;
}

/// Waits, but not beyond the wish to stop.
void pauseFor(std::chrono::milliseconds duration, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, duration, [] { return false; });
}

}  // namespace

NetworkSession::NetworkSession(std::optional<usecase::NetworkConnectors> connectors,
                               OperationModel* operations, QObject* parent)
    : QObject(parent), m_connectors(std::move(connectors)), m_operations(operations) {}

NetworkSession::~NetworkSession() {
    m_stop.request_stop();
    release();
}

void NetworkSession::look() {
    if (!m_connectors) return;
    m_looking = call(
        this,
        [given = !m_connectors->agentProgram.empty()](std::stop_token) {
            NetworkPreflight found;
            found.known = true;
            found.freeDisk = static_cast<quint64>(
                std::max<qint64>(0, QStorageInfo(QDir::homePath()).bytesAvailable()));
            found.freeMemory = availableMemory();
            if (!usecase::findNodeProgram().ok() && !given)
                found.missing = QStringLiteral("chancery-node");
            else if (!usecase::findAgentProgram().ok() && !given)
                found.missing = QStringLiteral("chancery-agent");
            return found;
        },
        [this](NetworkPreflight found) {
            m_preflight = std::move(found);
            Q_EMIT preflightChanged();
        });
}

std::vector<NetworkTemplate> NetworkSession::templates() {
    std::vector<NetworkTemplate> result;
    for (const usecase::Topology& topology : usecase::builtInTopologies()) {
        // What needs several machines is no matter of one click.
        if (topology.hosts.size() > 1) continue;
        NetworkTemplate row;
        row.id = QString::fromStdString(topology.name);
        row.name = labelOf(topology.label);
        row.about = labelOf(topology.about);
        row.channels = static_cast<int>(topology.channels.size());
        for (const auto& organisation : topology.organisations) {
            const bool orders = organisation.kind != usecase::OrganisationPlan::Kind::Peers;
            (orders ? row.orderers : row.peers) += static_cast<int>(organisation.nodes.size());
            row.organisations += !orders;
        }
        usecase::NetworkPlan plan;
        plan.topology = topology;
        row.memory = usecase::previewOf(plan).memoryBytes;
        result.push_back(row);
    }
    return result;
}

QString NetworkSession::stepText(const std::string& what) {
    if (what == "open the hosts") return tr("Start the agent of this computer");
    if (what == "start the certificate authorities") return tr("Start the certificate authorities");
    if (what == "enrol the members") return tr("Enrol the members");
    if (what == "start the nodes") return tr("Start peers and orderers");
    if (what == "make the channels' first blocks") return tr("Make the channels' first blocks");
    if (what == "join the channels") return tr("Join the channels");
    if (what == "deploy the contracts") return tr("Deploy the contracts");
    return LedgerText::plain(what, 200);
}

void NetworkSession::begin(State state, const QString& title) {
    close();
    m_stop = std::stop_source();
    m_state = state;
    m_failure.clear();
    m_failureDetails.clear();
    m_steps.clear();
    ++m_attempt;
    if (m_operations != nullptr) {
        Operation operation;
        operation.title = title;
        operation.target = m_name;
        operation.cancel = [this] { cancel(); };
        m_operation = m_operations->start(operation);
    }
}

void NetworkSession::create(const QString& templateId, const QString& parentFolder, bool samples) {
    auto topology = usecase::findTopology(templateId.toStdString());
    if (!m_connectors || !topology.ok()) return;
    begin(State::Creating, tr("Create network"));
    m_name = labelOf(topology->label);
    QDir().mkpath(parentFolder);
    m_folder = freeFolder(parentFolder, templateId);
    m_samples = samples;
    for (const char* what :
         {"open the hosts", "start the certificate authorities", "enrol the members",
          "start the nodes", "make the channels' first blocks", "join the channels",
          "deploy the contracts"})
        m_steps.push_back({stepText(what), NetworkStep::State::Waiting, {}});
    if (samples) m_steps.push_back({tr("Send the first transactions"), {}, {}});
    usecase::NetworkPlan plan;
    plan.folder = pathOf(m_folder);
    plan.topology = *std::move(topology);
    usecase::LiveNetwork::Options options;
    options.name = m_name.toStdString();
    options.deadline = deadlineIn(kNetworkPatience);
    options.stop = m_stop.get_token();
    const QPointer<QObject> guard(this);
    const auto told = [this, guard, attempt = m_attempt](const usecase::StepReport& report) {
        GuiExecutor::post(guard, [this, attempt, report] {
            if (attempt == m_attempt) stepTold(report);
        });
    };
    GuiExecutor::runLong([this, guard, attempt = m_attempt, plan, options, samples, told,
                          connectors = *m_connectors, before = m_before] {
        awaitEnd(before);
        auto live = usecase::LiveNetwork::create(plan, connectors, options, told);
        if (live.ok() && samples) live = withScenario(*std::move(live), options, told);
        GuiExecutor::post(guard, [this, attempt, live = std::move(live)]() mutable {
            opened(attempt, std::move(live));
        });
    });
    Q_EMIT stateChanged();
    Q_EMIT stepsChanged();
}

void NetworkSession::open(const QString& folder) {
    if (!m_connectors) return;
    begin(State::Opening, tr("Start network"));
    m_folder = folder;
    m_name = QFileInfo(folder).fileName();
    m_samples = false;
    if (const auto known = usecase::NetworkFolder::open(pathOf(folder)); known.ok())
        m_name = labelOf(known->topology().label);
    usecase::LiveNetwork::Options options;
    options.name = m_name.toStdString();
    options.deadline = deadlineIn(kNetworkPatience);
    options.stop = m_stop.get_token();
    GuiExecutor::runLong([this, guard = QPointer<QObject>(this), attempt = m_attempt,
                          path = pathOf(folder), options, connectors = *m_connectors,
                          before = m_before] {
        awaitEnd(before);
        auto live = usecase::LiveNetwork::open(path, connectors, options);
        GuiExecutor::post(guard, [this, attempt, live = std::move(live)]() mutable {
            opened(attempt, std::move(live));
        });
    });
    Q_EMIT stateChanged();
}

void NetworkSession::stepTold(const usecase::StepReport& report) {
    if (report.number == 0 || report.number > m_steps.size()) return;
    NetworkStep& step = m_steps[report.number - 1];
    step.state = report.took ? NetworkStep::State::Done : NetworkStep::State::Running;
    if (report.took && report.took->count() > 0) step.took = durationOf(*report.took);
    if (m_operations != nullptr) {
        const auto done = std::count_if(m_steps.begin(), m_steps.end(), [](const auto& one) {
            return one.state == NetworkStep::State::Done;
        });
        m_operations->progress(m_operation,
                               static_cast<double>(done) / static_cast<double>(m_steps.size()),
                               step.text);
    }
    Q_EMIT stepsChanged();
}

void NetworkSession::opened(quint64 attempt, Opened live) {
    using End = Operation::State;
    if (attempt != m_attempt) {
        // Nobody wants it any more; its processes end in the background.
        GuiExecutor::runLong([old = std::move(live)] {});
        return;
    }
    if (live.ok()) {
        m_live = *std::move(live);
        m_state = State::Open;
        m_model.setNetwork(m_live->watch());
        if (m_operations != nullptr)
            m_operations->finish(m_operation, End::Succeeded, tr("All nodes serve"));
        setSamples(m_samples);
    } else {
        const bool given = live.status().code() == StatusCode::kCancelled;
        m_state = given ? State::Closed : State::Failed;
        m_failure = LedgerText::error(live.status());
        m_failureDetails = LedgerText::errorDetails(live.status());
        for (NetworkStep& step : m_steps)
            if (step.state == NetworkStep::State::Running) step.state = NetworkStep::State::Failed;
        if (m_operations != nullptr)
            m_operations->finish(m_operation, given ? End::Cancelled : End::Failed,
                                 given ? tr("Everything was removed again") : m_failure,
                                 m_failureDetails);
    }
    Q_EMIT stepsChanged();
    Q_EMIT stateChanged();
}

void NetworkSession::show(std::shared_ptr<usecase::WatchNetwork> network, const QString& name) {
    close();
    m_name = name;
    m_folder.clear();
    m_state = State::Open;
    m_model.setNetwork(std::move(network));
    Q_EMIT stateChanged();
}

void NetworkSession::cancel() {
    m_stop.request_stop();
}

/// Processes end in the background: nobody has to wait for them.
void NetworkSession::release() {
    m_traffic.cancel();
    m_controls.clear();
    m_model.setNetwork(nullptr);
    if (m_live) m_before = m_live->ended();
    if (m_live) GuiExecutor::runLong([old = std::exchange(m_live, nullptr)] {});
}

void NetworkSession::close() {
    if (m_state == State::Closed) return;
    m_stop.request_stop();
    const bool making = m_state == State::Creating || m_state == State::Opening;
    ++m_attempt;
    if (making && m_operations != nullptr)
        m_operations->finish(m_operation, Operation::State::Cancelled, tr("Given up"));
    release();
    m_state = State::Closed;
    m_steps.clear();
    Q_EMIT stateChanged();
}

QString NetworkSession::ledgerFolder() const {
    if (!m_live) return {};
    const usecase::NetworkFolder& network = m_live->folder();
    std::error_code error;
    for (const usecase::NetworkNode& node : network.nodes()) {
        if (!node.isPeer || node.data.empty()) continue;
        for (const usecase::TopologyChannel& channel : network.topology().channels) {
            const auto blocks = node.data / "channels" / channel.name.str();
            if (std::filesystem::is_directory(blocks, error))
                return QFile::decodeName(blocks.c_str());
        }
    }
    return {};
}

void NetworkSession::setSamples(bool on) {
    m_traffic.cancel();
    m_samples = on && m_live != nullptr;
    if (m_samples) {
        m_traffic = callLong(
            this,
            [weak = std::weak_ptr(m_live)](std::stop_token stop) {
                while (!stop.stop_requested()) {
                    const auto live = weak.lock();
                    if (!live) break;
                    const Status sent = live->sendSample(deadlineIn(kSamplePatience), stop);
                    if (reasonOf(sent) == "NO_SAMPLES") return false;
                    pauseFor(sent.ok() ? kBetweenSamples : kAfterFailure, stop);
                }
                return true;
            },
            [this](bool more) {
                if (more) return;
                m_samples = false;
                Q_EMIT samplesChanged();
            });
    }
    Q_EMIT samplesChanged();
}

void NetworkSession::control(Control what, const QString& node) {
    if (!m_live) return;
    Operation operation;
    operation.title = what == Control::Start  ? tr("Start node")
                      : what == Control::Stop ? tr("Stop node")
                                              : tr("Restart node");
    operation.target = node;
    const quint64 id = m_operations == nullptr ? 0 : m_operations->start(operation);
    m_controls.push_back(callLong(
        this,
        [weak = std::weak_ptr(m_live), what, name = node.toStdString()](std::stop_token) {
            const auto live = weak.lock();
            if (!live) return makeError(StatusCode::kCancelled, "CLOSED", "the network was closed");
            const Deadline deadline = deadlineIn(kNetworkPatience);
            return what == Control::Start  ? live->startNode(name, deadline)
                   : what == Control::Stop ? live->stopNode(name, deadline)
                                           : live->restartNode(name, deadline);
        },
        [this, id](const Status& done) {
            if (m_operations == nullptr) return;
            m_operations->finish(id,
                                 done.ok() ? Operation::State::Succeeded : Operation::State::Failed,
                                 done.ok() ? tr("Done") : LedgerText::error(done),
                                 done.ok() ? QString() : LedgerText::errorDetails(done));
        }));
}

}  // namespace chancery::ui
