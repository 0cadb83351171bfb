#include "src/policy/SatisfyingSets.h"

#include <fmt/format.h>

#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/RandomPolicy.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

using Sets = std::vector<std::vector<std::uint32_t>>;

std::string shown(const SatisfyingSets& found) {
    std::string text;
    for (const auto& set : found.sets) {
        text += text.empty() ? "" : " | ";
        for (std::size_t i = 0; i < set.size(); ++i)
            text += (i > 0 ? "+" : "") + found.principals[set[i]].rule;
    }
    return text;
}

std::string setsOf(std::string_view text) {
    return shown(*minimalSatisfyingSets(*parsePolicyText(text)));
}

std::string organisationsOf(std::string_view text) {
    std::string result;
    const auto sets = minimalOrganisationSets(*parsePolicyText(text));
    for (const auto& set : *sets) {
        result += result.empty() ? "" : " | ";
        for (std::size_t i = 0; i < set.size(); ++i) result += (i > 0 ? "+" : "") + set[i].str();
    }
    return result;
}

common::MSPPrincipal roleOf(const std::string& mspId, common::MSPRole::MSPRoleType role) {
    common::MSPRole message;
    message.set_msp_identifier(mspId);
    message.set_role(role);
    common::MSPPrincipal principal;
    principal.set_principal(message.SerializeAsString());
    return principal;
}

}  // namespace

class SatisfyingSetsTest : public QObject {
    Q_OBJECT

private slots:
    void listsMinimalSets_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sets");
        const auto row = [](const char* text, const char* sets) {
            QTest::addRow("%s", text) << text << sets;
        };
        row("OR('A.peer')", "A.peer");
        row("OR('A.peer','B.peer')", "A.peer | B.peer");
        row("AND('A.peer','B.peer')", "A.peer+B.peer");
        row("OutOf(2,'A.peer','B.peer','C.peer')", "A.peer+B.peer | A.peer+C.peer | B.peer+C.peer");
        row("OutOf(2,'A.peer','A.peer','B.peer')", "A.peer+A.peer | A.peer+B.peer");
        row("OR('A.peer',AND('A.peer','B.peer'))", "A.peer");
        row("AND('A.peer',OR('B.peer','C.peer'))", "A.peer+B.peer | A.peer+C.peer");
        row("AND('A.admin','A.member')", "A.member+A.admin");
        row("OutOf(3,'A.peer','B.peer')", "");
        // The OR spends a second signature as soon as there is one for its other branch.
        row("OutOf(2,OR('A.peer','B.peer'),'B.peer')", "B.peer+B.peer");
        row("OutOf(2,OR('A.peer','B.peer'),AND('A.peer','B.peer'))", "A.peer+A.peer+B.peer+B.peer");
    }
    void listsMinimalSets() {
        QFETCH(QString, text);
        QFETCH(QString, sets);
        QCOMPARE(QString::fromStdString(setsOf(text.toStdString())), sets);
    }

    void nothingNeededIsOneEmptySet() {
        const auto found = minimalSatisfyingSets(*parsePolicyText("OutOf(0,'A.peer')"));
        VERIFY_OK(found);
        QCOMPARE(found->sets, Sets{{}});
    }

    void organisations_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sets");
        const auto row = [](const char* text, const char* sets) {
            QTest::addRow("%s", text) << text << sets;
        };
        row("OutOf(2,'A.peer','B.peer','C.peer')", "A+B | A+C | B+C");
        row("AND('A.peer','A.admin')", "A");
        row("OutOf(2,OR('A.peer','B.peer'),'B.peer')", "B");
        row("OutOf(2,'A.peer','A.admin','B.peer')", "A");
        row("OutOf(3,'A.peer','B.peer')", "");
    }
    void organisations() {
        QFETCH(QString, text);
        QFETCH(QString, sets);
        QCOMPARE(QString::fromStdString(organisationsOf(text.toStdString())), sets);
    }

    // With roles that exclude each other an identity fits exactly one principal, and the naive
    // evaluation can judge.
    void everySetSatisfiesAndIsMinimal() {
        std::size_t setCount = 0;
        for (std::uint32_t seed = 0; seed < 1500; ++seed) {
            test::RandomPolicy random(seed, 4);
            common::SignaturePolicyEnvelope envelope;
            for (int i = 0; i < 4; ++i)
                *envelope.add_identities() = roleOf(fmt::format("Org{}", i), common::MSPRole::PEER);
            random.fillGate(*envelope.mutable_rule(), 3);
            const auto found = minimalSatisfyingSets(envelope);
            VERIFY_OK(found);
            for (const auto& set : found->sets) {
                ++setCount;
                QVERIFY(satisfies(envelope, *found, set));
                for (std::size_t i = 0; i < set.size(); ++i) {
                    auto without = set;
                    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
                    QVERIFY(!satisfies(envelope, *found, without));
                }
            }
            checkAgainstSearch(envelope, *found);
        }
        QVERIFY2(setCount > 1500, fmt::format("{}", setCount).c_str());
    }

    void whatExplodesIsRefused_data() {
        QTest::addColumn<QString>("text");
        const auto leaves = [](int count) {
            QStringList names;
            for (int i = 0; i < count; ++i) names << QString("'O%1.peer'").arg(i);
            return names.join(',');
        };
        QTest::newRow("half of 40") << QString("OutOf(20,%1)").arg(leaves(40));
        QStringList pairs;
        for (int i = 0; i < 14; ++i) pairs << QString("OR('A%1.peer','B%1.peer')").arg(i);
        QTest::newRow("a choice in each of 14") << QString("AND(%1)").arg(pairs.join(','));
        QTest::newRow("very many signers") << QString("OutOf(30000,%1)").arg(leaves(30000));
        QString nested = leaves(30);
        for (int i = 0; i < 20; ++i)
            nested = QString("OutOf(2,%1,'X%2.peer','Y%2.peer')").arg(nested).arg(i);
        QTest::newRow("nested choices") << nested;
    }
    void whatExplodesIsRefused() {
        QFETCH(QString, text);
        const auto envelope = parsePolicyText(text.toStdString());
        VERIFY_OK(envelope);
        const Status status = minimalSatisfyingSets(*envelope).status();
        QCOMPARE(status.code(), StatusCode::kResourceExhausted);
        QCOMPARE(reasonOf(status), std::string("TOO_MANY_SETS"));
    }

    void theLimitIsExact() {
        const auto envelope = parsePolicyText("OutOf(2,'A.peer','B.peer','C.peer','D.peer')");
        VERIFY_OK(minimalSatisfyingSets(*envelope, 6));
        QVERIFY(!minimalSatisfyingSets(*envelope, 5).ok());
        VERIFY_OK(minimalOrganisationSets(*envelope, 6));
        QVERIFY(!minimalOrganisationSets(*envelope, 5).ok());
    }

    void aBadPolicyIsRefused() {
        common::SignaturePolicyEnvelope envelope;
        QCOMPARE(reasonOf(minimalSatisfyingSets(envelope).status()), std::string("BAD_POLICY"));
        QCOMPARE(reasonOf(minimalOrganisationSets(envelope).status()), std::string("BAD_POLICY"));
    }

private:
    static bool satisfies(const common::SignaturePolicyEnvelope& envelope,
                          const SatisfyingSets& found, const std::vector<std::uint32_t>& set) {
        std::vector<bool> used(set.size());
        return test::naiveEvaluate(
            envelope.rule(), set.size(), used, [&](std::size_t i, std::int32_t principal) {
                return found.principals[set[i]].index == static_cast<std::uint32_t>(principal);
            });
    }

    // Up to three signers: every set that satisfies, and does not without one of them, is listed or
    // contains a listed one; for policies that use each principal once, where the list is complete.
    static void checkAgainstSearch(const common::SignaturePolicyEnvelope& envelope,
                                   const SatisfyingSets& found) {
        const std::string bytes = envelope.rule().SerializeAsString();
        std::map<std::int32_t, int> uses;
        const std::function<void(const common::SignaturePolicy&)> count =
            [&](const common::SignaturePolicy& rule) {
                if (rule.has_signed_by()) ++uses[rule.signed_by()];
                for (const auto& child : rule.n_out_of().rules()) count(child);
            };
        count(envelope.rule());
        for (const auto& [principal, times] : uses)
            if (times > 1) return;
        const auto principals = static_cast<std::uint32_t>(found.principals.size());
        for (std::uint32_t mask = 0; mask < (1u << principals); ++mask) {
            std::vector<std::uint32_t> set;
            for (std::uint32_t i = 0; i < principals; ++i)
                if ((mask & (1u << i)) != 0) set.push_back(i);
            const bool covered =
                std::any_of(found.sets.begin(), found.sets.end(), [&](const auto& listed) {
                    return std::includes(set.begin(), set.end(), listed.begin(), listed.end());
                });
            QCOMPARE(covered, satisfies(envelope, found, set));
        }
    }
};

CHANCERY_TEST(SatisfyingSetsTest)
#include "SatisfyingSetsTest.moc"
