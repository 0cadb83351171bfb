#include <nlohmann/json.hpp>

#include "fabric/ledger/queryresult.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

namespace {

using Message = FakePeer::Message;

const std::string kNul(1, '\0');

template <class M>
M parsed(const Bytes& bytes) {
    M message;
    if (!message.ParseFromString(bytes)) qFatal("a payload of another kind");
    return message;
}

/// A question in words: what a reader of the protocol would say that it asks.
std::string words(const Message& question) {
    const Bytes& payload = question.payload();
    const auto page = [](const Bytes& metadata) {
        if (metadata.empty()) return std::string();
        const auto wanted = parsed<protos::QueryMetadata>(metadata);
        return fmt::format(" page {} from '{}'", wanted.pagesize(), wanted.bookmark());
    };
    const auto keyed = [](std::string_view what, const auto& m) {
        return fmt::format("{} {}/{}", what, m.collection(), m.key());
    };
    switch (question.type()) {
        case Message::GET_STATE:
            return keyed("get", parsed<protos::GetState>(payload));
        case Message::GET_PRIVATE_DATA_HASH:
            return keyed("hash", parsed<protos::GetState>(payload));
        case Message::PUT_STATE: {
            const auto put = parsed<protos::PutState>(payload);
            return keyed("put", put) + "=" + put.value();
        }
        case Message::DEL_STATE:
            return keyed("delete", parsed<protos::DelState>(payload));
        case Message::PURGE_PRIVATE_DATA:
            return keyed("purge", parsed<protos::PurgePrivateState>(payload));
        case Message::GET_STATE_METADATA:
            return keyed("metadata", parsed<protos::GetStateMetadata>(payload));
        case Message::PUT_STATE_METADATA: {
            const auto put = parsed<protos::PutStateMetadata>(payload);
            return keyed("put metadata", put) + " " + put.metadata().metakey() + "=" +
                   put.metadata().value();
        }
        case Message::GET_STATE_BY_RANGE: {
            const auto range = parsed<protos::GetStateByRange>(payload);
            return fmt::format("range {}/[{},{}){}", range.collection(), range.startkey(),
                               range.endkey(), page(range.metadata()));
        }
        case Message::GET_QUERY_RESULT: {
            const auto query = parsed<protos::GetQueryResult>(payload);
            return fmt::format("query {}/{}{}", query.collection(), query.query(),
                               page(query.metadata()));
        }
        case Message::GET_HISTORY_FOR_KEY:
            return "history " + parsed<protos::GetHistoryForKey>(payload).key();
        case Message::QUERY_STATE_NEXT:
            return "next " + parsed<protos::QueryStateNext>(payload).id();
        case Message::QUERY_STATE_CLOSE:
            return "close " + parsed<protos::QueryStateClose>(payload).id();
        case Message::INVOKE_CHAINCODE: {
            const auto spec = parsed<protos::ChaincodeSpec>(payload);
            std::string text = "invoke " + spec.chaincode_id().name();
            for (const Bytes& arg : spec.input().args()) text += "," + arg;
            return text;
        }
        default:
            return fmt::format("type {}", static_cast<int>(question.type()));
    }
}

Bytes rows(const std::string& id, bool more, const std::vector<std::pair<std::string, Bytes>>& list,
           const std::optional<std::string>& bookmark = std::nullopt) {
    protos::QueryResponse response;
    response.set_id(id);
    response.set_has_more(more);
    for (const auto& [key, value] : list) {
        queryresult::KV row;
        row.set_key(key);
        row.set_value(value);
        response.add_results()->set_resultbytes(row.SerializeAsString());
    }
    if (bookmark) {
        protos::QueryResponseMetadata page;
        page.set_fetched_records_count(static_cast<int>(list.size()));
        page.set_bookmark(*bookmark);
        response.set_metadata(page.SerializeAsString());
    }
    return response.SerializeAsString();
}

Bytes history(const std::string& id) {
    protos::QueryResponse response;
    response.set_id(id);
    queryresult::KeyModification row;
    row.set_tx_id("t2");
    row.set_is_delete(true);
    row.mutable_timestamp()->set_seconds(5);
    row.mutable_timestamp()->set_nanos(7);
    response.add_results()->set_resultbytes(row.SerializeAsString());
    row.set_tx_id("t1");
    row.set_is_delete(false);
    row.set_value("old");
    response.add_results()->set_resultbytes(row.SerializeAsString());
    return response.SerializeAsString();
}

Bytes invoked(Message::Type type, int status, const std::string& message, const Bytes& payload) {
    protos::Response response;
    response.set_status(status);
    response.set_message(message);
    response.set_payload(payload);
    Message inner;
    inner.set_type(type);
    inner.set_payload(response.SerializeAsString());
    return inner.SerializeAsString();
}

/// Answers one after the other; behind the last one with nothing in it. "!…" is an ERROR.
struct Script {
    std::vector<Bytes> answers;
    std::size_t at = 0;
    std::optional<Message> operator()(const Message& question) {
        if (at >= answers.size()) return FakePeer::respond(question);
        const Bytes& answer = answers[at++];
        if (answer.starts_with("!")) return FakePeer::fail(question, answer.substr(1));
        return FakePeer::respond(question, answer);
    }
};

struct Case {
    const char* name;
    std::string code;
    std::vector<Bytes> answers;
    std::vector<std::string> questions;
    std::string result;
};

const std::string kRead =
    "const out = []; for await (const {key, value} of ROWS) out.push(key + '=' + value); return "
    "out";
std::string readAll(const std::string& call) {
    std::string code = kRead;
    return code.replace(code.find("ROWS"), 4, call);
}

std::vector<Case> stateCases() {
    return {
        {"getState", "return (await stub.getState('k')).toString()", {"v"}, {"get /k"}, R"("v")"},
        {"getState of nothing", "return (await stub.getState('k')).length", {}, {"get /k"}, "0"},
        {"getState of another alphabet",
         "return String(await stub.getState('钥匙'))",
         {"值"},
         {"get /钥匙"},
         R"("值")"},
        {"getMultipleStates",
         "return (await stub.getMultipleStates('a', 'b')).join()",
         {"1", "2"},
         {"get /a", "get /b"},
         R"("1,2")"},
        {"putState text", "await stub.putState('k', 'väl')", {}, {"put /k=väl"}, "undefined"},
        {"putState bytes",
         "await stub.putState('k', Buffer.from([65, 66]).subarray(1))",
         {},
         {"put /k=B"},
         "undefined"},
        {"deleteState", "await stub.deleteState('k')", {}, {"delete /k"}, "undefined"},
        {"several at once wait in line",
         "const all = await Promise.all([stub.getState('a'), stub.putState('b', '1'), "
         "stub.getState('c')]); return all.join()",
         {"1", "", "3"},
         {"get /a", "put /b=1", "get /c"},
         R"("1,,3")"},
        {"what is not awaited is done all the same",
         "stub.putState('a', '1'); stub.putState('b', '2')",
         {},
         {"put /a=1", "put /b=2"},
         "undefined"},
        {"a refused question can be caught",
         "try { await stub.getState('k') } catch (e) { return e.message }",
         {"!GET_STATE failed: transaction ID: x: no"},
         {"get /k"},
         R"("GET_STATE failed: transaction ID: x: no")"},
        {"a refused question",
         "await stub.putState('k', '1')",
         {"!PUT_STATE failed"},
         {"put /k=1"},
         "error: PUT_STATE failed"},
        {"key that is no text", "await stub.getState(7)", {}, {}, "error: key must be a string"},
        {"value that is no value",
         "await stub.putState('k', {a: 1})",
         {},
         {},
         "error: value must be a string or bytes"},
    };
}

std::vector<Case> otherCases() {
    return {
        {"policy of a key",
         "await stub.setStateValidationParameter('k', Buffer.from('ep'))",
         {},
         {"put metadata /k VALIDATION_PARAMETER=ep"},
         "undefined"},
        {"policy of a key is not there",
         "return String(await stub.getStateValidationParameter('k'))",
         {},
         {"metadata /k"},
         R"("undefined")"},
        {"invokeChaincode",
         "const r = await stub.invokeChaincode('cc', ['f', Buffer.from('x')], 'other'); "
         "return [r.status, r.message, r.payload.toString()]",
         {invoked(Message::COMPLETED, 200, "fine", "out")},
         {"invoke cc/other,f,x"},
         R"([200,"fine","out"])"},
        {"invokeChaincode here",
         "return (await stub.invokeChaincode('cc', [])).status",
         {invoked(Message::COMPLETED, 500, "no", "")},
         {"invoke cc"},
         "500"},
        {"invokeChaincode that fails",
         "await stub.invokeChaincode('cc', ['f'], '')",
         {invoked(Message::ERROR, 500, "it broke", "")},
         {"invoke cc,f"},
         "error: it broke"},
    };
}

std::vector<Case> queryCases() {
    return {
        {"getStateByRange",
         readAll("stub.getStateByRange('a', 'c')"),
         {rows("q", false, {{"a", "1"}, {"b", "2"}})},
         {"range /[a,c)", "close q"},
         R"(["a=1","b=2"])"},
        {"getStateByRange of all hides composite keys",
         readAll("stub.getStateByRange('', '')"),
         {rows("q", false, {})},
         {"range /[\x01,)", "close q"},
         "[]"},
        {"getStateByRange in batches",
         readAll("stub.getStateByRange('a', 'z')"),
         {rows("q", true, {{"a", "1"}}), rows("q", true, {}), rows("q", false, {{"b", "2"}})},
         {"range /[a,z)", "next q", "next q", "close q"},
         R"(["a=1","b=2"])"},
        {"iterator by hand",
         "const it = await stub.getStateByRange('a', 'z'); const one = await it.next(); "
         "const two = await it.next(); await it.close(); return [one.value.key, one.done, "
         "two.done]",
         {rows("q", false, {{"a", "1"}})},
         {"range /[a,z)", "close q"},
         R"(["a",false,true])"},
        {"leaving the loop closes",
         "for await (const {key} of stub.getStateByRange('a', 'z')) return key",
         {rows("q", true, {{"a", "1"}, {"b", "2"}})},
         {"range /[a,z)", "close q"},
         R"("a")"},
        {"range of composite keys",
         "await stub.getStateByRange('\\0a', 'z')",
         {},
         {},
         "error: first character of the key [" + kNul +
             "a] contains a null character which is not "
             "allowed"},
        {"getStateByRangeWithPagination",
         "const {iterator, metadata} = await stub.getStateByRangeWithPagination('a', 'z', 2, 'b'); "
         "return [metadata, (await iterator.next()).value.key]",
         {rows("q", false, {{"b", "1"}, {"c", "2"}}, "d")},
         {"range /[a,z) page 2 from 'b'"},
         R"([{"bookmark":"d","fetchedRecordsCount":2},"b"])"},
    };
}

std::vector<Case> moreQueryCases() {
    return {
        {"getStateByPartialCompositeKey",
         readAll("stub.getStateByPartialCompositeKey('car', ['red'])"),
         {rows("q", false, {})},
         {"range /[" + kNul + "car" + kNul + "red" + kNul + "," + kNul + "car" + kNul + "red" +
              kNul + "\xF4\x8F\xBF\xBF)",
          "close q"},
         "[]"},
        {"getStateByPartialCompositeKeyWithPagination",
         "return (await stub.getStateByPartialCompositeKeyWithPagination('car', [], 5, "
         "'')).metadata.bookmark",
         {rows("q", false, {}, "b")},
         {"range /[" + kNul + "car" + kNul + "," + kNul + "car" + kNul +
          "\xF4\x8F\xBF\xBF) page 5 from ''"},
         R"("b")"},
        {"getQueryResult",
         readAll("stub.getQueryResult('{\"selector\":{}}')"),
         {rows("q", false, {{"a", "{}"}})},
         {R"(query /{"selector":{}})", "close q"},
         R"(["a={}"])"},
        {"getQueryResultWithPagination",
         "return (await stub.getQueryResultWithPagination('Q', 3, 'm')).metadata",
         {rows("q", false, {}, "n")},
         {"query /Q page 3 from 'm'"},
         R"({"bookmark":"n","fetchedRecordsCount":0})"},
        {"getHistoryForKey",
         "const all = []; for await (const m of stub.getHistoryForKey('k')) all.push([m.txId, "
         "m.isDelete, m.value.toString(), m.timestamp]); return all",
         {history("h")},
         {"history k", "close h"},
         R"([["t2",true,"",{"seconds":5,"nanos":7}],["t1",false,"old",{"seconds":5,"nanos":7}]])"},
        {"an answer that is none",
         "await stub.getStateByRange('a', 'b')",
         {"\xFF\xFF\xFF"},
         {"range /[a,b)"},
         "error: QueryResponse"},
    };
}

std::vector<Case> privateCases() {
    return {
        {"getPrivateData",
         "return String(await stub.getPrivateData('col', 'k'))",
         {"v"},
         {"get col/k"},
         R"("v")"},
        {"getPrivateDataHash",
         "return (await stub.getPrivateDataHash('col', 'k')).toString('hex')",
         {"\xAB\xCD"},
         {"hash col/k"},
         R"("abcd")"},
        {"putPrivateData",
         "await stub.putPrivateData('col', 'k', 'v')",
         {},
         {"put col/k=v"},
         "undefined"},
        {"deletePrivateData",
         "await stub.deletePrivateData('col', 'k')",
         {},
         {"delete col/k"},
         "undefined"},
        {"purgePrivateData",
         "await stub.purgePrivateData('col', 'k')",
         {},
         {"purge col/k"},
         "undefined"},
    };
}

std::vector<Case> morePrivateCases() {
    return {
        {"no collection",
         "await stub.getPrivateData('', 'k')",
         {},
         {},
         "error: collection must be a valid string"},
        {"no key",
         "await stub.purgePrivateData('col', '')",
         {},
         {},
         "error: key must be a valid string"},
        {"no value",
         "await stub.putPrivateData('col', 'k', '')",
         {},
         {},
         "error: value must be valid"},
        {"policy of a private key",
         "await stub.setPrivateDataValidationParameter('col', 'k', Buffer.from('ep'))",
         {},
         {"put metadata col/k VALIDATION_PARAMETER=ep"},
         "undefined"},
        {"policy of a private key is not there",
         "return String(await stub.getPrivateDataValidationParameter('col', 'k'))",
         {},
         {"metadata col/k"},
         R"("undefined")"},
        {"getPrivateDataByRange",
         readAll("stub.getPrivateDataByRange('col', 'a', 'b')"),
         {rows("q", false, {{"a", "1"}})},
         {"range col/[a,b)", "close q"},
         R"(["a=1"])"},
        {"getPrivateDataByRange with too little",
         "await stub.getPrivateDataByRange('col', 'a')",
         {},
         {},
         "error: getPrivateDataByRange requires three arguments, collection, startKey and endKey"},
        {"getPrivateDataByPartialCompositeKey",
         readAll("stub.getPrivateDataByPartialCompositeKey('col', 'o', ['a'])"),
         {rows("q", false, {})},
         {"range col/[" + kNul + "o" + kNul + "a" + kNul + "," + kNul + "o" + kNul + "a" + kNul +
              "\xF4\x8F\xBF\xBF)",
          "close q"},
         "[]"},
        {"getPrivateDataQueryResult",
         readAll("stub.getPrivateDataQueryResult('col', 'Q')"),
         {rows("q", false, {})},
         {"query col/Q", "close q"},
         "[]"},
    };
}

std::vector<std::vector<Case>> allCases() {
    return {stateCases(),     otherCases(),   queryCases(),
            moreQueryCases(), privateCases(), morePrivateCases()};
}

}  // namespace

class StubTest : public QObject {
    Q_OBJECT

private slots:
    void messages_data() {
        QTest::addColumn<int>("list");
        QTest::addColumn<int>("index");
        int list = 0;
        for (const auto& cases : allCases()) {
            for (std::size_t i = 0; i < cases.size(); ++i)
                QTest::newRow(cases[i].name) << list << static_cast<int>(i);
            ++list;
        }
    }
    void messages() {
        QFETCH(int, list);
        QFETCH(int, index);
        const Case one = allCases()[list][index];
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, Script{one.answers});
        const std::string result = runText(peer, one.code);
        std::vector<std::string> asked;
        for (const Message& question : peer.questions())
            if (question.type() != Message::REGISTER) asked.push_back(words(question));
        QCOMPARE(fmt::format("{}", fmt::join(asked, " | ")),
                 fmt::format("{}", fmt::join(one.questions, " | ")));
        if (one.result.starts_with("error: QueryResponse"))
            QVERIFY2(result.starts_with(one.result), result.c_str());
        else
            QCOMPARE(result, one.result);
        for (const Message& question : peer.questions()) {
            if (question.type() == Message::REGISTER) continue;
            QCOMPARE(question.channel_id(), std::string("trade"));
            QCOMPARE(question.txid(), std::string("transaction1"));
        }
    }

    void compositeKeys() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        const auto check = [&](const std::string& code, const std::string& expected) {
            QCOMPARE(runText(peer, code), expected);
        };
        check("return stub.createCompositeKey('a', ['b', 'c'])",
              R"("\u0000a\u0000b\u0000c\u0000")");
        check("return stub.splitCompositeKey('\\0a\\0b\\0c\\0')",
              R"({"objectType":"a","attributes":["b","c"]})");
        check("return stub.splitCompositeKey('plain')", R"({"objectType":null,"attributes":[]})");
        check("stub.createCompositeKey('', [])",
              "error: object type or attribute not a non-zero length string");
        check("stub.createCompositeKey('a', [1])",
              "error: object type or attribute not a non-zero length string");
        check("stub.createCompositeKey('a', 'b')", "error: attributes must be an array");
    }

    void caller() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        const Person alice =
            makePerson("Org1MSP", "alice", "client", {{"role", "issuer"}, {"n", "0"}});
        const auto check = [&](const std::string& code, const std::string& expected) {
            QCOMPARE(runText(peer, code, &alice), expected);
        };
        check("return ctx.clientIdentity.getMSPID()", R"("Org1MSP")");
        check("return ctx.clientIdentity.getID()", nlohmann::json(alice.id).dump());
        check("return ctx.clientIdentity.getAttributeValue('role')", R"("issuer")");
        check("return ctx.clientIdentity.getAttributeValue('none')", "null");
        check("return ctx.clientIdentity.getAttributeValue('constructor')", "null");
        check(
            "return [ctx.clientIdentity.assertAttributeValue('role', 'issuer'), "
            "ctx.clientIdentity.assertAttributeValue('role', 'other')]",
            "[true,false]");
        check("return stub.getCreator().mspid", R"("Org1MSP")");
        check("return stub.getCreator().idBytes.toString()", nlohmann::json(alice.pem).dump());
        check("return [stub.getTxTimestamp(), stub.getTxTimestamp().seconds.toNumber()]",
              R"([{"nanos":0,"seconds":{"low":1795000000,"high":0,"unsigned":true}},1795000000])");
        check("return stub.getDateTimestamp().toISOString()", R"("2026-11-18T11:06:40.000Z")");
        check("return stub.getBinding().length", "64");
        check("return stub.getMspID()", R"("Org1MSP")");
        check("return stub.getChannelID()", R"("trade")");
        check(
            "return stub.getTxID() === stub.getSignedProposal().proposal.header.channelHeader.txId",
            "true");
        check("return stub.getSignedProposal().signature.toString()", R"("signature")");
        check("return stub.getArgs()[0]", R"("Run")");
        check("return stub.getBufferArgs()[0].toString()", R"("Run")");
        check("return stub.getFunctionAndParameters().params.length", "1");
        check("return ctx.stub.getSignedProposal().proposal.header.signatureHeader.nonce.length",
              "24");
    }

    void transientData() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        const Person alice = makePerson("Org1MSP", "alice");
        const auto outcome = peer.invoke(
            {.args = {"Run",
                      "const t = stub.getTransient(); return [t.size, t.get('a').toString('hex'), "
                      "t.has('z')]"},
             .by = &alice,
             .transient = {{"a", "\x01\xFF"}, {"b", ""}}});
        QCOMPARE(outcome.payload, std::string(R"([2,"01ff",false])"));
    }

    void events() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        const auto outcome = peer.invoke(
            {.args = {"Run",
                      "stub.setEvent('first', 'x'); stub.setEvent('Made', Buffer.from('data'))"}});
        QCOMPARE(outcome.eventName, std::string("Made"));
        QCOMPARE(outcome.eventPayload, std::string("data"));
        QCOMPARE(runText(peer, "stub.setEvent('', 'x')"),
                 std::string("error: Event name must be a non-empty string"));
    }

    void keyPolicies() {
        const auto host = startContract(evalFiles());
        FakePeer peer(*host, {});
        QCOMPARE(
            runText(peer,
                    "const {KeyEndorsementPolicy} = require('fabric-shim');"
                    "const p = new KeyEndorsementPolicy(); p.addOrgs('MEMBER', 'Org1MSP');"
                    "p.addOrgs('PEER', 'Org2MSP', 'Org3MSP'); p.delOrgs('Org3MSP');"
                    "const bytes = p.getPolicy();"
                    "return [bytes.toString('hex'), new KeyEndorsementPolicy(bytes).listOrgs()]"),
            // version is the default; rule {n_out_of {n 2, rules {signed_by 0}, {signed_by 1}}}
            std::string(
                "[\"120c120a080212020800120208011a0b12090a074f7267314d53501a0d120b0a074f7267324d"
                "53501003\",[\"Org1MSP\",\"Org2MSP\"]]"));
        QCOMPARE(
            runText(peer,
                    "new (require('fabric-shim').KeyEndorsementPolicy)().addOrgs('BOSS', 'x')"),
            std::string("error: role type BOSS does not exist"));
    }
};

CHANCERY_TEST(StubTest)
#include "StubTest.moc"
