#include <algorithm>

#include "src/client/FabricNodeImpl.h"
#include "src/protocol/Block.h"

namespace chancery::client {

using interfaces::NodeAbility;

namespace {

double sampleOf(const std::vector<interfaces::MetricSample>& samples, std::string_view name) {
    for (const auto& sample : samples)
        if (sample.name == name) return sample.value;
    return 0;
}

}  // namespace

Status nodeCannot(std::string_view ability, std::string_view why) {
    return makeError(StatusCode::kUnimplemented, "NODE_CANNOT", why,
                     {{"ability", std::string(ability)}});
}

Result<JoinBlock> readJoinBlock(BytesView bytes) {
    const auto bad = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_JOIN_BLOCK", why);
    };
    const auto block = protocol::Block::parse(Bytes(bytes));
    if (!block.ok()) return bad(messageOf(block.status()));
    if (block->transactionCount() == 0) return bad("the block holds no transaction");
    const auto first = block->transaction(0);
    if (!first.isConfig() || first.channelHeader.channelId.empty())
        return bad("the block is no configuration block");
    return JoinBlock{.channel = ChannelId(std::string(first.channelHeader.channelId)),
                     .number = block->number(),
                     .headerHash = block->header().hash()};
}

Status FabricNodeImpl::open() {
    if (!m_access.operations) return absl::OkStatus();
    ASSIGN_OR_RETURN(m_operations, OperationsClient::make(*m_access.operations, m_access.tls));
    return absl::OkStatus();
}

Result<interfaces::NodeAbilities> FabricNodeImpl::abilities(Deadline) {
    interfaces::NodeAbilities abilities;
    std::vector<std::string> missing;
    addAbilities(abilities, missing);
    if (m_operations) {
        abilities.can.insert(NodeAbility::Health);
        if (m_access.tls) abilities.can.insert({NodeAbility::Metrics, NodeAbility::LogSpec});
        if (!m_access.tls)
            missing.emplace_back("metrics and log levels need a client certificate for operations");
    } else {
        missing.emplace_back(
            "health, metrics and log levels need the address of the operations service");
    }
    missing.emplace_back("Fabric's nodes do not tell their settings");
    const bool reads = !abilities.can.contains(NodeAbility::Join);
    abilities.limits = fmt::format("{}{}; {}", reads ? "read and monitor only: " : "",
                                   m_access.limits, fmt::join(missing, "; "));
    return abilities;
}

Result<interfaces::NodeStatus> FabricNodeImpl::status(Deadline deadline) {
    interfaces::NodeStatus status;
    status.kind = m_access.isPeer ? "peer" : "orderer";
    status.mspId = m_access.mspId;
    status.endpoints["grpc"] = m_access.address.endpoint;
    if (m_access.operations) status.endpoints["operations"] = m_access.operations->endpoint;
    if (m_access.participation) status.endpoints["admin"] = m_access.participation->endpoint;
    const Status answers = probe(deadline);
    status.health.push_back({.component = "grpc", .problem = std::string(messageOf(answers))});
    if (!m_operations) {
        RETURN_IF_ERROR(answers);
        return status;
    }
    auto health = m_operations->health(deadline);
    if (!health.ok() && !answers.ok()) return answers;
    if (health.ok())
        status.health.insert(status.health.end(), health->begin(), health->end());
    else
        status.health.push_back(
            {.component = "operations", .problem = std::string(messageOf(health.status()))});
    if (const auto version = m_operations->version(deadline); version.ok())
        status.version = *version;
    addFigures(status, deadline);
    return status;
}

/// What the metrics say about the process, if they may be seen.
void FabricNodeImpl::addFigures(interfaces::NodeStatus& status, Deadline deadline) {
    if (!m_access.tls) return;
    const auto samples = m_operations->metrics(deadline);
    if (!samples.ok()) return;
    status.memoryBytes = static_cast<std::uint64_t>(
        std::clamp(sampleOf(*samples, "process_resident_memory_bytes"), 0.0, 1e18));
    status.processorSeconds = sampleOf(*samples, "process_cpu_seconds_total");
    if (const double start = sampleOf(*samples, "process_start_time_seconds"); start > 0)
        status.startedAt =
            absl::FromUnixMillis(static_cast<std::int64_t>(std::clamp(start * 1e3, 0.0, 1e15)));
}

Status FabricNodeImpl::needOperations(std::string_view ability) const {
    if (!m_operations)
        return nodeCannot(ability, "the address of the node's operations service is not known");
    if (!m_access.tls)
        return nodeCannot(ability, "the operations service wants a client certificate");
    return absl::OkStatus();
}

Result<std::vector<interfaces::NodeSetting>> FabricNodeImpl::settings(Deadline) {
    return nodeCannot("settings", "Fabric's nodes do not tell their settings");
}

Result<std::string> FabricNodeImpl::logSpec(Deadline deadline) {
    RETURN_IF_ERROR(needOperations("log_spec"));
    return m_operations->logSpec(deadline);
}

Status FabricNodeImpl::setLogSpec(const std::string& spec, Deadline deadline) {
    RETURN_IF_ERROR(needOperations("log_spec"));
    return m_operations->setLogSpec(spec, deadline);
}

Subscription FabricNodeImpl::watchMetrics(
    std::chrono::milliseconds every, std::function<void(const interfaces::MetricsReading&)> reading,
    std::function<void(const Status&)> lost) {
    const Status able = needOperations("metrics");
    every = std::clamp(every, std::chrono::milliseconds(100), std::chrono::milliseconds(3'600'000));
    return watch(
        [able, every, operations = m_operations, reading = std::move(reading), clock = &m_clock](
            const std::stop_token& stop, const Alive& alive) -> Status {
            RETURN_IF_ERROR(able);
            do {
                ASSIGN_OR_RETURN(auto samples, operations->metrics(deadlineIn(kFabricPatience)));
                if (stop.stop_requested()) break;
                alive();
                reading({.when = clock->now(), .samples = std::move(samples)});
            } while (pauseFor(stop, every));
            return absl::OkStatus();
        },
        std::move(lost), m_access.pauses);
}

namespace {

/// A reader and the channels that are followed for it; callbacks come one at a time.
struct Followers {
    std::mutex mutex;
    std::map<ChannelId, Subscription> channels;
};

}  // namespace

Subscription FabricNodeImpl::watchFlow(std::function<void(const interfaces::NodeFlowBatch&)> batch,
                                       std::function<void(const Status&)> lost) {
    auto order = std::make_shared<std::recursive_mutex>();
    const auto told = [order, batch = std::move(batch)](const interfaces::NodeFlowBatch& one) {
        const std::lock_guard lock(*order);
        batch(one);
    };
    const auto tellLost = [order, lost = std::move(lost)](const Status& why) {
        const std::lock_guard lock(*order);
        lost(why);
    };
    auto followers = std::make_shared<Followers>();
    const auto self = shared_from_this();
    const auto followOne = [self, told, tellLost](const ChannelId& channel) {
        auto next = std::make_shared<std::optional<BlockNumber>>();
        return watch(
            [self, channel, next, told](const std::stop_token& stop, const Alive& alive) {
                return withContext(self->follow(channel, *next, told, alive, stop), channel.str());
            },
            tellLost, self->m_access.pauses);
    };
    // The one that looks for channels ends first; then those that it has begun.
    auto looking = std::make_shared<Subscription>(watch(
        [self, followers, followOne](const std::stop_token& stop, const Alive& alive) -> Status {
            do {
                ASSIGN_OR_RETURN(const auto channels, self->followed(deadlineIn(kFabricPatience)));
                alive();
                const std::lock_guard lock(followers->mutex);
                if (stop.stop_requested()) break;
                for (const ChannelId& channel : channels)
                    if (!followers->channels.contains(channel))
                        followers->channels.emplace(channel, followOne(channel));
                std::erase_if(followers->channels, [&](const auto& entry) {
                    return std::find(channels.begin(), channels.end(), entry.first) ==
                           channels.end();
                });
            } while (pauseFor(stop, self->m_access.channelPeriod));
            return absl::OkStatus();
        },
        tellLost, m_access.pauses));
    return Subscription([looking, followers] {
        looking->reset();
        std::map<ChannelId, Subscription> ending;
        {
            const std::lock_guard lock(followers->mutex);
            ending.swap(followers->channels);
        }
    });
}

Result<std::shared_ptr<interfaces::Node>> makeFabricNode(interfaces::Connector& connector,
                                                         FabricNodeAccess access,
                                                         const Clock& clock, Random& random) {
    auto made = access.isPeer ? makeFabricPeer(connector, std::move(access), clock, random)
                              : makeFabricOrderer(connector, std::move(access), clock, random);
    if (!made.ok()) return made.status();
    RETURN_IF_ERROR((*made)->open());
    return std::shared_ptr<interfaces::Node>(*std::move(made));
}

}  // namespace chancery::client
