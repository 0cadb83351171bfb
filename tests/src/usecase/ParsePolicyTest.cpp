#include "src/usecase/ParsePolicy.h"

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using chancery::test::facts;
using usecase::ParsePolicy;

class ParsePolicyTest : public QObject {
    Q_OBJECT
private slots:
    void everyTextOfTheFacts();
    void theTextReadsBack();
    void treeAndOrganisations();
    void policiesOverPolicies();
    void errorsHavePlaces();
};

void ParsePolicyTest::everyTextOfTheFacts() {
    std::size_t compared = 0;
    for (const auto& row : facts()["policies"]["dsl"]) {
        const std::string text = row["dsl"];
        const auto policy = ParsePolicy().run(text);
        ++compared;
        if (!row.contains("envelope_hex")) {
            QVERIFY2(!policy.ok(), text.c_str());
            continue;
        }
        QVERIFY2(policy.ok(), (text + ": " + test::textOf(policy)).c_str());
        QCOMPARE(toHex(policy->bytes), row["envelope_hex"].get<std::string>());
    }
    QCOMPARE(compared, facts()["policies"]["dsl"].size());
}

void ParsePolicyTest::theTextReadsBack() {
    for (const auto& row : facts()["policies"]["dsl"]) {
        const auto policy = ParsePolicy().run(row["dsl"].get<std::string>());
        if (!policy.ok()) continue;
        const auto again = ParsePolicy().run(policy->text);
        QVERIFY2(again.ok(), policy->text.c_str());
        QCOMPARE(again->text, policy->text);
    }
}

void ParsePolicyTest::treeAndOrganisations() {
    const auto policy =
        ParsePolicy().run("OutOf(2, 'A.admin', AND('B.peer', 'C.client'), 'A.admin')");
    VERIFY_OK(policy);
    QCOMPARE(policy->organisations, (std::vector<std::string>{"A", "B", "C"}));
    QCOMPARE(policy->principals,
             (std::vector<std::string>{"B.peer", "C.client", "A.admin", "A.admin"}));
    QCOMPARE(policy->tree.needed, std::size_t{2});
    QCOMPARE(policy->tree.parts.size(), std::size_t{3});
    QCOMPARE(policy->tree.parts[1].rule, std::string("2 of 2"));
    QCOMPARE(policy->tree.parts[1].parts[1].phrase, std::string("a client of C"));
}

void ParsePolicyTest::policiesOverPolicies() {
    const auto policy = ParsePolicy().run("MAJORITY Admins");
    VERIFY_OK(policy);
    QCOMPARE(policy->messageName, std::string("common.ImplicitMetaPolicy"));
    QCOMPARE(toHex(policy->bytes), std::string("0a0641646d696e731002"));
}

void ParsePolicyTest::errorsHavePlaces() {
    QCOMPARE(argumentOf(ParsePolicy().run("OR('A.boss')").status(), "offset"), std::string("6"));
    for (const char* text :
         {"", "OR(", "ANY", "any Admins", "OR('A.peer'))", "\xff", "OutOf(99999999999,'A.peer')"})
        QCOMPARE(reasonOf(ParsePolicy().run(text).status()), std::string("BAD_POLICY_TEXT"));
}

CHANCERY_TEST(ParsePolicyTest)
#include "ParsePolicyTest.moc"
