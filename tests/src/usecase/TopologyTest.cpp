#include "src/usecase/Topology.h"

#include "src/usecase/NetworkPlan.h"
#include "tests/support/TestMain.h"

namespace chancery::usecase {
namespace {

const char* const kSmall = R"({"format": 1, "name": "small",
 "organisations": [{"name": "A", "mspId": "AMSP", "domain": "a.example", "peers": ["peer0"]}],
 "ordering": [{"name": "O", "mspId": "OMSP", "domain": "o.example", "orderers": ["orderer0"]}],
 "channels": [{"name": "main", "members": ["A"], "consenters": ["orderer0.o.example"]}]})";

/// The small one with a part in place of another.
std::string with(const std::string& part, const std::string& other) {
    std::string text = kSmall;
    const std::size_t at = text.find(part);
    if (at == text.npos) throw std::logic_error("no " + part);
    return text.replace(at, part.size(), other);
}

}  // namespace

class TopologyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thoseOfTheProgramAreGood() {
        std::set<std::string> names;
        for (const Topology& one : builtInTopologies()) {
            names.insert(one.name);
            QVERIFY2(!one.label.en.empty() && !one.label.zh.empty(), one.name.c_str());
            // What it deploys is there.
            for (const TopologyChannel& channel : one.channels)
                for (const TopologyContract& contract : channel.contracts)
                    VERIFY_OK(findContractFolder(contract.source));
            const auto again = readTopology(toText(one));
            VERIFY_OK(again);
            QVERIFY2(*again == one, one.name.c_str());
        }
        QVERIFY((names == std::set<std::string>{"solo", "two-banks", "bank-consortium",
                                                "supply-chain", "data-centres"}));
    }

    void consortiumIsWhatItIsCalled() {
        const auto consortium = findTopology("bank-consortium");
        VERIFY_OK(consortium);
        std::size_t peers = 0;
        std::size_t organisations = 0;
        for (const TopologyOrganisation& one : consortium->organisations)
            if (one.kind == OrganisationPlan::Kind::Peers) {
                ++organisations;
                peers += one.nodes.size();
            }
        QCOMPARE(organisations, std::size_t(4));
        QCOMPARE(peers, std::size_t(6));
        QCOMPARE(consortium->channels.size(), std::size_t(2));
        const auto preview = previewOf({.folder = {}, .topology = *consortium});
        QCOMPARE(preview.nodes.size(), std::size_t(6 + 1 + 5));
        // Five peers in one channel, six in the other, a contract in each.
        QCOMPARE(preview.contractHosts, std::uint64_t(11));
        QCOMPARE(preview.memoryBytes, (6 * 38 + 33 + 5 * 29 + 11 * 8) * (std::uint64_t(1) << 20));
    }

    void hostsTakeTheirNodes() {
        const auto centres = findTopology("data-centres");
        VERIFY_OK(centres);
        NetworkPlan plan{.folder = {}, .topology = *centres};
        plan.hosts.push_back({.name = "far",
                              .address = {.endpoint = "10.0.0.2:1"},
                              .reachedAt = "10.0.0.2",
                              .zones = {"dmz"}});
        const auto preview = previewOf(plan);
        for (const PreviewNode& node : preview.nodes) {
            const bool isFar = node.name.ends_with("gateway.example");
            QCOMPARE(node.host, std::string(isFar ? "far" : "local"));
            const std::string main = node.endpoints.at(node.kind == "ca" ? "https" : "grpc");
            QCOMPARE(main, std::string(isFar ? "10.0.0.2:0" : "127.0.0.1:0"));
        }
        QCOMPARE(preview.needs.size(), std::size_t(2));
    }

    void portsFollowEachOther() {
        NetworkPlan plan = twoOrganisations({});
        plan.topology.firstPort = 7050;
        plan.ports["peer0.org1.example.com"] = 9000;
        std::map<std::string, std::map<std::string, std::string>> found;
        for (const PreviewNode& node : previewOf(plan).nodes) found[node.name] = node.endpoints;
        QCOMPARE(found["orderer.example.com"]["grpc"], std::string("127.0.0.1:7050"));
        QCOMPARE(found["orderer.example.com"]["admin"], std::string("127.0.0.1:7052"));
        QCOMPARE(found["peer0.org1.example.com"]["operations"], std::string("127.0.0.1:9001"));
        QCOMPARE(found["peer0.org2.example.com"]["grpc"], std::string("127.0.0.1:7070"));
    }

    void refusesWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& text, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(says);
        };
        row("no JSON", "{\"format\": 1,\n oops}", "line 2, column 2");
        row("nothing", "", "is not JSON");
        row("a list", "[]", "is not an object");
        row("more behind", std::string(kSmall) + "{}", "is not JSON");
        row("twice", with("\"name\": \"small\"", "\"name\": \"small\",\n  \"name\": \"other\""),
            "line 2, column 8: name: stands there twice");
        row("unknown", with("\"format\"", "\n\"colour\": 1, \"format\""),
            ": /colour: is not known");
        row("unknown below", with("\"mspId\"", "\"mspid\": \"x\", \"mspId\""),
            "/organisations/0/mspid: is not known");
        row("unknown in an object", with("\"members\"", "\"batch\": {\"size\": 1}, \"members\""),
            "/channels/0/batch/size: is not known");
        row("other form", with("\"format\": 1", "\"format\": 2"), "/format");
        row("a number", with("\"small\"", "7"), "/name: is not a text");
        row("missing", with("\"small\"", "\"\""), "/name: is empty");
        row("bad domain", with("a.example", "../a"), "/organisations/0/domain");
        row("capital domain", with("a.example", "A.example"), "domain");
        row("name with slash", with("\"A\"", "\"A/B\""), "/name");
        row("stranger", with("[\"A\"]", "[\"B\"]"), "B is no organisation with peers");
        row("twice a member", with("[\"A\"]", "[\"A\", \"A\"]"), "A stands twice");
        row("no orderer", with("[\"orderer0.o.example\"]", "[\"peer0.a.example\"]"),
            "is no orderer");
        row("no consenter", with("[\"orderer0.o.example\"]", "[]"), "/consenters: are missing");
        row(
            "two consenters",
            [] {
                std::string text = with("[\"orderer0.o.example\"]",
                                        "[\"orderer0.o.example\", \"orderer1.o.example\"]");
                text.replace(text.find("[\"orderer0\"]"), 12, "[\"orderer0\", \"orderer1\"]");
                return text;
            }(),
            "no replicated log yet");
        row("same node", with("[\"peer0\"]", "[\"peer0\", \"peer0\"]"), "stands twice");
        row("SM2 for Fabric",
            with("\"format\": 1", "\"format\": 1, \"engine\": \"fabric\", \"suite\": \"SM2\""),
            "none that Fabric understands");
        row("number too large",
            with("\"members\"", "\"batch\": {\"maxMessages\": 99999999999}, \"members\""),
            "is not a whole number from 1 to");
        row("negative", with("\"members\"", "\"batch\": {\"timeoutMs\": -1}, \"members\""),
            "/channels/0/batch/timeoutMs");
        row("host of nobody",
            with("\"format\": 1",
                 "\"format\": 1, \"hosts\": [{\"name\": \"x\", \"nodes\": "
                 "[\"peer7.a.example\"]}]"),
            "peer7.a.example is no node");
        row("deep", std::string(100'000, '['), "is too deep");
        row(
            "many",
            "{\"a\":[" +
                [] {
                    std::string many;
                    for (int i = 0; i < 60'000; ++i) many += "1,";
                    return many;
                }() +
                "1]}",
            "too many values");
        row("large", std::string(2U << 20, ' '), "is larger than");
    }
    void refusesWhatIsWrong() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto read = readTopology(text.toStdString());
        QVERIFY(!read.ok());
        QCOMPARE(reasonOf(read.status()), std::string("BAD_TOPOLOGY"));
        const std::string said(messageOf(read.status()));
        QVERIFY2(said.find(says.toStdString()) != said.npos, said.c_str());
    }

    void namesThoseThereAre() {
        const auto none = findTopology("moon-base");
        QCOMPARE(reasonOf(none.status()), std::string("NO_TOPOLOGY"));
        QVERIFY(messageOf(none.status()).find("bank-consortium") != std::string::npos);
        QCOMPARE(reasonOf(findTopology("./nowhere.json").status()), std::string("FILE_ERROR"));
    }
};

}  // namespace chancery::usecase

using chancery::usecase::TopologyTest;
CHANCERY_TEST(TopologyTest)
#include "TopologyTest.moc"
