#include "src/policy/SignaturePolicy.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "src/policy/StandardPolicies.h"
#include "tests/src/policy/ExplanationChecks.h"
#include "tests/src/policy/RandomPolicy.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

std::vector<identity::IdentityPtr> everyIdentity() {
    std::vector<identity::IdentityPtr> list;
    for (const auto& signer : test::vectorSigners())
        if (auto identity = test::vectorMsps()->deserialize(signer.serialized); identity.ok())
            list.push_back(*std::move(identity));
    return list;
}

identity::IdentityPtr identityOf(const std::string& ref) {
    return test::vectorMsps()->deserialize(test::vectorSigner(ref).serialized).value();
}

PolicyPtr compiled(std::string_view text) {
    return *compileSignaturePolicy(*parsePolicyText(text), test::vectorMsps());
}

/// Roles of the vectors' organisations, one of an unknown one, an identity and a malformed
/// principal.
std::vector<common::MSPPrincipal> principalPool() {
    const auto roles = parsePolicyText(
        "OR('AlphaMSP.member','AlphaMSP.peer','AlphaMSP.admin','AlphaMSP.client','BetaMSP.member','"
        "BetaMSP.peer',"
        "'LegacyMSP.admin','LegacyMSP.member','GammaMSP.client','NowhereMSP.member')");
    std::vector<common::MSPPrincipal> pool(roles->identities().begin(), roles->identities().end());
    common::MSPPrincipal identity;
    identity.set_principal_classification(common::MSPPrincipal::IDENTITY);
    identity.set_principal(test::vectorSigner("User1@alpha.pub.test").serialized);
    pool.push_back(identity);
    common::MSPPrincipal nominal;
    nominal.set_principal_classification(common::MSPPrincipal::ANONYMITY);
    pool.push_back(nominal);
    common::MSPPrincipal combined;
    combined.set_principal_classification(common::MSPPrincipal::COMBINED);
    common::CombinedPrincipal parts;
    *parts.add_principals() = pool[0];
    *parts.add_principals() = pool[2];
    combined.set_principal(parts.SerializeAsString());
    pool.push_back(combined);
    common::MSPPrincipal malformed;
    malformed.set_principal("\xff");
    pool.push_back(malformed);
    return pool;
}

}  // namespace

class SignaturePolicyTest : public QObject {
    Q_OBJECT

private slots:
    // Verdict, explanation and a plain evaluation that asks the MSPs directly say the same.
    void agreesWithTheNaiveEvaluation() {
        const auto identities = everyIdentity();
        const auto bystander = identityOf("orderer.orderers.pub.test");
        const auto pool = principalPool();
        int satisfiedCount = 0;
        for (std::uint32_t seed = 0; seed < 1500; ++seed) {
            test::RandomPolicy random(seed, static_cast<int>(pool.size()));
            common::SignaturePolicyEnvelope envelope;
            for (const auto& principal : pool) *envelope.add_identities() = principal;
            random.fillGate(*envelope.mutable_rule(), 3);
            // A long list is mostly of those who are none of the principals, so that each place in
            // it counts.
            const bool isLong = seed % 5 == 0;
            std::vector<identity::IdentityPtr> signers;
            for (int i = isLong ? random.pick(40, 140) : random.pick(0, 7); i > 0; --i) {
                const bool isBystander = isLong && random.pick(0, 15) != 0;
                const int last = static_cast<int>(identities.size()) - 1;
                signers.push_back(isBystander
                                      ? bystander
                                      : identities[static_cast<std::size_t>(random.pick(0, last))]);
            }
            const auto policy = compileSignaturePolicy(envelope, test::vectorMsps());
            VERIFY_OK(policy);
            std::vector<bool> used(signers.size());
            const bool expected = test::naiveEvaluate(
                envelope.rule(), signers.size(), used, [&](std::size_t i, std::int32_t p) {
                    return test::vectorMsps()->satisfies(*signers[i], envelope.identities(p)).ok();
                });
            QCOMPARE((*policy)->isSatisfiedBy(signers), expected);
            const Explanation explanation = (*policy)->explain(signers);
            QCOMPARE(explanation.satisfied, expected);
            QCOMPARE(test::faultOf(explanation), std::string());
            satisfiedCount += expected;
        }
        QVERIFY2(satisfiedCount > 150 && satisfiedCount < 1350,
                 fmt::format("{}", satisfiedCount).c_str());
    }

    void orderMattersAsInFabric() {
        const auto policy = compiled("AND('AlphaMSP.member','AlphaMSP.admin')");
        const auto admin = identityOf("Admin@alpha.pub.test");
        const auto peer = identityOf("peer0.alpha.pub.test");
        QVERIFY(!policy->isSatisfiedBy(std::vector{admin, peer}));
        QVERIFY(policy->isSatisfiedBy(std::vector{peer, admin}));
        const Explanation explanation = policy->explain(std::vector{admin, peer});
        QCOMPARE(explanation.parts[0].usedBy, std::string("Admin@alpha.pub.test (AlphaMSP)"));
        QVERIFY(explanation.parts[1].why.starts_with(
            "Admin@alpha.pub.test (AlphaMSP): already counts elsewhere; "));
    }

    void anOrSpendsOneForEachBranch() {
        const auto policy = compiled("AND(OR('AlphaMSP.peer','BetaMSP.peer'),'BetaMSP.peer')");
        const auto alpha = identityOf("peer0.alpha.pub.test");
        const auto beta = identityOf("peer0.beta.pub.test");
        QVERIFY(!policy->isSatisfiedBy(std::vector{alpha, beta}));
    }

    void explains() {
        const auto policy = compiled(
            "OutOf(2,'AlphaMSP.peer','BetaMSP.peer',AND('GammaMSP.admin','GammaMSP.peer'))");
        const auto explanation = policy->explain(std::vector{identityOf("peer0.alpha.pub.test")});
        QCOMPARE(explanation.rule, std::string("2 of 3"));
        QCOMPARE(explanation.parts[0].rule, std::string("AlphaMSP.peer"));
        QCOMPARE(explanation.parts[0].usedBy, std::string("peer0.alpha.pub.test (AlphaMSP)"));
        QCOMPARE(explanation.parts[1].why, std::string("no accepted signature is of BetaMSP"));
        QCOMPARE(toSentence(explanation),
                 std::string("have 1 of 2, missing a peer of BetaMSP or (an admin of GammaMSP "
                             "and a peer of GammaMSP)"));
        QCOMPARE(toSentence(compiled("AND('AlphaMSP.peer','BetaMSP.peer')")
                                ->explain(std::vector{identityOf("peer0.alpha.pub.test")})),
                 std::string("have 1 of 2, missing a peer of BetaMSP"));
        QCOMPARE(toSentence(policy->explain({})),
                 std::string("have 0 of 2, missing 2 of a peer of AlphaMSP, a peer of BetaMSP and "
                             "(an admin of GammaMSP "
                             "and a peer of GammaMSP)"));
        QCOMPARE(
            toSentence(policy->explain(std::vector{identityOf("peer0.beta.pub.test"),
                                                   identityOf("peer0.alpha.pub.test")})),
            std::string(
                "satisfied by peer0.alpha.pub.test (AlphaMSP) and peer0.beta.pub.test (BetaMSP)"));
        QCOMPARE(toSentence(compiled("OutOf(0,'AlphaMSP.peer')")->explain({})),
                 std::string("satisfied without any signature"));
        QCOMPARE(toSentence(compiled("OutOf(2,'AlphaMSP.peer')")->explain({})),
                 std::string("have 0 of 2, missing what no signature can give"));
    }

    void explainsEveryKindOfPrincipal() {
        common::SignaturePolicyEnvelope envelope;
        auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
        gate.set_n(20);
        for (const auto& principal : principalPool()) {
            gate.add_rules()->set_signed_by(envelope.identities_size());
            *envelope.add_identities() = principal;
        }
        auto& unit = *envelope.add_identities();
        unit.set_principal_classification(common::MSPPrincipal::ORGANIZATION_UNIT);
        common::OrganizationUnit message;
        message.set_msp_identifier("AlphaMSP");
        message.set_organizational_unit_identifier("dept7\u202e");
        message.set_certifiers_identifier("x");
        unit.set_principal(message.SerializeAsString());
        gate.add_rules()->set_signed_by(envelope.identities_size() - 1);
        const auto explanation =
            (*compileSignaturePolicy(envelope, test::vectorMsps()))->explain({});
        const auto phrase = [&explanation](std::size_t part) {
            return explanation.parts[part].phrase;
        };
        QCOMPARE(phrase(2), std::string("an admin of AlphaMSP"));
        QCOMPARE(phrase(10), std::string("User1@alpha.pub.test of AlphaMSP"));
        QCOMPARE(phrase(11), std::string("an identity that tells who its owner is"));
        QCOMPARE(phrase(12), std::string("a member of AlphaMSP who is also an admin of AlphaMSP"));
        QCOMPARE(phrase(13), std::string("a malformed role that nobody is"));
        QCOMPARE(phrase(14), std::string("a member of unit dept7\\u{202e} of AlphaMSP"));
        QCOMPARE(test::faultOf(explanation), std::string());
    }

    void aPolicyThatAsksTooMuchIsNotSatisfied() {
        common::SignaturePolicyEnvelope envelope;
        auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
        for (int i = 0; i < 700; ++i) {
            common::OrganizationUnit unit;
            unit.set_msp_identifier("NowhereMSP");
            unit.set_organizational_unit_identifier(fmt::format("{}", i));
            unit.set_certifiers_identifier("x");
            auto& principal = *envelope.add_identities();
            principal.set_principal_classification(common::MSPPrincipal::ORGANIZATION_UNIT);
            principal.set_principal(unit.SerializeAsString());
            gate.add_rules()->set_signed_by(i);
        }
        const auto policy = *compileSignaturePolicy(envelope, test::vectorMsps());
        std::vector<identity::IdentityPtr> crowd(1000, identityOf("peer0.alpha.pub.test"));
        QVERIFY(policy->isSatisfiedBy(crowd));
        crowd.resize(12'800, crowd.front());
        QVERIFY(!policy->isSatisfiedBy(crowd));
        const Explanation explanation = policy->explain(crowd);
        QVERIFY(!explanation.satisfied);
        QCOMPARE(toSentence(explanation), std::string("given up after 1000000 questions to MSPs"));
    }

    void aHugePolicyIsEvaluatedAndExplained() {
        common::SignaturePolicyEnvelope envelope = *parsePolicyText("OR('AlphaMSP.peer')");
        auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
        for (int i = 0; i < 65'000; ++i) gate.add_rules()->set_signed_by(0);
        const auto policy = *compileSignaturePolicy(envelope, test::vectorMsps());
        const std::vector<identity::IdentityPtr> crowd(500, identityOf("peer0.alpha.pub.test"));
        QVERIFY(policy->isSatisfiedBy(crowd));
        const Explanation explanation = policy->explain(crowd);
        QCOMPARE(explanation.have, std::size_t{500});
        QCOMPARE(explanation.parts.size(), std::size_t{65'001});
    }
};

CHANCERY_TEST(SignaturePolicyTest)
#include "SignaturePolicyTest.moc"
