#include "src/usecase/Transact.h"

#include <deque>

#include "src/base/File.h"
#include "src/identity/Identity.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/protocol/ValidationCode.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

namespace chancery::usecase {
namespace {

using interfaces::FilteredBlock;
using interfaces::NodeAddress;

identity::SigningIdentityPtr member(const std::string& organisation, const std::string& who,
                                    const std::string& mspId) {
    auto made = identity::loadSigningIdentity(
        test::vectorPath("msp/peerOrganizations/" + organisation + "/" + who + "/msp"),
        MspId(mspId));
    if (!made.ok()) throw std::runtime_error(std::string(messageOf(made.status())));
    return *made;
}

/// What the nodes of a test do.
struct Behaviour {
    std::map<std::string, std::string> results;  ///< peer → its write set, if not "same"
    std::int32_t contractStatus = 200;
    std::map<std::string, Status> orderers;  ///< by name; OK when not there
    protocol::ValidationCode verdict = protocol::ValidationCode::Valid;
    bool neverCommits = false;

    std::vector<std::string> asked;  ///< in order
    std::string ordered;             ///< id of what was ordered
};

class FakeEndorser final : public interfaces::Endorser {
public:
    FakeEndorser(Behaviour& behaviour, std::string name, identity::SigningIdentityPtr signer)
        : m_behaviour(behaviour), m_name(std::move(name)), m_signer(std::move(signer)) {}

    Result<Bytes> process(BytesView signedProposal, Deadline, std::stop_token) override {
        const auto proposal =
            protocol::unpackProposal(protocol::SharedBytes(Bytes(signedProposal)));
        RETURN_IF_ERROR(proposal.status());
        if (m_behaviour.contractStatus != 200)
            return protocol::encodeRefusal(m_behaviour.contractStatus, "no such account");
        const auto own = m_behaviour.results.find(m_name);
        return protocol::endorse({.proposalHash = proposal->proposalHash,
                                  .results = own == m_behaviour.results.end() ? "" : own->second,
                                  .event = {},
                                  .responsePayload = "answer",
                                  .chaincode = "wallet",
                                  .chaincodeVersion = "1.0"},
                                 m_signer->serialized(),
                                 [this](BytesView bytes) { return m_signer->sign(bytes); });
    }

private:
    Behaviour& m_behaviour;
    const std::string m_name;
    const identity::SigningIdentityPtr m_signer;
};

class FakeOrdering final : public interfaces::Ordering {
public:
    FakeOrdering(Behaviour& behaviour, std::string name)
        : m_behaviour(behaviour), m_name(std::move(name)) {}

    Status broadcast(BytesView envelope, Deadline, std::stop_token) override {
        m_behaviour.asked.push_back(m_name);
        if (const auto found = m_behaviour.orderers.find(m_name);
            found != m_behaviour.orderers.end())
            return found->second;
        const Bytes kept(envelope);
        ASSIGN_OR_RETURN(const auto opened, protocol::decodeEnvelope(kept));
        ASSIGN_OR_RETURN(const auto payload, protocol::decodePayload(opened.payload));
        ASSIGN_OR_RETURN(const auto header, protocol::decodeChannelHeader(payload.channelHeader));
        m_behaviour.ordered = header.txId;
        return absl::OkStatus();
    }

private:
    Behaviour& m_behaviour;
    const std::string m_name;
};

/// The newest block, then one with what was ordered.
class FakeStream final : public interfaces::BlockStream<FilteredBlock> {
public:
    explicit FakeStream(Behaviour& behaviour) : m_behaviour(behaviour) {}
    Result<std::optional<FilteredBlock>> next() override {
        FilteredBlock block{
            .channel = ChannelId("trade"), .number = m_number++, .transactions = {}};
        if (block.number == 6 && m_behaviour.neverCommits)
            return makeError(StatusCode::kDeadlineExceeded, "TIMED_OUT", "too late");
        if (block.number == 6)
            block.transactions = {
                {TxId("other"), 3, 0},
                {TxId(m_behaviour.ordered), 3, static_cast<std::int32_t>(m_behaviour.verdict)}};
        return std::optional(block);
    }

private:
    Behaviour& m_behaviour;
    BlockNumber m_number = 5;
};

class FakeDelivery final : public interfaces::Delivery {
public:
    explicit FakeDelivery(Behaviour& behaviour) : m_behaviour(behaviour) {}
    Result<std::unique_ptr<interfaces::BlockStream<Bytes>>> blocks(BytesView, Deadline,
                                                                   std::stop_token) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::unique_ptr<interfaces::BlockStream<FilteredBlock>>> filteredBlocks(
        BytesView, Deadline, std::stop_token) override {
        return std::make_unique<FakeStream>(m_behaviour);
    }

private:
    Behaviour& m_behaviour;
};

class FakeConnector final : public interfaces::Connector {
public:
    explicit FakeConnector(Behaviour& behaviour) : m_behaviour(behaviour) {}

    Result<std::shared_ptr<interfaces::Endorser>> endorser(const NodeAddress& peer) override {
        const bool alpha = peer.name == "alpha";
        return std::make_shared<FakeEndorser>(
            m_behaviour, peer.name,
            member(alpha ? "alpha.pub.test" : "beta.pub.test",
                   alpha ? "peers/peer0.alpha.pub.test" : "peers/peer0.beta.pub.test",
                   alpha ? "AlphaMSP" : "BetaMSP"));
    }
    Result<std::shared_ptr<interfaces::Ordering>> ordering(const NodeAddress& orderer) override {
        return std::make_shared<FakeOrdering>(m_behaviour, orderer.name);
    }
    Result<std::shared_ptr<interfaces::Delivery>> peerDelivery(const NodeAddress&) override {
        return std::make_shared<FakeDelivery>(m_behaviour);
    }
    Result<std::shared_ptr<interfaces::Delivery>> ordererDelivery(const NodeAddress&) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::shared_ptr<interfaces::Gateway>> gateway(const NodeAddress&) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::shared_ptr<interfaces::Participation>> participation(
        const NodeAddress&, const interfaces::TlsIdentity&) override {
        return absl::UnimplementedError("not asked for");
    }

private:
    Behaviour& m_behaviour;
};

}  // namespace

class TransactTest : public QObject {
    Q_OBJECT

    Behaviour m_behaviour;

    Result<Submitted> submit() {
        FakeConnector connector(m_behaviour);
        return SubmitTransaction().run(
            {.connector = connector,
             .identity = member("alpha.pub.test", "users/User1@alpha.pub.test", "AlphaMSP")},
            {.call = {.channel = ChannelId("trade"), .contract = "wallet", .args = {"put"}},
             .endorsers = {{.name = "alpha"}, {.name = "beta"}},
             .orderers = {{.name = "first"}, {.name = "second"}},
             .deadline = deadlineIn(std::chrono::seconds(60))});
    }

private Q_SLOTS:
    void init() { m_behaviour = Behaviour(); }

    void returnsWhenItIsCommitted() {
        const auto done = submit();
        VERIFY_OK(done);
        QCOMPARE(done->block, BlockNumber(6));
        QCOMPARE(done->payload, Bytes("answer"));
        QCOMPARE(done->txId.str(), m_behaviour.ordered);
        QCOMPARE(m_behaviour.asked, std::vector<std::string>{"first"});
    }

    void triesTheNextOrdererWhenOneIsAway() {
        m_behaviour.orderers["first"] =
            makeError(StatusCode::kUnavailable, "CONNECTION_REFUSED", "gone");
        VERIFY_OK(submit());
        QCOMPARE(m_behaviour.asked, (std::vector<std::string>{"first", "second"}));
    }

    void doesNotInsistWhenAnOrdererRefuses() {
        m_behaviour.orderers["first"] =
            makeError(StatusCode::kFailedPrecondition, "NOT_ORDERED", "FORBIDDEN");
        QCOMPARE(reasonOf(submit().status()), std::string("NOT_ORDERED"));
        QCOMPARE(m_behaviour.asked, std::vector<std::string>{"first"});
    }

    void ordersNothingThatPeersDisagreeOn() {
        m_behaviour.results["beta"] = "other";
        QCOMPARE(reasonOf(submit().status()), std::string("RESULTS_DIFFER"));
        QVERIFY(m_behaviour.asked.empty());
    }

    void ordersNothingThatTheContractRefuses() {
        m_behaviour.contractStatus = 500;
        const auto refused = submit();
        QCOMPARE(reasonOf(refused.status()), std::string("CONTRACT_REFUSED"));
        QCOMPARE(argumentOf(refused.status(), "message"), std::string("no such account"));
        QVERIFY(m_behaviour.asked.empty());
    }

    void saysWhatIsInvalid() {
        m_behaviour.verdict = protocol::ValidationCode::MvccReadConflict;
        const auto invalid = submit();
        QCOMPARE(reasonOf(invalid.status()), std::string("NOT_VALID"));
        QCOMPARE(argumentOf(invalid.status(), "code"), std::string("MVCC_READ_CONFLICT"));
        QCOMPARE(argumentOf(invalid.status(), "txid"), m_behaviour.ordered);
    }

    void saysThatTheCommitIsUnknown() {
        m_behaviour.neverCommits = true;
        const auto open = submit();
        QCOMPARE(reasonOf(open.status()), std::string("COMMIT_UNKNOWN"));
        QCOMPARE(argumentOf(open.status(), "txid"), m_behaviour.ordered);
    }
};

}  // namespace chancery::usecase

using chancery::usecase::TransactTest;
CHANCERY_TEST(TransactTest)
#include "TransactTest.moc"
