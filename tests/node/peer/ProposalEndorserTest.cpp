#include "node/peer/ProposalEndorser.h"

#include <QTemporaryDir>
#include <QTest>
#include <future>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/node/peer/EndorserFixture.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/node/peer/TestProposals.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using chancery::test::vectorPath;

namespace {

ExecutionResult resultOf(std::int32_t status, std::string message = {}) {
    ExecutionResult result;
    result.response = {status, std::move(message), "payload"};
    result.readWriteSet = "results";
    result.version = "2.0";
    result.simulated = true;
    return result;
}

}  // namespace

/// Proposals at the door, and what a client sees of them.
class ProposalEndorserTest : public QObject {
    Q_OBJECT
private slots:
    void refusals_data();
    void refusals();
    void oddHeaders_data();
    void oddHeaders();
    void truncatedProposals();
    void statuses_data();
    void statuses();
    void endorsesAsFabric();
    void failedSimulation();
    void unknownPlugins();
    void withoutChannel();
    void duplicates();
    void privateData();
    void privateDataThatMustSpread();
    void remembersItsSignatures();
    void evaluatesWithoutASignature();
    void limitsConcurrency();
};

void ProposalEndorserTest::refusals_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("code");  // 0: an answer with status 500
    QTest::addColumn<QString>("text");
    const int unknown = static_cast<int>(StatusCode::kUnknown);
    const int precondition = static_cast<int>(StatusCode::kFailedPrecondition);
    QTest::newRow("unknown channel") << "channel" << 0 << "channel 'elsewhere' not found";
    QTest::newRow("signature") << "signature" << unknown
                               << "error validating proposal: access denied: channel "
                                  "[tradechannel] creator org [AlphaMSP]";
    QTest::newRow("organisation not in the channel")
        << "legacy" << unknown
        << "error validating proposal: access denied: channel [tradechannel] creator org unknown, "
           "creator is malformed";
    QTest::newRow("certificate of another CA")
        << "foreign" << unknown << "error validating proposal: access denied";
    QTest::newRow("two roles") << "roles" << unknown << "error validating proposal: access denied";
    QTest::newRow("expired") << "expired" << static_cast<int>(StatusCode::kUnauthenticated)
                             << "proposal client identity expired";
    QTest::newRow("clock behind") << "stale" << precondition
                                  << "the client's clock is 901 seconds behind";
    QTest::newRow("clock ahead") << "future" << precondition
                                 << "the client's clock is 901 seconds ahead";
    QTest::newRow("header type") << "type" << unknown
                                 << "error validating proposal: invalid header type";
    QTest::newRow("foreign name on a local call") << "local" << unknown
                                                  << "error validating proposal: access denied: "
                                                     "channel [] creator org unknown";
}

void ProposalEndorserTest::refusals() {
    QFETCH(QString, kind);
    QFETCH(int, code);
    QFETCH(QString, text);
    EndorserFixture f;
    ProposalMaker maker;
    identity::SigningIdentityPtr extra;
    const auto load = [&](const std::string& name, const char* msp) {
        extra = identity::makeSigningIdentity(
                    MspId(msp), chancery::test::vectorFile("msp/extra/" + name + "/cert.pem"),
                    chancery::test::vectorFile("msp/extra/" + name + "/key.pem"))
                    .value();
        maker.signer = extra.get();
    };
    if (kind == "channel") maker.channel = "elsewhere";
    if (kind == "signature") maker.breakSignature = true;
    if (kind == "foreign") load("foreign_same_subject", "AlphaMSP");
    if (kind == "roles") load("two_role_ous", "AlphaMSP");
    if (kind == "expired") load("expired_after_ca_start", "AlphaMSP");
    if (kind == "stale" || kind == "future") {
        maker.hasTime = true;
        maker.time = goldenTime() + absl::Seconds(kind == "stale" ? -901 : 901);
    }
    if (kind == "type") maker.type = protocol::HeaderType::Message;
    if (kind == "legacy" || kind == "local") {
        const bool local = kind == "local";
        const std::string org = local ? "beta" : "legacy";
        extra = identity::loadSigningIdentity(
                    vectorPath(fmt::format(
                        "msp/peerOrganizations/{0}.pub.test/users/User1@{0}.pub.test/msp", org)),
                    MspId(local ? "BetaMSP" : "LegacyMSP"))
                    .value();
        maker.signer = extra.get();
        if (local) maker.channel.clear();
    }
    const auto response = propose(f.endorser(), maker.bytes());
    if (code == 0) {
        VERIFY_OK(response);
        QCOMPARE(response->response().status(), 500);
        QCOMPARE(response->response().message(), text.toStdString());
        QVERIFY(!response->has_endorsement());
        QVERIFY(response->payload().empty());
    } else {
        QVERIFY(!response.ok());
        QCOMPARE(static_cast<int>(response.status().code()), code);
        const std::string message(messageOf(response.status()));
        QVERIFY2(message.find(text.toStdString()) != message.npos, message.c_str());
    }
    QCOMPARE(f.executor.executions.load(), 0);
    QCOMPARE(f.endorser().running(), std::size_t{0});
}

void ProposalEndorserTest::oddHeaders_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    const QString prefix = "error validating proposal: ";
    QTest::newRow("epoch") << "epoch" << prefix + "epoch is non-zero";
    QTest::newRow("nonce") << "nonce" << prefix + "nonce is empty";
    QTest::newRow("creator") << "creator" << prefix + "creator is empty";
    QTest::newRow("txid") << "txid" << prefix + "incorrectly computed txid 'abc' -- expected '";
    QTest::newRow("extension") << "extension"
                               << "ChaincodeHeaderExtension.ChaincodeId is nil";
    QTest::newRow("name") << "name"
                          << "ChaincodeHeaderExtension.ChaincodeId.Name is empty";
    QTest::newRow("payload") << "payload"
                             << "chaincode invocation spec did not contain chaincode spec";
    QTest::newRow("input") << "input"
                           << "chaincode input did not contain any input";
    QTest::newRow("signature") << "signature" << prefix + "empty signature bytes";
}

void ProposalEndorserTest::oddHeaders() {
    QFETCH(QString, kind);
    QFETCH(QString, text);
    EndorserFixture f;
    const ProposalMaker maker;
    const auto made = maker.proposal();
    auto channelHeader = protocol::decodeChannelHeader(BytesView(made.channelHeader)).value();
    auto signatureHeader = protocol::decodeSignatureHeader(BytesView(made.signatureHeader)).value();
    Bytes payload = made.payload;
    const Bytes noName("\x12\x00", 2);
    if (kind == "epoch") channelHeader.epoch = 1;
    if (kind == "nonce") signatureHeader.nonce = {};
    if (kind == "creator") signatureHeader.creator = {};
    if (kind == "txid") channelHeader.txId = "abc";
    if (kind == "extension") channelHeader.extension = {};
    if (kind == "name") channelHeader.extension = noName;
    if (kind == "payload") payload.clear();
    if (kind == "input") payload = Bytes("\x0a\x02\x0a\x00", 4);  // spec without input
    Bytes bytes =
        signedProposal(protocol::encodeChannelHeader(channelHeader),
                       protocol::encodeSignatureHeader(signatureHeader), payload, maker.who());
    if (kind == "signature") bytes = protocol::encodeSignedProposal(made.bytes, {});
    const auto response = propose(f.endorser(), bytes);
    QVERIFY(!response.ok());
    QCOMPARE(response.status().code(), StatusCode::kUnknown);
    const std::string message(messageOf(response.status()));
    QVERIFY2(message.starts_with(text.toStdString()), message.c_str());
    // Validation comes after the look for the channel, unpacking before.
    if (text.startsWith("error validating") && kind != "signature") {
        channelHeader.channelId = "elsewhere";
        const auto elsewhere =
            propose(f.endorser(), signedProposal(protocol::encodeChannelHeader(channelHeader),
                                                 protocol::encodeSignatureHeader(signatureHeader),
                                                 payload, maker.who()));
        VERIFY_OK(elsewhere);
        QCOMPARE(elsewhere->response().message(), std::string("channel 'elsewhere' not found"));
    }
}

void ProposalEndorserTest::truncatedProposals() {
    EndorserFixture f;
    const Bytes good = ProposalMaker().bytes();
    for (std::size_t size = 0; size < good.size(); size += 7) {
        const auto response = propose(f.endorser(), good.substr(0, size));
        QVERIFY(!response.ok() || response->response().status() == 500);
    }
    QCOMPARE(f.executor.executions.load(), 0);
    VERIFY_OK(propose(f.endorser(), good));
    QCOMPARE(f.executor.executions.load(), 1);
}

void ProposalEndorserTest::statuses_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("payload");
    QTest::addColumn<bool>("endorsed");
    QTest::newRow("0") << 0 << true << true;
    QTest::newRow("200") << 200 << true << true;
    QTest::newRow("399") << 399 << true << true;
    QTest::newRow("400") << 400 << false << false;
    QTest::newRow("404") << 404 << false << false;
    QTest::newRow("499") << 499 << false << false;
    QTest::newRow("500") << 500 << true << false;
    QTest::newRow("600") << 600 << true << false;
}

void ProposalEndorserTest::statuses() {
    QFETCH(int, status);
    QFETCH(bool, payload);
    QFETCH(bool, endorsed);
    EndorserFixture f;
    f.executor.run = [&](const auto&) {
        auto result = resultOf(status, "said");
        result.interest = Bytes(
            "\x0a\x08\x0a\x06"
            "assets",
            10);
        result.event = "event";
        return result;
    };
    const auto response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), status);
    QCOMPARE(response->response().message(), std::string("said"));
    QCOMPARE(response->response().payload(), std::string("payload"));
    QCOMPARE(!response->payload().empty(), payload);
    QCOMPARE(response->has_endorsement(), endorsed);
    QCOMPARE(response->version(), endorsed ? 1 : 0);
    QCOMPARE(response->has_interest(), payload);
    if (payload) QCOMPARE(response->interest().chaincodes(0).name(), std::string("assets"));
    if (!endorsed) return;
    const auto& alpha = chancery::test::member("alpha");
    QCOMPARE(response->endorsement().endorser(), alpha.serialized());
    const auto who = f.channels.channel->bundle()->msps()->deserialize(alpha.serialized()).value();
    VERIFY_OK(
        who->verify(response->payload() + alpha.serialized(), response->endorsement().signature()));
}

void ProposalEndorserTest::endorsesAsFabric() {
    // What real peers answered to the proposals of the golden chain comes out here to the byte,
    // given the same results of the contracts.
    EndorserFixture f;
    int compared = 0;
    for (BlockNumber n = 20; n < 278; ++n) {
        const auto block = vectorBlock(n);
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const auto tx = block.transaction(i);
            if (block.validationCodes()[i] != protocol::ValidationCode::Valid ||
                !tx.isEndorserTransaction())
                continue;
            const auto& user = chancery::test::member("User1@alpha");
            if (tx.signatureHeader.creator != user.serialized()) continue;
            const auto& action = tx.actions.front();
            f.clock.time = tx.channelHeader.timestamp->time();
            f.executor.run = [&](const protocol::UnpackedProposal&) {
                ExecutionResult result;
                result.response = {action.response->status, std::string(action.response->message),
                                   Bytes(action.response->payload)};
                result.event = action.eventBytes;
                result.readWriteSet = action.results;
                result.version = action.chaincodeId->version;
                result.simulated = true;
                return result;
            };
            const auto response = propose(
                f.endorser(), signedProposal(tx.payload.channelHeader, tx.payload.signatureHeader,
                                             action.proposalPayload, user));
            VERIFY_OK(response);
            QCOMPARE(toHex(response->payload()), toHex(action.responsePayload));
            ++compared;
        }
    }
    QVERIFY2(compared > 50, std::to_string(compared).c_str());
}

void ProposalEndorserTest::failedSimulation() {
    EndorserFixture f;
    f.executor.run = [](const auto&) -> Result<ExecutionResult> {
        return makeError(StatusCode::kDeadlineExceeded, "TIMED_OUT",
                         "timeout expired while executing transaction");
    };
    auto response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 500);
    QCOMPARE(response->response().message(),
             std::string("error in simulation: timeout expired while executing transaction"));
    QVERIFY(response->payload().empty());
    QVERIFY(!response->has_endorsement());

    f.executor.run = [](const auto&) -> Result<ExecutionResult> {
        return makeError(StatusCode::kNotFound, "NOT_DEFINED", "make sure the chaincode x has");
    };
    response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().message(), std::string("make sure the chaincode x has"));
}

/// A definition may ask for an endorsement plugin that this peer does not have.
void ProposalEndorserTest::unknownPlugins() {
    EndorserFixture f;
    std::string plugin;
    int status = 200;
    f.executor.run = [&](const auto&) {
        auto result = resultOf(status);
        result.endorsementPlugin = plugin;
        return result;
    };
    plugin = "escc";
    auto response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QVERIFY(response->has_endorsement());

    plugin = "nix";
    response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 500);
    QCOMPARE(response->response().message(),
             std::string("endorsing with plugin failed: plugin with name nix could not be used: "
                         "plugin with name nix wasn't found"));
    QVERIFY(response->payload().empty());
    QVERIFY(!response->has_endorsement());

    status = 404;  // What is not endorsed needs no plugin.
    response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 404);
}

void ProposalEndorserTest::withoutChannel() {
    EndorserFixture f;
    f.executor.run = [](const auto&) {
        auto result = resultOf(200);
        result.simulated = false;
        return result;
    };
    ProposalMaker maker;
    maker.channel.clear();
    auto response = propose(f.endorser(), maker.bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 200);
    QVERIFY(response->payload().empty());
    QVERIFY(!response->has_endorsement());
    QCOMPARE(response->version(), 0);
}

void ProposalEndorserTest::duplicates() {
    EndorserFixture f;
    // A transaction of the ledger, proposed again by its creator.
    for (BlockNumber n = 5; n < 20; ++n) {
        const auto tx = vectorBlock(n).transaction(0);
        const auto& user = chancery::test::member("User1@alpha");
        if (!tx.isEndorserTransaction() || tx.signatureHeader.creator != user.serialized())
            continue;
        f.clock.time = tx.channelHeader.timestamp->time();
        const auto response = propose(
            f.endorser(), signedProposal(tx.payload.channelHeader, tx.payload.signatureHeader,
                                         tx.actions.front().proposalPayload, user));
        QCOMPARE(response.status().code(), StatusCode::kUnknown);
        QCOMPARE(std::string(messageOf(response.status())),
                 fmt::format("duplicate transaction found [{}]. Creator [{}]",
                             tx.channelHeader.txId, toHex(user.serialized())));
        QCOMPARE(f.executor.executions.load(), 0);
        return;
    }
    QFAIL("no transaction of User1@alpha");
}

namespace {

/// TxPvtReadWriteSet with one key of a collection of vault.
Bytes privateSet(const std::string& collection) {
    kvrwset::KVRWSet writes;
    writes.add_writes()->set_key("k");
    rwset::TxPvtReadWriteSet set;
    auto* ns = set.add_ns_pvt_rwset();
    ns->set_namespace_("vault");
    auto* one = ns->add_collection_pvt_rwset();
    one->set_collection_name(collection);
    one->set_rwset(writes.SerializeAsString());
    return set.SerializeAsString();
}

}  // namespace

void ProposalEndorserTest::privateData() {
    EndorserFixture f;
    f.executor.run = [](const auto&) {
        auto result = resultOf(200);
        result.privateWrites = privateSet("_implicit_org_AlphaMSP");
        return result;
    };
    ProposalMaker maker;
    maker.nonce = "nonce";
    const TxId txId = maker.proposal().txId;
    auto response = propose(f.endorser(), maker.bytes());
    VERIFY_OK(response);
    QVERIFY(response->has_endorsement());
    const auto held = f.ledger().transient(txId).value();
    QCOMPARE(held.size(), std::size_t{1});
    QCOMPARE(held[0], privateSet("_implicit_org_AlphaMSP"));
}

namespace {

class Dissemination final : public PrivateDissemination {
public:
    Status answer;
    void disseminate(const std::shared_ptr<PeerChannel>&, const TxId&, BlockNumber, BytesView,
                     std::function<void(Status)> done) override {
        done(answer);
    }
};

}  // namespace

void ProposalEndorserTest::privateDataThatMustSpread() {
    EndorserFixture f;
    Dissemination nobody;
    nobody.answer = makeError(StatusCode::kFailedPrecondition, "NO_ELIGIBLE_PEERS",
                              "required to disseminate to at least 1 peers, but know of only 0 "
                              "eligible peers");
    f.parts.dissemination = &nobody;
    f.executor.run = [](const auto&) {
        auto result = resultOf(200);
        result.privateWrites = privateSet("sharedAB");
        return result;
    };
    ProposalMaker maker;
    maker.nonce = "nonce";
    auto response = propose(f.endorser(), maker.bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 500);
    QCOMPARE(response->response().message(),
             std::string("error in simulation: required to disseminate to at least 1 peers, but "
                         "know of only 0 eligible peers"));
    QVERIFY(!response->has_endorsement());
    QVERIFY(f.ledger().transient(maker.proposal().txId).value().empty());
}

void ProposalEndorserTest::remembersItsSignatures() {
    EndorserFixture f;
    f.executor.run = [](const auto&) { return resultOf(200); };
    const auto response = propose(f.endorser(), ProposalMaker().bytes());
    VERIFY_OK(response);
    const auto& endorsement = response->endorsement();
    const Bytes message = response->payload() + endorsement.endorser();
    QVERIFY(
        f.services.signatures.contains({message, endorsement.endorser(), endorsement.signature()}));
}

void ProposalEndorserTest::evaluatesWithoutASignature() {
    EndorserFixture f;
    int status = 200;
    f.executor.run = [&](const auto&) {
        auto result = resultOf(status);
        result.response.payload = "what it says";
        result.privateWrites = privateSet("_implicit_org_AlphaMSP");
        return result;
    };
    ProposalMaker maker;
    maker.nonce = "nonce";
    auto response = evaluate(f.endorser(), maker.bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 200);
    QCOMPARE(response->response().payload(), std::string("what it says"));
    QVERIFY(!response->has_endorsement());
    QVERIFY(response->payload().empty());
    QVERIFY(f.ledger().transient(maker.proposal().txId).value().empty());
    // A refusal of the contract's own is told apart from the peer's by its payload.
    status = 500;
    response = evaluate(f.endorser(), maker.bytes());
    VERIFY_OK(response);
    QCOMPARE(response->response().status(), 500);
    QVERIFY(!response->payload().empty());
    // The door is the same.
    maker.breakSignature = true;
    response = evaluate(f.endorser(), maker.bytes());
    QVERIFY2(std::string(messageOf(response.status())).find("access denied") != std::string::npos,
             response.status().ToString().c_str());
}

void ProposalEndorserTest::limitsConcurrency() {
    EndorserFixture f;
    f.parts.concurrency = 2;
    f.executor.holdsBack = true;
    f.executor.run = [](const auto&) { return resultOf(200); };
    std::vector<Result<Bytes>> answers;
    const auto ask = [&] {
        f.endorser().process(ProposalMaker().bytes(), deadlineIn(std::chrono::minutes(1)),
                             [&](Result<Bytes> answer) { answers.push_back(std::move(answer)); });
    };
    ask();
    ask();
    QCOMPARE(answers.size(), std::size_t{0});
    ask();
    QCOMPARE(answers.size(), std::size_t{1});
    QCOMPARE(answers[0].status().code(), StatusCode::kResourceExhausted);
    QVERIFY(messageOf(answers[0].status()).starts_with("too many requests for /protos.Endorser"));
    f.executor.release();
    QCOMPARE(answers.size(), std::size_t{3});
    VERIFY_OK(answers[2]);
    ask();
    f.executor.release();
    VERIFY_OK(answers.back());
    QCOMPARE(f.endorser().running(), std::size_t{0});
}

CHANCERY_TEST(ProposalEndorserTest)
#include "ProposalEndorserTest.moc"
