#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "src/base/Encoding.h"
#include "src/protocol/BlockFile.h"
#include "tests/bench/ledger/GenerateLedger.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// A busy channel, made with a book-keeping of its own, goes through a late-joining peer with its
/// real ledger. Says how long that took; nothing is asked of the time.
class GeneratedLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void catchesUp();
};

namespace {

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::size_t fromEnvironment(const char* name, std::size_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

}  // namespace

void GeneratedLedgerTest::catchesUp() {
    QTemporaryDir folder;
    bench::GenerateLedgerRequest request;
    request.folder = folder.filePath("blocks").toStdString();
    request.transactions = fromEnvironment("CHANCERY_TRANSACTIONS", 600);
    request.blocks =
        bench::blocksBeforeBusiness(3) + std::max<std::size_t>(request.transactions / 100, 4);
    request.accounts = 200;
    const auto expected = bench::generateLedger(request);
    VERIFY_OK(expected);

    const auto source = protocol::openBlocks(request.folder).value();
    const auto genesis = source->next().value();
    QVERIFY(genesis.has_value());
    const ChannelId channel(std::string(genesis->block.transaction(0).channelHeader.channelId));
    const std::filesystem::path ledgerFolder = folder.filePath("ledger").toStdString();
    const ChannelLedger::Options options;
    {
        const auto ledger = ChannelLedger::open(ledgerFolder, channel, options, {});
        VERIFY_OK(ledger);
        VERIFY_OK(JoinedChannel::begin(channel, **ledger, fromOrderer(genesis->block)));
    }
    TestServices services;
    const auto joined = JoinedChannel::open(
        channel,
        [&](const ChannelLedger::Replay& replay) {
            return ChannelLedger::open(ledgerFolder, channel, options, replay);
        },
        services.services);
    VERIFY_OK(joined);
    std::vector<protocol::Block> blocks;
    for (;;) {
        const auto next = source->next();
        VERIFY_OK(next);
        if (!*next) break;
        blocks.push_back(fromOrderer((*next)->block));
    }
    const double wall = wallSeconds(), cpu = cpuSeconds();
    for (const auto& block : blocks) VERIFY_OK((*joined)->pipeline().accept(block));
    QVERIFY(waitForHeight(**joined, expected->blocks));
    const double wallTaken = wallSeconds() - wall, cpuTaken = cpuSeconds() - cpu;

    const auto last = (*joined)->read(expected->blocks - 1).value();
    QCOMPARE(toHex(last.header().hash()), toHex(expected->lastBlockHash));
    QCOMPARE(toHex(last.commitHash().value()), toHex(expected->lastCommitHash));
    std::map<protocol::ValidationCode, std::uint64_t> codes;
    for (BlockNumber n = 0; n < expected->blocks; ++n)
        for (const auto code : (*joined)->read(n).value().validationCodes()) ++codes[code];
    QVERIFY(codes == expected->codes);

    // What the signatures alone cost on one processor.
    const auto& sample = blocks.back();
    const auto bundle = (*joined)->bundle();
    std::size_t verified = 0;
    const double began = cpuSeconds();
    for (std::size_t i = 0; i < sample.transactionCount() || verified < 200; ++i) {
        const auto tx = sample.transaction(i % sample.transactionCount());
        const auto creator = bundle->msps()->deserialize(tx.signatureHeader.creator).value();
        VERIFY_OK(creator->verify(tx.envelope.payload, tx.envelope.signature));
        ++verified;
    }
    const double perSignature = (cpuSeconds() - began) / static_cast<double>(verified);
    const double transactions = static_cast<double>(expected->transactions);
    const double signatures =
        transactions + static_cast<double>(expected->endorsements + expected->blocks);
    qInfo(
        "%.0f transactions, %.2f signatures each: %.0f µs CPU each, of which %.0f µs are "
        "signatures; %.0f transactions/s",
        transactions, signatures / transactions, 1e6 * cpuTaken / transactions,
        1e6 * perSignature * signatures / transactions, transactions / wallTaken);
}

CHANCERY_TEST(GeneratedLedgerTest)
#include "GeneratedLedgerTest.moc"
