#include "node/peer/CommitPipeline.h"

#include <QTest>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/BlockBuilder.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using chancery::test::facts;

/// Blocks on their way into the ledger, held against what real peers made of them.
class CommitPipelineTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void wholeChain();
    void finalState();
    void craftedBlocks();
    void blocksThatStopPeers_data();
    void blocksThatStopPeers();
    void replayAfterRestart();
    void fullDisk();
    void brokenDisk();
    void refusedBlockBehindOthers();
    void gapsAndRepetitions();
    void privateDataFromTransientStore();
    void ownEndorsementsAreNotCheckedTwice();
    void eventsAndMetrics();

private:
    std::shared_ptr<FakeLedger::Store> m_store;  // of the whole golden chain
};

namespace {

std::shared_ptr<FakeLedger::Store> copyOf(FakeLedger::Store& store) {
    const std::lock_guard lock(store.mutex);
    auto copy = std::make_shared<FakeLedger::Store>();
    copy->blocks = store.blocks;
    copy->inDatabase = store.inDatabase;
    copy->state = store.state;
    copy->expiry = store.expiry;
    copy->transactions = store.transactions;
    copy->transient = store.transient;
    copy->missing = store.missing;
    copy->privateWrites = store.privateWrites;
    copy->collections = store.collections;
    return copy;
}

std::string codesOf(const protocol::Block& block) {
    std::string hex;
    for (const auto code : block.validationCodes())
        hex += fmt::format("{:02x}", static_cast<unsigned>(code));
    return hex;
}

std::string commitHashOf(const protocol::Block& block) {
    return toHex(block.commitHash().value_or(BytesView()));
}

/// The channel after all golden and crafted blocks: where the blocks that stop peers belong.
std::shared_ptr<JoinedChannel> channelAt286(FakeLedger::Store& golden,
                                            const PeerServices& services) {
    auto channel = openChannel(copyOf(golden), services).value();
    for (BlockNumber n = 278; n < 286; ++n)
        if (!channel->pipeline()
                 .accept(fromOrderer(vectorBlock(fmt::format("ledger/crafted/block_{}.pb", n))))
                 .ok())
            return nullptr;
    return waitForHeight(*channel, 286) ? channel : nullptr;
}

}  // namespace

void CommitPipelineTest::initTestCase() {
    m_store = goldenStore(278);
}

void CommitPipelineTest::wholeChain() {
    const auto ledger = FakeLedger::open(m_store);
    const auto& blocks = facts()["chain"]["blocks"];
    QCOMPARE(ledger->blocks().height(), blocks.size());
    for (const auto& fact : blocks) {
        const auto block = ledger->blocks().read(fact["number"].get<BlockNumber>()).value();
        QCOMPARE(toHex(block.header().hash()), fact["header_hash"].get<std::string>());
        QCOMPARE(codesOf(block), fact["validation_flags_hex"].get<std::string>());
        if (block.number() > 0)
            QCOMPARE(commitHashOf(block), fact["commit_hash"].get<std::string>());
    }
}

void CommitPipelineTest::finalState() {
    const auto ledger = FakeLedger::open(m_store);
    const auto& view = ledger->writerView();
    std::map<std::string, std::size_t> perNamespace;
    for (const auto& fact : facts()["chain"]["public_state"]) {
        const auto ns = fact["namespace"].get<std::string>();
        ++perNamespace[ns];
        const auto value = view.get(ns, fact["key"].get<std::string>()).value();
        QVERIFY2(value.has_value(), fact["key"].get<std::string>().c_str());
        QCOMPARE(value->version.block, fact["version"][0].get<std::uint64_t>());
        QCOMPARE(value->version.transaction, fact["version"][1].get<std::uint64_t>());
    }
    // Hashed keys that have ended by block-to-live are gone: the counts are those of a real peer.
    for (const auto& fact : facts()["chain"]["private_hashed_state"]) {
        const auto ns = verify::hashedNamespace(fact["namespace"].get<std::string>(),
                                                fact["collection"].get<std::string>());
        ++perNamespace[ns];
        const auto value =
            view.get(ns, fromHex(fact["key_hash"].get<std::string>()).value()).value();
        QVERIFY(value.has_value());
        QCOMPARE(toHex(value->value), fact["value_hash"].get<std::string>());
    }
    for (const auto& [ns, count] : perNamespace) {
        std::size_t found = 0;
        const auto scan = view.scan(ns, "", "").value();
        while (scan->next().value()) ++found;
        QVERIFY2(found == count,
                 fmt::format("{}: {} keys instead of {}", ns, found, count).c_str());
    }
}

void CommitPipelineTest::craftedBlocks() {
    TestServices services;
    const auto channel = channelAt286(*m_store, services.services);
    QVERIFY(channel != nullptr);
    for (const auto& fact : facts()["crafted_blocks"]["blocks"]) {
        const auto block = channel->read(fact["number"].get<BlockNumber>()).value();
        QCOMPARE(codesOf(block), fact["validation_flags_hex"].get<std::string>());
        QCOMPARE(commitHashOf(block), fact["commit_hash"].get<std::string>());
    }
}

void CommitPipelineTest::blocksThatStopPeers_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("refusedWith");  // empty: committed
    QTest::addColumn<QString>("codes");
    // What a client can bring about gets a code; what only an orderer can is refused.
    QTest::newRow("unknown collection") << "unknown_collection.pb"
                                        << ""
                                        << "000a";
    QTest::newRow("payload without header") << "payload_without_header.pb"
                                            << ""
                                            << "0003";
    QTest::newRow("config among others") << "config_among_others.pb"
                                         << "BLOCK_REFUSED"
                                         << "";
    QTest::newRow("no signature") << "transaction_without_signature.pb"
                                  << "NOT_WELL_FORMED"
                                  << "";
    QTest::newRow("previous hash") << "wrong_previous_hash.pb"
                                   << "PREVIOUS_HASH_DIFFERS"
                                   << "";
    QCOMPARE(facts()["blocks_that_stop_a_peer"].size(), std::size_t{5});
}

void CommitPipelineTest::blocksThatStopPeers() {
    QFETCH(QString, file);
    QFETCH(QString, refusedWith);
    QFETCH(QString, codes);
    TestServices services;
    const auto channel = channelAt286(*m_store, services.services);
    QVERIFY(channel != nullptr);
    auto& pipeline = channel->pipeline();
    const auto block = fromOrderer(vectorBlock("ledger/peer_stops/" + file.toStdString()));
    Status taken = pipeline.accept(block);
    if (refusedWith.isEmpty()) {
        VERIFY_OK(taken);
        QVERIFY(waitForHeight(*channel, 287));
        const auto first = codesOf(channel->read(286).value());
        QCOMPARE(first, codes.toStdString());
        QVERIFY(!channel->alarm());
    } else {
        // What is only found when the block is judged is told to whoever gives the next one.
        if (taken.ok()) {
            QVERIFY(waitForAlarm(*channel));
            taken = pipeline.accept(block);
        }
        QCOMPARE(reasonOf(taken), refusedWith.toStdString());
        const auto alarm = channel->alarm();
        QVERIFY(alarm.has_value());
        QCOMPARE(reasonOf(*alarm), refusedWith.toStdString());
        QCOMPARE(argumentOf(*alarm, "block"), std::string("286"));
        QVERIFY(!argumentOf(*alarm, "advice").empty());
    }
    const BlockNumber height = channel->height();
    QCOMPARE(height, refusedWith.isEmpty() ? BlockNumber{287} : BlockNumber{286});
    QCOMPARE(pipeline.next(), height);
    // It goes on as soon as a good block comes.
    VERIFY_OK(pipeline.accept(
        nextBlock(*channel, {chancery::test::transactionWith(chancery::test::SetMaker().write(
                                "assets", "after the stop", "1"))})));
    QVERIFY(waitForHeight(*channel, height + 1));
    QCOMPARE(codesOf(channel->read(height).value()), std::string("00"));
    QVERIFY(waitForAlarm(*channel, false));
}

void CommitPipelineTest::replayAfterRestart() {
    // The files hold 40 blocks more than the database, with a change of configuration, definitions
    // and private data that end among them.
    const auto store = goldenStore(60);
    {
        const std::lock_guard lock(m_store->mutex);
        store->blocks.assign(m_store->blocks.begin(), m_store->blocks.begin() + 200);
    }
    TestServices services;
    const auto channel = openChannel(store, services.services);
    VERIFY_OK(channel);
    QCOMPARE((*channel)->height(), BlockNumber{200});
    for (BlockNumber n = 200; n < 278; ++n)
        VERIFY_OK((*channel)->pipeline().accept(fromOrderer(n)));
    QVERIFY(waitForHeight(**channel, 278));
    QCOMPARE(commitHashOf((*channel)->read(277).value()),
             facts()["chain"]["blocks"][277]["commit_hash"].get<std::string>());
    const auto names = m_store->state.namespaces();
    QCOMPARE(store->state.namespaces(), names);
    for (const auto& ns : names) QVERIFY(*store->state.keys(ns) == *m_store->state.keys(ns));
}

void CommitPipelineTest::fullDisk() {
    TestServices services;
    auto faults = std::make_shared<FakeLedger::Faults>();
    const auto channel = openChannel(goldenStore(10), services.services, faults).value();
    faults->full = 1'000'000;
    VERIFY_OK(channel->pipeline().accept(fromOrderer(10)));
    QVERIFY(waitForAlarm(*channel));
    QCOMPARE(reasonOf(*channel->alarm()), std::string("DISK_FULL"));
    QVERIFY(!argumentOf(*channel->alarm(), "advice").empty());
    VERIFY_OK(channel->read(9));
    VERIFY_OK(channel->view());
    QCOMPARE(channel->height(), BlockNumber{10});
    faults->full = 0;  // space again
    QVERIFY(waitForHeight(*channel, 11));
    QVERIFY(waitForAlarm(*channel, false));
    QCOMPARE(codesOf(channel->read(10).value()),
             facts()["chain"]["blocks"][10]["validation_flags_hex"].get<std::string>());
}

void CommitPipelineTest::brokenDisk() {
    TestServices services;
    auto faults = std::make_shared<FakeLedger::Faults>();
    const auto channel = openChannel(goldenStore(10), services.services, faults).value();
    faults->broken = true;
    VERIFY_OK(channel->pipeline().accept(fromOrderer(10)));
    QVERIFY(waitForAlarm(*channel));
    QCOMPARE(reasonOf(*channel->alarm()), std::string("STORE_IO_ERROR"));
    // It is not tried again: what was written before an error is not known.
    QCOMPARE(reasonOf(channel->pipeline().accept(fromOrderer(10))), std::string("CHANNEL_HALTED"));
    QCOMPARE(faults->commits.load(), 1);
    VERIFY_OK(channel->read(9));
}

void CommitPipelineTest::refusedBlockBehindOthers() {
    TestServices services;
    const auto golden = channelAt286(*m_store, services.services);
    QVERIFY(golden != nullptr);
    auto& pipeline = golden->pipeline();
    const auto bad = fromOrderer(vectorBlock("ledger/peer_stops/config_among_others.pb"));
    // Accepted, for nothing is wrong with it at first sight; its successor falls with it.
    VERIFY_OK(pipeline.accept(bad));
    QVERIFY(waitForAlarm(*golden));
    const auto good = nextBlock(
        *golden,
        {chancery::test::transactionWith(chancery::test::SetMaker().write("assets", "k", "1"))});
    const Status told = pipeline.accept(good);
    QCOMPARE(reasonOf(told), std::string("BLOCK_REFUSED"));
    QCOMPARE(pipeline.next(), BlockNumber{286});
    VERIFY_OK(pipeline.accept(good));
    QVERIFY(waitForHeight(*golden, 287));
}

void CommitPipelineTest::gapsAndRepetitions() {
    TestServices services;
    const auto channel = openChannel(goldenStore(10), services.services).value();
    auto& pipeline = channel->pipeline();
    QCOMPARE(reasonOf(pipeline.accept(fromOrderer(11))), std::string("OUT_OF_ORDER"));
    QCOMPARE(reasonOf(pipeline.accept(fromOrderer(9))), std::string("OUT_OF_ORDER"));
    QVERIFY(!channel->alarm());
    VERIFY_OK(pipeline.accept(fromOrderer(10)));
    QCOMPARE(reasonOf(pipeline.accept(fromOrderer(10))), std::string("OUT_OF_ORDER"));
    // Metadata stripped: nobody signs for it.
    const auto stripped =
        protocol::withMetadata(fromOrderer(11), protocol::MetadataSlot::Signatures, {});
    const Status refused = pipeline.accept(stripped);
    QVERIFY(!refused.ok());
    // Block 10, committed meanwhile, is not what the alarm is about.
    QVERIFY(waitForHeight(*channel, 11));
    QVERIFY(channel->alarm().has_value());
    VERIFY_OK(pipeline.accept(fromOrderer(11)));
    QVERIFY(waitForHeight(*channel, 12));
    QVERIFY(!channel->alarm());
}

namespace {

/// The first valid transaction after `from` that writes a private collection, and which.
struct PrivateTransaction {
    BlockNumber block = 0;
    std::string txId, ns, collection;
    Bytes hash;
};
std::optional<PrivateTransaction> privateTransaction(FakeLedger::Store& store, BlockNumber from,
                                                     std::string_view wanted) {
    const auto ledger = FakeLedger::open(std::shared_ptr<FakeLedger::Store>(&store, [](auto*) {}));
    for (BlockNumber n = from; n < ledger->blocks().height(); ++n) {
        const auto block = ledger->blocks().read(n).value();
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            verify::PreparedTransaction tx;
            tx.transaction = block.transaction(i);
            if (block.validationCodes()[i] != protocol::ValidationCode::Valid) continue;
            if (tx.readWriteSet() == nullptr) continue;
            for (const auto& ns : tx.readWriteSet()->namespaces)
                for (const auto& collection : ns.collections)
                    if (!collection.privateHash.empty() && collection.collection == wanted)
                        return PrivateTransaction{
                            n, verify::ledgerTxId(tx.transaction), std::string(ns.name),
                            std::string(collection.collection), Bytes(collection.privateHash)};
        }
    }
    return std::nullopt;
}

std::size_t missingIn(const FakeLedger::Store& store, BlockNumber block,
                      const std::string& collection) {
    return std::count_if(store.missing.begin(), store.missing.end(), [&](const auto& it) {
        return it.block == block && it.collection == collection;
    });
}

Bytes privateSet(const std::string& ns, const std::string& collection, const Bytes& kvrwset) {
    rwset::TxPvtReadWriteSet set;
    auto* one = set.add_ns_pvt_rwset();
    one->set_namespace_(ns);
    auto* inner = one->add_collection_pvt_rwset();
    inner->set_collection_name(collection);
    inner->set_rwset(kvrwset);
    return set.SerializeAsString();
}

/// A transaction of `vault` that writes a key of collection "sharedAB", and its clear text.
struct Secret {
    Bytes envelope;
    TxId txId;
    Bytes clear;  // KVRWSet
};
Secret makeSecret(const std::string& key) {
    Secret secret;
    kvrwset::KVRWSet writes;
    auto* write = writes.add_writes();
    write->set_key(key);
    write->set_value("hidden");
    secret.clear = writes.SerializeAsString();
    kvrwset::HashedRWSet hashed;
    auto* hash = hashed.add_hashed_writes();
    hash->set_key_hash(crypto::sha256(key));
    hash->set_value_hash(crypto::sha256("hidden"));
    rwset::TxReadWriteSet set;
    auto* ns = set.add_ns_rwset();
    ns->set_namespace_("vault");
    auto* collection = ns->add_collection_hashed_rwset();
    collection->set_collection_name("sharedAB");
    collection->set_hashed_rwset(hashed.SerializeAsString());
    collection->set_pvt_rwset_hash(crypto::sha256(secret.clear));
    chancery::test::TransactionMaker maker;
    maker.contract = "vault";
    maker.version = "1.0";
    maker.results = set.SerializeAsString();
    secret.envelope = maker.envelope();
    secret.txId = protocol::Transaction::decode(protocol::SharedBytes(secret.envelope)).filedTxId();
    return secret;
}

}  // namespace

void CommitPipelineTest::privateDataFromTransientStore() {
    TestServices services;
    const auto store = copyOf(*m_store);
    const auto channel = openChannel(store, services.services).value();
    const Secret held = makeSecret("held");
    const Secret lost = makeSecret("lost");
    // Somebody's other bytes under the same id do not count.
    VERIFY_OK(channel->ledger().holdTransient(held.txId, 278,
                                              privateSet("vault", "sharedAB", "other bytes")));
    VERIFY_OK(channel->ledger().holdTransient(held.txId, 278,
                                              privateSet("vault", "sharedAB", held.clear)));
    VERIFY_OK(channel->pipeline().accept(nextBlock(*channel, {held.envelope, lost.envelope})));
    QVERIFY(waitForHeight(*channel, 279));
    QCOMPARE(codesOf(channel->read(278).value()), std::string("0000"));
    const auto writes = channel->ledger().privateWrites(278).value();
    QCOMPARE(writes.size(), std::size_t{1});
    QCOMPARE(writes[0].transaction, std::size_t{0});
    QCOMPARE(writes[0].ns, std::string("vault"));
    QCOMPARE(writes[0].collection, std::string("sharedAB"));
    QCOMPARE(writes[0].writes, held.clear);
    QCOMPARE(missingIn(*store, 278, "sharedAB"), std::size_t{1});
    channel->close();
    QVERIFY(channel->ledger().transient(held.txId).value().empty());

    // A peer that is not a member neither keeps nor misses it.
    TestServices foreign("gamma");
    const auto other = copyOf(*m_store);
    const auto gamma = openChannel(other, foreign.services).value();
    const std::size_t before = other->missing.size();
    VERIFY_OK(gamma->pipeline().accept(nextBlock(*gamma, {makeSecret("hers").envelope})));
    QVERIFY(waitForHeight(*gamma, 279));
    QCOMPARE(other->missing.size(), before);
    QVERIFY(gamma->ledger().privateWrites(278).value().empty());
    // Of the golden chain, the first organisation misses what it should have.
    const auto early = privateTransaction(*m_store, 0, "sharedAB");
    QVERIFY(early.has_value());
    QVERIFY(missingIn(*m_store, early->block, "sharedAB") >= 1);
}

void CommitPipelineTest::ownEndorsementsAreNotCheckedTwice() {
    // A signature that was never good, but that the memory vouches for: accepted only because it is
    // not checked. For other bytes the memory says nothing.
    const auto& peer = chancery::test::member("alpha");
    SignatureMemory memory;
    memory.add({"data", peer.serialized(), "signature"});
    QVERIFY(memory.contains({"data", peer.serialized(), "signature"}));
    QVERIFY(!memory.contains({"data2", peer.serialized(), "signature"}));
    QVERIFY(!memory.contains({"data", "other", "signature"}));
    QVERIFY(!memory.contains({"data", peer.serialized(), "signature2"}));
    const auto channel = openChannel(copyOf(*m_store), TestServices().services).value();
    const auto& msps = *channel->bundle()->msps();
    const policy::SignedData set[] = {{"data", peer.serialized(), "signature"}};
    QCOMPARE(policy::verifySignatures(set, msps).identities.size(), std::size_t{0});
    QCOMPARE(policy::verifySignatures(set, msps, &memory).identities.size(), std::size_t{1});
    memory.clear();
    QCOMPARE(policy::verifySignatures(set, msps, &memory).identities.size(), std::size_t{0});
}

void CommitPipelineTest::eventsAndMetrics() {
    TestServices services;
    FlowEvents flow;
    services.services.flow = &flow;
    const auto channel = openChannel(goldenStore(10), services.services).value();
    std::mutex mutex;
    std::vector<FlowStage> stages;
    std::vector<BlockNumber> committed;
    const auto listening = flow.subscribe([&](const FlowEvent& event) {
        const std::lock_guard lock(mutex);
        stages.push_back(event.stage);
    });
    auto subscription = channel->onCommit([&](const std::shared_ptr<const CommitEvent>& event) {
        const std::lock_guard lock(mutex);
        committed.push_back(event->block.number());
        if (event->txIds.size() != event->block.transactionCount() ||
            event->codes.size() != event->block.transactionCount())
            committed.push_back(0);
    });
    VERIFY_OK(channel->pipeline().accept(fromOrderer(10)));
    QVERIFY(waitForHeight(*channel, 11));
    subscription.reset();
    VERIFY_OK(channel->pipeline().accept(fromOrderer(11)));
    QVERIFY(waitForHeight(*channel, 12));
    const std::lock_guard lock(mutex);
    QCOMPARE(committed, std::vector<BlockNumber>{10});
    QVERIFY(stages.size() >= 3);
    QVERIFY(stages[0] == FlowStage::Deliver);
    QVERIFY(stages[1] == FlowStage::Validate);
    QVERIFY(stages[2] == FlowStage::Commit);
    const std::string text = services.metrics.text();
    QVERIFY2(text.find("ledger_blockchain_height{channel=\"tradechannel\"} 12") != text.npos,
             text.c_str());
}

CHANCERY_TEST(CommitPipelineTest)
#include "CommitPipelineTest.moc"
