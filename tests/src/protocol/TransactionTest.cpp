#include "src/protocol/Transaction.h"

#include <fmt/format.h>

#include <random>

#include "src/protocol/Block.h"
#include "tests/src/protocol/ProtobufReading.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

constexpr Layer kReplaceable[] = {Layer::Envelope,
                                  Layer::Payload,
                                  Layer::ChannelHeader,
                                  Layer::SignatureHeader,
                                  Layer::Creator,
                                  Layer::HeaderExtension,
                                  Layer::Transaction,
                                  Layer::ActionHeader,
                                  Layer::ProposalPayload,
                                  Layer::ResponsePayload,
                                  Layer::ChaincodeAction,
                                  Layer::ReadWriteSet,
                                  Layer::Event};

/// Sound endorser transactions of the vectors, of every shape.
const std::vector<Transaction>& models() {
    static const std::vector<Transaction> all = [] {
        std::vector<Transaction> out;
        for (int number = 1; number < 278; ++number)
            for (auto& tx :
                 Block::parse(test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", number)))
                     .value()
                     .transactions())
                if (tx.actions.size() == 1 && tx.faults.empty()) out.push_back(std::move(tx));
        return out;
    }();
    return all;
}

std::string mutated(std::string bytes, std::mt19937& random) {
    const auto at = [&] { return random() % bytes.size(); };
    for (int i = 0, count = 1 + static_cast<int>(random() % 3); i < count; ++i) {
        switch (random() % 6) {
            case 0:
                bytes[at()] = static_cast<char>(random());
                break;
            case 1:
                bytes[at()] = static_cast<char>(bytes[at()] ^ (1 << (random() % 8)));
                break;
            case 2:
                bytes.insert(at(), 1, static_cast<char>(random()));
                break;
            case 3:
                bytes.erase(at(), 1 + random() % 4);
                break;
            case 4:
                bytes.append(bytes.substr(at(), random() % 40));
                break;
            case 5:  // padded numbers and odd tags
                bytes.insert(at(), std::string("\x80\x80\x00", 3));
                break;
        }
        if (bytes.empty()) bytes = "x";
    }
    return bytes;
}

std::string describe(Layer layer, const std::string& what, const std::string& bytes) {
    return fmt::format("{}: {} in {}", nameOf(layer), what,
                       QByteArray::fromStdString(bytes).toHex().left(4000).toStdString());
}

}  // namespace

/// The hand-written decoder against generated protobuf classes, which the wire room holds to Go's
/// rules.
class TransactionTest : public QObject {
    Q_OBJECT

private slots:
    void allModelsAgree() {
        QVERIFY(models().size() > 380);
        for (const Transaction& model : models())
            QCOMPARE(QString::fromStdString(test::disagreement(model)), QString());
    }

    void everyLayerMayBeReplaced() {
        for (const Layer layer : kReplaceable) {
            const Bytes same =
                test::envelopeWith(models()[40], layer, test::layerBytes(models()[40], layer));
            QVERIFY(Transaction::decode(SharedBytes(same)).faults.empty());
        }
    }

    void mutatedEnvelopes() {
        std::mt19937 random(1);
        for (std::size_t i = 0; i < models().size(); i += 7)
            for (int round = 0; round < 60; ++round) {
                const std::string bytes = mutated(std::string(models()[i].bytes.view()), random);
                const auto tx = Transaction::decode(SharedBytes(bytes));
                const std::string what = test::disagreement(tx);
                QVERIFY2(what.empty(), describe(Layer::Envelope, what, bytes).c_str());
            }
    }

    /// Mutations of a whole envelope mostly hit certificates; these go where the structure is.
    void mutatedLayers() {
        std::mt19937 random(2);
        std::size_t faults = 0;
        for (std::size_t i = 0; i < models().size(); i += 11)
            for (const Layer layer : kReplaceable)
                for (int round = 0; round < 12; ++round) {
                    const BytesView original = test::layerBytes(models()[i], layer);
                    if (original.empty()) continue;
                    const std::string bytes = test::envelopeWith(
                        models()[i], layer, mutated(std::string(original), random));
                    const auto tx = Transaction::decode(SharedBytes(bytes));
                    faults += tx.faults.size();
                    const std::string what = test::disagreement(tx);
                    QVERIFY2(what.empty(), describe(layer, what, bytes).c_str());
                }
        QVERIFY(faults > 1000);
    }

    /// Two messages one behind the other are one message to a parser: last value wins, messages
    /// merge, lists add up.
    void joinedLayers() {
        for (std::size_t i = 0; i + 5 < models().size(); i += 3)
            for (const Layer layer : kReplaceable) {
                const std::string joined = std::string(test::layerBytes(models()[i], layer)) +
                                           std::string(test::layerBytes(models()[i + 5], layer));
                const std::string bytes = test::envelopeWith(models()[i], layer, joined);
                const std::string what =
                    test::disagreement(Transaction::decode(SharedBytes(bytes)));
                QVERIFY2(what.empty(), describe(layer, what, bytes).c_str());
            }
    }

    void aFaultHidesOnlyWhatLiesInside() {
        const Transaction& model = models()[40];
        for (const Layer layer : kReplaceable) {
            const auto tx =
                Transaction::decode(SharedBytes(test::envelopeWith(model, layer, "\xff\xff")));
            const Status* fault = tx.faultOf(layer);
            QVERIFY2(fault != nullptr, std::string(nameOf(layer)).c_str());
            QCOMPARE(reasonOf(*fault), std::string("MALFORMED_PROTOBUF"));
            QCOMPARE(argumentOf(*fault, "offset"), std::string("0"));
            QVERIFY(!tx.reached(layer));
            for (const Layer other : kReplaceable)
                if (other < layer && (layer < Layer::ActionHeader || other < Layer::ActionHeader) &&
                    !(other == Layer::Creator && layer == Layer::SignatureHeader))
                    QVERIFY2(
                        tx.reached(other),
                        fmt::format("{} behind a faulty {}", nameOf(other), nameOf(layer)).c_str());
        }
    }

    void faultsTellPathAndOffset() {
        const Transaction& model = models()[40];
        // TxReadWriteSet{ns{namespace "n", rwset{reads{key: invalid UTF-8}}}}
        const std::string set("\x12\x0a\x0a\x01n\x12\x05\x0a\x03\x0a\x01\xff", 12);
        const auto tx =
            Transaction::decode(SharedBytes(test::envelopeWith(model, Layer::ReadWriteSet, set)));
        const Status* fault = tx.faultOf(Layer::ReadWriteSet);
        QVERIFY(fault != nullptr);
        QCOMPARE(argumentOf(*fault, "path"), std::string("results.ns_rwset[0].rwset.reads[0].key"));
        QCOMPARE(argumentOf(*fault, "offset"), std::string("9"));
        QCOMPARE(argumentOf(*fault, "problem"), std::string("bad_utf8"));
    }

    void elementsAreCapped() {
        const Transaction& model = models()[40];
        Bytes reads;
        for (std::size_t i = 0; i < (std::size_t{1} << 20) + 1; ++i) reads.append("\x0a\x00", 2);
        Bytes ns("\x12", 1);
        for (std::size_t size = reads.size(); size != 0; size >>= 7)
            ns.push_back(static_cast<char>(size >= 0x80 ? (size & 0x7f) | 0x80 : size));
        ns += reads;
        Bytes set("\x12", 1);
        for (std::size_t size = ns.size(); size != 0; size >>= 7)
            set.push_back(static_cast<char>(size >= 0x80 ? (size & 0x7f) | 0x80 : size));
        set += ns;
        const auto tx =
            Transaction::decode(SharedBytes(test::envelopeWith(model, Layer::ReadWriteSet, set)));
        QCOMPARE(reasonOf(*tx.faultOf(Layer::ReadWriteSet)), std::string("TOO_MANY_ELEMENTS"));
    }

    void oneofKeepsItsLastMember() {
        // RangeQueryInfo with raw reads, then a summary, then raw reads again: only the last ones
        // stand.
        const std::string query(
            "\x22\x05\x0a\x03\x0a\x01"
            "a"
            "\x2a\x02\x08\x32"
            "\x22\x05\x0a\x03\x0a\x01"
            "b",
            18);
        const std::string inner = std::string("\x12\x12", 2) + query;
        const std::string ns = std::string("\x12\x14", 2) + inner;
        const std::string set = std::string("\x12\x16", 2) + ns;
        const auto decoded = decodeReadWriteSet(set);
        VERIFY_OK(decoded);
        const auto& results = decoded->namespaces.at(0).rangeQueries.at(0).results;
        const auto& reads = std::get<std::vector<KeyRead>>(results);
        QCOMPARE(reads.size(), std::size_t{1});
        QCOMPARE(reads[0].key, std::string_view("b"));
        const auto tx = Transaction::decode(
            SharedBytes(test::envelopeWith(models()[40], Layer::ReadWriteSet, set)));
        QCOMPARE(QString::fromStdString(test::disagreement(tx)), QString());
    }
};

CHANCERY_TEST(TransactionTest)
#include "TransactionTest.moc"
