#include <future>

#include "node/contract/StuckWatch.h"
#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using namespace std::chrono_literals;

class LimitsTest : public QObject {
    Q_OBJECT

private slots:
    void endless_data() {
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* code) { QTest::newRow(code) << QByteArray(code); };
        row("for (;;);");
        row("for (;;) { try { for (;;); } catch (e) {} finally { for (;;); } }");
        row("for (;;) await null;");
        row("const again = () => Promise.resolve().then(again); await again();");
        row("await (async () => { for await (const x of (async function* () { for (;;) yield 1; "
            "})()); })();");
        row("const f = async () => { await null; return f(); }; await f();");
        row("[1, 2].sort(() => { for (;;); })");
        row("JSON.stringify({toJSON() { for (;;); }})");
        row("return {get a() { for (;;); }}");
        row("await stub.getState('a'); for (;;);");
    }
    // Ended, and the host goes on: with transactions that were there before too.
    void endless() {
        QFETCH(QByteArray, code);
        const auto host = startContract(evalFiles(), {.computing = 100ms});
        FakePeer peer(*host, [](const FakePeer::Message& question) {
            return question.channel_id() == "slow" ? std::nullopt
                                                   : std::optional(FakePeer::respond(question));
        });
        peer.begin({.args = {"Run", "return (await stub.getState('a')).toString()"},
                    .channel = "slow",
                    .txId = "before"});
        peer.waitForQuestions(2);
        const auto before = peer.questions().back();
        const auto outcome = peer.invoke({.args = {"Run", code.toStdString()}});
        QVERIFY(!outcome.completed);
        QCOMPARE(outcome.message,
                 std::string("the contract computed longer than the 100 ms that it may"));
        QCOMPARE(runText(peer, "return 1"), std::string("1"));
        peer.send(FakePeer::respond(before, "still here"));
        QCOMPARE(peer.finish("before").payload, std::string("\"still here\""));
    }

    void endlessBehindTheAnswer() {
        const auto host = startContract(evalFiles(), {.computing = 100ms});
        FakePeer peer(*host, {});
        const std::string code =
            "const again = () => { queueMicrotask(again); }; again(); return 1";
        for (int i = 0; i < 2; ++i) QCOMPARE(runText(peer, code), std::string("1"));
        QCOMPARE(runText(peer, "return 2"), std::string("2"));
    }

    void neverSettled_data() {
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* code) { QTest::newRow(code) << QByteArray(code); };
        row("await new Promise(() => 1)");
        row("await stub.getState('a'); await new Promise(() => 1)");
        row("return {then() {}}");
    }
    void neverSettled() {
        QFETCH(QByteArray, code);
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, [](const auto& question) { return FakePeer::respond(question); });
        const auto outcome = peer.invoke({.args = {"Run", code.toStdString()}});
        QVERIFY(!outcome.completed);
        QVERIFY2(outcome.message.starts_with("the contract waits for something that never comes"),
                 outcome.message.c_str());
    }

    void aSilentPeer() {
        const auto host = startContract(evalFiles(), {.lasting = 50ms});
        FakePeer peer(*host, {});
        const auto outcome = peer.invoke({.args = {"Run", "await stub.getState('a')"}});
        QVERIFY(!outcome.completed);
        QCOMPARE(outcome.message,
                 std::string("the transaction took longer than the 50 ms that it may"));
        QVERIFY(peer.invoke({.args = {"Run", "return 1"}}).ok());
    }

    void recursion() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        QCOMPARE(runText(peer, "const f = () => f() + 1; return f()"),
                 std::string("error: Maximum call stack size exceeded."));
        QCOMPARE(runText(peer, "const f = () => f() + 1; try { f() } catch (e) { return e.name }"),
                 std::string("\"RangeError\""));
        QCOMPARE(runText(peer, "let a = []; for (let i = 0; i < 1e6; ++i) a = [a]; return a"),
                 std::string("error: Maximum call stack size exceeded."));
        QCOMPARE(runText(peer, "return 1"), std::string("1"));
    }

    void memory_data() {
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* code) { QTest::newRow(code) << QByteArray(code); };
        row("const all = []; for (;;) all.push(new Array(1000).fill(7))");
        row("let s = 'x'; const all = []; for (;;) { all.push(new Uint8Array(1 << 20).fill(1)) }");
        row("const m = new Map(); for (let i = 0; ; ++i) m.set(i, {i})");
    }
    void memory() {
        QFETCH(QByteArray, code);
        // Above what a test with its libraries has anyway.
        const auto host = startContract(
            evalFiles(), {.computing = 30s, .lasting = 60s, .maxMemoryBytes = 400U << 20});
        FakePeer peer(*host, {});
        const auto outcome = peer.invoke({.args = {"Run", code.toStdString()}});
        QVERIFY(!outcome.completed);
        QCOMPARE(outcome.message,
                 std::string("the contract took more than the 400 MiB of memory that it may"));
        QCOMPARE(runText(peer, "return 1"), std::string("1"));
    }

    void writes() {
        const auto host = startContract(evalFiles(), {.maxWriteBytes = 1000});
        FakePeer peer(*host, [](const auto& question) { return FakePeer::respond(question); });
        QCOMPARE(
            runText(peer, "for (let i = 0; ; ++i) await stub.putState('k' + i, 'x'.repeat(100))"),
            std::string("error: the transaction writes more than 1000 bytes"));
        QCOMPARE(runText(peer, "await stub.putState('k', 'x'.repeat(900))"),
                 std::string("undefined"));
    }

    void questions() {
        const auto host = startContract(evalFiles(), {.maxQuestions = 10});
        FakePeer peer(*host, [](const auto& question) { return FakePeer::respond(question); });
        QCOMPARE(runText(peer, "for (;;) await stub.getState('k')"),
                 std::string("error: the transaction asks its peer more than 10 times"));
    }

    void transactions() {
        const auto host = startContract(evalFiles(), {.maxTransactions = 2});
        FakePeer peer(*host, {});
        for (const char* id : {"a", "b"})
            peer.begin({.args = {"Run", "await stub.getState('k')"}, .txId = id});
        peer.waitForQuestions(3);
        QCOMPARE(peer.invoke({.args = {"Run", "return 1"}}).message,
                 std::string("2 transactions run already"));
    }

    // One operation of the engine, which it does not interrupt; here a call that never ends.
    void stuck_data() {
        QTest::addColumn<int>("busy");
        QTest::addColumn<quint64>("memory");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("time") << 0 << ~quint64(0) << QByteArray("without giving control back");
        QTest::newRow("memory") << 1'000'000 << quint64(1) << QByteArray("of memory at once");
    }
    void stuck() {
        QFETCH(int, busy);
        QFETCH(quint64, memory);
        QFETCH(QByteArray, why);
        node::contract::BusyMeter meter;
        std::promise<std::string> told;
        std::atomic<bool> once = false;
        const node::contract::StuckWatch watch(
            meter, {std::chrono::milliseconds(busy), memory, std::chrono::milliseconds(1)},
            [&](std::string_view sentence) {
                if (!once.exchange(true)) told.set_value(std::string(sentence));
            });
        meter.begin();
        const std::string sentence = told.get_future().get();
        QVERIFY2(sentence.find(why.toStdString()) != sentence.npos, sentence.c_str());
    }

    void aPackageThatLoops() {
        const std::string why = whyNotStarted({{"index.js", "for (;;);"}}, {.computing = 100ms});
        QVERIFY2(why.find("computed longer than the 100 ms") != why.npos, why.c_str());
    }
};

CHANCERY_TEST(LimitsTest)
#include "LimitsTest.moc"
