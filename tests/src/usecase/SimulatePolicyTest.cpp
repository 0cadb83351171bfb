#include "src/usecase/SimulatePolicy.h"

#include <map>

#include "src/base/Encoding.h"
#include "src/usecase/ExplainPolicy.h"
#include "src/usecase/ParsePolicy.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorPath;
using nlohmann::json;

class SimulatePolicyTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithRealEvaluations();
    void agreesWithRealChannelPolicies();
    void greedyCounting();
    void outages();
    void explanationsNameWhatIsMissing();
    void explained();
    void refusals();
};

namespace {

const char* const kConfig = "config/last_config_tradechannel.block";

/// Identities of the facts by their short names, as signers with one role; those that have another
/// number of roles, or are not valid, are left out, for they cannot be thought of that way.
const std::map<std::string, SimulatedSigner>& signers() {
    static const std::map<std::string, SimulatedSigner> all = [] {
        std::map<std::string, SimulatedSigner> found;
        std::map<std::string, json> byCertificate;
        for (const json& row : facts()["msp"]["identities"])
            if (row["valid"].get<bool>()) byCertificate[row["cert"]] = row;
        for (const json& row : facts()["policies"]["identities"]) {
            const auto identity = byCertificate.find(row["cert"]);
            if (identity == byCertificate.end() || !identity->second.value("valid", false))
                continue;
            std::vector<std::string> roles;
            for (const auto& [role, is] : identity->second["satisfies"].items())
                if (is.get<bool>() && role != "member") roles.push_back(role);
            if (roles.size() > 1) continue;
            found.emplace(row["ref"], SimulatedSigner{MspId(row["mspid"].get<std::string>()),
                                                      roles.empty() ? "member" : roles.front()});
        }
        return found;
    }();
    return all;
}

/// Some short names are other spellings of one certificate.
std::string identifierOf(const std::string& name) {
    for (const json& row : facts()["policies"]["identities"])
        if (row["ref"] == name)
            for (const json& identity : facts()["msp"]["identities"])
                if (identity["cert"] == row["cert"] && identity["valid"].get<bool>())
                    return identity["identifier"];
    return name;
}

/// The signers of a row, if all can be simulated and none comes twice.
std::optional<std::vector<SimulatedSigner>> signersOf(const json& row) {
    std::vector<SimulatedSigner> list;
    std::set<std::string> seen;
    for (const std::string name : row["ids"]) {
        const auto signer = signers().find(name);
        if (signer == signers().end() || !seen.insert(identifierOf(name)).second)
            return std::nullopt;
        list.push_back(signer->second);
    }
    return list;
}

}  // namespace

void SimulatePolicyTest::agreesWithRealEvaluations() {
    std::size_t compared = 0;
    for (const json& row : facts()["policies"]["evaluations"]) {
        if (!row.contains("dsl")) continue;  // only the bytes are there, no text
        const auto list = signersOf(row);
        if (!list) continue;
        const auto simulation = SimulatePolicy().run({.text = row["dsl"], .signers = list});
        VERIFY_OK(simulation);
        QVERIFY2(simulation->satisfied == row["signed_data"].get<bool>(), row.dump().c_str());
        ++compared;
    }
    QVERIFY2(compared > 150, std::to_string(compared).c_str());
}

void SimulatePolicyTest::agreesWithRealChannelPolicies() {
    // Rows that differ only in who of an organisation signs ask the same question.
    std::map<std::string, bool> answers;
    std::size_t compared = 0;
    for (const json& row : facts()["policies"]["channel_policies"]) {
        const auto list = signersOf(row);
        if (!list) continue;
        std::string question = row["config"].get<std::string>() + row["path"].get<std::string>();
        for (const SimulatedSigner& signer : *list)
            question += " " + signer.mspId.str() + "." + signer.role;
        auto answer = answers.find(question);
        if (answer == answers.end()) {
            const auto simulation = SimulatePolicy().run(
                {.config = vectorPath("config/" + row["config"].get<std::string>()),
                 .path = row["path"],
                 .signers = list});
            if (!row["exists"].get<bool>()) {
                QCOMPARE(reasonOf(simulation.status()), std::string("UNKNOWN_POLICY"));
                continue;
            }
            VERIFY_OK(simulation);
            answer = answers.emplace(question, simulation->satisfied).first;
        }
        QVERIFY2(answer->second == row["signed_data"].get<bool>(), row.dump().c_str());
        ++compared;
    }
    QVERIFY2(compared > 500, std::to_string(compared).c_str());
}

void SimulatePolicyTest::greedyCounting() {
    const auto verdict = [](const char* text, std::vector<SimulatedSigner> list) {
        return SimulatePolicy().run({.text = text, .signers = std::move(list)})->satisfied;
    };
    const SimulatedSigner admin{MspId("A"), "admin"};
    const SimulatedSigner peer{MspId("A"), "peer"};
    // The first that fits is spent, without a second thought: the order matters.
    QVERIFY(!verdict("AND('A.member','A.admin')", {admin, peer}));
    QVERIFY(verdict("AND('A.member','A.admin')", {peer, admin}));
    QVERIFY(verdict("OutOf(0,'A.admin')", {}));
    QVERIFY(!verdict("OutOf(2,'A.admin')", {admin}));
}

void SimulatePolicyTest::outages() {
    const auto nobodyDown = SimulatePolicy().run({.config = vectorPath(kConfig)});
    VERIFY_OK(nobodyDown);
    QVERIFY(!nobodyDown->policy && nobodyDown->stopped.empty() && nobodyDown->never.empty());
    const auto two = SimulatePolicy().run(
        {.config = vectorPath(kConfig), .down = {MspId("AlphaMSP"), MspId("BetaMSP")}});
    VERIFY_OK(two);
    const auto stops = [&](const std::string& path) {
        return std::find(two->stopped.begin(), two->stopped.end(), path) != two->stopped.end();
    };
    QVERIFY(stops("/Channel/Application/Admins") &&
            stops("/Channel/Application/LifecycleEndorsement"));
    QVERIFY(!stops("/Channel/Application/Writers") && !stops("/Channel/Orderer/BlockValidation"));
    const auto unknown =
        SimulatePolicy().run({.config = vectorPath(kConfig), .down = {MspId("NobodyMSP")}});
    QCOMPARE(unknown->unknownOrganisations, std::vector<std::string>{"NobodyMSP"});
}

void SimulatePolicyTest::explanationsNameWhatIsMissing() {
    const auto simulation =
        SimulatePolicy().run({.text = "AND('A.peer','B.peer','C.peer')",
                              .signers = std::vector{SimulatedSigner{MspId("A"), "peer"},
                                                     SimulatedSigner{MspId("B"), "peer"}},
                              .down = {MspId("B")}});
    VERIFY_OK(simulation);
    QVERIFY(!simulation->satisfied);
    QCOMPARE(simulation->ignoredSigners, std::vector<std::string>{"B.peer"});
    const auto& parts = simulation->explanation.parts;
    QCOMPARE(parts.size(), std::size_t{3});
    QCOMPARE(parts[0].usedBy, std::string("A.peer"));
    QCOMPARE(parts[1].why, std::string("B is down"));
    QCOMPARE(parts[2].why, std::string("a peer of C did not sign"));
    QCOMPARE(simulation->policy->indispensable, (std::vector<std::string>{"A", "B", "C"}));
}

void SimulatePolicyTest::explained() {
    const auto insight = ExplainPolicy().run(vectorPath(kConfig), "/Channel/Application/Admins");
    VERIFY_OK(insight);
    QCOMPARE(insight->tree.needed, std::size_t{2});
    QCOMPARE(insight->tree.parts.size(), std::size_t{3});
    QCOMPARE(insight->signerSets.size(), std::size_t{3});
    QVERIFY(insight->indispensable.empty());
    const auto list = ExplainPolicy().list(vectorPath(kConfig));
    VERIFY_OK(list);
    QCOMPARE(list->size(), std::size_t{28});
}

void SimulatePolicyTest::refusals() {
    QCOMPARE(reasonOf(SimulatePolicy().run({.text = "MAJORITY Admins"}).status()),
             std::string("NEEDS_CONFIG"));
    QCOMPARE(reasonOf(SimulatePolicy()
                          .run({.config = vectorPath(kConfig), .path = "/Channel/Nothing"})
                          .status()),
             std::string("UNKNOWN_POLICY"));
    for (const char* text : {"", "A", "A.", ".peer", "A.boss", "peer"})
        QCOMPARE(reasonOf(SimulatedSigner::parse(text).status()), std::string("BAD_SIGNER"));
    QCOMPARE(SimulatedSigner::parse("a.b.peer")->mspId.str(), std::string("a.b"));
}

CHANCERY_TEST(SimulatePolicyTest)
#include "SimulatePolicyTest.moc"
