#include "node/peer/GatewayOrderers.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "fabric/common/common.pb.h"
#include "node/peer/GatewayBroadcaster.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/GatewayErrors.h"
#include "src/policy/StandardPolicies.h"

namespace chancery::node {
namespace {

constexpr int kSuccess = 200;
// What an orderer of a BFT cluster says that has the envelope already from another client.
constexpr std::string_view kKnownRequest = "failed to submit request: request already exists";

using BroadcasterPtr = std::shared_ptr<GatewayBroadcaster>;

struct Orderer {
    std::string shownAddress;
    MspId mspId;
    BroadcasterPtr broadcaster;
};

/// The orderers of one configuration.
struct Cluster {
    std::vector<Orderer> orderers;
    bool isBft = false;
    std::atomic<std::size_t> preferred{0};
};
using ClusterPtr = std::shared_ptr<Cluster>;

std::string nameOfStatus(int status) {
    return ::common::Status_IsValid(status)
               ? ::common::Status_Name(static_cast<::common::Status>(status))
               : std::string();
}

std::string refusalText(const BroadcastAnswer& answer) {
    return fmt::format("received unsuccessful response from orderer: status={}, info={}",
                       nameOfStatus(answer.status), answer.info);
}

/// One envelope on its way to one orderer after the other.
class Attempt : public std::enable_shared_from_this<Attempt> {
public:
    Attempt(ClusterPtr cluster, protocol::SharedBytes envelope, std::function<void(Status)> done)
        : m_cluster(std::move(cluster)),
          m_envelope(std::move(envelope)),
          m_done(std::move(done)),
          m_first(m_cluster->preferred.load()) {}

    void next() {
        const std::size_t count = m_cluster->orderers.size();
        if (m_tried == count) {
            m_done(gatewayError(StatusCode::kUnavailable,
                                "no orderers could successfully process transaction", m_details));
            return;
        }
        m_at = (m_first + m_tried++) % count;
        m_cluster->orderers[m_at].broadcaster->submit(
            m_envelope, [self = shared_from_this()](Result<BroadcastAnswer> answer) {
                self->answered(std::move(answer));
            });
    }

private:
    void answered(Result<BroadcastAnswer> answer) {
        const Orderer& orderer = m_cluster->orderers[m_at];
        if (answer.ok() && answer->status == kSuccess) {
            m_cluster->preferred.store(m_at);
            m_done({});
            return;
        }
        if (answer.ok() && answer->status >= 400 && answer->status < 500) {
            m_done(gatewayError(StatusCode::kAborted, refusalText(*answer)));
            return;
        }
        m_details.push_back({orderer.shownAddress, orderer.mspId,
                             answer.ok() ? refusalText(*answer) : goTextOf(answer.status())});
        next();
    }

    const ClusterPtr m_cluster;
    const protocol::SharedBytes m_envelope;
    const std::function<void(Status)> m_done;
    const std::size_t m_first;
    std::size_t m_tried = 0;
    std::size_t m_at = 0;
    std::vector<GatewayErrorDetail> m_details;
};

/// One envelope on its way to all orderers of a BFT cluster.
class Quorum : public std::enable_shared_from_this<Quorum> {
public:
    Quorum(ClusterPtr cluster, std::function<void(Status)> done)
        : m_cluster(std::move(cluster)),
          m_done(std::move(done)),
          m_needed(policy::bftQuorum(m_cluster->orderers.size())) {}

    void start(const protocol::SharedBytes& envelope) {
        for (const Orderer& orderer : m_cluster->orderers)
            orderer.broadcaster->submit(
                envelope, [self = shared_from_this(), &orderer](Result<BroadcastAnswer> answer) {
                    self->answered(orderer, std::move(answer));
                });
    }

private:
    void answered(const Orderer& orderer, Result<BroadcastAnswer> answer) {
        std::unique_lock lock(m_mutex);
        if (m_isDone) return;
        const bool taken =
            answer.ok() &&
            (answer->status == kSuccess ||
             (answer->status == ::common::SERVICE_UNAVAILABLE && answer->info == kKnownRequest));
        if (taken) {
            const bool isLast = m_isDone = ++m_taken >= m_needed;
            lock.unlock();
            if (isLast) m_done({});
            return;
        }
        m_details.push_back({orderer.shownAddress, orderer.mspId,
                             answer.ok() ? refusalText(*answer) : goTextOf(answer.status())});
        const bool isLast = m_isDone = m_details.size() > m_cluster->orderers.size() - m_needed;
        lock.unlock();
        if (isLast)
            m_done(gatewayError(StatusCode::kUnavailable,
                                "insufficient number of orderers could successfully process "
                                "transaction to satisfy quorum requirement",
                                m_details));
    }

    const ClusterPtr m_cluster;
    const std::function<void(Status)> m_done;
    const std::size_t m_needed;
    std::mutex m_mutex;
    std::size_t m_taken = 0;
    bool m_isDone = false;
    std::vector<GatewayErrorDetail> m_details;
};

}  // namespace

struct GatewayOrderers::Impl {
    Impl(GatewayConnections& own, GatewayOrderersOptions chosen)
        : connections(own), options(std::move(chosen)) {}

    BroadcasterPtr broadcasterFor(const std::string& address, const std::string& rootsPem) {
        BroadcasterPtr& broadcaster = broadcasters[{address, rootsPem}];
        if (!broadcaster)
            broadcaster = std::make_shared<GatewayBroadcaster>(connections, address, rootsPem);
        return broadcaster;
    }

    /// Made anew when the configuration has changed.
    ClusterPtr clusterOf(const channel::Bundle& bundle) {
        const std::lock_guard lock(mutex);
        auto& [sequence, cluster] = clusters[bundle.channelId()];
        if (cluster && sequence == bundle.sequence()) return cluster;
        auto fresh = std::make_shared<Cluster>();
        fresh->isBft = bundle.consensusType() == "BFT";
        for (const auto& endpoint : bundle.ordererEndpoints()) {
            std::string roots;
            for (const Bytes& pem : endpoint.tlsRoots) roots += pem + "\n";
            for (const Bytes& pem : endpoint.tlsIntermediates) roots += pem + "\n";
            std::string address = endpoint.address;
            std::string shown = address;
            if (const auto found = options.overrides.find(address);
                found != options.overrides.end()) {
                address = found->second.address;
                shown = fmt::format("{} (mapped from {})", address, endpoint.address);
                if (!found->second.rootsPem.empty()) roots = found->second.rootsPem;
            }
            fresh->orderers.push_back({std::move(shown), mspOf(bundle, endpoint.organisation),
                                       broadcasterFor(address, roots)});
        }
        if (!fresh->orderers.empty())
            fresh->preferred = std::random_device{}() % fresh->orderers.size();
        sequence = bundle.sequence();
        cluster = std::move(fresh);
        closeUnused();
        return cluster;
    }

    static MspId mspOf(const channel::Bundle& bundle, const std::string& organisation) {
        const auto& all = bundle.ordererOrganisations();
        const auto found = organisation.empty() ? all.begin() : all.find(organisation);
        return found == all.end() ? MspId() : found->second.mspId;
    }

    // Nobody refers to these any more but the table; streams keep their own.
    void closeUnused() {
        std::set<const GatewayBroadcaster*> used;
        for (const auto& [channel, entry] : clusters)
            if (entry.second)
                for (const auto& orderer : entry.second->orderers)
                    used.insert(orderer.broadcaster.get());
        std::erase_if(broadcasters, [&](const auto& entry) {
            if (used.contains(entry.second.get())) return false;
            retired.push_back(entry.second);
            return true;
        });
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            wake.wait_for(lock, std::chrono::seconds(1), [this] { return stopping; });
            std::vector<BroadcasterPtr> all;
            for (const auto& [key, broadcaster] : broadcasters) all.push_back(broadcaster);
            auto gone = std::exchange(retired, {});
            lock.unlock();
            for (const auto& broadcaster : all) broadcaster->expire(options.timeout);
            for (const auto& broadcaster : gone) broadcaster->close();
            lock.lock();
        }
    }

    GatewayConnections& connections;
    const GatewayOrderersOptions options;
    std::mutex mutex;
    std::condition_variable wake;
    std::map<std::pair<std::string, std::string>, BroadcasterPtr> broadcasters;
    std::vector<BroadcasterPtr> retired;
    std::map<ChannelId, std::pair<std::uint64_t, ClusterPtr>> clusters;
    bool stopping = false;
    std::thread thread;
};

GatewayOrderers::GatewayOrderers(GatewayConnections& connections, GatewayOrderersOptions options)
    : m_impl(std::make_shared<Impl>(connections, std::move(options))) {
    m_impl->thread = std::thread([impl = m_impl.get()] {
        pthread_setname_np(pthread_self(), "broadcasts");
        impl->run();
    });
}

GatewayOrderers::~GatewayOrderers() {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->stopping = true;
    }
    m_impl->wake.notify_all();
    m_impl->thread.join();
    for (const auto& [key, broadcaster] : m_impl->broadcasters) broadcaster->close();
}

void GatewayOrderers::submit(const channel::Bundle& bundle, protocol::SharedBytes envelope,
                             std::function<void(Status)> done) {
    const ClusterPtr cluster = m_impl->clusterOf(bundle);
    if (cluster->orderers.empty()) {
        done(gatewayError(StatusCode::kUnavailable, "no orderer nodes available"));
        return;
    }
    if (cluster->isBft)
        std::make_shared<Quorum>(cluster, std::move(done))->start(envelope);
    else
        std::make_shared<Attempt>(cluster, std::move(envelope), std::move(done))->next();
}

}  // namespace chancery::node
