// Config updates against the genesis configuration of the vectors. The first byte chooses what the
// rest is: 0 a ConfigUpdate, 1 a CONFIG_UPDATE envelope, 2 a ConfigEnvelope, 3 a Config to be led
// to.
#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/policies.pb.h>

#include <cstdint>
#include <cstdlib>

#include "src/channel/Compare.h"
#include "src/channel/ConfigMap.h"
#include "src/channel/Difference.h"
#include "src/channel/Update.h"
#include "src/wire/Parse.h"
#include "tests/fuzz/GenesisConfig.h"

using namespace chancery;
using namespace chancery::channel;
using chancery::fuzz::readGenesis;
using chancery::fuzz::require;

namespace {

void open(::common::ConfigGroup& group) {
    ::common::SignaturePolicyEnvelope accept;
    accept.mutable_rule()->mutable_n_out_of()->set_n(0);
    for (auto& [name, policy] : *group.mutable_policies()) {
        policy.mutable_policy()->set_type(::common::Policy::SIGNATURE);
        policy.mutable_policy()->set_value(accept.SerializeAsString());
    }
    for (auto& [name, child] : *group.mutable_groups()) open(child);
}

/// The genesis configuration as it is, and with policies that need no signature.
const Bundle& bundle(bool isOpen) {
    static const auto make = [](bool opened) {
        ::common::Config config = readGenesis();
        if (opened) open(*config.mutable_channel_group());
        auto made = Bundle::fromConfig(ChannelId("tradechannel"), config);
        require(made.ok());
        return *made;
    };
    static const BundlePtr closed = make(false);
    static const BundlePtr opened = make(true);
    return isOpen ? *opened : *closed;
}

::common::Envelope wrap(const std::string& configUpdate) {
    ::common::ConfigUpdateEnvelope update;
    update.set_config_update(configUpdate);
    ::common::ChannelHeader header;
    header.set_type(::common::CONFIG_UPDATE);
    header.set_channel_id("tradechannel");
    ::common::Payload payload;
    payload.mutable_header()->set_channel_header(header.SerializeAsString());
    payload.set_data(update.SerializeAsString());
    ::common::Envelope envelope;
    envelope.set_payload(payload.SerializeAsString());
    return envelope;
}

/// What an update may lead to on the open channel is what peers would arrive at.
void follow(const ::common::ConfigEnvelope& proposal) {
    const Bundle& current = bundle(true);
    require(proposal.config().sequence() == current.sequence() + 1);
    const auto next = Bundle::fromConfig(current.channelId(), proposal.config(), &current);
    const auto applied = applyConfig(current, proposal);
    if (!next.ok()) {
        require(!applied.ok() && !reasonOf(next.status()).empty());
        return;
    }
    (void)checkOrdererRules(current, **next);
    if (applied.ok())
        require(sameGroup((*applied)->config().channel_group(), proposal.config().channel_group()));
    const auto told =
        difference(current.config().channel_group(), proposal.config().channel_group());
    require(told.ok() && !told->empty());
}

void tryUpdate(const std::string& bytes) {
    const auto envelope = wrap(bytes);
    const auto refused = proposeUpdate(bundle(false), envelope);
    const auto proposal = proposeUpdate(bundle(true), envelope);
    if (!proposal.ok()) {
        require(!reasonOf(proposal.status()).empty());
        require(!refused.ok());
        return;
    }
    follow(*proposal);
}

void leadTo(const ::common::Config& updated) {
    const Bundle& current = bundle(true);
    const auto update = computeUpdate(current.channelId(), current.config(), updated);
    if (!update.ok()) return;
    const auto proposal = proposeUpdate(current, wrap(update->SerializeAsString()));
    if (!proposal.ok()) return;
    // The update leads where it was computed to, but for mod_policies that are filled in.
    const auto elements = flatten(updated.channel_group());
    require(elements.ok());
    const auto expected = rebuild(*elements);
    require(expected.ok());
    ::common::Config there;
    *there.mutable_channel_group() = *expected;
    const auto rest = computeUpdate(current.channelId(), proposal->config(), there);
    require(reasonOf(rest.status()) == "NO_DIFFERENCE");
    follow(*proposal);
}

template <class M>
bool parse(BytesView bytes, M& message) {
    return wire::parseInto(message, bytes, "input").ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bundle(true);
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            tryUpdate(std::string(bytes));
            break;
        case 1:
            if (::common::Envelope envelope; parse(bytes, envelope)) {
                (void)proposeUpdate(bundle(true), envelope);
                (void)admitUpdate(bundle(false), envelope);
            }
            break;
        case 2:
            if (::common::ConfigEnvelope envelope; parse(bytes, envelope)) {
                (void)applyConfig(bundle(false), envelope);
                (void)tellConfig(envelope, &bundle(false).config());
            }
            break;
        case 3:
            if (::common::Config config; parse(bytes, config)) leadTo(config);
            break;
    }
    return 0;
}
