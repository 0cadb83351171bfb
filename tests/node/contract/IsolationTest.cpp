#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

namespace {

using Message = FakePeer::Message;

}  // namespace

// What one transaction does, no other one sees.
class IsolationTest : public QObject {
    Q_OBJECT

private slots:
    void modulesBelongToOneTransaction() {
        const auto host = startContract(
            {{"package.json", R"({"main": "index.js"})"},
             {"counter.js", "let n = 0; exports.cache = {}; exports.next = () => ++n;"},
             {"data.json", R"({"n": 1})"},
             {"index.js", R"(
const {Contract} = require('fabric-contract-api');
const counter = require('./counter');
let own = 0;
class Counting extends Contract {
    static shared = 0;
    constructor() { super('counting'); this.calls = 0; }
    async Count(ctx) {
        counter.cache.hits = (counter.cache.hits ?? 0) + 1;
        require('./data.json').n += 1;
        Counting.extra = (Counting.extra ?? 0) + 1;
        return [++own, counter.next(), counter.cache.hits, ++this.calls, ++Counting.shared,
                Counting.extra, require('./data.json').n];
    }
}
module.exports.contracts = [Counting];
)"}});
        FakePeer peer(*host, {});
        for (int i = 0; i < 3; ++i)
            QCOMPARE(peer.invoke({.args = {"Count"}}).payload, std::string("[1,1,1,1,1,1,2]"));
    }

    void nothingSharedCanBeChanged_data() {
        QTest::addColumn<QByteArray>("write");
        QTest::addColumn<QByteArray>("read");
        const auto row = [](const char* write, const char* read) {
            QTest::newRow(write) << QByteArray(write) << QByteArray(read);
        };
        row("globalThis.leak = 1", "typeof leak");
        row("leak = 1", "typeof leak");
        row("eval('var leak = 1')", "typeof leak");
        row("(0, eval)('var leak = 1')", "typeof leak");
        row("(0, eval)('let leak = 1')", "typeof leak");
        row("new Function('leak = 1')()", "typeof leak");
        row("undefined = 1", "typeof undefined");
        row("Object.prototype.leak = 1", "typeof ({}).leak");
        row("Object.defineProperty(Object.prototype, 'leak', {value: 1})", "typeof ({}).leak");
        row("({}).__proto__.leak = 1", "typeof ({}).leak");
        row("Object.setPrototypeOf(Object.prototype, {leak: 1})", "typeof ({}).leak");
        row("Object.setPrototypeOf(globalThis, {leak: 1})", "typeof leak");
        row("Array.prototype.push = () => 'mine'", "typeof [].push(1)");
        row("delete Array.prototype.map", "typeof [].map");
        row("Array.prototype[Symbol.iterator] = 1", "typeof [][Symbol.iterator]");
        row("[][Symbol.iterator]().__proto__.leak = 1", "typeof [][Symbol.iterator]().leak");
        row("(function* () {})().__proto__.__proto__.leak = 1", "typeof (function* () {})().leak");
        row("Object.getPrototypeOf(async function () {}).leak = 1", "typeof (async () => 1).leak");
        row("Promise.prototype.then = () => 1", "typeof Promise.resolve().then().then");
        row("Function.prototype.call = 1", "typeof Function.prototype.call");
        row("Error.prototype.leak = 1; Error.stackTraceLimit = 'x'",
            "[typeof new Error().leak, typeof Error.stackTraceLimit]");
        row("Math.leak = 1; JSON.parse = 1; Reflect.leak = 1",
            "[typeof Math.leak, typeof JSON.parse, typeof Reflect.leak]");
        row("Buffer.leak = 1; Buffer.prototype.leak = 1",
            "[typeof Buffer.leak, typeof Buffer.alloc(1).leak]");
        row("console.log = 1; console.leak = 1", "[typeof console.log, typeof console.leak]");
        row("process.env.LEAK = 1; process.leak = 1",
            "[typeof process.env.LEAK, typeof process.leak]");
        row("require.leak = 1", "typeof require.leak");
        row("require('util').leak = 1", "typeof require('util').leak");
        row("require('fabric-shim').leak = 1", "typeof require('fabric-shim').leak");
        row("require('fabric-contract-api').Contract.prototype.leak = 1",
            "typeof require('fabric-contract-api').Contract.prototype.leak");
        row("Object.getPrototypeOf(ctx).leak = 1; ctx.leak = 1", "typeof ctx.leak");
        row("Object.getPrototypeOf(stub).leak = 1; stub.leak = 1", "typeof stub.leak");
        row("stub.constructor.prototype.getTxID = () => 'mine'", "typeof stub.getTxID().length");
        row("Object.getPrototypeOf(ctx.clientIdentity).leak = 1", "typeof ctx.clientIdentity.leak");
        row("Object.getPrototypeOf(stub.getTxTimestamp().seconds).leak = 1",
            "typeof stub.getTxTimestamp().seconds.leak");
        row("Object.getPrototypeOf(require('crypto').createHash('sha256')).leak = 1",
            "typeof require('crypto').createHash('sha256').leak");
        row("'abc'.match(/b/)",
            "[typeof RegExp.$1, typeof RegExp.lastMatch, typeof RegExp['$&'], typeof "
            "RegExp.input]");
        row("(function f() { arguments.callee.leak = 1; })()",
            "typeof (function f() { return f.leak; })()");
        row("(function () { (arguments.callee.caller ?? {}).leak = 1; })()",
            "typeof (function () { return (arguments.callee.caller ?? {}).leak; })()");
        row("Object.getPrototypeOf(Uint8Array).leak = 1; "
            "Object.getPrototypeOf(Uint8Array).prototype.leak = 1",
            "[typeof Uint8Array.leak, typeof new Uint8Array(1).leak]");
        row("Date.prototype.leak = 1; Date.leak = 1",
            "[typeof new Date(0).leak, typeof Date.leak]");
        row("Symbol.prototype.leak = 1; Symbol.for('a').description.leak = 1",
            "typeof Symbol.for('a').leak");
        row("Iterator.prototype.leak = 1; [].values().map((x) => x).__proto__.leak = 1",
            "[typeof [].values().leak, typeof [].values().map((x) => x).leak]");
    }
    // Whether the write throws or does nothing: what a later transaction reads is what a fresh
    // world says.
    void nothingSharedCanBeChanged() {
        QFETCH(QByteArray, write);
        QFETCH(QByteArray, read);
        const Person alice = makePerson("Org1MSP", "alice");
        const auto written = [&](const std::string& start) {
            return start + "try { " + write.toStdString() +
                   " } catch (e) { return 'refused' } return 'ignored'";
        };
        const std::string reading = "return " + read.toStdString();
        const auto fresh = startContract(evalFiles());
        FakePeer freshPeer(*fresh, {});
        const std::string expected = runText(freshPeer, reading, &alice);
        QVERIFY2(!expected.starts_with("error"), expected.c_str());
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        for (const char* start : {"", "'use strict'; "}) {
            const std::string wrote = runText(peer, written(start), &alice);
            QVERIFY2(!wrote.starts_with("error") || *start != '\0', wrote.c_str());
            QCOMPARE(runText(peer, reading, &alice), expected);
        }
    }

    void transactionsInterleave() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});  // answers nothing by itself
        const std::string code =
            "const [a, b] = [await stub.getState('a'), await stub.getState('b')];"
            "return stub.getTxID() + ':' + a + b";
        constexpr int kCount = 20;
        for (int i = 0; i < kCount; ++i)
            peer.begin({.args = {"Run", code}, .txId = fmt::format("t{}", i)});
        peer.waitForQuestions(1 + kCount);
        auto questions = peer.questions();
        // The last one first.
        for (std::size_t i = questions.size(); i-- > 1;)
            peer.send(FakePeer::respond(questions[i], "<" + questions[i].txid()));
        peer.waitForQuestions(1 + 2 * kCount);
        questions = peer.questions();
        for (std::size_t i = 1 + kCount; i < questions.size(); ++i)
            peer.send(FakePeer::respond(questions[i], questions[i].txid() + ">"));
        for (int i = 0; i < kCount; ++i)
            QCOMPARE(peer.finish(fmt::format("t{}", i)).payload,
                     fmt::format("\"t{0}:<t{0}t{0}>\"", i));
    }

    void theSameIdTwiceIsRefused() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        peer.begin({.args = {"Run", "return (await stub.getState('a')).toString()"}, .txId = "t"});
        peer.waitForQuestions(2);
        const auto second = peer.invoke({.args = {"Run", "return 1"}, .txId = "t"});
        QCOMPARE(second.message, std::string("a transaction with this id runs already"));
        // Another channel may use the same id, as may another peer.
        QVERIFY(peer.invoke({.args = {"Run", "return 1"}, .channel = "other", .txId = "t"}).ok());
        FakePeer other(*host, {});
        QVERIFY(other.invoke({.args = {"Run", "return 1"}, .txId = "t"}).ok());
        peer.send(FakePeer::respond(peer.questions().back(), "x"));
        QCOMPARE(peer.finish("t").payload, std::string("\"x\""));
    }

    void anotherPeersAnswerIsNoAnswer() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        FakePeer stranger(*host, {});
        peer.begin({.args = {"Run", "return (await stub.getState('a')).toString()"}, .txId = "t"});
        peer.waitForQuestions(2);
        const Message question = peer.questions().back();
        stranger.send(FakePeer::respond(question, "false"));
        peer.send(FakePeer::respond(question, "true"));
        QCOMPARE(peer.finish("t").payload, std::string("\"true\""));
        // The second answer to one question is none either.
        peer.send(FakePeer::respond(question, "late"));
        QVERIFY(peer.invoke({.args = {"Run", "return 1"}}).ok());
    }

    void aClosedStreamForgetsItsTransactions() {
        const auto host = startContract(evalFiles());
        FakePeer other(*host, {});
        {
            FakePeer peer(*host, {});
            peer.begin({.args = {"Run", "await stub.getState('a')"}});
            peer.waitForQuestions(2);
            peer.close();
        }
        QVERIFY(other.invoke({.args = {"Run", "return 1"}}).ok());
    }
};

CHANCERY_TEST(IsolationTest)
#include "IsolationTest.moc"
