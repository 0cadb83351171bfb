#include "src/channel/Signing.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/wire/Serialize.h"

namespace chancery::channel {
namespace {

constexpr std::size_t kNonceBytes = 24;

Bytes signatureHeader(const identity::SigningIdentity& signer, Random& random) {
    ::common::SignatureHeader header;
    header.set_creator(signer.serialized());
    header.set_nonce(random.bytes(kNonceBytes));
    return wire::serialize(header);
}

Result<::common::Envelope> wrap(::common::HeaderType type, const ChannelId& channel, Bytes data,
                                const identity::SigningIdentity& signer, const Clock& clock,
                                Random& random) {
    ::common::ChannelHeader header;
    header.set_type(type);
    header.set_channel_id(channel.str());
    header.mutable_timestamp()->set_seconds(absl::ToUnixSeconds(clock.now()));
    ::common::Payload payload;
    payload.mutable_header()->set_channel_header(wire::serialize(header));
    payload.mutable_header()->set_signature_header(signatureHeader(signer, random));
    payload.set_data(std::move(data));
    ::common::Envelope envelope;
    envelope.set_payload(wire::serialize(payload));
    ASSIGN_OR_RETURN(*envelope.mutable_signature(), signer.sign(envelope.payload()));
    return envelope;
}

}  // namespace

::common::ConfigUpdateEnvelope makeUpdateEnvelope(const ::common::ConfigUpdate& update) {
    ::common::ConfigUpdateEnvelope envelope;
    envelope.set_config_update(wire::serialize(update));
    return envelope;
}

Result<::common::ConfigSignature> signUpdate(const identity::SigningIdentity& signer,
                                             BytesView configUpdate, Random& random) {
    ::common::ConfigSignature signature;
    signature.set_signature_header(signatureHeader(signer, random));
    ASSIGN_OR_RETURN(*signature.mutable_signature(),
                     signer.sign(signature.signature_header() + std::string(configUpdate)));
    return signature;
}

Result<::common::Envelope> wrapUpdate(const ChannelId& channel,
                                      const ::common::ConfigUpdateEnvelope& update,
                                      const identity::SigningIdentity& sender, const Clock& clock,
                                      Random& random) {
    return wrap(::common::CONFIG_UPDATE, channel, wire::serialize(update), sender, clock, random);
}

Result<::common::Envelope> wrapConfig(const ChannelId& channel,
                                      const ::common::ConfigEnvelope& config,
                                      const identity::SigningIdentity& orderer, const Clock& clock,
                                      Random& random) {
    return wrap(::common::CONFIG, channel, wire::serialize(config), orderer, clock, random);
}

}  // namespace chancery::channel
