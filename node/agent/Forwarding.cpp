#include "node/agent/Forwarding.h"

#include <fmt/format.h>

#include "node/agent/Engines.h"
#include "src/base/Encoding.h"
#include "src/rpc/Channel.h"

namespace chancery::agent {
namespace {

constexpr const char* kSocketEndpoint = "adminSocket";
constexpr std::size_t kMaxMessageBytes = 4 << 20;

std::string metadataOf(const rpc::CallFacts& facts, const char* key) {
    const auto found = facts.metadata.find(key);
    return found == facts.metadata.end() ? std::string() : found->second;
}

Status cannot(StatusCode code, std::string_view reason, const NodeName& name,
              std::string_view what) {
    return makeError(code, reason, fmt::format("{} {}", name.toString(), what),
                     {{"node", name.toString()}});
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> Forwarding::channel(const NodeStatus& node) {
    const NodeName& name = node.manifest.name;
    const auto socket = node.endpoints.find(kSocketEndpoint);
    if (node.manifest.engine != kBuiltin ||
        (node.phase == Phase::Running && socket == node.endpoints.end()))
        return cannot(StatusCode::kUnimplemented, "NODE_CANNOT", name, "has no admin API");
    if (node.phase != Phase::Running)
        return cannot(StatusCode::kFailedPrecondition, "NODE_NOT_RUNNING", name, "does not run");
    const std::lock_guard lock(m_mutex);
    Connection& connection = m_connections[name];
    if (connection.process == node.process) return connection.channel;
    ASSIGN_OR_RETURN(const auto endpoint, rpc::parseEndpoint("unix:" + socket->second));
    rpc::ClientLimits limits;
    limits.maxMessageBytes = kMaxMessageBytes;
    ASSIGN_OR_RETURN(auto channel, rpc::makeChannel(endpoint, std::nullopt, limits));
    connection = {node.process, channel};
    return channel;
}

Result<rpc::Passage> Forwarding::passage(const rpc::CallFacts& facts, const Caller& caller,
                                         AuditTrail& trail) {
    ASSIGN_OR_RETURN(const NodeName name, makeNodeName(metadataOf(facts, "chancery-network"),
                                                       metadataOf(facts, "chancery-node")));
    RETURN_IF_ERROR(trail.begin(name.toString()));
    const auto node = m_supervisor.status(name);
    if (!node)
        return cannot(StatusCode::kNotFound, "NODE_NOT_FOUND", name, "is no node of this host");
    rpc::Passage passage;
    ASSIGN_OR_RETURN(passage.channel, channel(*node));
    // Header values are visible ASCII; names of people are not.
    const std::string shown = isAscii(caller.shown) ? caller.shown : caller.fingerprint;
    passage.metadata = {{"chancery-role", std::string(rpc::nameOf(*caller.role))},
                        {"chancery-caller", shown}};
    return passage;
}

}  // namespace chancery::agent
