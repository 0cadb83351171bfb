#include <fabric/common/common.pb.h>
#include <fabric/common/configuration.pb.h>
#include <fabric/discovery/protocol.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>
#include <fabric/peer/events.pb.h>
#include <fabric/peer/lifecycle/lifecycle.pb.h>
#include <fmt/format.h>
#include <malloc.h>

#include <QTest>

#include "src/wire/Parse.h"
#include "src/wire/Scan.h"
#include "tests/support/PeakMemory.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wire;

namespace {

constexpr std::size_t kFuzzBytes = 1 << 20;  // the longest input that a fuzzer makes by itself
constexpr long kMaxGrowthKiB = 64 << 10;

Bytes repeated(std::size_t count, BytesView piece) {
    Bytes bytes;
    bytes.reserve(count * piece.size());
    for (std::size_t i = 0; i < count; ++i) bytes += piece;
    return bytes;
}

Bytes bytesOf(const QByteArray& piece) {
    return {piece.data(), static_cast<std::size_t>(piece.size())};
}

const google::protobuf::Message& typeOf(int number) {
    static const google::protobuf::Message* const kTypes[] = {
        &kvrwset::KVRWSet::default_instance(),
        &common::OrdererAddresses::default_instance(),
        &common::BlockData::default_instance(),
        &etcdraft::BlockMetadata::default_instance(),
        &lifecycle::QueryChaincodeDefinitionsResult::default_instance(),
        &protos::FilteredBlock::default_instance(),
        &discovery::Response::default_instance()};
    return *kTypes[number];
}

// Elements that are much smaller on the wire than in memory, and the message they belong to.
void floods() {
    QTest::addColumn<QByteArray>("piece");
    QTest::addColumn<int>("type");
    QTest::newRow("empty reads") << QByteArray("\x0a\x00", 2) << 0;
    QTest::newRow("small reads") << QByteArray::fromHex("0a090a016b120408051001") << 0;
    QTest::newRow("small writes") << QByteArray::fromHex("1a060a016b1a0178") << 0;
    QTest::newRow("empty range queries") << QByteArray::fromHex("1200") << 0;
    QTest::newRow("empty strings") << QByteArray::fromHex("0a00") << 1;
    QTest::newRow("empty bytes") << QByteArray::fromHex("0a00") << 2;
    QTest::newRow("numbers") << QByteArray::fromHex("0801") << 3;
    QTest::newRow("unknown numbers") << QByteArray::fromHex("3001") << 3;
    QTest::newRow("unknown bytes") << QByteArray::fromHex("3200") << 3;
    QTest::newRow("empty definitions") << QByteArray::fromHex("0a00") << 4;
    QTest::newRow("empty filtered transactions") << QByteArray::fromHex("2200") << 5;
    QTest::newRow("empty query results") << QByteArray::fromHex("0a00") << 6;
}

}  // namespace

class MemoryTest : public QObject {
    Q_OBJECT
private slots:
    void aMillionEmptyMessages();
    void memoryStaysBelowItsEstimate_data();
    void memoryStaysBelowItsEstimate();
    void nothingSmallIsRefusedForMemory();
    void theWorstMebibyte_data();
    void theWorstMebibyte();
};

void MemoryTest::aMillionEmptyMessages() {
    // Half as many stay within what is allowed, 10 MB of the same do not.
    VERIFY_OK(parse<kvrwset::KVRWSet>(repeated(500'000, Bytes("\x0a\x00", 2)), "set"));
    const Status status =
        parse<kvrwset::KVRWSet>(repeated(5'000'000, Bytes("\x0a\x00", 2)), "set").status();
    QCOMPARE(status.code(), StatusCode::kResourceExhausted);
    QCOMPARE(reasonOf(status), std::string("TOO_MANY_ELEMENTS"));
    QCOMPARE(argumentOf(status, "path"), std::string("set"));
    QCOMPARE(argumentOf(status, "size"), std::string("10000000"));
}

void MemoryTest::memoryStaysBelowItsEstimate_data() {
    floods();
}

// The estimate must be above what is really taken, or the cap would be none; and not far above, or
// honest messages would be refused.
void MemoryTest::memoryStaysBelowItsEstimate() {
    QFETCH(QByteArray, piece);
    QFETCH(int, type);
    const Bytes bytes = repeated(100'000, {piece.data(), static_cast<std::size_t>(piece.size())});
    const MessagePlan& plan = planFor(*typeOf(type).GetDescriptor());
    const auto report = scan(plan, bytes, "m", kDefaultLimits);
    VERIFY_OK(report);
    malloc_trim(0);
    const auto inUse = [] {
        const auto info = mallinfo2();
        return info.uordblks + info.hblkhd;
    };
    const std::size_t before = inUse();
    const std::unique_ptr<google::protobuf::Message> message(typeOf(type).New());
    VERIFY_OK(parseInto(*message, bytes, "m"));
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    (void)before;  // the sanitizer's allocator keeps no such count
    const std::size_t taken = message->SpaceUsedLong();
#else
    const std::size_t taken = inUse() - before;
#endif
    const std::size_t estimate = report->knownCost + report->unknownCost;
    const auto figures = fmt::format("{} bytes took {} ({:.1f} x), estimated {} ({:.1f} x)",
                                     bytes.size(), taken, double(taken) / double(bytes.size()),
                                     estimate, double(estimate) / double(bytes.size()));
    qInfo("%s", figures.c_str());
    QVERIFY2(taken <= estimate, figures.c_str());
    QVERIFY2(estimate <= 4 * taken, figures.c_str());
}

// The figure promised beside ParseLimits, for all messages of the ledger's format.
void MemoryTest::nothingSmallIsRefusedForMemory() {
    double worst = 0;
    std::string name;
    std::function<void(const MessagePlan&, std::set<const MessagePlan*>&)> look =
        [&](const MessagePlan& plan, std::set<const MessagePlan*>& seen) {
            if (!seen.insert(&plan).second) return;
            for (const FieldPlan& field : plan.fields) {
                if (field.descriptor == nullptr) continue;
                if (field.elementCost / 2.0 > worst) {
                    worst = field.elementCost / 2.0;  // two bytes are the least a field takes
                    name = field.descriptor->full_name();
                }
                if (field.message != nullptr) look(*field.message, seen);
            }
        };
    std::set<const MessagePlan*> seen;
    for (const char* file :
         {"fabric/common/configtx.proto", "fabric/discovery/protocol.proto",
          "fabric/gateway/gateway.proto", "fabric/gossip/message.proto", "fabric/peer/events.proto",
          "fabric/peer/transaction.proto", "fabric/orderer/raftpb.proto",
          "fabric/peer/lifecycle/lifecycle.proto"}) {
        const auto* found =
            google::protobuf::DescriptorPool::generated_pool()->FindFileByName(file);
        QVERIFY2(found != nullptr, file);
        for (int i = 0; i < found->message_type_count(); ++i)
            look(planFor(*found->message_type(i)), seen);
    }
    qInfo("worst: %s takes %.0f times its encoded size", name.c_str(), worst);
    const double safe =
        double(kDefaultLimits.memorySlack) / (worst - double(kDefaultLimits.memoryFactor));
    QVERIFY2(safe > 128 << 10, qPrintable(QString::number(safe)));
}

void MemoryTest::theWorstMebibyte_data() {
    floods();
}

// As many elements as are allowed at all in what a fuzzer may send; read plainly, and with
// something among them that makes the parser copy the bytes first.
void MemoryTest::theWorstMebibyte() {
    QFETCH(QByteArray, piece);
    QFETCH(int, type);
    const MessagePlan& plan = planFor(*typeOf(type).GetDescriptor());
    const auto costOf = [&](std::size_t count) {
        const auto report = scan(plan, repeated(count, bytesOf(piece)), "m", kDefaultLimits);
        return report.ok() ? report->knownCost : 0;
    };
    const auto size = static_cast<std::size_t>(piece.size());
    const std::size_t cost = (costOf(2'000) - costOf(1'000)) / 1'000;
    const std::size_t gained = kDefaultLimits.memoryFactor * size;
    std::size_t count = kFuzzBytes / size;
    if (cost > gained) count = std::min(count, kDefaultLimits.memorySlack / (cost - gained));
    const Bytes bytes = repeated(count - 100, bytesOf(piece));
    for (const Bytes& input : {bytes, bytes + "\x1b\x1c"}) {
        const std::unique_ptr<google::protobuf::Message> message(typeOf(type).New());
        const test::PeakMemory memory;
        VERIFY_OK(parseInto(*message, input, "m"));
        const long growth = memory.growthKiB();
        qInfo("%zu bytes made the process grow by %ld KiB", input.size(), growth);
        if (test::PeakMemory::isTold()) QVERIFY(growth <= kMaxGrowthKiB);
    }
    if (count == kFuzzBytes / size) return;
    const std::unique_ptr<google::protobuf::Message> message(typeOf(type).New());
    const Status status = parseInto(*message, repeated(count + 100, bytesOf(piece)), "m");
    QCOMPARE(reasonOf(status), std::string("TOO_MANY_ELEMENTS"));
}

CHANCERY_TEST(MemoryTest)
#include "MemoryTest.moc"
