#include "node/chaincode/LifecycleContract.h"

#include <fmt/format.h>

#include "node/chaincode/LifecycleFunctions.h"
#include "src/base/Encoding.h"
#include "src/channel/Acl.h"

namespace chancery::node {
namespace {

ContractResponse failure(std::string message, std::int32_t status = 500) {
    return {status, std::move(message), {}};
}

}  // namespace

LifecycleContract::LifecycleContract(Options options) : m_options(std::move(options)) {}

std::string_view LifecycleContract::name() const {
    return protocol::kLifecycleNamespace;
}

Status LifecycleContract::authorise(const SystemCall& call, std::string_view function) const {
    const std::string resource = fmt::format("{}/{}", protocol::kLifecycleNamespace, function);
    const BytesView creator = call.proposal->signatureHeader.creator;
    const auto access = channel::defaultAccess(resource);
    if (access == channel::DefaultAccess::LocalAdmins) return m_options.checkLocalAdmin(creator);
    if (access == channel::DefaultAccess::Unknown || call.channel == nullptr)
        return makeError(StatusCode::kPermissionDenied, "UNKNOWN_RESOURCE",
                         fmt::format("Unmapped policy for {}", printable(resource, 200)));
    return call.channel->checkPolicy(call.channel->bundle()->policyOfResource(resource), creator);
}

ContractResponse LifecycleContract::invoke(const SystemCall& call) {
    if (call.args.empty()) return failure("lifecycle scc must be invoked with arguments");
    if (call.args.size() != 2)
        return failure(
            fmt::format("lifecycle scc operations require exactly two arguments but received {}",
                        call.args.size()));
    if (call.channel != nullptr) {
        const auto bundle = call.channel->bundle();
        const std::string& channel = call.channel->channelId().str();
        if (!bundle->hasApplication())
            return failure(
                fmt::format("could not get application config for channel '{}'", channel));
        if (!bundle->capabilities().newLifecycle)
            return failure(
                fmt::format("cannot use new lifecycle for channel '{}' as it does not "
                            "have the required capabilities enabled",
                            channel));
    }
    const std::string function = printable(call.args[0], 200);
    if (const Status status = authorise(call, function); !status.ok())
        return failure(fmt::format("Failed to authorize invocation due to failed ACL check: {}",
                                   messageOf(status)));
    auto result = runLifecycleFunction({m_options, call}, function, call.args[1]);
    if (result.ok()) return {200, {}, *std::move(result)};
    if (result.status().code() == StatusCode::kNotFound)
        return failure(std::string(messageOf(result.status())), 404);
    return failure(fmt::format("failed to invoke backing implementation of '{}': {}", function,
                               messageOf(result.status())));
}

}  // namespace chancery::node
