#include "node/chaincode/ContractStream.h"

#include <fmt/format.h>

#include <deque>

#include "fabric/ledger/queryresult.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "src/crypto/Digest.h"
#include "src/protocol/ReadWriteSet.h"
#include "tests/node/chaincode/FakeContract.h"
#include "tests/node/chaincode/Fixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;
using Type = ShimMessage::Type;

namespace {

class FakePipe final : public MessagePipe {
public:
    void send(ShimMessage message) override {
        const std::lock_guard lock(m_mutex);
        m_sent.push_back(std::move(message));
        m_changed.notify_all();
    }
    void close(const Status& why) override { closedWith = why; }

    /// The next message that was sent; waits for it.
    ShimMessage next() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_sent.empty(); });
        ShimMessage message = std::move(m_sent.front());
        m_sent.pop_front();
        return message;
    }
    bool isEmpty() {
        const std::lock_guard lock(m_mutex);
        return m_sent.empty();
    }
    std::optional<Status> closedWith;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<ShimMessage> m_sent;
};

/// A stream whose contract is the test.
struct Talk {
    explicit Talk(FakeState state = goldenState())
        : pool(std::make_shared<TaskPool>("test", 2)),
          channel(std::make_shared<FakeChannel>(goldenEnd().bundle, std::move(state))),
          pipe(std::make_shared<FakePipe>()) {
        ContractStream::Surroundings around;
        around.pool = pool;
        around.mayRegister = [](const std::string& id) {
            return id == "good:1" ? absl::OkStatus()
                                  : makeError(StatusCode::kPermissionDenied, "NO", "not you");
        };
        around.ready = [this](const ContractStreamPtr&) { ++ready; };
        around.ended = [this](ContractStream&, const Status&) { ++ended; };
        around.callContract = [this](const ExecutionPtr&, const ShimMessage&,
                                     std::function<void(Result<Bytes>)> done) {
            called = std::move(done);
        };
        stream = std::make_shared<ContractStream>(pipe, around);
    }

    ShimMessage message(Type type, const Bytes& payload, const std::string& txId = {}) {
        ShimMessage out;
        out.set_type(type);
        out.set_payload(payload);
        out.set_txid(txId);
        out.set_channel_id("tradechannel");
        return out;
    }
    void registerAs(const std::string& id) {
        ::protos::ChaincodeID chaincode;
        chaincode.set_name(id);
        stream->receive(message(ShimMessage::REGISTER, chaincode.SerializeAsString()));
    }
    void makeReady() {
        registerAs("good:1");
        pipe->next();
        pipe->next();
    }
    ExecutionPtr begin(const std::string& contract, const std::string& txId, bool isInit = false) {
        auto execution = std::make_shared<Execution>();
        execution->proposal = proposalFor(contract, {"f"});
        execution->channel = channel;
        execution->simulation = std::make_shared<Simulation>(
            channel->bundle(), *channel->view(), TxId(txId), Simulation::Limits{limit, 1U << 20});
        execution->contract = contract;
        execution->input = "input";
        execution->isInit = isInit;
        execution->done = [this, txId](Result<ShimMessage> result) {
            results.insert_or_assign(txId, std::move(result));
        };
        stream->begin(execution);
        return execution;
    }
    /// One request and its answer.
    ShimMessage ask(Type type, const Bytes& payload, const std::string& txId = "t1") {
        stream->receive(message(type, payload, txId));
        return pipe->next();
    }
    std::string error(Type type, const Bytes& payload, const std::string& txId = "t1") {
        const auto answer = ask(type, payload, txId);
        return answer.type() == ShimMessage::ERROR ? answer.payload() : "no error";
    }

    std::shared_ptr<TaskPool> pool;
    std::shared_ptr<FakeChannel> channel;
    std::shared_ptr<FakePipe> pipe;
    ContractStreamPtr stream;
    std::uint32_t limit = 100'000;
    int ready = 0, ended = 0;
    std::map<std::string, Result<ShimMessage>> results;
    std::function<void(Result<Bytes>)> called;
};

Bytes getState(const std::string& key, const std::string& collection = {}) {
    ::protos::GetState request;
    request.set_key(key);
    request.set_collection(collection);
    return request.SerializeAsString();
}

Bytes putState(const std::string& key, const std::string& value,
               const std::string& collection = {}) {
    ::protos::PutState request;
    request.set_key(key);
    request.set_value(value);
    request.set_collection(collection);
    return request.SerializeAsString();
}

Bytes range(const std::string& start, const std::string& end, int pageSize = 0,
            const std::string& bookmark = {}, const std::string& collection = {}) {
    ::protos::GetStateByRange request;
    request.set_startkey(start);
    request.set_endkey(end);
    request.set_collection(collection);
    if (pageSize != 0 || !bookmark.empty()) {
        ::protos::QueryMetadata metadata;
        metadata.set_pagesize(pageSize);
        metadata.set_bookmark(bookmark);
        request.set_metadata(metadata.SerializeAsString());
    }
    return request.SerializeAsString();
}

::protos::QueryResponse responseOf(const ShimMessage& message) {
    ::protos::QueryResponse response;
    response.ParseFromString(message.payload());
    return response;
}

std::string keyOf(const ::protos::QueryResponse& response, int index) {
    ::queryresult::KV row;
    row.ParseFromString(response.results(index).resultbytes());
    return row.key();
}

FakeState manyRows(int count) {
    FakeState state = goldenState();
    for (int i = 0; i < count; ++i) state.put("other", fmt::format("r{:04}", i), "v", {4, 0});
    return state;
}

}  // namespace

class ContractStreamTest : public QObject {
    Q_OBJECT
private slots:
    void registersFirst() {
        Talk talk;
        talk.registerAs("good:1");
        QCOMPARE(talk.pipe->next().type(), ShimMessage::REGISTERED);
        const auto ready = talk.pipe->next();
        QCOMPARE(ready.type(), ShimMessage::READY);
        ::protos::ChaincodeAdditionalParams parameters;
        QVERIFY(parameters.ParseFromString(ready.payload()));
        QVERIFY(parameters.use_write_batch() && parameters.use_get_multiple_keys());
        QCOMPARE(parameters.max_size_write_batch(), 1000U);
        QCOMPARE(talk.ready, 1);
        QCOMPARE(talk.stream->packageId(), std::string("good:1"));
    }

    void refusesWhoMayNotRegister_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("another") << int(ShimMessage::REGISTER)
                                 << QByteArray(
                                        "\x12\x03"
                                        "bad");
        QTest::newRow("without a name") << int(ShimMessage::REGISTER) << QByteArray();
        QTest::newRow("malformed") << int(ShimMessage::REGISTER) << QByteArray("\x12\x7f");
        QTest::newRow("a request first") << int(ShimMessage::GET_STATE) << QByteArray();
        QTest::newRow("an end first") << int(ShimMessage::COMPLETED) << QByteArray();
    }
    void refusesWhoMayNotRegister() {
        QFETCH(int, type);
        QFETCH(QByteArray, payload);
        Talk talk;
        talk.stream->receive(talk.message(static_cast<Type>(type), payload.toStdString()));
        QVERIFY(talk.pipe->closedWith && !talk.pipe->closedWith->ok());
        QCOMPARE(talk.ready, 0);
        QVERIFY(talk.pipe->isEmpty());
    }

    void sendsTheProposalAlong() {
        Talk talk;
        talk.makeReady();
        const auto execution = talk.begin("assets", "t1");
        const auto transaction = talk.pipe->next();
        QCOMPARE(transaction.type(), ShimMessage::TRANSACTION);
        QCOMPARE(transaction.txid(), std::string("t1"));
        QCOMPARE(transaction.channel_id(), std::string("tradechannel"));
        QCOMPARE(transaction.payload(), Bytes("input"));
        QCOMPARE(BytesView(transaction.proposal().proposal_bytes()), execution->proposal->proposal);
        talk.begin("assets", "t2", true);
        QCOMPARE(talk.pipe->next().type(), ShimMessage::INIT);
    }

    void answersReadsAndWrites() {
        FakeState state = goldenState();
        state.put("other", "k", "value", {3, 0});
        Talk talk(std::move(state));
        talk.makeReady();
        const auto execution = talk.begin("other", "t1");
        talk.pipe->next();
        const auto got = talk.ask(ShimMessage::GET_STATE, getState("k"));
        QCOMPARE(got.type(), ShimMessage::RESPONSE);
        QCOMPARE(got.payload(), Bytes("value"));
        QCOMPARE(got.txid(), std::string("t1"));
        QVERIFY(talk.ask(ShimMessage::GET_STATE, getState("none")).payload().empty());
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE, putState("a", "1")).type(),
                 ShimMessage::RESPONSE);
        ::protos::DelState del;
        del.set_key("k");
        QCOMPARE(talk.ask(ShimMessage::DEL_STATE, del.SerializeAsString()).type(),
                 ShimMessage::RESPONSE);
        ::protos::PutStateMetadata metadata;
        metadata.set_key("a");
        metadata.mutable_metadata()->set_metakey("VALIDATION_PARAMETER");
        metadata.mutable_metadata()->set_value("policy");
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE_METADATA, metadata.SerializeAsString()).type(),
                 ShimMessage::RESPONSE);
        ::protos::WriteBatchState batch;
        auto* record = batch.add_rec();
        record->set_type(::protos::WriteRecord::PUT_STATE);
        record->set_key("b");
        record->set_value("2");
        record = batch.add_rec();
        record->set_type(::protos::WriteRecord::DEL_STATE);
        record->set_key("c");
        QCOMPARE(talk.ask(ShimMessage::WRITE_BATCH_STATE, batch.SerializeAsString()).type(),
                 ShimMessage::RESPONSE);
        ::protos::GetStateMultiple many;
        many.add_keys("k");
        many.add_keys("none");
        ::protos::GetStateMultipleResult values;
        values.ParseFromString(
            talk.ask(ShimMessage::GET_STATE_MULTIPLE, many.SerializeAsString()).payload());
        QCOMPARE(values.values_size(), 2);
        QCOMPARE(values.values(0), std::string("value"));
        talk.stream->receive(talk.message(ShimMessage::COMPLETED, "\x08\xc8\x01", "t1"));
        QVERIFY(talk.results.contains("t1") && talk.results.at("t1").ok());
        const auto output = execution->simulation->finish();
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        QCOMPARE(set->namespaces.at(0).writes.size(), 4U);
        QCOMPARE(set->namespaces.at(0).metadataWrites.size(), 1U);
        QCOMPARE(set->namespaces.at(0).reads.size(), 2U);
        // Late requests of the transaction meet nobody.
        QCOMPARE(talk.error(ShimMessage::GET_STATE, getState("k")),
                 std::string("GET_STATE failed: transaction ID: t1: no ledger context"));
    }

    void answersPrivateData() {
        FakeState state = goldenState();
        state.putPrivate("vault", "sharedAB", "p", "secret", {3, 0});
        Talk talk(std::move(state));
        talk.makeReady();
        talk.begin("vault", "t1");
        talk.pipe->next();
        QCOMPARE(talk.ask(ShimMessage::GET_STATE, getState("p", "sharedAB")).payload(),
                 Bytes("secret"));
        QCOMPARE(talk.ask(ShimMessage::GET_PRIVATE_DATA_HASH, getState("p", "sharedAB")).payload(),
                 crypto::sha256("secret"));
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE, putState("q", "v", "sharedAB")).type(),
                 ShimMessage::RESPONSE);
        ::protos::PurgePrivateState purge;
        purge.set_key("p");
        QCOMPARE(talk.error(ShimMessage::PURGE_PRIVATE_DATA, purge.SerializeAsString()),
                 std::string("PURGE_PRIVATE_DATA failed: transaction ID: t1: only applicable for "
                             "private data"));
        purge.set_collection("sharedAB");
        QCOMPARE(talk.ask(ShimMessage::PURGE_PRIVATE_DATA, purge.SerializeAsString()).type(),
                 ShimMessage::RESPONSE);
        QCOMPARE(talk.error(ShimMessage::GET_STATE, getState("p", "nosuch")),
                 std::string("GET_STATE failed: transaction ID: t1: collection "
                             "tradechannel/vault/nosuch could not be found"));
        talk.begin("vault", "t2", true);
        talk.pipe->next();
        QCOMPARE(talk.error(ShimMessage::GET_STATE, getState("p", "sharedAB"), "t2"),
                 std::string("GET_STATE failed: transaction ID: t2: private data APIs are not "
                             "allowed in chaincode Init()"));
    }

    void givesRowsInBatches() {
        Talk talk(manyRows(250));
        talk.makeReady();
        const auto execution = talk.begin("other", "t1");
        talk.pipe->next();
        auto response = responseOf(talk.ask(ShimMessage::GET_STATE_BY_RANGE, range("", "")));
        QCOMPARE(response.results_size(), 100);
        QVERIFY(response.has_more());
        ::protos::QueryStateNext next;
        next.set_id(response.id());
        response = responseOf(talk.ask(ShimMessage::QUERY_STATE_NEXT, next.SerializeAsString()));
        QCOMPARE(response.results_size(), 100);
        QCOMPARE(keyOf(response, 0), std::string("r0100"));
        response = responseOf(talk.ask(ShimMessage::QUERY_STATE_NEXT, next.SerializeAsString()));
        QCOMPARE(response.results_size(), 50);
        QVERIFY(!response.has_more());
        QCOMPARE(talk.error(ShimMessage::QUERY_STATE_NEXT, next.SerializeAsString()),
                 std::string("QUERY_STATE_NEXT failed: transaction ID: t1: query iterator not "
                             "found"));
        // One that is left early counts 101 rows.
        response = responseOf(talk.ask(ShimMessage::GET_STATE_BY_RANGE, range("r0", "")));
        ::protos::QueryStateClose close;
        close.set_id(response.id());
        response = responseOf(talk.ask(ShimMessage::QUERY_STATE_CLOSE, close.SerializeAsString()));
        QCOMPARE(response.id(), close.id());
        const auto output = execution->simulation->finish();
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        const auto& queries = set->namespaces.at(0).rangeQueries;
        QCOMPARE(queries.size(), 2U);
        QVERIFY(queries[0].exhausted);
        QVERIFY(!queries[1].exhausted);
        QCOMPARE(queries[1].endKey, std::string_view("r0100"));
    }

    void givesPages() {
        Talk talk(manyRows(12));
        talk.makeReady();
        const auto execution = talk.begin("other", "t1");
        talk.pipe->next();
        const auto page = [&](const std::string& bookmark) {
            const auto response =
                responseOf(talk.ask(ShimMessage::GET_STATE_BY_RANGE, range("r", "s", 5, bookmark)));
            ::protos::QueryResponseMetadata metadata;
            metadata.ParseFromString(response.metadata());
            return std::tuple(response.results_size(), metadata.fetched_records_count(),
                              metadata.bookmark(), response.has_more());
        };
        QVERIFY(page("") == std::tuple(5, 5, std::string("r0005"), false));
        QVERIFY(page("r0005") == std::tuple(5, 5, std::string("r0010"), false));
        QVERIFY(page("r0010") == std::tuple(2, 2, std::string(), false));
        QVERIFY(talk.error(ShimMessage::PUT_STATE, putState("a", "b"))
                    .ends_with("Transaction has already performed a paginated query. Writes are "
                               "not allowed"));
        const auto output = execution->simulation->finish();
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        const auto& queries = set->namespaces.at(0).rangeQueries;
        QCOMPARE(queries.size(), 3U);
        QCOMPARE(queries[0].endKey, std::string_view("r0004"));
        QVERIFY(!queries[1].exhausted && queries[2].exhausted);
    }

    void limitsTheRowsOfOneQuery() {
        Talk talk(manyRows(120));
        talk.limit = 30;
        talk.makeReady();
        talk.begin("other", "t1");
        talk.pipe->next();
        const auto response = responseOf(talk.ask(ShimMessage::GET_STATE_BY_RANGE, range("", "")));
        QCOMPARE(response.results_size(), 30);
        QVERIFY(!response.has_more());
    }

    void tellsHistory() {
        FakeState state = goldenState();
        state.changes[{"other", "k"}] = {
            {{5, 0}, TxId("b"), absl::FromUnixSeconds(20), true, ""},
            {{4, 0}, TxId("a"), absl::FromUnixSeconds(10), false, "v"}};
        Talk talk(std::move(state));
        talk.makeReady();
        talk.begin("other", "t1");
        talk.pipe->next();
        ::protos::GetHistoryForKey request;
        request.set_key("k");
        const auto response =
            responseOf(talk.ask(ShimMessage::GET_HISTORY_FOR_KEY, request.SerializeAsString()));
        QCOMPARE(response.results_size(), 2);
        ::queryresult::KeyModification change;
        change.ParseFromString(response.results(1).resultbytes());
        QCOMPARE(change.tx_id(), std::string("a"));
        QCOMPARE(change.timestamp().seconds(), 10);
        QCOMPARE(change.value(), std::string("v"));
    }

    void servesTransactionsSideBySide() {
        Talk talk;
        talk.makeReady();
        talk.begin("other", "t1");
        talk.begin("other", "t2");
        talk.pipe->next();
        talk.pipe->next();
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE, putState("a", "1"), "t2").txid(),
                 std::string("t2"));
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE, putState("a", "1"), "t1").txid(),
                 std::string("t1"));
        talk.stream->receive(talk.message(ShimMessage::COMPLETED, "", "t2"));
        QVERIFY(talk.results.contains("t2"));
        QVERIFY(!talk.results.contains("t1"));
        // The same transaction once more, as a contract that calls itself would.
        talk.begin("other", "t1");
        QCOMPARE(std::string(messageOf(talk.results.at("t1").status())),
                 std::string("error sending: txid: t1(tradechannel) exists"));
    }

    void takesOneRequestAtATime() {
        Talk talk;
        talk.makeReady();
        const auto execution = talk.begin("other", "t1");
        talk.pipe->next();
        talk.stream->receive(talk.message(ShimMessage::INVOKE_CHAINCODE, "", "t1"));
        QVERIFY(talk.called);
        // Dropped while the other contract runs; an end waits until it has run.
        talk.stream->receive(talk.message(ShimMessage::GET_STATE, getState("k"), "t1"));
        talk.stream->receive(talk.message(ShimMessage::COMPLETED, "", "t1"));
        QVERIFY(talk.pipe->isEmpty());
        QVERIFY(talk.results.empty());
        talk.called(Bytes("answer"));
        QVERIFY(talk.results.contains("t1"));
        QVERIFY(talk.pipe->isEmpty());
    }

    void passesCallsOfContractsOn() {
        Talk talk;
        talk.makeReady();
        talk.begin("other", "t1");
        talk.pipe->next();
        talk.stream->receive(talk.message(ShimMessage::INVOKE_CHAINCODE, "", "t1"));
        talk.called(makeError(StatusCode::kNotFound, "X", "execute failed: not there"));
        const auto answer = talk.pipe->next();
        QCOMPARE(answer.type(), ShimMessage::ERROR);
        QCOMPARE(answer.payload(), std::string("INVOKE_CHAINCODE failed: transaction ID: t1: "
                                               "execute failed: not there"));
        QCOMPARE(talk.error(ShimMessage::INVOKE_CHAINCODE, "", "nobody"),
                 std::string("INVOKE_CHAINCODE failed: transaction ID: nobody: could not get valid "
                             "transaction"));
    }

    void endsTheStreamAtIllegalMessages_data() {
        QTest::addColumn<int>("type");
        QTest::newRow("READY") << int(ShimMessage::READY);
        QTest::newRow("REGISTER again") << int(ShimMessage::REGISTER);
        QTest::newRow("TRANSACTION") << int(ShimMessage::TRANSACTION);
        QTest::newRow("RESPONSE") << int(ShimMessage::RESPONSE);
        QTest::newRow("undefined") << 0;
        QTest::newRow("unused number") << 12;
        QTest::newRow("unknown number") << 99;
    }
    void endsTheStreamAtIllegalMessages() {
        QFETCH(int, type);
        Talk talk;
        talk.makeReady();
        talk.begin("other", "t1");
        talk.pipe->next();
        talk.stream->receive(talk.message(static_cast<Type>(type), "", "t1"));
        QVERIFY(talk.pipe->closedWith);
        QCOMPARE(reasonOf(*talk.pipe->closedWith), std::string("ILLEGAL_MESSAGE"));
        talk.stream->closed(*talk.pipe->closedWith);
        QCOMPARE(std::string(messageOf(talk.results.at("t1").status())),
                 std::string("error sending: chaincode stream terminated"));
        QCOMPARE(talk.ended, 1);
        talk.begin("other", "t2");
        QVERIFY(!talk.results.at("t2").ok());
    }

    void survivesMalformedRequests_data() {
        QTest::addColumn<int>("type");
        for (int type = 8; type <= 25; ++type)
            if (type != 11 && type != 12 && type != 13 && type != 18)
                QTest::addRow("%d", type) << type;
    }
    void survivesMalformedRequests() {
        QFETCH(int, type);
        Talk talk;
        talk.makeReady();
        talk.begin("other", "t1");
        talk.pipe->next();
        QVERIFY(talk.error(static_cast<Type>(type), "\x0a\x7f garbage").find("unmarshal failed") !=
                std::string::npos);
        QCOMPARE(talk.ask(ShimMessage::PUT_STATE, putState("a", "1")).type(),
                 ShimMessage::RESPONSE);
    }

    void forgetsWhatWasAbandoned() {
        Talk talk;
        talk.makeReady();
        const auto execution = talk.begin("other", "t1");
        talk.pipe->next();
        const auto late = makeError(StatusCode::kDeadlineExceeded, "LATE", "timeout");
        QVERIFY(talk.stream->abandon(execution, late));
        QVERIFY(!talk.stream->abandon(execution, late));
        QCOMPARE(reasonOf(talk.results.at("t1").status()), std::string("LATE"));
        talk.stream->receive(talk.message(ShimMessage::COMPLETED, "", "t1"));
        QCOMPARE(reasonOf(talk.results.at("t1").status()), std::string("LATE"));
        QVERIFY(talk.pipe->isEmpty());
    }

    void doesNotAnswerKeepalives() {
        Talk talk;
        talk.makeReady();
        const auto before = talk.stream->received();
        talk.stream->receive(talk.message(ShimMessage::KEEPALIVE, ""));
        QCOMPARE(talk.stream->received(), before + 1);
        QVERIFY(talk.pipe->isEmpty());
        talk.stream->ping();
        QCOMPARE(talk.pipe->next().type(), ShimMessage::KEEPALIVE);
    }
};

CHANCERY_TEST(ContractStreamTest)
#include "ContractStreamTest.moc"
