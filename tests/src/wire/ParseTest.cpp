#include "src/wire/Parse.h"

#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/configuration.pb.h>
#include <fabric/common/policies.pb.h>
#include <fabric/discovery/protocol.pb.h>
#include <fabric/gateway/gateway.pb.h>
#include <fabric/gossip/message.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>
#include <fabric/peer/events.pb.h>
#include <fabric/peer/lifecycle/lifecycle.pb.h>
#include <fabric/peer/transaction.pb.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <QTemporaryFile>
#include <QTest>
#include <random>

#include "src/base/Encoding.h"
#include "src/wire/Scan.h"
#include "src/wire/Serialize.h"
#include "tests/src/wire/NestedBlock.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::wire;

namespace {

void appendVarint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}

Bytes lengthField(std::uint32_t number, BytesView content) {
    Bytes out;
    appendVarint(out, number << 3 | 2);
    appendVarint(out, content.size());
    out += content;
    return out;
}

Bytes repeated(std::size_t count, BytesView piece) {
    Bytes bytes;
    bytes.reserve(count * piece.size());
    for (std::size_t i = 0; i < count; ++i) bytes += piece;
    return bytes;
}

// Policies inside policies: each level is two messages.
Bytes nestedPolicy(int levels) {
    Bytes bytes("\x08\x00", 2);
    for (int i = 0; i < levels; ++i) bytes = lengthField(2, lengthField(2, bytes));
    return bytes;
}

Bytes nestedGroups(int depth) {
    return repeated(depth, "\x1b") + repeated(depth, "\x1c");
}

template <class M>
Status statusOf(BytesView bytes, const ParseLimits& limits = kDefaultLimits) {
    return parse<M>(bytes, "m", limits).status();
}

std::string problemOf(const Status& status) {
    return argumentOf(status, "problem");
}

}  // namespace

class ParseTest : public QObject {
    Q_OBJECT
private slots:
    void readsABlock();
    void namesFieldAndOffset_data();
    void namesFieldAndOffset();
    void everyFieldOfARealBlockCutShort();
    void everyPrefixOfARealBlock();
    void nestingIsCapped();
    void deepNestingAboveTheDefault();
    void sizeIsCapped();
    void stringsMustBeUtf8();
    void oddEncodingsGoReads();
    void unknownFieldsNeverRefuse();
    void oneByteChangedAnywhere();
    void randomBytes();
    void worksOnAnArena();
    void protobufStaysSilent();
};

void ParseTest::readsABlock() {
    const auto block = parse<common::Block>(test::vectorFile("ledger/blocks/block_7.pb"), "block");
    VERIFY_OK(block);
    QCOMPARE(block->header().number(), std::uint64_t{7});
    QCOMPARE(block->metadata().metadata_size(), 5);
    VERIFY_OK(parse<common::Block>("", "block"));
}

void ParseTest::namesFieldAndOffset_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("offset");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const char* hex, const char* path, const char* field,
                        const char* offset, const char* problem) {
        QTest::newRow(name) << QByteArray(hex) << QString(path) << QString(field) << QString(offset)
                            << QString(problem);
    };
    // common.Block: header {number, previous_hash, data_hash}, data {data*}, metadata {metadata*}
    row("tag only", "0a", "block", "1", "0", "truncated");
    row("length too long", "0a05", "block", "1", "0", "truncated");
    row("inner varint", "0a0108", "block.header", "1", "2", "truncated");
    row("inner bytes", "0a0408011205", "block.header", "2", "4", "truncated");
    row("second data entry", "12070a01610a0500ff", "block.data", "1", "5", "truncated");
    row("second data message",
        "12001202"
        "0a05",
        "block.data", "1", "4", "truncated");
    row("field number 0", "0a000000", "block", "0", "2", "bad_field_number");
    row("wire type 7", "0a020f00", "block.header", "1", "2", "bad_wire_type");
    row("wire type 6", "0a021600", "block.header", "2", "2", "bad_wire_type");
    row("stray end group", "0a010c", "block.header", "1", "2", "unmatched_end_group");
    row("open group", "0a0123", "block.header", "4", "2", "truncated");
    row("wrong end of group", "0a02231c", "block.header", "4", "2", "unmatched_end_group");
    row("eleven byte varint", "0a0c08ffffffffffffffffffff01", "block.header", "1", "2",
        "varint_too_long");
    row("tag without end", "0a0bffffffffffffffffffff01", "block.header", "0", "2",
        "varint_too_long");
    row("tag cut", "0a0188", "block.header", "0", "2", "truncated");
    row("unknown field cut", "220561", "block", "4", "0", "truncated");
}

void ParseTest::namesFieldAndOffset() {
    QFETCH(QByteArray, hex);
    QFETCH(QString, path);
    QFETCH(QString, field);
    QFETCH(QString, offset);
    QFETCH(QString, problem);
    const Status status = parse<common::Block>(*fromHex(hex.toStdString()), "block").status();
    QCOMPARE(status.code(), StatusCode::kInvalidArgument);
    QCOMPARE(reasonOf(status), std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(argumentOf(status, "path"), path.toStdString());
    QCOMPARE(argumentOf(status, "field"), field.toStdString());
    QCOMPARE(argumentOf(status, "offset"), offset.toStdString());
    QCOMPARE(problemOf(status), problem.toStdString());
    QVERIFY(QString::fromStdString(std::string(messageOf(status))).startsWith(path + ": "));
}

namespace {

// Cuts every field of a message, and of the messages in it, one byte short, with all lengths around
// it corrected so that the cut is the only fault.
class Cutter {
public:
    Cutter(const google::protobuf::Message& type, std::string path)
        : m_type(type), m_path(std::move(path)) {}

    void cut(const MessagePlan& plan, BytesView bytes, std::vector<std::uint32_t> around,
             const std::string& path) {
        std::map<std::uint32_t, int> index;
        FieldScanner scanner(bytes);
        while (scanner.next()) {
            const FieldPlan* field = plan.find(scanner.number());
            const Bytes upTo(bytes.substr(0, scanner.offset() + scanner.raw().size() - 1));
            const int at = index[scanner.number()]++;
            expect(upTo, scanner.offset(), scanner.number(), around, path);
            if (field == nullptr || field->message == nullptr) continue;
            auto deeper = around;
            deeper.push_back(scanner.number());
            auto here = path + "." + field->descriptor->name();
            if (field->repeated) here += "[" + std::to_string(at) + "]";
            m_before.emplace_back(bytes.substr(0, scanner.offset()));
            cut(*field->message, scanner.view(), deeper, here);
            m_before.pop_back();
        }
    }
    int cuts = 0;
    QString wrong;

private:
    void expect(Bytes bytes, std::size_t offset, std::uint32_t number,
                const std::vector<std::uint32_t>& around, const std::string& path) {
        for (std::size_t i = around.size(); i-- > 0;) {
            Bytes field = lengthField(around[i], bytes);
            offset += m_before[i].size() + field.size() - bytes.size();
            bytes = m_before[i] + field;
        }
        const std::unique_ptr<google::protobuf::Message> message(m_type.New());
        const Status status = parseInto(*message, bytes, m_path);
        ++cuts;
        const auto got =
            fmt::format("{} {} {} {}", argumentOf(status, "path"), argumentOf(status, "field"),
                        argumentOf(status, "offset"), problemOf(status));
        // A cut that leaves nothing of a field's tag leaves nothing to complain of, but no field is
        // that short.
        const auto want = fmt::format("{} {} {} truncated", path, number, offset);
        if (got != want) wrong = QString::fromStdString(want + " but got " + got);
    }

    const google::protobuf::Message& m_type;
    const std::string m_path;
    std::vector<Bytes> m_before;
};

}  // namespace

void ParseTest::everyFieldOfARealBlockCutShort() {
    int cuts = 0;
    for (const char* file :
         {"ledger/blocks/block_0.pb", "ledger/blocks/block_22.pb", "ledger/blocks/block_277.pb"}) {
        test::decodeNested(test::vectorFile(file),
                           [&](const auto& type, BytesView bytes, const std::string& path) {
                               const std::unique_ptr<google::protobuf::Message> message(type.New());
                               if (!parseInto(*message, bytes, path).ok()) return;
                               Cutter cutter(type, path);
                               cutter.cut(planFor(*type.GetDescriptor()), bytes, {}, path);
                               cuts += cutter.cuts;
                               if (!cutter.wrong.isEmpty()) QFAIL(qPrintable(cutter.wrong));
                           });
    }
    QVERIFY2(cuts > 500, qPrintable(QString::number(cuts)));
}

void ParseTest::everyPrefixOfARealBlock() {
    const Bytes whole = test::vectorFile("ledger/blocks/block_10.pb");
    std::set<std::size_t> ends{0};
    FieldScanner scanner(whole);
    while (scanner.next()) ends.insert(scanner.offset() + scanner.raw().size());
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const Status status =
            parse<common::Block>(BytesView(whole).substr(0, size), "block").status();
        QCOMPARE(status.ok(), ends.contains(size));
        if (!status.ok()) QCOMPARE(problemOf(status), std::string("truncated"));
    }
}

void ParseTest::nestingIsCapped() {
    VERIFY_OK(parse<common::SignaturePolicy>(nestedPolicy(50),
                                             "policy"));  // 100 messages inside the outermost
    const Status status = parse<common::SignaturePolicy>(nestedPolicy(51), "policy").status();
    QCOMPARE(status.code(), StatusCode::kResourceExhausted);
    QCOMPARE(reasonOf(status), std::string("TOO_DEEP"));
    QCOMPARE(argumentOf(status, "limit"), std::string("100"));
    QVERIFY(argumentOf(status, "path").starts_with("policy.n_out_of.rules[0].n_out_of.rules[0]."));
    QCOMPARE(reasonOf(statusOf<common::SignaturePolicy>(nestedPolicy(5'000))),
             std::string("TOO_DEEP"));
    ParseLimits tight;
    tight.maxDepth = 1;
    QCOMPARE(reasonOf(statusOf<common::SignaturePolicy>(nestedPolicy(1), tight)),
             std::string("TOO_DEEP"));
    // Groups can only be unknown fields. They nest as deep as Go reads, on no stack, and then are
    // left out.
    const auto envelope = parse<common::Envelope>("\x0a\x01x" + nestedGroups(10'000), "envelope");
    VERIFY_OK(envelope);
    QCOMPARE(envelope->payload(), std::string("x"));
    QCOMPARE(reasonOf(statusOf<common::Envelope>(nestedGroups(100'000))), std::string("TOO_DEEP"));
}

void ParseTest::deepNestingAboveTheDefault() {
    ParseLimits deep;
    deep.maxDepth = 1'000;
    const auto policy = parse<common::SignaturePolicy>(nestedPolicy(500), "policy", deep);
    VERIFY_OK(policy);
    QCOMPARE(serialize(*policy), nestedPolicy(500));
    QCOMPARE(reasonOf(statusOf<common::SignaturePolicy>(nestedPolicy(501), deep)),
             std::string("TOO_DEEP"));
}

void ParseTest::sizeIsCapped() {
    ParseLimits limits;
    limits.maxBytes = 10;
    VERIFY_OK(
        parse<common::Envelope>("\x0a\x08"
                                "12345678",
                                "envelope", limits));
    const Status status = parse<common::Envelope>(
                              "\x0a\x09"
                              "123456789",
                              "envelope", limits)
                              .status();
    QCOMPARE(status.code(), StatusCode::kResourceExhausted);
    QCOMPARE(reasonOf(status), std::string("TOO_LARGE"));
    QCOMPARE(argumentOf(status, "size"), std::string("11"));
    QCOMPARE(argumentOf(status, "limit"), std::string("10"));
}

void ParseTest::stringsMustBeUtf8() {
    VERIFY_OK(parse<kvrwset::KVRead>(lengthField(1, "grün 链 \U0010FFFF"), "read"));
    for (const BytesView bad :
         {"\xff", "a\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe9\x93", "12345678\x80"}) {
        const Status status =
            parse<kvrwset::KVRWSet>(lengthField(1, {}) + lengthField(1, lengthField(1, bad)), "set")
                .status();
        QCOMPARE(reasonOf(status), std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(problemOf(status), std::string("bad_utf8"));
        QCOMPARE(argumentOf(status, "path"), std::string("set.reads[1]"));
        QCOMPARE(argumentOf(status, "field"), std::string("1"));
    }
    VERIFY_OK(parse<kvrwset::KVWrite>(lengthField(3, "\xff"), "write"));  // bytes may be anything
    // Keys of maps are strings, too.
    QCOMPARE(problemOf(statusOf<common::ConfigGroup>(lengthField(2, lengthField(1, "\xff")))),
             std::string("bad_utf8"));
}

// Go's decoder reads all of these, so a transaction that has them is readable on every peer.
void ParseTest::oddEncodingsGoReads() {
    const auto header = [](const char* hex) {
        return parse<common::BlockHeader>(*fromHex(hex), "header");
    };
    VERIFY_OK(header("0881808080808080808000"));
    QCOMPARE(header("0881808080808080808000")->number(), std::uint64_t{1});
    QCOMPARE(header("8880808080808080800007120168")->number(), std::uint64_t{7});
    QCOMPARE(header("1281808080808080808000610801")->previous_hash(), std::string("a"));
    QCOMPARE(header("1281808080808080808000610801")->number(), std::uint64_t{1});
    QCOMPARE(header("0d01000000")->number(), std::uint64_t{0});  // foreign wire type: unknown
    QCOMPARE(header("08010802")->number(), std::uint64_t{2});    // the last one counts
    const auto block = parse<common::Block>(*fromHex("0a8280808080000801"
                                                     "12030a0161"
                                                     "0a021a00"),
                                            "block");
    VERIFY_OK(block);
    QCOMPARE(block->header().number(), std::uint64_t{1});
    QCOMPARE(block->data().data(0), std::string("a"));
    const auto metadata = parse<etcdraft::BlockMetadata>(*fromHex("0801"
                                                                  "0a020203"
                                                                  "0a03848000"),
                                                         "metadata");
    VERIFY_OK(metadata);
    QCOMPARE(metadata->consenter_ids_size(), 4);
    QCOMPARE(problemOf(parse<etcdraft::BlockMetadata>(*fromHex("0a020280"), "metadata").status()),
             std::string("truncated"));
    // A tenth byte above 1 is refused by Go and would be cut to size by C++.
    QCOMPARE(problemOf(header("08ffffffffffffffffff02").status()), std::string("varint_too_long"));
}

void ParseTest::unknownFieldsNeverRefuse() {
    const Bytes known = "\x0a\x01x";
    const auto kept = parse<common::Envelope>(known + "\x18\x01", "envelope");
    VERIFY_OK(kept);
    QCOMPARE(serialize(*kept), known + "\x18\x01");
    // 20 MB of them would take half a gigabyte: read, but not kept.
    VERIFY_OK(parse<common::Envelope>(known + nestedGroups(3), "envelope"));
    const auto flooded =
        parse<common::Envelope>(known + repeated(10'000'000, "\x18\x01"), "envelope");
    VERIFY_OK(flooded);
    QCOMPARE(serialize(*flooded), known);
}

void ParseTest::oneByteChangedAnywhere() {
    std::mt19937 random(7);
    std::size_t failures = 0;
    test::decodeNested(test::vectorFile("ledger/blocks/block_22.pb"),
                       [&](const auto& type, BytesView bytes, const std::string& path) {
                           for (std::size_t at = 0; at < bytes.size(); at += 1 + random() % 3) {
                               Bytes changed(bytes);
                               changed[at] = static_cast<char>(random());
                               const std::unique_ptr<google::protobuf::Message> message(type.New());
                               const Status status = parseInto(*message, changed, path);
                               if (status.ok()) continue;
                               ++failures;
                               if (problemOf(status) == "refused")
                                   QFAIL(qPrintable(QString::fromStdString(toHex(changed))));
                           }
                       });
    QVERIFY2(failures > 100, qPrintable(QString::number(failures)));
}

void ParseTest::randomBytes() {
    std::mt19937 random(42);
    const google::protobuf::Message* types[] = {
        &common::Block::default_instance(),         &common::ConfigEnvelope::default_instance(),
        &gossip::GossipMessage::default_instance(), &gateway::EndorseRequest::default_instance(),
        &protos::Transaction::default_instance(),   &discovery::Response::default_instance(),
        &kvrwset::KVRWSet::default_instance(),      &protos::DeliverResponse::default_instance()};
    std::size_t good = 0;
    for (int i = 0; i < 200'000; ++i) {
        Bytes bytes(random() % 64, '\0');
        // Small numbers make tags and lengths that fit.
        for (char& byte : bytes)
            byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 34);
        const auto& type = *types[random() % std::size(types)];
        const std::unique_ptr<google::protobuf::Message> message(type.New());
        const Status status = parseInto(*message, bytes, "m");
        good += status.ok() ? 1 : 0;
        // Protobuf may be stricter in what it reads (see the odd encodings), never more lenient.
        const bool decoded = message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        if (decoded && !status.ok() && problemOf(status) != "varint_too_long" &&
            problemOf(status) != "bad_field_number")
            QFAIL(qPrintable(QString::fromStdString(type.GetTypeName() + " " + toHex(bytes) + " " +
                                                    status.ToString())));
        if (problemOf(status) == "refused") QFAIL(qPrintable(QString::fromStdString(toHex(bytes))));
    }
    QVERIFY(good > 1'000);
}

void ParseTest::worksOnAnArena() {
    google::protobuf::Arena arena;
    auto* block = google::protobuf::Arena::CreateMessage<common::Block>(&arena);
    VERIFY_OK(parseInto(*block, test::vectorFile("ledger/blocks/block_3.pb"), "block"));
    QCOMPARE(block->header().number(), std::uint64_t{3});
    VERIFY_OK(
        parseInto(*block, test::vectorFile("ledger/blocks/block_4.pb"), "block"));  // cleared first
    QCOMPARE(block->header().number(), std::uint64_t{4});
    QCOMPARE(block->metadata().metadata_size(), 5);
}

// Our own calls never let bad text reach protobuf, but gRPC and others beside us do.
void ParseTest::protobufStaysSilent() {
    QTemporaryFile file;
    QVERIFY(file.open());
    std::fflush(stderr);
    const int saved = dup(STDERR_FILENO);
    dup2(file.handle(), STDERR_FILENO);
    kvrwset::KVRead read;
    const bool decoded = read.ParseFromString(lengthField(1, "\xff"));
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    QVERIFY(!decoded);
    file.seek(0);
    QCOMPARE(file.readAll(), QByteArray());
}

CHANCERY_TEST(ParseTest)
#include "ParseTest.moc"
