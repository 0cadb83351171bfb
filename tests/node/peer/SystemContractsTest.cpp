#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/ledger.pb.h"
#include "fabric/peer/query.pb.h"
#include "fabric/peer/snapshot.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "node/peer/ConfigContract.h"
#include "node/peer/QueryContract.h"
#include "node/peer/SnapshotService.h"
#include "src/base/Encoding.h"
#include "src/wire/Serialize.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/node/peer/TestProposals.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using chancery::test::facts;
using chancery::test::vectorPath;

/// cscc, qscc, lscc and the snapshot requests: who may ask, and what is answered.
class SystemContractsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void queriesOfBlocks();
    void queriesOfTransactions();
    void refusedQueries_data();
    void refusedQueries();
    void whoMayAsk_data();
    void whoMayAsk();
    void channels();
    void configurations();
    void joining();
    void interruptedJoin();
    void restart();
    void legacyContracts();
    void snapshotsNowAndLater();
    void snapshotRefusals();

private:
    ContractResponse ask(SystemContract& contract, std::vector<std::string> args,
                         const std::string& who = "User1@alpha", bool fromContract = false);
    std::unique_ptr<JoinedChannels> open(std::shared_ptr<FakeLedgers> ledgers);

    identity::MspPtr m_msp;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<FakeLedgers> m_ledgers;
    TestServices m_services;
    std::unique_ptr<AccessControl> m_access;
    std::unique_ptr<JoinedChannels> m_channels;
    std::shared_ptr<FakeLedger::Store> m_golden;
};

void SystemContractsTest::initTestCase() {
    m_msp = identity::Msp::fromFolder(vectorPath("msp/peerOrganizations/alpha.pub.test/msp"),
                                      MspId("AlphaMSP"), identity::MspVersion::V1_4_3)
                .value();
    m_access = std::make_unique<AccessControl>(m_msp);
    m_golden = goldenStore(100);
}

/// A peer with the golden channel at block 99.
void SystemContractsTest::init() {
    m_channels.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_ledgers = std::make_shared<FakeLedgers>();
    auto store = std::make_shared<FakeLedger::Store>();
    store->blocks = m_golden->blocks;
    store->inDatabase = m_golden->inDatabase;
    store->state = m_golden->state;
    store->expiry = m_golden->expiry;
    store->transactions = m_golden->transactions;
    m_ledgers->stores[ChannelId("tradechannel")] = store;
    std::filesystem::create_directories(std::filesystem::path(m_folder->path().toStdString()) /
                                        "channels" / "tradechannel");
    m_channels = open(m_ledgers);
    VERIFY_OK(m_channels->openAll());
    QCOMPARE(m_channels->ids().size(), std::size_t{1});
}

std::unique_ptr<JoinedChannels> SystemContractsTest::open(std::shared_ptr<FakeLedgers> ledgers) {
    JoinedChannels::Options options;
    options.folder = m_folder->path().toStdString();
    options.snapshots = options.folder / "snapshots";
    return std::make_unique<JoinedChannels>(options, m_services.services, nullptr, ledgers->make());
}

ContractResponse SystemContractsTest::ask(SystemContract& contract, std::vector<std::string> args,
                                          const std::string& who, bool fromContract) {
    ProposalMaker maker;
    maker.channel.clear();
    maker.creator = who;
    maker.chaincode = fromContract ? "assets" : std::string(contract.name());
    const auto proposal = protocol::unpackProposal(protocol::SharedBytes(maker.bytes())).value();
    SystemCall call;
    call.proposal = &proposal;
    call.args.assign(args.begin(), args.end());
    call.fromContract = fromContract;
    return contract.invoke(call);
}

void SystemContractsTest::queriesOfBlocks() {
    QueryContract qscc(*m_channels, *m_access);
    const auto& blocks = facts()["chain"]["blocks"];
    ::common::BlockchainInfo info;
    const auto answer = ask(qscc, {"GetChainInfo", "tradechannel"});
    QCOMPARE(answer.status, 200);
    QVERIFY(info.ParseFromString(answer.payload));
    QCOMPARE(info.height(), std::uint64_t{100});
    QCOMPARE(toHex(info.currentblockhash()), blocks[99]["header_hash"].get<std::string>());
    QCOMPARE(toHex(info.previousblockhash()), blocks[98]["header_hash"].get<std::string>());
    QVERIFY(!info.has_bootstrappingsnapshotinfo());
    for (const BlockNumber n : {0, 1, 50, 99}) {
        const Bytes expected = vectorBlock(n).serialize();
        const auto byNumber = ask(qscc, {"GetBlockByNumber", "tradechannel", std::to_string(n)});
        QCOMPARE(byNumber.status, 200);
        const auto block = protocol::Block::parse(Bytes(byNumber.payload)).value();
        QCOMPARE(toHex(block.header().hash()), blocks[n]["header_hash"].get<std::string>());
        QCOMPARE(block.envelopes(), vectorBlock(n).envelopes());
        const auto byHash =
            ask(qscc, {"GetBlockByHash", "tradechannel",
                       fromHex(blocks[n]["header_hash"].get<std::string>()).value()});
        QCOMPARE(byHash.payload, byNumber.payload);
    }
    QCOMPARE(ask(qscc, {"GetBlockByNumber", "tradechannel", "18446744073709551615"}).payload,
             ask(qscc, {"GetBlockByNumber", "tradechannel", "99"}).payload);
}

void SystemContractsTest::queriesOfTransactions() {
    QueryContract qscc(*m_channels, *m_access);
    std::set<std::string> seen;
    for (BlockNumber n = 0; n < 100; ++n) {
        const auto block = vectorBlock(n);
        const auto& fact = facts()["chain"]["blocks"][n]["txs"];
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const std::string txId = verify::ledgerTxId(block.transaction(i));
            // The first of several with one id is the one that is known.
            if (txId.empty() || !seen.insert(txId).second) continue;
            const auto answer = ask(qscc, {"GetTransactionByID", "tradechannel", txId});
            QCOMPARE(answer.status, 200);
            ::protos::ProcessedTransaction processed;
            QVERIFY(processed.ParseFromString(answer.payload));
            QCOMPARE(processed.validationcode(), fact[i]["validation_code"].get<int>());
            QCOMPARE(wire::serialize(processed.transactionenvelope()), Bytes(block.envelopes()[i]));
            QCOMPARE(
                protocol::Block::parse(ask(qscc, {"GetBlockByTxID", "tradechannel", txId}).payload)
                    .value()
                    .number(),
                n);
        }
    }
    QVERIFY(seen.size() > 100);
}

void SystemContractsTest::refusedQueries_data() {
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QStringList{"GetChainInfo"} << "Incorrect number of arguments, 1";
    QTest::newRow("channel") << QStringList{"GetChainInfo", "other"} << "Invalid chain ID, other";
    QTest::newRow("third") << QStringList{"GetBlockByNumber", "tradechannel"}
                           << "missing 3rd argument for GetBlockByNumber";
    QTest::newRow("number") << QStringList{"GetBlockByNumber", "tradechannel", "1x"}
                            << "Failed to parse block number with error strconv.ParseUint: "
                               "parsing \"1x\": invalid syntax";
    QTest::newRow("negative") << QStringList{"GetBlockByNumber", "tradechannel", "-1"}
                              << "Failed to parse block number with error strconv.ParseUint: "
                                 "parsing \"-1\": invalid syntax";
    QTest::newRow("large") << QStringList{"GetBlockByNumber", "tradechannel",
                                          "18446744073709551616"}
                           << "Failed to parse block number with error strconv.ParseUint: "
                              "parsing \"18446744073709551616\": value out of range";
    QTest::newRow("missing block") << QStringList{"GetBlockByNumber", "tradechannel", "100"}
                                   << "Failed to get block number 100, error no such block number "
                                      "[100] in index";
    QTest::newRow("hash") << QStringList{"GetBlockByHash", "tradechannel", "ab"}
                          << "Failed to get block hash ab, error no such block hash [6162] in "
                             "index";
    QTest::newRow("transaction") << QStringList{"GetTransactionByID", "tradechannel", "ab"}
                                 << "Failed to get transaction with id ab, error no such "
                                    "transaction ID [ab] in index";
    QTest::newRow("block of transaction") << QStringList{"GetBlockByTxID", "tradechannel", "ab"}
                                          << "Failed to get block for txID ab, error no such "
                                             "transaction ID [ab] in index";
}

void SystemContractsTest::refusedQueries() {
    QFETCH(QStringList, args);
    QFETCH(QString, text);
    QueryContract qscc(*m_channels, *m_access);
    std::vector<std::string> given;
    for (const auto& arg : args) given.push_back(arg.toStdString());
    const auto answer = ask(qscc, given);
    QCOMPARE(answer.status, 500);
    QCOMPARE(answer.message, text.toStdString());
    const auto inner = ask(qscc, {"GetChainInfo", "tradechannel"}, "User1@alpha", true);
    QCOMPARE(inner.status, 500);
    QVERIFY(inner.message.starts_with("Rejecting invoke of QSCC from another chaincode"));
}

void SystemContractsTest::whoMayAsk_data() {
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("who");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("admin joins") << "cscc/JoinChain"
                                 << "Admin@alpha" << true;
    QTest::newRow("client joins") << "cscc/JoinChain"
                                  << "User1@alpha" << false;
    QTest::newRow("foreign admin joins") << "cscc/JoinChain"
                                         << "Admin@beta" << false;
    QTest::newRow("member lists") << "cscc/GetChannels"
                                  << "User1@alpha" << true;
    QTest::newRow("foreign member lists") << "cscc/GetChannels"
                                          << "User1@beta" << false;
    QTest::newRow("reader") << "qscc/GetChainInfo"
                            << "User1@beta" << true;
    QTest::newRow("peer reads") << "qscc/GetChainInfo"
                                << "beta" << true;
    QTest::newRow("orderer reads") << "qscc/GetChainInfo"
                                   << "orderer" << false;
    QTest::newRow("client proposes") << "peer/Propose"
                                     << "User1@beta" << true;
    QTest::newRow("no such resource") << "qscc/Nothing"
                                      << "Admin@alpha" << false;
    QTest::newRow("admin snapshots") << "snapshot/submitrequest"
                                     << "Admin@alpha" << true;
    QTest::newRow("client snapshots") << "snapshot/submitrequest"
                                      << "User1@alpha" << false;
}

void SystemContractsTest::whoMayAsk() {
    QFETCH(QString, resource);
    QFETCH(QString, who);
    QFETCH(bool, allowed);
    const auto channel = m_channels->find(ChannelId("tradechannel"));
    const auto& creator = chancery::test::member(who.toStdString()).serialized();
    const Status status = m_access->check(resource.toStdString(), channel.get(), creator);
    QVERIFY2(status.ok() == allowed, chancery::test::textOf(status).c_str());
    if (!allowed) QCOMPARE(status.code(), StatusCode::kPermissionDenied);
    QVERIFY(!m_access->check(resource.toStdString(), channel.get(), "garbage").ok());
    if (resource.startsWith("qscc"))
        QVERIFY(!m_access->check(resource.toStdString(), nullptr, creator).ok());
}

void SystemContractsTest::channels() {
    ConfigContract cscc(*m_channels, *m_access);
    const auto answer = ask(cscc, {"GetChannels"});
    QCOMPARE(answer.status, 200);
    ::protos::ChannelQueryResponse response;
    QVERIFY(response.ParseFromString(answer.payload));
    QCOMPARE(response.channels_size(), 1);
    QCOMPARE(response.channels(0).channel_id(), std::string("tradechannel"));
    const auto refused = ask(cscc, {"GetChannels"}, "User1@beta");
    QCOMPARE(refused.status, 500);
    QVERIFY(refused.message.starts_with("access denied for [GetChannels]: "));
    QCOMPARE(ask(cscc, {"Nothing", "x"}).message,
             std::string("Requested function Nothing not found."));
    QCOMPARE(ask(cscc, {}).message, std::string("Incorrect number of arguments, 0"));
    QCOMPARE(ask(cscc, {"JoinChain"}).message, std::string("Incorrect number of arguments, 1"));
    QVERIFY(ask(cscc, {"GetChannels"}, "User1@alpha", true)
                .message.starts_with("Rejecting invoke of CSCC from another chaincode"));
}

void SystemContractsTest::configurations() {
    ConfigContract cscc(*m_channels, *m_access);
    const auto block = ask(cscc, {"GetConfigBlock", "tradechannel"});
    QCOMPARE(block.status, 200);
    // Configurations stand in blocks 0, 85 and 86.
    QCOMPARE(protocol::Block::parse(Bytes(block.payload)).value().number(), BlockNumber{86});
    const auto config = ask(cscc, {"GetChannelConfig", "tradechannel"});
    QCOMPARE(config.status, 200);
    QCOMPARE(config.payload,
             wire::serialize(m_channels->find(ChannelId("tradechannel"))->bundle()->config()));
    QCOMPARE(ask(cscc, {"GetConfigBlock", "nothere"}).status, 500);
    QCOMPARE(ask(cscc, {"GetChannelConfig", ""}).message,
             std::string("empty channel name provided"));
    QCOMPARE(ask(cscc, {"GetConfigBlock", "tradechannel"}, "orderer").status, 500);
}

void SystemContractsTest::joining() {
    ConfigContract cscc(*m_channels, *m_access);
    const Bytes lab = chancery::test::vectorFile("config/genesis_cfglab.block");
    const auto refused = ask(cscc, {"JoinChain", lab}, "User1@alpha");
    QCOMPARE(refused.status, 500);
    QVERIFY2(refused.message.starts_with("access denied for [JoinChain][cfglab]: ["),
             refused.message.c_str());
    const auto joined = ask(cscc, {"JoinChain", lab}, "Admin@alpha");
    QVERIFY2(joined.status == 200, joined.message.c_str());
    QVERIFY(joined.payload.empty());
    QCOMPARE(m_channels->ids().size(), std::size_t{2});
    const auto channel = m_channels->find(ChannelId("cfglab"));
    QVERIFY(channel != nullptr);
    QCOMPARE(channel->height(), BlockNumber{1});
    QCOMPARE(channel->read(0).value().validationCodes(),
             std::vector{protocol::ValidationCode::Valid});
    const auto again = ask(cscc, {"JoinChain", lab}, "Admin@alpha");
    QCOMPARE(again.status, 500);
    QVERIFY(again.message.find("already exists") != again.message.npos);
    for (const Bytes& bad :
         {Bytes("garbage"), Bytes(), vectorBlock(5).serialize(), vectorBlock(85).serialize()}) {
        const auto answer = ask(cscc, {"JoinChain", bad}, "Admin@alpha");
        QCOMPARE(answer.status, 500);
        QVERIFY(!answer.message.empty());
    }
    QCOMPARE(m_channels->ids().size(), std::size_t{2});
    QCOMPARE(ask(cscc, {"JoinChainBySnapshot", "/nowhere"}, "Admin@alpha").status, 500);
    QCOMPARE(ask(cscc, {"JoinChainBySnapshot", "relative"}, "Admin@alpha").status, 500);
    const auto status = ask(cscc, {"JoinBySnapshotStatus"}, "Admin@alpha");
    QCOMPARE(status.status, 200);
    ::protos::JoinBySnapshotStatus message;
    QVERIFY(message.ParseFromString(status.payload));
    QVERIFY(!message.in_progress());
}

void SystemContractsTest::interruptedJoin() {
    m_channels.reset();
    const std::filesystem::path folder(m_folder->path().toStdString());
    std::filesystem::create_directories(folder / "channels" / "half");
    std::ofstream(folder / "channels" / "half.joining") << "";
    m_channels = open(m_ledgers);
    VERIFY_OK(m_channels->openAll());
    QCOMPARE(m_channels->ids().size(), std::size_t{1});
    QVERIFY(!std::filesystem::exists(folder / "channels" / "half"));
    QVERIFY(!std::filesystem::exists(folder / "channels" / "half.joining"));
    for (const char* bad : {"", "Upper", "1st", "a/b", "..", "a\nb", "_x"})
        QCOMPARE(reasonOf(checkChannelId(bad)), std::string("BAD_CHANNEL_ID"));
    VERIFY_OK(checkChannelId("a.b-1"));
    QVERIFY(!checkChannelId(std::string(250, 'a')).ok());
}

void SystemContractsTest::restart() {
    ConfigContract cscc(*m_channels, *m_access);
    QCOMPARE(ask(cscc, {"JoinChain", chancery::test::vectorFile("config/genesis_cfglab.block")},
                 "Admin@alpha")
                 .status,
             200);
    for (BlockNumber n = 100; n < 110; ++n)
        VERIFY_OK(m_channels->joined(ChannelId("tradechannel"))->pipeline().accept(fromOrderer(n)));
    QVERIFY(waitForHeight(*m_channels->find(ChannelId("tradechannel")), 110));
    m_channels.reset();
    m_channels = open(m_ledgers);
    VERIFY_OK(m_channels->openAll());
    QCOMPARE(m_channels->ids().size(), std::size_t{2});
    QCOMPARE(m_channels->find(ChannelId("tradechannel"))->height(), BlockNumber{110});
    QVERIFY(m_channels->failures().empty());
    // One ledger that cannot be opened does not keep the others from being served.
    m_channels.reset();
    m_ledgers->stores[ChannelId("cfglab")] = std::make_shared<FakeLedger::Store>();
    m_channels = open(m_ledgers);
    VERIFY_OK(m_channels->openAll());
    QCOMPARE(m_channels->ids(), std::vector{ChannelId("tradechannel")});
    QCOMPARE(reasonOf(m_channels->failures().at(ChannelId("cfglab"))), std::string("EMPTY_LEDGER"));
}

void SystemContractsTest::legacyContracts() {
    LegacyContract lscc(*m_channels, *m_access);
    QCOMPARE(ask(lscc, {"deploy", "tradechannel", "x"}).message,
             std::string("Channel 'tradechannel' has been migrated to the new lifecycle, LSCC is "
                         "now read-only"));
    QCOMPARE(ask(lscc, {"getid", "tradechannel", "assets"}).message,
             std::string("could not find chaincode with name 'assets'"));
    QCOMPARE(ask(lscc, {"getinstalledchaincodes"}, "Admin@alpha").status, 200);
    QCOMPARE(ask(lscc, {"getinstalledchaincodes"}).status, 500);
    QCOMPARE(ask(lscc, {"nothing"}).status, 500);
    QCOMPARE(ask(lscc, {}).status, 500);
    QCOMPARE(ask(lscc, {"getid"}).status, 500);
}

namespace {

Bytes snapshotRequest(const std::string& who, const std::string& channel, BlockNumber block) {
    const auto& signer = chancery::test::member(who);
    ::protos::SnapshotRequest request;
    request.mutable_signature_header()->set_creator(signer.serialized());
    request.mutable_signature_header()->set_nonce("nonce");
    request.set_channel_id(channel);
    request.set_block_number(block);
    ::protos::SignedSnapshotRequest outer;
    outer.set_request(wire::serialize(request));
    outer.set_signature(signer.sign(outer.request()).value());
    return wire::serialize(outer);
}

std::vector<std::uint64_t> pendingOf(const SnapshotDesk& desk) {
    const auto answer =
        desk.queryPendings(snapshotRequest("Admin@alpha", "tradechannel", 0)).value();
    ::protos::QueryPendingSnapshotsResponse response;
    if (!response.ParseFromString(answer)) return {~0ULL};
    return {response.block_numbers().begin(), response.block_numbers().end()};
}

}  // namespace

void SystemContractsTest::snapshotsNowAndLater() {
    const FixedClock clock(goldenTime());
    const SnapshotDesk desk(*m_channels, *m_access, clock);
    const auto store = m_ledgers->stores[ChannelId("tradechannel")];
    const auto requests = m_channels->snapshots(ChannelId("tradechannel"));
    VERIFY_OK(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 105)));
    VERIFY_OK(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 103)));
    VERIFY_OK(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 0)));
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(requests->folderOf(99)), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(pendingOf(desk), (std::vector<std::uint64_t>{103, 105}), 60'000);
    QVERIFY(!desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 99)).ok());
    // Kept over a restart.
    m_channels.reset();
    m_channels = open(m_ledgers);
    VERIFY_OK(m_channels->openAll());
    const SnapshotDesk later(*m_channels, *m_access, clock);
    QCOMPARE(pendingOf(later), (std::vector<std::uint64_t>{103, 105}));
    VERIFY_OK(later.cancel(snapshotRequest("Admin@alpha", "tradechannel", 105)));
    for (BlockNumber n = 100; n < 107; ++n)
        VERIFY_OK(m_channels->joined(ChannelId("tradechannel"))->pipeline().accept(fromOrderer(n)));
    QVERIFY(waitForHeight(*m_channels->find(ChannelId("tradechannel")), 107));
    QVERIFY(pendingOf(later).empty());
    const auto now = m_channels->snapshots(ChannelId("tradechannel"));
    QVERIFY(std::filesystem::exists(now->folderOf(103)));
    QVERIFY(!std::filesystem::exists(now->folderOf(105)));
}

void SystemContractsTest::snapshotRefusals() {
    const FixedClock clock(goldenTime());
    const SnapshotDesk desk(*m_channels, *m_access, clock);
    const auto text = [](const Status& status) { return std::string(messageOf(status)); };
    const auto refused = desk.generate(snapshotRequest("User1@alpha", "tradechannel", 0));
    QCOMPARE(refused.code(), StatusCode::kUnknown);
    QVERIFY(!desk.generate(snapshotRequest("Admin@beta", "tradechannel", 0)).ok());
    QCOMPARE(text(desk.generate(snapshotRequest("Admin@alpha", "other", 0))),
             std::string("cannot find ledger for channel other"));
    QCOMPARE(text(desk.generate(snapshotRequest("Admin@alpha", "", 0))),
             std::string("missing channel ID"));
    QCOMPARE(text(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 50))),
             std::string("requested snapshot for block number 50 cannot be less than the last "
                         "committed block number 99"));
    VERIFY_OK(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 200)));
    QCOMPARE(text(desk.generate(snapshotRequest("Admin@alpha", "tradechannel", 200))),
             std::string("duplicate snapshot request for block number 200"));
    QCOMPARE(text(desk.cancel(snapshotRequest("Admin@alpha", "tradechannel", 201))),
             std::string("no snapshot request exists for block number 201"));
    QVERIFY(!desk.generate("garbage").ok());
    QVERIFY(!desk.generate("").ok());
    Bytes broken = snapshotRequest("Admin@alpha", "tradechannel", 300);
    broken.back() ^= 1;
    QVERIFY(!desk.generate(broken).ok());
    QCOMPARE(pendingOf(desk), std::vector<std::uint64_t>{200});
}

CHANCERY_TEST(SystemContractsTest)
#include "SystemContractsTest.moc"
