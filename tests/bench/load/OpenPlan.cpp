#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/interfaces/ConnectionProfile.h"
#include "tests/bench/load/LoadOptions.h"

namespace chancery::load {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxWallet = 1U << 20;

std::string textAt(const Json& json, const char* pointer) {
    const Json::json_pointer place(pointer);
    if (!json.contains(place)) return {};
    const Json& found = json.at(place);
    return found.is_string() ? found.get<std::string>() : std::string();
}

/// The form in which fabric-network keeps identities.
Result<identity::SigningIdentityPtr> readWallet(const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(file, kMaxWallet));
    const Json json = Json::parse(text, nullptr, false);
    const std::string mspId = textAt(json, "/mspId");
    if (mspId.empty())
        return makeError(StatusCode::kInvalidArgument, "BAD_WALLET",
                         file.string() + " is no identity of a wallet", {{"path", file.string()}});
    return identity::makeSigningIdentity(MspId(mspId), textAt(json, "/credentials/certificate"),
                                         textAt(json, "/credentials/privateKey"));
}

Result<identity::SigningIdentityPtr> readIdentity(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return readWallet(text);
    return identity::loadSigningIdentity(text.substr(equals + 1), MspId(text.substr(0, equals)));
}

Status chooseGateways(const interfaces::ConnectionProfile& profile, const LoadOptions& options,
                      LoadPlan& plan) {
    for (const std::string& name : options.gateways) {
        const auto found = std::find_if(
            profile.peers.begin(), profile.peers.end(),
            [&](const auto& peer) { return peer.first == name || peer.second.endpoint == name; });
        if (found == profile.peers.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no peer " + name,
                             {{"node", name}});
        plan.gateways.push_back(found->second);
    }
    if (!plan.gateways.empty()) return absl::OkStatus();
    for (const auto& [name, organisation] : profile.organisations) {
        const bool ours = std::any_of(
            plan.identities.begin(), plan.identities.end(),
            [&](const auto& identity) { return identity->mspId() == organisation.mspId; });
        if (!ours) continue;
        for (const std::string& peer : organisation.peers)
            if (const auto found = profile.peers.find(peer); found != profile.peers.end())
                plan.gateways.push_back(found->second);
    }
    if (!plan.gateways.empty()) return absl::OkStatus();
    return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                     "the profile has no peer of the identities' organisations");
}

}  // namespace

Result<LoadPlan> openPlan(const LoadOptions& options) {
    LoadPlan plan = options.plan;
    ASSIGN_OR_RETURN(const auto profile, interfaces::readConnectionProfileFile(options.profile));
    for (const std::string& text : options.identities) {
        auto identity = readIdentity(text);
        if (!identity.ok()) return withContext(identity.status(), text);
        plan.identities.push_back(*std::move(identity));
    }
    RETURN_IF_ERROR(chooseGateways(profile, options, plan));
    if (plan.channel.empty() && !profile.channels.empty())
        plan.channel = profile.channels.begin()->first;
    if (plan.channel.empty())
        return makeError(StatusCode::kInvalidArgument, "USAGE",
                         "the profile names no channel: --channel is missing");
    return plan;
}

}  // namespace chancery::load
