#include "src/channel/Capabilities.h"

#include <span>

#include "fabric/common/configuration.pb.h"

namespace chancery::channel {
namespace {

using Names = std::vector<std::string>;

// Oldest first: a name turns on what stands before it.
constexpr std::array<std::string_view, 6> kChannel = {"V1_1",   "V1_3", "V1_4_2",
                                                      "V1_4_3", "V2_0", "V3_0"};
constexpr std::array<std::string_view, 3> kOrderer = {"V1_1", "V1_4_2", "V2_0"};
constexpr std::array<std::string_view, 6> kApplication = {"V1_1",   "V1_2", "V1_3",
                                                          "V1_4_2", "V2_0", "V2_5"};
constexpr std::string_view kPrivateDataExperiment = "V1_1_PVTDATA_EXPERIMENTAL";
constexpr std::string_view kResourceTreeExperiment = "V1_1_RESOURCETREE_EXPERIMENTAL";

Names namesOf(const ::common::Capabilities& capabilities) {
    Names names;
    for (const auto& [name, unused] : capabilities.capabilities()) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

bool has(const Names& names, std::string_view name) {
    return std::binary_search(names.begin(), names.end(), name);
}

/// Whether a name at least as new as `least` is listed.
bool reaches(const Names& names, std::span<const std::string_view> order, std::string_view least) {
    const auto from = std::find(order.begin(), order.end(), least);
    return std::any_of(from, order.end(), [&](std::string_view name) { return has(names, name); });
}

identity::MspVersion mspVersionOf(const Names& channel) {
    using identity::MspVersion;
    if (has(channel, "V3_0")) return MspVersion::V3_0;
    if (has(channel, "V2_0") || has(channel, "V1_4_3")) return MspVersion::V1_4_3;
    if (has(channel, "V1_4_2") || has(channel, "V1_3")) return MspVersion::V1_3;
    if (has(channel, "V1_1")) return MspVersion::V1_1;
    return MspVersion::V1_0;
}

}  // namespace

Capabilities readCapabilities(const ::common::Capabilities& channel,
                              const ::common::Capabilities& orderer,
                              const ::common::Capabilities& application) {
    Capabilities all;
    all.channel = namesOf(channel);
    all.orderer = namesOf(orderer);
    all.application = namesOf(application);

    const auto channelAt = [&](std::string_view least) {
        return reaches(all.channel, kChannel, least);
    };
    all.mspVersion = mspVersionOf(all.channel);
    all.orgOrdererEndpoints = channelAt("V1_4_2");
    all.channelConsensusMigration = channelAt("V1_4_2");
    all.consensusTypeBft = channelAt("V3_0");

    const auto ordererAt = [&](std::string_view least) {
        return reaches(all.orderer, kOrderer, least);
    };
    all.resubmission = ordererAt("V1_1");
    all.expirationCheck = ordererAt("V1_1");
    all.ordererConsensusMigration = ordererAt("V1_4_2");

    const auto applicationAt = [&](std::string_view least) {
        return reaches(all.application, kApplication, least);
    };
    all.forbidsDuplicateTxIdInBlock = applicationAt("V1_1");
    all.acls = applicationAt("V1_2");
    all.privateData = applicationAt("V1_2") || has(all.application, kPrivateDataExperiment);
    all.collectionUpgrade = applicationAt("V1_2");
    all.keyLevelEndorsement = applicationAt("V1_3");
    all.storesPrivateDataOfInvalidTx = applicationAt("V1_4_2");
    all.newLifecycle = applicationAt("V2_0");
    all.purgePrivateData = applicationAt("V2_5");
    return all;
}

Status checkSupported(const Capabilities& capabilities, CapabilityLevel level) {
    const auto check = [](const Names& names, std::span<const std::string_view> known,
                          std::string_view levelName) -> Status {
        for (const std::string& name : names) {
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            const bool experiment = levelName == "Application" && (name == kPrivateDataExperiment ||
                                                                   name == kResourceTreeExperiment);
            if (experiment) continue;
            return makeError(StatusCode::kFailedPrecondition, "UNSUPPORTED_CAPABILITY",
                             fmt::format("{} capability {} is required, but it is unknown here",
                                         levelName, name.substr(0, 256)),
                             {{"level", std::string(levelName)}, {"name", name.substr(0, 256)}});
        }
        return absl::OkStatus();
    };
    switch (level) {
        case CapabilityLevel::Channel:
            return check(capabilities.channel, kChannel, "Channel");
        case CapabilityLevel::Orderer:
            return check(capabilities.orderer, kOrderer, "Orderer");
        case CapabilityLevel::Application:
            break;
    }
    return check(capabilities.application, kApplication, "Application");
}

}  // namespace chancery::channel
