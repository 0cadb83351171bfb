#include "tests/bench/load/RunLoad.h"

#include <unistd.h>

#include <condition_variable>
#include <thread>

#include "src/rpc/Channel.h"
#include "tests/bench/load/GatewayTransaction.h"
#include "tests/bench/load/RateSchedule.h"

namespace chancery::load {
namespace {

using Time = std::chrono::steady_clock::time_point;
constexpr std::chrono::milliseconds kLate{10};

/// The state of a run. Transactions begin on the thread of run(), or, when there is no rate, on the
/// thread on which an earlier one ended.
class Run {
public:
    Run(const LoadPlan& plan, std::vector<std::shared_ptr<grpc::Channel>> connections)
        : m_plan(plan), m_connections(std::move(connections)) {}

    LoadResults run() {
        std::jthread pacer;
        if (m_plan.warmUp.count() > 0) {
            send(pacer);
            waitUntil(std::chrono::steady_clock::now() + m_plan.warmUp,
                      [this] { return m_stopped; });
        }
        const ProcessSamples before = sampleAll(m_plan.processes);
        const ProcessSample ownBefore = sampleOwn();
        const Time from = enter(Phase::Measuring);
        if (m_plan.warmUp.count() == 0) send(pacer);
        waitUntil(from + m_plan.duration, [this] { return m_stopped || countReached(); });
        const Time to = enter(Phase::Draining);
        const ProcessSamples after = sampleAll(m_plan.processes);
        const ProcessSample ownAfter = sampleOwn();
        if (pacer.joinable()) pacer.join();
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_underWay == 0; });
        }
        LoadResults results = m_collector.take();
        results.window = to - from;
        results.before = before;
        results.after = after;
        results.ownBefore = ownBefore;
        results.ownAfter = ownAfter;
        return results;
    }

private:
    enum class Phase { WarmingUp, Measuring, Draining };

    static ProcessSample sampleOwn() {
        const auto sample = sampleProcess(::getpid());
        return sample.ok() ? *sample : ProcessSample();
    }

    void send(std::jthread& pacer) {
        const RateSchedule schedule(std::chrono::steady_clock::now(), m_plan.rate.value_or(1));
        if (m_plan.rate)
            pacer = std::jthread([this, schedule] { pace(schedule); });
        else
            for (std::size_t i = 0; i < m_plan.inFlight && begin(std::nullopt); ++i) {
            }
    }

    template <class Condition>
    void waitUntil(Time time, Condition condition) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, time, condition);
    }

    Time enter(Phase phase) {
        const std::lock_guard lock(m_mutex);
        m_phase = phase;
        m_changed.notify_all();
        return std::chrono::steady_clock::now();
    }

    bool countReached() const { return m_plan.count && m_measuredEnded >= *m_plan.count; }

    /// The open loop.
    void pace(const RateSchedule& schedule) {
        for (std::uint64_t number = 0;; ++number) {
            const Time due = schedule.due(number);
            {
                std::unique_lock lock(m_mutex);
                const auto over = [this] { return m_phase == Phase::Draining || m_stopped; };
                if (m_changed.wait_until(lock, due, over)) return;
                m_changed.wait(lock, [&] { return over() || m_underWay < m_plan.inFlight; });
            }
            if (!begin(due)) return;
        }
    }

    /// False when nothing shall begin any longer.
    bool begin(std::optional<Time> due) {
        const Time now = std::chrono::steady_clock::now();
        std::uint64_t number = 0;
        bool measured = false;
        {
            const std::lock_guard lock(m_mutex);
            measured = m_phase == Phase::Measuring;
            if (m_phase == Phase::Draining || m_stopped) return false;
            if (measured && m_plan.count && m_measuredBegun >= *m_plan.count) return false;
            if (measured) ++m_measuredBegun;
            number = m_next++;
            ++m_underWay;
        }
        m_collector.begin(measured, due && now - *due > kLate);
        const std::size_t client = number % m_plan.identities.size();
        GatewayTransaction::Call call{.gateway = m_connections[number % m_connections.size()],
                                      .identity = m_plan.identities[client],
                                      .arguments = {},
                                      .due = due.value_or(now),
                                      .measured = measured};
        const ArgumentValues values{.run = m_plan.run, .number = number, .client = client};
        for (const ArgumentTemplate& argument : m_plan.arguments)
            call.arguments.push_back(argument.fill(values));
        GatewayTransaction::start(m_plan, std::move(call),
                                  [this](const Outcome& outcome) { ended(outcome); });
        return true;
    }

    void ended(const Outcome& outcome) {
        bool inWindow = false;
        {
            const std::lock_guard lock(m_mutex);
            inWindow = m_phase == Phase::Measuring;
        }
        const bool sensible = m_collector.end(outcome, inWindow);
        // The next one first, so that the number under way never falls to zero between two.
        {
            const std::lock_guard lock(m_mutex);
            if (outcome.measured) ++m_measuredEnded;
            if (!sensible) m_stopped = true;
        }
        if (!m_plan.rate) begin(std::nullopt);
        // Notified under the lock: whoever waits for the last one to end lets go of this object.
        const std::lock_guard lock(m_mutex);
        --m_underWay;
        m_changed.notify_all();
    }

    const LoadPlan& m_plan;
    const std::vector<std::shared_ptr<grpc::Channel>> m_connections;
    Collector m_collector;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Phase m_phase = Phase::WarmingUp;
    bool m_stopped = false;
    std::uint64_t m_next = 0;
    std::uint64_t m_measuredBegun = 0;
    std::uint64_t m_measuredEnded = 0;
    std::size_t m_underWay = 0;
};

}  // namespace

std::string_view nameOf(LoadKind kind) {
    return kind == LoadKind::Evaluate  ? "evaluate"
           : kind == LoadKind::Endorse ? "endorse"
                                       : "submit";
}

std::optional<LoadKind> loadKindNamed(std::string_view name) {
    for (const LoadKind kind : {LoadKind::Evaluate, LoadKind::Endorse, LoadKind::Submit})
        if (nameOf(kind) == name) return kind;
    return std::nullopt;
}

Result<LoadResults> runLoad(const LoadPlan& plan) {
    if (plan.gateways.empty() || plan.identities.empty() || plan.inFlight == 0)
        return makeError(StatusCode::kInvalidArgument, "NOTHING_TO_DO",
                         "a gateway, an identity and a transaction in flight are needed");
    std::vector<std::shared_ptr<grpc::Channel>> connections;
    for (std::size_t i = 0; i < plan.connections; ++i) {
        for (const interfaces::NodeAddress& gateway : plan.gateways) {
            ASSIGN_OR_RETURN(const auto endpoint, rpc::parseEndpoint(gateway.endpoint));
            ASSIGN_OR_RETURN(
                auto connection,
                rpc::makeChannel(endpoint, rpc::ClientTls{.rootsPem = gateway.tlsRootsPem,
                                                          .identity = {},
                                                          .serverName = gateway.serverName}));
            connections.push_back(std::move(connection));
        }
    }
    return Run(plan, std::move(connections)).run();
}

}  // namespace chancery::load
