#include "src/wire/Serialize.h"

#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/policies.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>
#include <fabric/orderer/raftpb.pb.h>
#include <fabric/peer/chaincode.pb.h>
#include <fabric/peer/lifecycle/db.pb.h>

#include <QTest>
#include <random>

#include "src/base/Encoding.h"
#include "src/wire/Parse.h"
#include "src/wire/Scan.h"
#include "tests/src/wire/NestedBlock.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::wire;

class SerializeTest : public QObject {
    Q_OBJECT
private slots:
    void defaultsAndOneofs();
    void mapsAreSorted();
    void raftMessagesAsGoWritesThem();
    void verdictsOfARealPeer_data();
    void verdictsOfARealPeer();
    void everyRealEnvelopeIsCanonical();
    void unknownFieldsAsGoKeepsThem();
    void agreesWithADecoderAndEncoder();
};

void SerializeTest::defaultsAndOneofs() {
    QCOMPARE(serialize(common::Block()), Bytes());
    common::SignaturePolicy leaf;
    leaf.set_signed_by(0);
    QCOMPARE(toHex(serialize(leaf)), std::string("0800"));
    lifecycle::StateData data;
    data.set_bytes("");
    QCOMPARE(toHex(serialize(data)), std::string("1200"));
    data.set_int64(1);
    QCOMPARE(toHex(serialize(data)), std::string("0801"));
    kvrwset::KVRWSet set;  // a private write of a real network, see the fact sheet
    set.add_writes()->set_key("p1");
    set.mutable_writes(0)->set_value("secret");
    QCOMPARE(toHex(serialize(set)), std::string("1a0c0a0270311a06736563726574"));
}

void SerializeTest::mapsAreSorted() {
    protos::ChaincodeInput one;
    protos::ChaincodeInput two;
    for (int i = 0; i < 100; ++i) (*one.mutable_decorations())["key" + std::to_string(i)] = "v";
    for (int i = 99; i >= 0; --i) (*two.mutable_decorations())["key" + std::to_string(i)] = "v";
    const Bytes bytes = serialize(one);
    QCOMPARE(bytes, serialize(two));
    QVERIFY(reencodesIdentically<protos::ChaincodeInput>(bytes));
    QVERIFY(!reencodesIdentically<protos::ChaincodeInput>(
        *fromHex("12060a016212013112060a0161120131")));
    QVERIFY(
        reencodesIdentically<protos::ChaincodeInput>(*fromHex("12060a016112013112060a0162120131")));
    QVERIFY(!reencodesIdentically<protos::ChaincodeInput>(
        *fromHex("12060a016112013112060a0161120131")));
    QVERIFY(!reencodesIdentically<protos::ChaincodeInput>(
        *fromHex("12030a0161")));  // without its value
    QVERIFY(reencodesIdentically<protos::ChaincodeInput>(*fromHex("12040a001200")));
}

void SerializeTest::raftMessagesAsGoWritesThem() {
    raftpb::Entry entry;
    entry.set_type(raftpb::EntryNormal);
    entry.set_term(1);
    entry.set_index(2);
    QCOMPARE(toHex(serialize(entry)), std::string("080010011802"));
    QVERIFY(reencodesIdentically<raftpb::Entry>(serialize(entry)));
}

void SerializeTest::verdictsOfARealPeer_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("error");
    for (const auto& item : test::facts()["block_verification"]["cases"]) {
        const auto file = QString::fromStdString(item["file"].get<std::string>());
        const auto error = item["error"].is_null()
                               ? QString()
                               : QString::fromStdString(item["error"].get<std::string>());
        QTest::newRow(qPrintable(file)) << file << error;
    }
}

// The peer's test of a block's envelopes: decodable, payload and signature there, and the same
// bytes again.
void SerializeTest::verdictsOfARealPeer() {
    QFETCH(QString, file);
    QFETCH(QString, error);
    const auto block =
        parse<common::Block>(test::vectorFile("ledger/blockcheck/" + file.toStdString()), "block");
    VERIFY_OK(block);
    bool decodable = true;
    bool complete = true;
    bool identical = true;
    for (const auto& bytes : block->data().data()) {
        const auto envelope = parse<common::Envelope>(bytes, "envelope");
        decodable = decodable && envelope.ok();
        if (!envelope.ok()) continue;
        complete = complete && !envelope->payload().empty() && !envelope->signature().empty();
        identical = identical && reencodesIdentically<common::Envelope>(bytes);
    }
    QCOMPARE(!decodable, error.contains("cannot parse invalid wire-format data"));
    QCOMPARE(!complete, error.contains("has no payload") || error.contains("has no signature"));
    QCOMPARE(!identical, error.contains("trailing bytes") ||
                             error.contains("malformed transactions: transaction 1 ("));
    QCOMPARE(!(decodable && complete && identical), error.contains("malformed transactions"));
}

void SerializeTest::everyRealEnvelopeIsCanonical() {
    std::size_t seen = 0;
    for (int number = 0; number < 278; ++number) {
        const auto block = parse<common::Block>(
            test::vectorFile("ledger/blocks/block_" + std::to_string(number) + ".pb"), "block");
        VERIFY_OK(block);
        for (const auto& envelope : block->data().data()) {
            QVERIFY(reencodesIdentically<common::Envelope>(envelope));
            ++seen;
        }
    }
    QVERIFY(seen > 400);
}

void SerializeTest::unknownFieldsAsGoKeepsThem() {
    const auto identical = [](const char* hex) {
        return reencodesIdentically<common::Envelope>(*fromHex(hex));
    };
    QVERIFY(identical("0a0161120162"));
    QVERIFY(identical("0a01611201621801"));
    QVERIFY(identical("0a01611201621881808000"));    // padding in a value
    QVERIFY(!identical("0a0161120162988000"));       // padding in its tag: Go writes tags anew
    QVERIFY(identical("0a01611201621a81808000ff"));  // padding in its length
    QVERIFY(identical("0a01611201621b18011c"));      // a group
    QVERIFY(identical("0a01610801"));                // field 1 as a number: unknown to Go
    QVERIFY(!identical("08010a0161"));               // and so it must not stand before
    QVERIFY(!identical("18010a0161120162"));
    QVERIFY(!identical("0a01611801120162"));
    QVERIFY(!identical("8a000161120162"));  // padded tag of a known field
    QVERIFY(!identical("0a810061120162"));  // padded length
    QVERIFY(!identical("0a00120162"));      // a default that Go leaves out
    QVERIFY(!identical("0a01610a0161"));
    QVERIFY(!identical("1201620a0161"));
    QVERIFY(!identical("0a016112016218"));
    QVERIFY(identical(""));
}

// Where all fields are known and no map is involved, C++ protobuf must come to the same verdict by
// decoding and encoding. Real messages, changed at random, are the input.
void SerializeTest::agreesWithADecoderAndEncoder() {
    std::mt19937 random(20);
    std::size_t identical = 0;
    std::size_t different = 0;
    const auto compare = [&](const google::protobuf::Message& type, BytesView bytes) {
        const MessagePlan& plan = planFor(*type.GetDescriptor());
        const std::unique_ptr<google::protobuf::Message> message(type.New());
        const auto report = scan(plan, bytes, "m", kDefaultLimits);
        if (!report.ok()) {
            if (reencodesIdentically(plan, bytes)) QFAIL("malformed, but identical");
            return;
        }
        if (report->odd) return;  // then unknown fields are not kept
        VERIFY_OK(parseInto(*message, bytes, "m"));
        const Bytes again = serialize(*message);
        const bool same = again == bytes;
        same ? ++identical : ++different;
        if (same == reencodesIdentically(plan, bytes)) return;
        // C++ shortens unknown fields where Go keeps them; that is the only difference allowed.
        message->DiscardUnknownFields();
        const Bytes known = serialize(*message);
        if (same || known.size() == again.size())
            QFAIL(qPrintable(QString::fromStdString(type.GetTypeName() + " " + toHex(bytes))));
    };
    const auto visit = [&](const google::protobuf::Message& type, BytesView bytes,
                           const std::string&) {
        compare(type, bytes);
        for (int i = 0; i < 10 && !bytes.empty(); ++i) {
            Bytes changed(bytes);
            const std::size_t near =
                random() % 4 != 0 ? std::min<std::size_t>(changed.size(), 12) : changed.size();
            changed[random() % near] =
                static_cast<char>(random() % 3 == 0 ? random() % 256 : random() % 32);
            compare(type, changed);
        }
    };
    for (int number = 0; number < 278; number += 3)
        test::decodeNested(
            test::vectorFile("ledger/blocks/block_" + std::to_string(number) + ".pb"), visit);
    QVERIFY(identical > 5000);
    QVERIFY(different > 500);
}

CHANCERY_TEST(SerializeTest)
#include "SerializeTest.moc"
