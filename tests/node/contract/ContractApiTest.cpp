#include <nlohmann/json.hpp>

#include "tests/node/contract/Eval.h"
#include "tests/support/MockLedger.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

namespace {

std::map<std::string, Bytes> package(const std::string& code) {
    return {{"package.json", R"({"name": "sample", "version": "2.0.0", "main": "lib/main.js"})"},
            {"lib/main.js",
             "const {Contract, Context, Transaction, Returns, Param, Info, Default} = "
             "require('fabric-contract-api');\n" +
                 code}};
}

std::string answer(const std::string& code, const std::vector<Bytes>& args) {
    const auto host = startContract(package(code));
    FakePeer peer(*host, {});
    const auto outcome = peer.invoke({.args = args});
    if (!outcome.completed) return "ERROR " + outcome.message;
    return outcome.ok() ? outcome.payload : fmt::format("{} {}", outcome.status, outcome.message);
}

constexpr auto kTwo = R"(
class First extends Contract {
    constructor() { super('org.first'); }
    async Who(ctx) { return 'first'; }
    async Echo(ctx, a, b) { return [a, b]; }
    _hidden() { return 'hidden'; }
}
class Second extends Contract {
    async Who(ctx) { return 'second'; }
}
module.exports.contracts = [First, Second];
)";

constexpr auto kHooks = R"(
class Mine extends Context { constructor() { super(); this.log = ['context']; } }
class Hooks extends Contract {
    createContext() { return new Mine(); }
    async beforeTransaction(ctx) {
        ctx.log.push('before');
        if (ctx.stub.getArgs()[1] === 'stop') throw new Error('not now');
    }
    async afterTransaction(ctx, result) { ctx.log.push('after ' + JSON.stringify(result)); }
    async unknownTransaction(ctx) {
        throw new Error('never heard of ' + ctx.stub.getFunctionAndParameters().fcn);
    }
    async Run(ctx, word) { ctx.log.push('run ' + word); return ctx.log; }
}
module.exports.contracts = [Hooks];
)";

std::string returning(const std::string& expression) {
    return "class A extends Contract { async F(ctx) { return " + expression +
           "; } async T(ctx) { throw " + expression + "; } }\nmodule.exports.contracts = [A];";
}

}  // namespace

class ContractApiTest : public QObject {
    Q_OBJECT

private slots:
    void dispatch_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("args");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const std::string& code, const char* args,
                            const char* expected) {
            QTest::newRow(name) << QByteArray::fromStdString(code) << QByteArray(args)
                                << QByteArray(expected);
        };
        row("the first contract is the default", kTwo, "Who", "first");
        row("a contract by name", kTwo, "org.first:Who", "first");
        row("another contract by the name of its class", kTwo, "Second:Who", "second");
        row("an empty name", kTwo, ":Who", "first");
        row("parameters are texts", kTwo, "Echo 1 {}", R"(["1","{}"])");
        row("too few", kTwo, "Echo 1", "500 Expected 2 parameters, but 1 have been supplied");
        row("too many", kTwo, "Echo 1 2 3", "500 Expected 2 parameters, but 3 have been supplied");
        row("a name nobody has", kTwo, "Third:Who", "500 Contract name is not known: Third");
        row("a function nobody has", kTwo, "Nope",
            "500 You've asked to invoke a function that does not exist: Nope");
        row("a function of another contract", kTwo, "Second:Echo",
            "500 You've asked to invoke a function that does not exist: Second:Echo");
        row("a hidden function", kTwo, "_hidden",
            "500 You've asked to invoke a function that does not exist: _hidden");
        row("a function of the base class", kTwo, "getName",
            "500 You've asked to invoke a function that does not exist: getName");
        row("constructor", kTwo, "constructor",
            "500 You've asked to invoke a function that does not exist: constructor");
        row("nothing", kTwo, "", "Default initiator successful.");
        row("hooks", kHooks, "Run x",
            "[\"context\",\"before\",\"run x\",\"after [\\\"context\\\",\\\"before\\\",\\\"run "
            "x\\\"]\"]");
        row("a hook that refuses", kHooks, "Run stop", "500 not now");
        row("unknown by its own words", kHooks, "Other", "500 never heard of Other");
        row("text", returning("'té'"), "F", "té");
        row("number", returning("1.5"), "F", "1.5");
        row("truth", returning("false"), "F", "false");
        row("object", returning("({b: 1, a: [null]})"), "F", R"({"b":1,"a":[null]})");
        row("nothing comes back", returning("undefined"), "F", "");
        row("null comes back", returning("null"), "F", "");
        row("bytes", returning("Buffer.from('a')"), "F", R"({"type":"Buffer","data":[97]})");
        row("big integer", returning("1n"), "F", "500 JSON.stringify cannot serialize BigInt.");
        row("an error", returning("new Error('böse')"), "T", "500 böse");
        row("an error of its own class", returning("new (class Own extends TypeError {})('mine')"),
            "T", "500 mine");
        row("a thrown text", returning("'only text'"), "T", "500 only text");
        row("a thrown nothing", returning("undefined"), "T", "500 undefined");
        row("a thrown object", returning("({message: 'm'})"), "T", "500 m");
    }
    void dispatch() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, args);
        QFETCH(QByteArray, expected);
        std::vector<Bytes> words;
        for (const QByteArray& word : args.split(' '))
            if (!args.isEmpty()) words.push_back(word.toStdString());
        QCOMPARE(answer(code.toStdString(), words), expected.toStdString());
    }

    void decorators() {
        const std::string code = R"(
class A extends Contract {
    constructor() { super('a'); }
    async Add(ctx, a, flag) { return a + (flag ? 1 : 0); }
    async Read(ctx, id) { return id; }
    Hidden(ctx) {}
}
Param('a', 'number', 'what to add to')(A.prototype, 'Add');
Param('flag', 'boolean')(A.prototype, 'Add');
Returns('number')(A.prototype, 'Add');
Transaction()(A.prototype, 'Add');
Transaction(false)(A.prototype, 'Read');
Info({title: 'An A', description: 'adds'})(A);
class B extends Contract { constructor() { super('b'); } async F(ctx) { return 'b'; } }
Default()(B);
module.exports.contracts = [A, B];
)";
        QCOMPARE(answer(code, {"a:Add", "41", "true"}), std::string("42"));
        QCOMPARE(answer(code, {"a:Add", "many", "true"}),
                 std::string("500 fromBuffer could not convert data to number"));
        QCOMPARE(answer(code, {"a:Add", "1", "maybe"}),
                 std::string("500 fromBuffer could not convert data to boolean"));
        QCOMPARE(
            answer(code, {"a:Hidden"}),
            std::string("500 You've asked to invoke a function that does not exist: a:Hidden"));
        QCOMPARE(answer(code, {"F"}), std::string("b"));
        const auto metadata =
            nlohmann::json::parse(answer(code, {"org.hyperledger.fabric:GetMetadata"}));
        const auto& a = metadata["contracts"]["a"];
        QCOMPARE(a["info"]["title"].get<std::string>(), std::string("An A"));
        QCOMPARE(a["transactions"].size(), std::size_t(2));
        QCOMPARE(a["transactions"][0]["parameters"].dump(),
                 std::string(
                     R"([{"description":"what to add to","name":"a","schema":{"type":"number"}},)"
                     R"({"description":"","name":"flag","schema":{"type":"boolean"}}])"));
        QCOMPARE(a["transactions"][0]["returns"].dump(), std::string(R"({"type":"number"})"));
        QCOMPARE(a["transactions"][1]["tag"].dump(), std::string(R"(["EVALUATE"])"));
        QCOMPARE(metadata["contracts"]["b"]["contractInstance"].dump(),
                 std::string(R"({"default":true,"name":"b"})"));
    }

    void metadata() {
        const std::string text = answer(kTwo, {"org.hyperledger.fabric:GetMetadata"});
        // Byte for byte what the npm shim 2.5.8 answers for the same package.
        QCOMPARE(
            text,
            std::string(
                R"({"$schema":)"
                "\"https://hyperledger.github.io/fabric-chaincode-node/main/api/"
                "contract-schema.json"
                "\","
                R"("contracts":{"org.first":{"name":"org.first",)"
                R"("contractInstance":{"name":"org.first","default":true},)"
                R"("transactions":[{"name":"Who","tags":["SUBMIT","submitTx"]},)"
                R"({"name":"Echo","tags":["SUBMIT","submitTx"],)"
                R"("parameters":[{"name":"arg0","description":"Argument 0",)"
                R"("schema":{"type":"string"}},)"
                R"({"name":"arg1","description":"Argument 1","schema":{"type":"string"}}]}],)"
                R"("info":{"title":"","version":""}},)"
                R"("Second":{"name":"Second","contractInstance":{"name":"Second"},)"
                R"("transactions":[{"name":"Who",)"
                R"("tags":["SUBMIT","submitTx"]}],"info":{"title":"","version":""}},)"
                R"("org.hyperledger.fabric":{"name":"org.hyperledger.fabric",)"
                R"("contractInstance":{"name":"org.hyperledger.fabric"},)"
                R"("transactions":[{"name":"GetMetadata"}],"info":{"title":"","version":""}}},)"
                R"("info":{"version":"2.0.0","title":"sample"},"components":{"schemas":{}}})"));
        QCOMPARE(startContract(package(kTwo))->metadata(), text);
    }

    void suppliedMetadata() {
        auto files = package(R"(
class A extends Contract {
    constructor() { super('a'); }
    async Set(ctx, asset, list) { return [typeof asset, asset.id, list.length]; }
}
module.exports.contracts = [A];)");
        files["contract-metadata/metadata.json"] =
            R"({"contracts": {"a": {"name": "a", "transactions": [
            {"name": "Set", "parameters": [
                {"name": "asset", "schema": {"$ref": "#/components/schemas/Asset"}},
                {"name": "list", "schema": {"type": "array",
                                            "items": {"type": "number", "maximum": 9}}}]}]}},
            "components": {"schemas": {"Asset": {
                "$id": "Asset", "type": "object", "required": ["id"],
                "additionalProperties": false,
                "properties": {"id": {"type": "string", "pattern": "^[a-z]+$"}}}}}})";
        const auto host = startContract(files);
        FakePeer peer(*host, {});
        const auto set = [&](const char* asset, const char* list) {
            const auto outcome = peer.invoke({.args = {"Set", asset, list}});
            return outcome.ok() ? outcome.payload : outcome.message;
        };
        QCOMPARE(set(R"({"id":"x"})", "[1,2]"), std::string(R"(["object","x",2])"));
        QCOMPARE(
            set(R"({})", "[]"),
            std::string(
                R"(Unable to validate parameter due to ["should have required property 'id'"])"));
        QCOMPARE(set(R"({"id":7,"b":1})", "[]"),
                 std::string(R"(Unable to validate parameter due to ["should be string",)"
                             R"("should NOT have additional properties"])"));
        QCOMPARE(
            set(R"({"id":"X"})", "[]"),
            std::string(
                "Unable to validate parameter due to [\"should match pattern \\\"^[a-z]+$\\\"\"]"));
        QCOMPARE(
            set(R"({"id":"x"})", R"([10,"a"])"),
            std::string(
                R"(Unable to validate parameter due to ["should be <= 9","should be number"])"));
        files["contract-metadata/metadata.json"] =
            R"({"contracts": {"other": {"transactions": []}}})";
        QCOMPARE(whyNotStarted(files), std::string(R"(["Missing contract a in metadata"])"));
        files["contract-metadata/metadata.json"] = "[]";
        QCOMPARE(whyNotStarted(files),
                 std::string("metadata.json of the contract is no JSON object"));
    }

    void lowLevelChaincode() {
        const std::string code = R"(
const shim = require('fabric-shim');
class Old {
    async Init(stub) {
        return shim.success(Buffer.from('began with ' + stub.getStringArgs().join()));
    }
    async Invoke(stub) {
        const {fcn} = stub.getFunctionAndParameters();
        if (fcn === 'fail') return shim.error('told so');
        if (fcn === 'throw') throw new Error('thrown');
        if (fcn === 'nothing') return;
        return {status: 201, payload: Buffer.from(fcn), message: 'made'};
    }
}
shim.start(new Old());
)";
        const auto host = startContract(package(code));
        FakePeer peer(*host, {});
        const auto invoke = [&](const char* name, bool isInit = false) {
            const auto outcome =
                peer.invoke({.args = {name}, .isInit = isInit, .txId = "0123456789"});
            return fmt::format("{} {} {}", outcome.status, outcome.message, outcome.payload);
        };
        QCOMPARE(invoke("a", true), std::string("200  began with a"));
        QCOMPARE(invoke("b"), std::string("201 made b"));
        QCOMPARE(invoke("fail"), std::string("500 told so "));
        QCOMPARE(invoke("throw"), std::string("500 thrown "));
        QCOMPARE(invoke("nothing"), std::string("500 [trade-01234567] Calling chaincode Invoke() "
                                                "has not called success or error. "));
    }

    void ownSerializer() {
        const std::string code = R"(
class Loud { toBuffer(result) { return Buffer.from(String(result).toUpperCase()); }
             fromBuffer(data) { return {value: data.toString() + '!'}; } }
class A extends Contract { async F(ctx, a) { return a; } async G(ctx, a, b) { return a + b; } }
module.exports.contracts = [A];
module.exports.serializers = {transaction: 'loud', serializers: {loud: Loud}};
)";
        QCOMPARE(answer(code, {"F", "x"}), std::string("X!"));
        QCOMPARE(answer(code, {"G", "x", "y"}), std::string("X!Y!"));
    }

    void aPackageThatIsNone_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* code, const char* why) {
            QTest::newRow(why) << QByteArray(code) << QByteArray(why);
        };
        row("module.exports = 5;", "the package exports no contract");
        row("module.exports.contracts = [class {}];", "invalid contract instance {}");
        row("module.exports.contracts = [class A { getName() { return 'a'; } }];",
            "invalid contract instance");
        row("throw new Error('at the beginning');", "at the beginning");
        row("const a = ;", "lib/main.js: SyntaxError");
        row("}); globalThis.x = 1; (function () {", "lib/main.js: SyntaxError");
        row("import fs from 'fs';", "SyntaxError");
        row("require('./missing.js');",
            "Cannot find module './missing.js' (required by lib/main.js)");
        row("require('../../outside.js');", "Cannot find module '../../outside.js'");
        row("module.exports.contracts = []; module.exports.serializers = {};",
            "There should be a 'transaction'");
        row("setTimeout(() => 1, 1);", "there are no timers");
    }
    void aPackageThatIsNone() {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, why);
        const std::string sentence = whyNotStarted(package(code.toStdString()));
        QVERIFY2(sentence.find(why.toStdString()) != sentence.npos, sentence.c_str());
    }

    void modules() {
        auto files = package(R"(
const all = [require('./a'), require('./a.js') === require('./a'), require('./folder'),
             require('../data.json').n, require('dependency'), require('dependency/sub/x').name,
             typeof require('node:util').format,
             __filename, __dirname, require('./cycle').seen];
class A extends Contract { async F(ctx) { return all; } }
module.exports = A;)");
        files["lib/a.js"] = "#!/usr/bin/env node\nmodule.exports = 'a';";
        files["lib/folder/index.js"] = "\xEF\xBB\xBFmodule.exports = 'folder';";
        files["data.json"] = R"({"n": 5})";
        files["node_modules/dependency/package.json"] = R"({"main": "./dist"})";
        files["node_modules/dependency/dist/index.js"] = "module.exports = require('inner');";
        files["node_modules/dependency/node_modules/inner/index.js"] = "module.exports = 'inner';";
        files["node_modules/dependency/sub/x.js"] = "exports.name = 'x';";
        files["lib/cycle.js"] = "exports.early = 1; exports.seen = require('./back').early;";
        files["lib/back.js"] = "exports.early = require('./cycle').early;";
        const auto host = startContract(files);
        FakePeer peer(*host, {});
        QCOMPARE(
            peer.invoke({.args = {"F"}}).payload,
            std::string(R"(["a",true,"folder",5,"inner","x","function","/lib/main.js","/lib",1])"));
    }

    void twoLedgersOneContract() {
        const auto host = startContract(evalFiles());
        MockLedger one(*host), two(*host);
        QVERIFY(one.submit({.args = {"Run", "await stub.putState('k', 'one')"}}).ok());
        QVERIFY(two.submit({.args = {"Run", "await stub.putState('k', 'two')"}}).ok());
        const std::string read = "return (await stub.getState('k')).toString()";
        QCOMPARE(one.evaluate({.args = {"Run", read}}).payload, std::string("\"one\""));
        QCOMPARE(two.evaluate({.args = {"Run", read}}).payload, std::string("\"two\""));
    }
};

CHANCERY_TEST(ContractApiTest)
#include "ContractApiTest.moc"
