#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "node/ledger/Listeners.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerDirectory.h"
#include "src/channel/Bundle.h"
#include "src/identity/Issue.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Proposal.h"
#include "src/rpc/Tls.h"
#include "tests/node/peer/FakeLedger.h"

namespace chancery::node::test {

/// An organisation with its CAs, made anew for each test class. Throws when something cannot be
/// made.
class TestOrg {
public:
    explicit TestOrg(const std::string& name);

    const std::string& name() const { return m_name; }
    const MspId& mspId() const { return m_mspId; }
    const std::string& tlsRoots() const { return m_tlsRootPem; }
    Bytes mspConfig() const;
    identity::MspPtr msp() const;

    /// `unit`: "client", "peer", "admin" or "orderer".
    identity::SigningIdentityPtr member(const std::string& name, const std::string& unit,
                                        absl::Time now = absl::Now()) const;
    /// The same as files have it: certificate and key in PEM.
    rpc::TlsIdentity memberPem(const std::string& name, const std::string& unit,
                               absl::Time now = absl::Now()) const;
    rpc::TlsIdentity tls(const std::string& name) const;
    /// From now on its configuration has a list with this certificate.
    void revoke(const identity::Certificate& certificate);

private:
    std::string m_name;
    MspId m_mspId;
    crypto::PrivateKey m_key;
    identity::Certificate m_root;
    crypto::PrivateKey m_tlsKey;
    identity::Certificate m_tlsRoot;
    std::string m_tlsRootPem;
    std::string m_crlPem;
};

/// What the configuration of a test's channel says.
struct TestChannelConfig {
    std::string name = "trade";
    std::vector<const TestOrg*> organisations;
    const TestOrg* orderers = nullptr;
    std::vector<std::string> ordererEndpoints{"127.0.0.1:1"};
    std::vector<std::string> globalAddresses;  ///< legacy, for all orderers
    bool isBft = false;
    std::map<std::string, std::vector<channel::AnchorPeer>> anchors;  ///< by organisation
};
channel::BundlePtr makeBundle(const TestChannelConfig& config);

/// ApplicationPolicy bytes of a policy text.
Bytes applicationPolicy(const std::string& text);
/// SignaturePolicyEnvelope bytes.
Bytes signaturePolicy(const std::string& text);

/// A channel without a pipeline: blocks are put into it. Thread-safe.
class FakePeerChannel final : public PeerChannel {
public:
    explicit FakePeerChannel(channel::BundlePtr bundle);

    /// Defines a contract with this endorsement policy.
    protocol::ChaincodeDefinition& define(const std::string& contract, const std::string& policy,
                                          std::uint64_t sequence = 1);
    void setBundle(channel::BundlePtr bundle);
    /// Appends a block of these envelopes and tells everybody, as a committer does.
    void commit(const std::vector<Bytes>& envelopes,
                const std::vector<protocol::ValidationCode>& codes);
    /// Empty blocks up to this height.
    void raiseTo(BlockNumber height);
    std::atomic<bool> closed{false};

    const ChannelId& channelId() const override { return m_id; }
    channel::BundlePtr bundle() const override;
    BlockNumber height() const override { return m_height.load(); }
    Result<std::unique_ptr<StateView>> view() override { return m_ledger->view(); }
    Status checkPolicy(std::string_view, BytesView) const override { return {}; }
    BlockNumber firstBlock() const override { return 0; }
    Result<protocol::Block> read(BlockNumber number) const override;
    [[nodiscard]] Subscription onHeight(std::function<void(BlockNumber)> listener) override {
        return m_onHeight.add(std::move(listener));
    }
    bool isClosed() const override { return closed; }
    ChannelLedger& ledger() override { return *m_ledger; }
    Result<std::optional<protocol::ChaincodeDefinition>> definition(
        std::string_view contract) override;
    Result<std::vector<std::string>> contracts() override;
    [[nodiscard]] Subscription onCommit(
        std::function<void(std::shared_ptr<const CommitEvent>)> listener) override {
        return m_onCommit.add(std::move(listener));
    }
    std::optional<Status> alarm() const override { return std::nullopt; }

private:
    const ChannelId m_id;
    mutable std::mutex m_mutex;
    channel::BundlePtr m_bundle;
    std::map<std::string, protocol::ChaincodeDefinition, std::less<>> m_definitions;
    std::vector<Bytes> m_blocks;
    std::atomic<BlockNumber> m_height{0};
    std::shared_ptr<FakeLedger::Store> m_store;
    std::unique_ptr<FakeLedger> m_ledger;
    Listeners<BlockNumber> m_onHeight;
    Listeners<std::shared_ptr<const CommitEvent>> m_onCommit;
};

class FakePeerChannels final : public PeerChannels {
public:
    std::map<ChannelId, PeerChannelPtr> channels;
    PeerChannelPtr find(const ChannelId& channel) const override {
        const auto found = channels.find(channel);
        return found == channels.end() ? nullptr : found->second;
    }
    std::vector<ChannelId> ids() const override {
        std::vector<ChannelId> ids;
        for (const auto& [id, channel] : channels) ids.push_back(id);
        return ids;
    }
};

/// How an endorser of a test answers.
struct EndorsingBehaviour {
    std::int32_t status = 200;
    std::string message;
    Bytes payload = "result";
    Bytes interest;
    Bytes event;
    Bytes results;             ///< TxReadWriteSet
    bool fromContract = true;  ///< a refusal comes from the contract, not from the peer
};
/// What an endorser gives back for a signed proposal.
Result<Bytes> endorseAs(const identity::SigningIdentity& endorser, BytesView signedProposal,
                        const EndorsingBehaviour& behaviour = {});

/// This peer's endorser.
class FakeEndorser final : public Endorser {
public:
    explicit FakeEndorser(identity::SigningIdentityPtr who) : identity(std::move(who)) {}
    void process(Bytes signedProposal, Deadline deadline,
                 std::function<void(Result<Bytes>)> done) override {
        ++calls;
        if (handler) return handler(std::move(signedProposal), deadline, std::move(done));
        done(endorseAs(*identity, signedProposal, behaviour));
    }
    void evaluate(Bytes signedProposal, Deadline deadline,
                  std::function<void(Result<Bytes>)> done) override {
        ++evaluations;
        process(std::move(signedProposal), deadline, std::move(done));
    }
    identity::SigningIdentityPtr identity;
    EndorsingBehaviour behaviour;
    std::function<void(Bytes, Deadline, std::function<void(Result<Bytes>)>)> handler;
    std::atomic<int> calls{0};
    std::atomic<int> evaluations{0};  ///< of these
};

/// A client's proposal.
struct TestProposal {
    protocol::Proposal proposal;
    Bytes signedBytes;  ///< SignedProposal
};
TestProposal propose(const identity::SigningIdentity& client, const std::string& channel,
                     const std::string& contract, bool transient = false);

// Requests of the gateway as its clients encode them.
Bytes proposalRequest(const TestProposal& proposal, const std::string& channel,
                      const std::vector<std::string>& organisations = {});
Bytes submitRequest(const std::string& txId, const std::string& channel, BytesView payload,
                    BytesView signature);
Bytes signedRequest(const identity::SigningIdentity& client, BytesView request);
Bytes commitStatusRequest(const identity::SigningIdentity& client, const std::string& channel,
                          const std::string& txId);
struct EventsWish {
    std::string channel = "trade";
    std::string contract = "assets";
    std::optional<BlockNumber> start;
    bool oldest = false;
    std::string after;
};
Bytes eventsRequest(const identity::SigningIdentity& client, const EventsWish& wish);

/// ChaincodeInterest bytes: calls as "contract" or "contract/collection".
Bytes interestIn(const std::vector<std::string>& calls);

/// A peer as the directory learns of it.
std::shared_ptr<ChannelPeer> peerOf(const identity::SigningIdentity& who,
                                    const std::string& endpoint,
                                    std::map<std::string, std::string> contracts,
                                    BlockNumber height = 1);

/// A committed transaction with an event ("" for none), as it stands in a block.
Bytes committedEnvelope(const identity::SigningIdentity& client,
                        const identity::SigningIdentity& endorser, const std::string& channel,
                        const std::string& contract, const std::string& eventName,
                        std::string* txId = nullptr);

}  // namespace chancery::node::test
