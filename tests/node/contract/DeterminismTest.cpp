#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

class DeterminismTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_host = startContract(evalFiles());
        m_peer = std::make_unique<FakePeer>(*m_host, FakePeer::Answerer());
    }
    void cleanupTestCase() {
        m_peer.reset();
        m_host.reset();
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* code, const char* why) {
            QTest::newRow(code) << QByteArray(code) << QByteArray(why);
        };
        constexpr auto kTime = "use ctx.stub.getTxTimestamp()";
        row("return Date.now()", kTime);
        row("return new Date()", kTime);
        row("return Date()", kTime);
        row("return Reflect.construct(Date, [])", kTime);
        row("return new (class extends Date {})()", kTime);
        row("return new (new Date(0)).constructor()", kTime);
        row("return Math.random()", "Math.random is not available in a contract");
        row("return 'a'.localeCompare('b')", "String.prototype.localeCompare is not available");
        row("return 'a'.toLocaleUpperCase()",
            "String.prototype.toLocaleUpperCase is not available");
        row("return (1.5).toLocaleString()", "Number.prototype.toLocaleString is not available");
        row("return (1n).toLocaleString()", "BigInt.prototype.toLocaleString is not available");
        row("return [1].toLocaleString()", "Array.prototype.toLocaleString is not available");
        row("return new Uint8Array(1).toLocaleString()", "toLocaleString is not available");
        row("return new Date(0).toLocaleDateString()", "Date.prototype.toLocaleDateString is not");
        row("return setTimeout(() => 1, 1)", "there are no timers");
        row("return setInterval(() => 1, 1)", "there are no timers");
        row("return setImmediate(() => 1)", "there are no timers");
        row("return Intl.NumberFormat()", "Can't find variable: Intl");
        row("return new WebAssembly.Module()", "Can't find variable: WebAssembly");
        row("return new SharedArrayBuffer(1)", "Can't find variable: SharedArrayBuffer");
        row("return new WeakRef({})", "Can't find variable: WeakRef");
        row("return new FinalizationRegistry(() => 1)",
            "Can't find variable: FinalizationRegistry");
        row("return Atomics.load()", "Can't find variable: Atomics");
        row("return performance.now()", "Can't find variable: performance");
        row("return fetch('http://a')", "Can't find variable: fetch");
        row("return await import('./index.js')", "Could not import");
        row("return require('fs')", "Module 'fs' is not available in a contract");
        row("return require('node:http')", "Module 'http' is not available in a contract");
        row("return require('child_process')", "is not available in a contract");
        row("return require('lodash')", "Cannot find module 'lodash'");
        row("return require('../../etc/passwd')", "Cannot find module '../../etc/passwd'");
        row("return require('crypto').createHash('md4')", "Digest method not supported: md4");
        row("return require('crypto').randomBytes(4)", "is not a function");
    }
    void refused() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, why);
        const std::string result = runText(*m_peer, code.toStdString());
        QVERIFY2(result.starts_with("error: ") && result.find(why.toStdString()) != result.npos,
                 result.c_str());
    }

    void given_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* code, const char* result) {
            QTest::newRow(code) << QByteArray(code) << QByteArray(result);
        };
        row("return new Date(0).toISOString()", R"("1970-01-01T00:00:00.000Z")");
        row("return new Date(2026, 0, 31, 12).toISOString()", R"("2026-01-31T12:00:00.000Z")");
        row("return new Date('2026-11-18').getTimezoneOffset()", "0");
        row("return [Date.UTC(2000, 0), Date.parse('2000-01-01')]", "[946684800000,946684800000]");
        row("return [new Date(0) instanceof Date, Date.name, Date.length]", R"([true,"Date",7])");
        row("return (2n ** 100n).toString()", R"("1267650600228229401496703205376")");
        row("return [3, 1, 2].sort((a, b) => a - b)", "[1,2,3]");
        row("return await Promise.all([1, Promise.resolve(2)])", "[1,2]");
        row("return await new Promise((done) => queueMicrotask(() => done(1)))", "1");
        row("return await new Promise((done) => process.nextTick(done, 5))", "5");
        row("return process.env.PATH === undefined", "true");
        row("return [global === globalThis, typeof Symbol.asyncIterator]", R"([true,"symbol"])");
        row("return require('crypto').createHash('sha256').update('a').update(Buffer.from('bc'))"
            ".digest('hex')",
            R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")");
        row("return require('util').format('%s has %d of %j', 'a', 2, {b: 1})",
            "\"a has 2 of {\\\"b\\\":1}\"");
        row("return require('json-stringify-deterministic')({b: 1, a: {d: [2], c: undefined}})",
            "\"{\\\"a\\\":{\\\"d\\\":[2]},\\\"b\\\":1}\"");
        row("return JSON.stringify(require('sort-keys-recursive')({b: {z: 1, a: [{d: 1, c: 2}]}, "
            "a: 0}))",
            "\"{\\\"a\\\":0,\\\"b\\\":{\\\"a\\\":[{\\\"c\\\":2,\\\"d\\\":1}],\\\"z\\\":1}}\"");
        // Names that programs give to their own objects although a frozen prototype has them.
        row("class E extends Error { constructor(m) { super(m); this.name = 'E'; } }"
            "try { throw new E('hi'); } catch (e) { return [String(e), e instanceof E] }",
            R"(["E: hi",true])");
        row("'use strict'; const o = {}; o.toString = () => 'mine'; return String(o)", R"("mine")");
        row("'use strict'; function F() {} F.prototype = Object.create({}); "
            "F.prototype.constructor = F;"
            "return new F().constructor === F",
            "true");
    }
    void given() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, result);
        QCOMPARE(runText(*m_peer, code.toStdString()), result.toStdString());
    }

    void buffers_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* code, const char* result) {
            QTest::newRow(code) << QByteArray(code) << QByteArray(result);
        };
        row("Buffer.from('aé€😀').toString('hex')", R"("61c3a9e282acf09f9880")");
        row("Buffer.from('aé€😀').toString()", R"("aé€😀")");
        row("Buffer.from([0x61, 0xff, 0x62]).toString()",
            "\"a\xEF\xBF\xBD"
            "b\"");
        row("Buffer.from('\\ud800').toString('hex')", R"("efbfbd")");
        row("Buffer.from('a\\0b').toString().length", "3");
        row("Buffer.from('0aFFzz', 'hex').toString('hex')", R"("0aff")");
        row("Buffer.from('_-8', 'base64').toString('hex')", R"("ffef")");
        row("Buffer.from('YQ==', 'base64').toString()", R"("a")");
        row("Buffer.from('YR', 'base64').toString()", R"("a")");
        row("Buffer.from([255, 239]).toString('base64url')", R"("_-8")");
        row("Buffer.from([255, 239]).toString('base64')", R"("/+8=")");
        row("Buffer.from('é', 'latin1').toString('hex')", R"("e9")");
        row("Buffer.from([0xe9]).toString('latin1')", R"("é")");
        row("Buffer.from('é', 'utf16le').toString('hex')", R"("e900")");
        row("Buffer.from([1, 2, 3]).subarray(1).toString('hex')", R"("0203")");
        row("Buffer.from([1, 2, 3]).slice(0, 1) instanceof Buffer", "true");
        row("Buffer.from('hello').toString('utf8', 1, 3)", R"("el")");
        row("Buffer.concat([Buffer.from('a'), new Uint8Array([98])]).toString()", R"("ab")");
        row("Buffer.concat([Buffer.from('abc')], 2).toString()", R"("ab")");
        row("Buffer.from(JSON.parse(JSON.stringify(Buffer.from('x')))).toString()", R"("x")");
        row("[Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1))]",
            "[true,false]");
        row("Buffer.alloc(3, 'ab').toString()", R"("aba")");
        row("[Buffer.byteLength('é'), Buffer.from('b').compare(Buffer.from('a'))]", "[2,1]");
        row("[Buffer.from('abc').equals(Buffer.from('abc')), Buffer.from('abc').indexOf('c')]",
            "[true,2]");
        row("[Buffer.from('abc').includes('bc'), Buffer.from('abc').indexOf(98)]", "[true,1]");
        row("(() => { const b = Buffer.alloc(8); b.writeUInt32BE(1); b.writeInt16LE(-2, 4); "
            "return [b.toString('hex'), b.readUInt32BE(0), b.readInt16LE(4), b.readUint8(3)] })()",
            R"(["00000001feff0000",1,-2,1])");
        row("Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]).readBigUInt64LE().toString()", R"("1")");
        row("(() => { const b = Buffer.alloc(3); b.write('abcd', 1); return b.toString('hex') })()",
            R"("006162")");
        row("new TextDecoder().decode(new TextEncoder().encode('ü'))", R"("ü")");
        row("(() => { try { Buffer.from(5) } catch (e) { return e.name } })()", R"("TypeError")");
        row("(() => { try { Buffer.from('a', 'none') } catch (e) { return e.message } })()",
            R"("Unknown encoding: none")");
    }
    void buffers() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, result);
        QCOMPARE(runText(*m_peer, "return " + code.toStdString()), result.toStdString());
    }

private:
    std::unique_ptr<node::contract::ContractHost> m_host;
    std::unique_ptr<FakePeer> m_peer;
};

CHANCERY_TEST(DeterminismTest)
#include "DeterminismTest.moc"
