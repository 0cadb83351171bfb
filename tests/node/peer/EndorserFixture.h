#pragma once

#include "node/peer/ProposalEndorser.h"
#include "tests/node/peer/FakeExecutor.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/node/peer/TestProposals.h"
#include "tests/support/Vectors.h"

namespace chancery::node::test {

/// The only channel of a peer.
class OneChannel final : public PeerChannels {
public:
    std::shared_ptr<JoinedChannel> channel;
    PeerChannelPtr find(const ChannelId& id) const override {
        return channel != nullptr && channel->channelId() == id ? channel : nullptr;
    }
    std::vector<ChannelId> ids() const override { return {channel->channelId()}; }
};

/// A peer of the golden network's first organisation, at its block 20.
struct EndorserFixture {
    EndorserFixture()
        : msp(identity::Msp::fromFolder(
                  chancery::test::vectorPath("msp/peerOrganizations/alpha.pub.test/msp"),
                  MspId("AlphaMSP"), identity::MspVersion::V1_4_3)
                  .value()),
          access(msp),
          dissemination(makeLocalDissemination()) {
        channels.channel = openChannel(goldenStore(20), services.services).value();
        parts.channels = &channels;
        parts.executor = &executor;
        parts.signer =
            identity::SigningIdentityPtr(std::shared_ptr<void>(), &chancery::test::member("alpha"));
        parts.access = &access;
        parts.dissemination = dissemination.get();
        parts.pool = &services.pool;
        parts.signatures = &services.signatures;
        parts.metrics = &services.peerMetrics;
        parts.clock = &clock;
    }
    ProposalEndorser& endorser() {
        if (!made) made = std::make_unique<ProposalEndorser>(parts);
        return *made;
    }
    ChannelLedger& ledger() { return channels.channel->ledger(); }

    TestServices services;
    FixedClock clock{goldenTime()};
    identity::MspPtr msp;
    AccessControl access;
    OneChannel channels;
    FakeExecutor executor;
    std::unique_ptr<PrivateDissemination> dissemination;
    ProposalEndorser::Parts parts;
    std::unique_ptr<ProposalEndorser> made;
};

}  // namespace chancery::node::test
