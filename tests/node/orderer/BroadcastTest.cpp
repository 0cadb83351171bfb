#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "node/orderer/BroadcastProcessor.h"
#include "src/verify/BlockVerifier.h"
#include "src/wire/Serialize.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// What Broadcast answers to what (fact sheet A §6.2), and that a refusal changes nothing.
class BroadcastTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void takesTransactions();
    void answers_data();
    void answers();
    void malformed();
    void copiesAreTaken();
    void writesCanonically();
    void changesTheBatchSize();
    void refusedUpdates_data();
    void refusedUpdates();
    void maintenance();
    void afterRemoval();
    void revokedCertificates();
    void goesOnAfterARestart();
    void killedAtAnyMoment();

private:
    BroadcastAnswer send(Bytes envelope) {
        std::promise<BroadcastAnswer> promise;
        m_processor->process(protocol::SharedBytes(std::move(envelope)),
                             [&promise](BroadcastAnswer answer) { promise.set_value(answer); });
        return promise.get_future().get();
    }
    OrdererChannelPtr channel() const { return m_registrar->find(m_network.channelId()); }
    bool waitForHeight(BlockNumber height) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (channel()->height() < height && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        return channel()->height() >= height;
    }
    void open() {
        m_registrar = std::make_unique<Registrar>(m_network.context(m_clock),
                                                  Registrar::Options{m_folder->path(), {}});
        VERIFY_OK(m_registrar->start());
        m_processor =
            std::make_unique<BroadcastProcessor>(m_network.context(m_clock), *m_registrar);
    }

    OrderingNetwork m_network;
    TestClock m_clock;
    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Registrar> m_registrar;
    std::unique_ptr<BroadcastProcessor> m_processor;
};

namespace {

/// A child process that orders `envelopes` from `first` on, several at a time, and writes the
/// number of each that was acknowledged to a pipe, until it is killed.
[[noreturn]] void orderUntilKilled(const OrderingNetwork& network,
                                   const std::filesystem::path& folder,
                                   const std::vector<Bytes>& envelopes, std::size_t first,
                                   int acknowledged) {
    const auto context = network.context();
    Registrar registrar(context, {folder, {}});
    if (!registrar.start().ok()) ::_exit(1);
    const BroadcastProcessor processor(context, registrar);
    std::atomic<int> inFlight = 0;
    for (std::size_t i = first; i < envelopes.size(); ++i) {
        while (inFlight >= 8) std::this_thread::yield();
        ++inFlight;
        processor.process(
            protocol::SharedBytes(Bytes(envelopes[i])),
            [&inFlight, acknowledged, i](const BroadcastAnswer& answer) {
                const auto number = static_cast<std::uint32_t>(i);
                if (answer.isSuccess() && ::write(acknowledged, &number, sizeof number) < 0)
                    ::_exit(2);
                --inFlight;
            });
    }
    while (true) ::pause();
}

}  // namespace

void BroadcastTest::init() {
    m_clock.time = absl::Now();
    m_folder = std::make_unique<TestFolder>();
    open();
    const auto joined = m_registrar->join(m_network.genesis());
    VERIFY_OK(joined);
    QCOMPARE(joined->relation, ConsensusRelation::Consenter);
    QCOMPARE(joined->height, BlockNumber(1));
}

void BroadcastTest::cleanup() {
    m_processor.reset();
    m_registrar.reset();
    m_folder.reset();
}

void BroadcastTest::takesTransactions() {
    const Bytes first = m_network.envelope(*m_network.client, "one");
    QCOMPARE(send(first).status, 200);
    QVERIFY(waitForHeight(2));
    const auto block = channel()->read(1);
    VERIFY_OK(block);
    QCOMPARE(block->transactionCount(), std::size_t(1));
    QVERIFY(block->envelopes()[0] == first);
    VERIFY_OK(verify::verifyBlock(*block, 1, *channel()->bundle()));
    QCOMPARE(*block->lastConfig(), BlockNumber(0));
    const auto metadata = block->ordererMetadata();
    VERIFY_OK(metadata);
    const auto raft = protocol::decodeRaftMetadata(metadata->consenterMetadata);
    VERIFY_OK(raft);
    QVERIFY(raft->consenterIds == std::vector<std::uint64_t>{1});
    QCOMPARE(raft->nextConsenterId, std::uint64_t(2));
    QCOMPARE(raft->raftIndex, std::uint64_t(1));
}

void BroadcastTest::answers_data() {
    using protocol::HeaderType;
    QTest::addColumn<QByteArray>("envelope");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("info");
    const auto row = [](const char* name, const Bytes& envelope, int status, const char* info) {
        QTest::newRow(name) << QByteArray::fromStdString(envelope) << status << info;
    };
    const auto& client = *m_network.client;
    const auto of = [&](HeaderType type) { return m_network.envelope(client, "x", type); };
    row("unknown channel",
        m_network.envelope(client, "x", HeaderType::EndorserTransaction, "other"), 400,
        "channel does not exist");
    row("no channel", m_network.envelope(client, "x", HeaderType::EndorserTransaction, ""), 400,
        "channel does not exist");
    row("path as channel",
        m_network.envelope(client, "x", HeaderType::EndorserTransaction, "../trade"), 400,
        "channel does not exist");
    row("CONFIG", of(HeaderType::Config), 400, "cannot be processed directly");
    row("ORDERER_TRANSACTION", of(HeaderType::OrdererTransaction), 400,
        "cannot be processed directly");
    row("CONFIG_UPDATE of nonsense", of(HeaderType::ConfigUpdate), 400,
        "error applying config update to existing channel 'trade'");
    row("MESSAGE", of(HeaderType::Message), 200, "");
    row("unknown type", of(static_cast<HeaderType>(77)), 200, "");
    row("too large", m_network.envelope(client, Bytes(2 << 20, 'x')), 400,
        "exceeds maximum allowed 1048576 bytes");
    row("expired",
        m_network.envelope(*m_network.alpha.member("old", "client", absl::Now() - absl::Hours(48),
                                                   absl::Hours(24)),
                           "x"),
        400, "broadcast client identity expired");
    const TestOrganisation stranger("Stranger", MspId("StrangerMSP"));
    row("unknown MSP", m_network.envelope(*stranger.member("user", "client"), "x"), 403,
        "permission denied");
    const TestOrganisation impostor("Alpha", MspId("AlphaMSP"));
    row("foreign CA under our name", m_network.envelope(*impostor.member("user", "client"), "x"),
        403, "permission denied");
    row("no role", m_network.envelope(*m_network.alpha.member("user", "janitor"), "x"), 403,
        "permission denied");
    const Bytes good = m_network.envelope(client, "x");
    const auto parts = valueOf(protocol::decodeEnvelope(BytesView(good)));
    row("no signature", protocol::encodeEnvelope(parts.payload, {}), 403, "permission denied");
    Bytes flipped(parts.payload);
    flipped.back() = 'y';
    row("other payload", protocol::encodeEnvelope(flipped, parts.signature), 403,
        "permission denied");
    row("no payload", protocol::encodeEnvelope({}, parts.signature), 400,
        "could not determine channel ID");
    row("nothing", Bytes(), 400, "could not determine channel ID");
    const Bytes headless = protocol::encodePayload({}, {}, "x");
    row("empty headers", protocol::encodeEnvelope(headless, "s"), 400, "channel does not exist");
    row("data alone", protocol::encodeEnvelope(Bytes("\x12\x01x", 3), "s"), 400, "no header");
}

void BroadcastTest::answers() {
    QFETCH(QByteArray, envelope);
    QFETCH(int, status);
    QFETCH(QString, info);
    const BlockNumber before = channel()->height();
    const BroadcastAnswer answer = send(envelope.toStdString());
    QCOMPARE(answer.status, status);
    QVERIFY2(answer.info.find(info.toStdString()) != std::string::npos, answer.info.c_str());
    if (status == 200) {
        QVERIFY(waitForHeight(before + 1));
        return;
    }
    // The next block holds the good one alone.
    QCOMPARE(send(m_network.envelope(*m_network.client, "good")).status, 200);
    QVERIFY(waitForHeight(before + 1));
    QCOMPARE(channel()->read(before)->transactionCount(), std::size_t(1));
}

void BroadcastTest::malformed() {
    const Bytes good = m_network.envelope(*m_network.client, "some data");
    std::size_t taken = 0;
    for (std::size_t length = 0; length < good.size(); ++length)
        taken += send(good.substr(0, length)).isSuccess();
    for (std::size_t at = 0; at < good.size(); at += 3) {
        Bytes changed = good;
        changed[at] = static_cast<char>(changed[at] ^ 0x21);
        taken += send(changed).isSuccess();
    }
    QCOMPARE(taken, std::size_t(0));
    QCOMPARE(channel()->height(), BlockNumber(1));
    VERIFY_OK(channel()->health());
}

void BroadcastTest::copiesAreTaken() {
    // As in Fabric: the second one is marked by the peers.
    const Bytes envelope = m_network.envelope(*m_network.client, "again");
    QCOMPARE(send(envelope).status, 200);
    QCOMPARE(send(envelope).status, 200);
    QVERIFY(waitForHeight(2));
}

void BroadcastTest::writesCanonically() {
    const Bytes good = m_network.envelope(*m_network.client, "odd");
    const auto parts = valueOf(protocol::decodeEnvelope(BytesView(good)));
    Bytes odd;  // signature first, and an unknown field
    odd += '\x12';
    odd += static_cast<char>(parts.signature.size());
    odd += parts.signature;
    odd += good.substr(0, good.size() - parts.signature.size() - 2);
    odd += Bytes("\x78\x01", 2);
    QCOMPARE(send(odd).status, 200);
    QVERIFY(waitForHeight(2));
    const auto block = channel()->read(1);
    VERIFY_OK(block->checkWellFormed());
    QVERIFY(block->envelopes()[0] == good);
}

void BroadcastTest::changesTheBatchSize() {
    const Bytes update = m_network.configUpdate(*channel()->bundle(), [](common::Config& config) {
        auto& value = (*(*config.mutable_channel_group()->mutable_groups())["Orderer"]
                            .mutable_values())["BatchSize"];
        ::orderer::BatchSize size;
        size.ParseFromString(value.value());
        size.set_max_message_count(2);
        value.set_value(wire::serialize(size));
    });
    QCOMPARE(send(m_network.envelope(*m_network.client, "before")).status, 200);
    const auto answer = send(update);
    QCOMPARE(answer.info, std::string());
    QCOMPARE(answer.status, 200);
    QVERIFY(waitForHeight(3));
    const auto block = channel()->read(2);
    QVERIFY(block->isConfigBlock());
    QCOMPARE(*block->lastConfig(), BlockNumber(2));
    QCOMPARE(channel()->bundle()->sequence(), std::uint64_t(1));
    QCOMPARE(channel()->bundle()->orderer()->batchSize.maxMessages, 2U);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(send(m_network.envelope(*m_network.client, "after")).status, 200);
    QVERIFY(waitForHeight(5));
    QVERIFY(channel()->read(3)->transactionCount() <= 2);
    QCOMPARE(*channel()->read(3)->lastConfig(), BlockNumber(2));
    // Made for the configuration before.
    const auto stale = send(update);
    QCOMPARE(stale.status, 400);
}

void BroadcastTest::refusedUpdates_data() {
    QTest::addColumn<QString>("what");
    QTest::newRow("unsigned") << "unsigned";
    QTest::newRow("capability") << "capability";
    QTest::newRow("two consenters") << "consenters";
    QTest::newRow("consensus type") << "type";
    QTest::newRow("nothing changes") << "nothing";
}

void BroadcastTest::refusedUpdates() {
    QFETCH(QString, what);
    const auto bundle = channel()->bundle();
    const auto change = [&](common::Config& config) {
        auto& orderer = (*config.mutable_channel_group()->mutable_groups())["Orderer"];
        auto& value = (*orderer.mutable_values())["ConsensusType"];
        ::orderer::ConsensusType type;
        type.ParseFromString(value.value());
        if (what == "consenters") {
            const auto other = m_network.orderers.tls("orderer1");
            type.mutable_metadata()->append([&] {
                // Another consenter behind the first: field 1 of ConfigMetadata.
                Bytes one, all;
                const auto put = [](Bytes& out, int tag, BytesView bytes) {
                    out += static_cast<char>(tag);
                    for (std::size_t n = bytes.size();; n >>= 7) {
                        out += static_cast<char>((n & 0x7F) | (n > 0x7F ? 0x80 : 0));
                        if (n <= 0x7F) break;
                    }
                    out += bytes;
                };
                put(one, 0x0A, "127.0.0.1");
                one += Bytes("\x10\x8e\x37", 3);
                put(one, 0x1A, other.certificatePem);
                put(one, 0x22, other.certificatePem);
                put(all, 0x0A, one);
                return all;
            }());
        } else if (what == "type") {
            type.set_type("solo");
        } else if (what == "capability") {
            ::common::Capabilities capabilities;
            (*capabilities.mutable_capabilities())["V9_9"];
            (*orderer.mutable_values())["Capabilities"].set_value(wire::serialize(capabilities));
        } else {
            type.set_state(::orderer::ConsensusType::STATE_MAINTENANCE);
        }
        value.set_value(wire::serialize(type));
    };
    Bytes envelope;
    if (what == "nothing") {
        envelope = m_network.envelope(*m_network.client, "", protocol::HeaderType::ConfigUpdate);
    } else {
        envelope = m_network.configUpdate(*bundle, change);
    }
    if (what == "unsigned") {
        // By the sender alone: without the administrators' consent.
        const auto outer = valueOf(protocol::decodeEnvelope(BytesView(envelope)));
        const auto payload = valueOf(protocol::decodePayload(outer.payload));
        ::common::ConfigUpdateEnvelope update;
        QVERIFY(update.ParseFromString(std::string(payload.data)));
        update.clear_signatures();
        envelope = m_network.envelope(*m_network.client, wire::serialize(update),
                                      protocol::HeaderType::ConfigUpdate);
    }
    const auto answer = send(envelope);
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.info.find("error applying config update") != std::string::npos,
             answer.info.c_str());
    QCOMPARE(channel()->bundle()->sequence(), std::uint64_t(0));
}

void BroadcastTest::maintenance() {
    const auto state = [](::orderer::ConsensusType::State wanted) {
        return [wanted](common::Config& config) {
            auto& value = (*(*config.mutable_channel_group()->mutable_groups())["Orderer"]
                                .mutable_values())["ConsensusType"];
            ::orderer::ConsensusType type;
            type.ParseFromString(value.value());
            type.set_state(wanted);
            value.set_value(wire::serialize(type));
        };
    };
    QCOMPARE(send(m_network.configUpdate(*channel()->bundle(),
                                         state(::orderer::ConsensusType::STATE_MAINTENANCE)))
                 .status,
             200);
    QVERIFY(waitForHeight(2));
    const auto refused = send(m_network.envelope(*m_network.client, "x"));
    QCOMPARE(refused.status, 503);
    QVERIFY(refused.info.find("maintenance mode") != std::string::npos);
    QCOMPARE(send(m_network.configUpdate(*channel()->bundle(),
                                         state(::orderer::ConsensusType::STATE_NORMAL)))
                 .status,
             200);
    QVERIFY(waitForHeight(3));
    QCOMPARE(send(m_network.envelope(*m_network.client, "x")).status, 200);
}

void BroadcastTest::afterRemoval() {
    const auto kept = channel();
    VERIFY_OK(m_registrar->remove(m_network.channelId()));
    const auto answer = send(m_network.envelope(*m_network.client, "x"));
    QCOMPARE(answer.status, 400);
    QVERIFY(kept->isClosed());
    QVERIFY(!std::filesystem::exists(m_folder->path() / "channels" / "trade"));
    // The same name may come again with another history.
    VERIFY_OK(m_registrar->join(m_network.genesis()));
    QCOMPARE(send(m_network.envelope(*m_network.client, "x")).status, 200);
}

void BroadcastTest::goesOnAfterARestart() {
    std::vector<Bytes> sent;
    for (int run = 0; run < 4; ++run) {
        for (int i = 0; i < 13; ++i) {
            sent.push_back(m_network.envelope(*m_network.client, fmt::format("{}-{}", run, i)));
            QCOMPARE(send(sent.back()).status, 200);
        }
        m_processor.reset();
        m_registrar.reset();
        open();
        QVERIFY(channel() != nullptr);
    }
    std::vector<Bytes> found;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (BlockNumber number = 1;
         found.size() < sent.size() && std::chrono::steady_clock::now() < end;) {
        if (number >= channel()->height()) {
            std::this_thread::yield();
            continue;
        }
        const auto block = channel()->read(number);
        VERIFY_OK(block);
        VERIFY_OK(verify::verifyBlock(*block, number, *channel()->bundle()));
        for (const BytesView envelope : block->envelopes()) found.emplace_back(envelope);
        ++number;
    }
    QVERIFY(found == sent);
}

void BroadcastTest::revokedCertificates() {
    OrderingNetwork network;
    const auto other = network.alpha.member("other", "client");
    network.alpha.revoke(*network.client);
    network.channel.application.organisations = {network.alpha.group()};
    network.channel.channel = ChannelId("strict");
    // The same orderer with another channel.
    network.channel.orderers = m_network.channel.orderers;
    VERIFY_OK(m_registrar->join(network.genesis()));
    const auto from = [&](const identity::SigningIdentity& signer) {
        return send(network.envelope(signer, "x", protocol::HeaderType::EndorserTransaction,
                                     "strict"))
            .status;
    };
    QCOMPARE(from(*network.client), 403);
    QCOMPARE(from(*other), 200);
}

void BroadcastTest::killedAtAnyMoment() {
    m_processor.reset();
    m_registrar.reset();
    std::vector<Bytes> envelopes;
    for (int i = 0; i < 2000; ++i)
        envelopes.push_back(m_network.envelope(*m_network.client, std::to_string(i)));
    std::set<std::uint32_t> acknowledged;
    std::size_t first = 0;
    for (int round = 0; round < 10 && first < envelopes.size(); ++round) {
        int pipe[2];
        QCOMPARE(::pipe(pipe), 0);
        const pid_t child = ::fork();
        if (child == 0) orderUntilKilled(m_network, m_folder->path(), envelopes, first, pipe[1]);
        ::close(pipe[1]);
        // At the moment of an acknowledgement that is another one each time.
        std::uint32_t number = 0;
        for (int n = 0; n<17 + 13 * round&& ::read(pipe[0], &number, sizeof number)> 0; ++n)
            acknowledged.insert(number);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(pipe[0], &number, sizeof number) > 0) acknowledged.insert(number);
        ::close(pipe[0]);
        QVERIFY2(!acknowledged.empty(), "the child ended before it acknowledged anything");
        first = *acknowledged.rbegin() + 20;  // what was on its way may be there or not
    }
    QVERIFY(acknowledged.size() > 500);
    open();
    std::multiset<Bytes> found;
    const auto isThere = [&] {
        return std::all_of(acknowledged.begin(), acknowledged.end(),
                           [&](std::uint32_t i) { return found.contains(envelopes[i]); });
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (BlockNumber number = 1; !isThere() && std::chrono::steady_clock::now() < end;) {
        if (number >= channel()->height()) {
            std::this_thread::yield();
            continue;
        }
        const auto block = channel()->read(number);
        VERIFY_OK(block);
        for (const BytesView envelope : block->envelopes()) found.emplace(envelope);
        ++number;
    }
    QVERIFY(isThere());
    for (const Bytes& envelope : found) QCOMPARE(found.count(envelope), std::size_t(1));
}

CHANCERY_TEST(BroadcastTest)
#include "BroadcastTest.moc"
