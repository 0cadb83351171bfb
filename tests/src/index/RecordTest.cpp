#include "src/index/Record.h"

#include "tests/support/TestMain.h"

using namespace chancery;

class RecordTest : public QObject {
    Q_OBJECT
private slots:
    void keepsEverything();
    void refusesWhatIsCut();
};

namespace {

verify::Cause cause() {
    verify::Cause cause{.reason = "KEY_CHANGED",
                        .sentence = "It changed.",
                        .arguments = {{"key", "k"}},
                        .field = "a.b"};
    cause.conflict = verify::ReadConflict{
        .ns = "assets", .collection = {}, .key = std::string("k\0x", 3), .read = {{5, 1}}};
    cause.conflict->writer = verify::OtherTransaction{{7, 2}, TxId("abc")};
    cause.phantom = verify::PhantomRead{.start = "a", .end = "b", .summarised = true};
    cause.phantom->difference.key = "aa";
    cause.original = verify::OtherTransaction{{~0ULL, ~0ULL}, TxId()};
    return cause;
}

verify::Finding finding() {
    return {.severity = verify::Severity::Warning,
            .reason = "ODD",
            .sentence = "Something.",
            .arguments = {{"block", "12"}, {"empty", ""}},
            .block = 12,
            .transaction = 3,
            .txId = TxId("id"),
            .file = "/a/file",
            .bytes = verify::ByteRange{1, 2},
            .cause = cause()};
}

index::Checkpoint checkpoint() {
    index::Checkpoint it{.channel = ChannelId("c"), .first = 0, .last = 9};
    it.headerHash = "hash";
    it.commitHash = Bytes();
    it.start = say("TRUSTED", "trusted {n}", {{"n", "1"}});
    it.ended = true;
    it.blocks = 10;
    it.elapsedNanos = ~0ULL;
    return it;
}

}  // namespace

void RecordTest::keepsEverything() {
    const auto read = index::decodeCause(index::encode(cause()));
    QVERIFY(read);
    QCOMPARE(read->reason, cause().reason);
    QCOMPARE(read->field, cause().field);
    QVERIFY(read->arguments == cause().arguments);
    QCOMPARE(read->conflict->key, cause().conflict->key);
    QVERIFY(read->conflict->read == cause().conflict->read);
    QVERIFY(!read->conflict->current);
    QCOMPARE(read->conflict->writer->txId.str(), std::string("abc"));
    QVERIFY(read->phantom->summarised);
    QCOMPARE(read->phantom->difference.key, std::string("aa"));
    QVERIFY(read->original->place == cause().original->place);
    const auto told = index::decodeFinding(index::encode(finding()));
    QVERIFY(told);
    QVERIFY(told->severity == verify::Severity::Warning);
    QCOMPARE(told->block.value_or(0), 12U);
    QCOMPARE(told->transaction.value_or(0), 3U);
    QCOMPARE(told->bytes->end, 2U);
    QCOMPARE(told->cause->sentence, cause().sentence);
    const auto at = index::decodeCheckpoint(index::encode(checkpoint()));
    QVERIFY(at);
    QCOMPARE(at->channel.str(), std::string("c"));
    QCOMPARE(at->last.value_or(0), 9U);
    QVERIFY(at->commitHash && at->commitHash->empty());
    QVERIFY(!at->verifiedTo);
    QVERIFY(at->ended);
    QCOMPARE(at->elapsedNanos, ~0ULL);
    QCOMPARE(index::encode(*at), index::encode(checkpoint()));
    QCOMPARE(index::decodeIds(index::encode(std::vector<std::int64_t>{1, 5, 1LL << 40})),
             (std::vector<std::int64_t>{1, 5, 1LL << 40}));
}

void RecordTest::refusesWhatIsCut() {
    const Bytes whole = index::encode(finding());
    for (std::size_t size = 0; size < whole.size(); ++size)
        QVERIFY(!index::decodeFinding(BytesView(whole).substr(0, size)));
    QVERIFY(!index::decodeFinding(whole + "x"));
    const Bytes at = index::encode(checkpoint());
    for (std::size_t size = 0; size < at.size(); ++size)
        QVERIFY(!index::decodeCheckpoint(BytesView(at).substr(0, size)));
    // A length beyond the bytes must not be believed.
    QVERIFY(!index::decodeCause(Bytes(8, '\xff')));
}

CHANCERY_TEST(RecordTest)
#include "RecordTest.moc"
