#include "src/policy/ImplicitMetaPolicy.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "src/policy/StandardPolicies.h"
#include "tests/src/policy/ExplanationChecks.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;
using Meta = common::ImplicitMetaPolicy;

namespace {

PolicyPtr always() {
    return *compileSignaturePolicy(acceptAllPolicy(), test::vectorMsps());
}
PolicyPtr never() {
    return *compileSignaturePolicy(rejectAllPolicy(), test::vectorMsps());
}

// `children`: '+' satisfied, '-' not, '0' without such a policy.
ImplicitMetaPolicy policyOf(Meta::Rule rule, std::string_view children) {
    Meta definition;
    definition.set_rule(rule);
    definition.set_sub_policy("P");
    std::vector<ImplicitMetaPolicy::Child> list;
    for (const char child : children)
        list.push_back({"/Channel/G", child == '+' ? always() : child == '-' ? never() : nullptr});
    return ImplicitMetaPolicy(definition, std::move(list));
}

}  // namespace

class ImplicitMetaPolicyTest : public QObject {
    Q_OBJECT

private slots:
    void thresholds_data() {
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("children");
        QTest::addColumn<bool>("satisfied");
        const auto row = [](int rule, const char* children, bool satisfied) {
            QTest::addRow("%d of %s", rule, children) << rule << QString(children) << satisfied;
        };
        for (const int rule : {0, 1, 2, 7}) row(rule, "", true);
        row(Meta::ANY, "-", false);
        row(Meta::ANY, "0", false);
        row(Meta::ANY, "-+", true);
        row(Meta::ANY, "0-+", true);
        row(Meta::ALL, "+++", true);
        row(Meta::ALL, "++-", false);
        row(Meta::ALL, "++0", false);
        row(Meta::MAJORITY, "+", true);
        row(Meta::MAJORITY, "+-", false);
        row(Meta::MAJORITY, "++", true);
        row(Meta::MAJORITY, "+-+", true);
        row(Meta::MAJORITY, "+0-", false);
        row(Meta::MAJORITY, "++00", false);
        row(Meta::MAJORITY, "+++0", true);
        row(Meta::MAJORITY, "++-+-", true);
        // A rule that Fabric does not know asks for none, and a satisfied child makes it fail.
        row(7, "--0", true);
        row(7, "-+", false);
    }
    void thresholds() {
        QFETCH(int, rule);
        QFETCH(QString, children);
        QFETCH(bool, satisfied);
        const auto policy = policyOf(static_cast<Meta::Rule>(rule), children.toStdString());
        QCOMPARE(policy.isSatisfiedBy({}), satisfied);
        const Explanation explanation = policy.explain({});
        QCOMPARE(explanation.satisfied, satisfied);
        if (rule != 7) QCOMPARE(test::faultOf(explanation), std::string());
        QVERIFY(!toSentence(explanation).empty());
        QCOMPARE(policy.canBeSatisfiedBy([](const MspId&) { return true; }), satisfied);
    }

    void explainsWhatIsMissing() {
        const Explanation explanation = policyOf(Meta::MAJORITY, "+0-").explain({});
        QCOMPARE(explanation.rule, std::string("MAJORITY P"));
        QCOMPARE(explanation.have, std::size_t{1});
        QCOMPARE(explanation.needed, std::size_t{2});
        QCOMPARE(explanation.parts.size(), std::size_t{3});
        const std::string sentence = toSentence(explanation);
        QVERIFY2(
            sentence.starts_with("have 1 of 2, missing /Channel/G/P, which does not exist or "),
            sentence.c_str());
    }

    void readsText_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("rule");  // -1: refused
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("offset");
        const auto good = [](const char* text, int rule, const char* name) {
            QTest::addRow("%s", text) << text << rule << name << 0;
        };
        const auto bad = [](const char* text, int offset) {
            QTest::addRow("%s", text) << text << -1 << "" << offset;
        };
        good("ANY Readers", Meta::ANY, "Readers");
        good("ALL Writers", Meta::ALL, "Writers");
        good("MAJORITY Admins", Meta::MAJORITY, "Admins");
        good("ANY /Channel/Application/Readers", Meta::ANY, "/Channel/Application/Readers");
        bad("", 0);
        bad("ANY", 3);
        bad("ANY ", 4);
        bad("any Readers", 0);
        bad(" ANY Readers", 0);
        bad("SOME Readers", 0);
        bad("ANY  Readers", 4);
        bad("ANY Readers ", 11);
        bad("ANY Readers Writers", 11);
    }
    void readsText() {
        QFETCH(QString, text);
        QFETCH(int, rule);
        const auto parsed = parseImplicitMetaText(text.toStdString());
        QCOMPARE(parsed.ok(), rule >= 0);
        if (!parsed.ok()) {
            QFETCH(int, offset);
            QCOMPARE(reasonOf(parsed.status()), std::string("BAD_POLICY_TEXT"));
            QCOMPARE(QString::fromStdString(argumentOf(parsed.status(), "offset")).toInt(), offset);
            return;
        }
        QFETCH(QString, name);
        QCOMPARE(static_cast<int>(parsed->rule()), rule);
        QCOMPARE(QString::fromStdString(parsed->sub_policy()), name);
        QCOMPARE(QString::fromStdString(*printImplicitMetaText(*parsed)), text);
    }

    void saysWhatHasNoText() {
        Meta definition;
        QCOMPARE(reasonOf(printImplicitMetaText(definition).status()),
                 std::string("POLICY_HAS_NO_TEXT"));
        definition.set_sub_policy("two words");
        QCOMPARE(reasonOf(printImplicitMetaText(definition).status()),
                 std::string("POLICY_HAS_NO_TEXT"));
        definition.set_sub_policy("P");
        definition.set_rule(static_cast<Meta::Rule>(9));
        QCOMPARE(reasonOf(printImplicitMetaText(definition).status()),
                 std::string("POLICY_HAS_NO_TEXT"));
    }
};

CHANCERY_TEST(ImplicitMetaPolicyTest)
#include "ImplicitMetaPolicyTest.moc"
