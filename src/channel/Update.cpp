#include "src/channel/Update.h"

#include "fabric/common/common.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Authorisation.h"
#include "src/channel/Compare.h"
#include "src/wire/Parse.h"

namespace chancery::channel {

Result<::common::ConfigEnvelope> proposeUpdate(const Bundle& current,
                                               const ::common::Envelope& configUpdateEnvelope) {
    ASSIGN_OR_RETURN(const DecodedUpdate update, decodeUpdate(configUpdateEnvelope));
    ASSIGN_OR_RETURN(auto group, authorise(current, update));
    ::common::ConfigEnvelope proposal;
    proposal.mutable_config()->set_sequence(current.sequence() + 1);
    *proposal.mutable_config()->mutable_channel_group() = std::move(group);
    *proposal.mutable_last_update() = configUpdateEnvelope;
    return proposal;
}

Result<BundlePtr> applyConfig(const Bundle& current, const ::common::ConfigEnvelope& envelope) {
    if (!envelope.has_config())
        return makeError(StatusCode::kInvalidArgument, "BAD_UPDATE",
                         "the transaction has no configuration");
    const auto& config = envelope.config();
    if (config.sequence() != current.sequence() + 1)
        return makeError(StatusCode::kFailedPrecondition, "BAD_SEQUENCE",
                         fmt::format("the configuration has sequence {}, but {} is in force",
                                     config.sequence(), current.sequence()),
                         {{"sequence", std::to_string(config.sequence())},
                          {"current", std::to_string(current.sequence())}});
    ASSIGN_OR_RETURN(const DecodedUpdate update, decodeUpdate(envelope.last_update()));
    ASSIGN_OR_RETURN(const auto group, authorise(current, update));
    if (!config.has_channel_group() || !sameGroup(group, config.channel_group()))
        return makeError(StatusCode::kInvalidArgument, "RESULT_DIFFERS",
                         "the configuration is not what its update leads to");
    ASSIGN_OR_RETURN(BundlePtr next, Bundle::fromConfig(current.channelId(), config, &current));
    RETURN_IF_ERROR(checkSuccession(current, *next));
    RETURN_IF_ERROR(checkSupported(next->capabilities(), CapabilityLevel::Application));
    RETURN_IF_ERROR(checkSupported(next->capabilities(), CapabilityLevel::Channel));
    return next;
}

Status checkSubmitter(const Bundle& current, const ::common::Envelope& envelope) {
    ASSIGN_OR_RETURN(const auto payload,
                     wire::parse<::common::Payload>(envelope.payload(), "payload"));
    ASSIGN_OR_RETURN(const auto header,
                     wire::parse<::common::SignatureHeader>(payload.header().signature_header(),
                                                            "payload.header.signature_header"));
    const bool normal = current.orderer() == nullptr ||
                        current.orderer()->consensusState != ConsensusState::Maintenance;
    const std::string_view path = normal ? "/Channel/Writers" : "/Channel/Orderer/Writers";
    const policy::PolicyPtr policy = current.policies().find(path);
    if (policy == nullptr)
        return makeError(StatusCode::kPermissionDenied, "NO_SUCH_POLICY",
                         fmt::format("there is no policy {}", path),
                         {{"policy", std::string(path)}});
    const policy::SignedData signedData{envelope.payload(), header.creator(), envelope.signature()};
    return withContext(policy::evaluate(*policy, {&signedData, 1}, *current.msps()), path);
}

Result<AdmittedUpdate> admitUpdate(const Bundle& current, const ::common::Envelope& envelope,
                                   const OrdererView& view) {
    ASSIGN_OR_RETURN(const DecodedUpdate update, decodeUpdate(envelope));
    if (update.channelId != current.channelId().str())
        return makeError(StatusCode::kInvalidArgument, "WRONG_CHANNEL",
                         fmt::format("the envelope is for channel {}, not for {}",
                                     printable(update.channelId, 256), current.channelId().str()),
                         {{"channel", update.channelId.substr(0, 256)}});
    RETURN_IF_ERROR(checkSubmitter(current, envelope));
    ASSIGN_OR_RETURN(auto proposal, proposeUpdate(current, envelope));
    ASSIGN_OR_RETURN(BundlePtr next,
                     Bundle::fromConfig(current.channelId(), proposal.config(), &current));
    RETURN_IF_ERROR(checkOrdererRules(current, *next, view));
    RETURN_IF_ERROR(checkMaintenanceUpdate(current, *next, update.update));
    return AdmittedUpdate{std::make_shared<const ::common::ConfigEnvelope>(std::move(proposal)),
                          std::move(next)};
}

}  // namespace chancery::channel
