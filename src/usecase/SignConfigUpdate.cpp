#include "src/usecase/SignConfigUpdate.h"

#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/channel/Signing.h"
#include "src/usecase/ConfigFile.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

Result<::common::ConfigUpdateEnvelope> envelopeOf(const ConfigFile& file) {
    if (file.messageName == "common.ConfigUpdate") {
        ::common::ConfigUpdateEnvelope envelope;
        envelope.set_config_update(file.bytes);
        return envelope;
    }
    if (file.messageName == "common.ConfigUpdateEnvelope")
        return wire::parse<::common::ConfigUpdateEnvelope>(file.bytes, "update");
    if (file.messageName == "common.Envelope" && file.update != nullptr && !file.config) {
        ASSIGN_OR_RETURN(const auto envelope,
                         wire::parse<::common::Envelope>(file.bytes, "envelope"));
        ASSIGN_OR_RETURN(const auto payload,
                         wire::parse<::common::Payload>(envelope.payload(), "payload"));
        return wire::parse<::common::ConfigUpdateEnvelope>(payload.data(), "payload.data");
    }
    return makeError(StatusCode::kInvalidArgument, "NO_UPDATE",
                     "the file holds a configuration, not an update that could be signed");
}

Status checkNotSigned(const ::common::ConfigUpdateEnvelope& update,
                      const identity::SigningIdentity& signer) {
    for (const auto& signature : update.signatures()) {
        ASSIGN_OR_RETURN(const auto header, wire::parse<::common::SignatureHeader>(
                                                signature.signature_header(), "signature"));
        if (header.creator() == signer.serialized())
            return makeError(
                StatusCode::kAlreadyExists, "ALREADY_SIGNED",
                fmt::format("{} ({}) has signed this update before",
                            signer.certificate().commonName(), signer.mspId().str()),
                {{"name", signer.certificate().commonName()}, {"msp", signer.mspId().str()}});
    }
    return absl::OkStatus();
}

}  // namespace

Result<SignedConfigUpdate> SignConfigUpdate::run(const std::filesystem::path& path,
                                                 const identity::SigningIdentity& signer) const {
    ASSIGN_OR_RETURN(const ConfigFile file, readConfigFile(path));
    ASSIGN_OR_RETURN(::common::ConfigUpdateEnvelope update, envelopeOf(file));
    ASSIGN_OR_RETURN(const auto content,
                     wire::parse<::common::ConfigUpdate>(update.config_update(), "update"));
    RETURN_IF_ERROR(checkNotSigned(update, signer));
    ASSIGN_OR_RETURN(*update.add_signatures(), channel::signUpdate(signer, update.config_update()));
    const ChannelId channelId(content.channel_id());
    ASSIGN_OR_RETURN(const ::common::Envelope envelope,
                     channel::wrapUpdate(channelId, update, signer, m_clock));
    return SignedConfigUpdate{wire::serialize(envelope), channelId,
                              std::size_t(update.signatures_size())};
}

}  // namespace chancery::usecase
