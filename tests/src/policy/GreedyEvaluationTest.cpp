#include "src/policy/GreedyEvaluation.h"

#include <fmt/format.h>

#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/RandomPolicy.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

common::MSPPrincipal numbered(int number) {
    common::MSPRole role;
    role.set_msp_identifier(fmt::format("Org{}", number));
    common::MSPPrincipal principal;
    principal.set_principal(role.SerializeAsString());
    return principal;
}

common::SignaturePolicyEnvelope deepPolicy(int levels) {
    common::SignaturePolicyEnvelope envelope;
    *envelope.add_identities() = numbered(0);
    common::SignaturePolicy* rule = envelope.mutable_rule();
    for (int i = 1; i < levels; ++i) {
        rule->mutable_n_out_of()->set_n(1);
        rule = rule->mutable_n_out_of()->add_rules();
    }
    rule->set_signed_by(0);
    return envelope;
}

}  // namespace

class GreedyEvaluationTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithTheNaiveEvaluation() {
        int satisfiedCount = 0;
        for (std::uint32_t seed = 0; seed < 4000; ++seed) {
            test::RandomPolicy random(seed, 5);
            common::SignaturePolicyEnvelope envelope;
            for (int i = 0; i < 5; ++i) *envelope.add_identities() = numbered(i);
            random.fillGate(*envelope.mutable_rule(), 4);
            // Some lists are longer than what fits into one word.
            const std::size_t count =
                static_cast<std::size_t>(seed % 50 == 0 ? random.pick(60, 200) : random.pick(0, 8));
            std::vector<std::vector<bool>> is(count, std::vector<bool>(5));
            const int rarity = random.pick(1, 6);
            for (auto& row : is)
                for (std::size_t i = 0; i < 5; ++i) row[i] = random.pick(0, rarity) == 0;

            const auto tree = flattenRules(envelope);
            VERIFY_OK(tree);
            const bool fast = isSatisfied(
                *tree, count, [&](std::size_t identity, std::uint32_t principal) -> bool {
                    return is[identity][tree->envelopeIndex[principal]];
                });
            std::vector<bool> used(count);
            const bool naive =
                test::naiveEvaluate(envelope.rule(), count, used,
                                    [&](std::size_t identity, std::int32_t principal) -> bool {
                                        return is[identity][static_cast<std::size_t>(principal)];
                                    });
            QCOMPARE(fast, naive);
            satisfiedCount += naive;
        }
        QVERIFY(satisfiedCount > 500 && satisfiedCount < 3500);
    }

    void flatteningKeepsEqualPrincipalsOnce() {
        const auto tree =
            flattenRules(*parsePolicyText("OutOf(2,'A.peer',AND('A.peer','B.peer'),'B.peer')"));
        VERIFY_OK(tree);
        QCOMPARE(tree->rules.size(), std::size_t{6});
        QCOMPARE(tree->principals.size(), std::size_t{2});
        QCOMPARE(tree->childCount(0), std::size_t{3});
        QCOMPARE(tree->rules[0].end, 6u);
        QVERIFY(tree->rules[2].isGate());
        QCOMPARE(tree->rules[2].end, 5u);
        QCOMPARE(tree->rules[1].principal, tree->rules[3].principal);
    }

    void refusesWithThePathOfTheRule_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("says");
        QTest::addColumn<std::function<void(common::SignaturePolicyEnvelope&)>>("spoil");
        using Spoil = std::function<void(common::SignaturePolicyEnvelope&)>;
        const auto row = [](const char* name, const char* path, const char* says, Spoil spoil) {
            QTest::addRow("%s", name) << QString(path) << QString(says) << spoil;
        };
        row("version", "version", "is 1", [](auto& e) { e.set_version(1); });
        row("no rule", "rule", "missing", [](auto& e) { e.clear_rule(); });
        row("empty rule", "rule", "neither", [](auto& e) { e.mutable_rule()->Clear(); });
        row("index", "rule.n_out_of.rules[1].n_out_of.rules[0].signed_by",
            "principal 3, but the policy lists 3", [](auto& e) {
                e.mutable_rule()
                    ->mutable_n_out_of()
                    ->mutable_rules(1)
                    ->mutable_n_out_of()
                    ->mutable_rules(0)
                    ->set_signed_by(3);
            });
        row("negative", "rule.n_out_of.rules[0].signed_by", "principal -2", [](auto& e) {
            e.mutable_rule()->mutable_n_out_of()->mutable_rules(0)->set_signed_by(-2);
        });
        row("empty inner rule", "rule.n_out_of.rules[2]", "neither",
            [](auto& e) { e.mutable_rule()->mutable_n_out_of()->add_rules(); });
    }
    void refusesWithThePathOfTheRule() {
        auto envelope = *parsePolicyText("AND('A.peer',OR('B.peer','C.peer'))");
        VERIFY_OK(flattenRules(envelope));
        QFETCH(std::function<void(common::SignaturePolicyEnvelope&)>, spoil);
        spoil(envelope);
        const Status status = flattenRules(envelope).status();
        QCOMPARE(reasonOf(status), std::string("BAD_POLICY"));
        QFETCH(QString, path);
        QCOMPARE(QString::fromStdString(argumentOf(status, "path")), path);
        QFETCH(QString, says);
        QVERIFY(QString::fromStdString(argumentOf(status, "problem")).contains(says));
    }

    void versionIsIgnoredWhereFabricIgnoresIt() {
        auto envelope = *parsePolicyText("OR('A.peer')");
        envelope.set_version(7);
        VERIFY_OK(flattenRules(envelope, VersionRule::Ignored));
        QVERIFY(!flattenRules(envelope).ok());
    }

    void depthIsCapped() {
        VERIFY_OK(flattenRules(deepPolicy(kMaxPolicyDepth)));
        for (const int levels : {kMaxPolicyDepth + 1, 1000, 10'000}) {
            const Status status = flattenRules(deepPolicy(levels)).status();
            QCOMPARE(reasonOf(status), std::string("BAD_POLICY"));
            QVERIFY(argumentOf(status, "problem").find("deeper than 64") != std::string::npos);
        }
    }

    void sizeIsCapped() {
        common::SignaturePolicyEnvelope envelope;
        *envelope.add_identities() = numbered(0);
        auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
        for (std::size_t i = 0; i + 1 < kMaxPolicyRules; ++i) gate.add_rules()->set_signed_by(0);
        VERIFY_OK(flattenRules(envelope));
        gate.add_rules()->set_signed_by(0);
        QCOMPARE(argumentOf(flattenRules(envelope).status(), "problem"),
                 std::string("more than 65536 rules"));
        gate.mutable_rules()->Clear();
        gate.add_rules()->set_signed_by(0);
        for (std::size_t i = 0; i < kMaxPolicyRules; ++i) envelope.add_identities();
        QCOMPARE(argumentOf(flattenRules(envelope).status(), "path"), std::string("identities"));
    }

    void thresholdsOutsideAreNoError() {
        auto envelope = *parsePolicyText("OR('A.peer')");
        const auto satisfied = [&envelope](std::int32_t needed) {
            envelope.mutable_rule()->mutable_n_out_of()->set_n(needed);
            return isSatisfied(*flattenRules(envelope), 1,
                               [](std::size_t, std::uint32_t) { return true; });
        };
        QVERIFY(satisfied(INT32_MIN));
        QVERIFY(satisfied(-1));
        QVERIFY(satisfied(0));
        QVERIFY(satisfied(1));
        QVERIFY(!satisfied(2));
        QVERIFY(!satisfied(INT32_MAX));
    }
};

CHANCERY_TEST(GreedyEvaluationTest)
#include "GreedyEvaluationTest.moc"
