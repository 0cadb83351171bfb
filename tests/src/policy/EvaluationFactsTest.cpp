#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/Principal.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/ExplanationChecks.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::policy;
using nlohmann::json;

namespace {

const json& policyFacts() {
    return test::facts()["policies"];
}

std::string label(const json& row) {
    return row.value("dsl", row.value("note", "")) + " by " +
           row.value("ids", json::array()).dump();
}

common::SignaturePolicyEnvelope envelopeOf(const json& row) {
    common::SignaturePolicyEnvelope envelope;
    if (!envelope.ParseFromString(*fromHex(row["envelope_hex"].get<std::string>())))
        throw std::runtime_error("envelope");
    return envelope;
}

// Null when an identity of the list is broken or not deserialised; Fabric's result is missing then.
std::optional<std::vector<identity::IdentityPtr>> bareIdentities(
    const std::vector<std::string>& refs) {
    std::vector<identity::IdentityPtr> list;
    for (const auto& ref : refs) {
        if (ref.starts_with('!')) return std::nullopt;
        auto identity = test::vectorMsps()->deserialize(test::vectorSigner(ref).serialized);
        if (!identity.ok()) return std::nullopt;
        list.push_back(*std::move(identity));
    }
    return list;
}

}  // namespace

class EvaluationFactsTest : public QObject {
    Q_OBJECT

private slots:
    void evaluations_data() {
        QTest::addColumn<QString>("index");
        for (std::size_t i = 0; i < policyFacts()["evaluations"].size(); ++i)
            QTest::newRow(fmt::format("{}", i).c_str()) << QString::number(i);
    }
    void evaluations() {
        QFETCH(QString, index);
        const json& row = policyFacts()["evaluations"][index.toUInt()];
        const auto policy = compileSignaturePolicy(envelopeOf(row), test::vectorMsps());
        QCOMPARE(policy.ok(), !row.contains("compile_error"));
        if (!policy.ok()) {
            QCOMPARE(reasonOf(policy.status()), std::string("BAD_POLICY"));
            QVERIFY(!row["compile_error"].get<std::string>().empty());
            return;
        }
        const auto refs = row["ids"].get<std::vector<std::string>>();
        const auto bare = bareIdentities(refs);
        QCOMPARE(bare.has_value(), row.contains("identities"));
        if (bare) {
            QVERIFY2((*policy)->isSatisfiedBy(*bare) == row["identities"].get<bool>(),
                     label(row).c_str());
            check((*policy)->explain(*bare), row["identities"]);
        }
        const test::SignatureSet set(refs);
        const VerifiedSignatures verified = verifySignatures(set.signedData(), *test::vectorMsps());
        QVERIFY2((*policy)->isSatisfiedBy(verified.identities) == row["signed_data"].get<bool>(),
                 label(row).c_str());
        check((*policy)->explain(verified.identities), row["signed_data"]);
        const Status status = evaluate(**policy, set.signedData(), *test::vectorMsps());
        QCOMPARE(status.ok(), row["signed_data"].get<bool>());
        if (!status.ok()) QCOMPARE(reasonOf(status), std::string("POLICY_NOT_SATISFIED"));
    }

    // Facts that no evaluation would miss: rows of one kind share their policy, and principals name
    // what exists.
    void evaluationsAreConsistent() {
        std::map<std::string, std::string> policyOfNote;
        for (const auto& row : policyFacts()["evaluations"]) {
            const std::string note = row.value("note", "");
            if (!row.contains("dsl") && !row.contains("compile_error")) {
                const auto [found, isNew] = policyOfNote.try_emplace(note, row["envelope_hex"]);
                QCOMPARE(row["envelope_hex"].get<std::string>(), found->second);
            }
            const auto envelope = envelopeOf(row);
            for (const auto& principal : envelope.identities()) {
                const PrincipalScope scope = scopeOf(principal);
                if (scope.reach == PrincipalReach::OneMsp)
                    QVERIFY2(test::vectorMsps()->find(scope.mspId) != nullptr, label(row).c_str());
            }
        }
    }

    void signersAreWhoTheMspSectionSays() {
        QCOMPARE(*fromHex(policyFacts()["message_hex"].get<std::string>()),
                 std::string("policy test message"));
        std::set<std::string> refs;
        for (const auto& row : policyFacts()["identities"]) {
            QVERIFY(refs.insert(row["ref"]).second);
            const auto& known = test::facts()["msp"]["identities"];
            const auto found = std::find_if(known.begin(), known.end(), [&row](const json& other) {
                return other["cert"] == row["cert"];
            });
            QVERIFY2(found != known.end(), row.dump().c_str());
            QCOMPARE(row["mspid"].get<std::string>(), (*found)["mspid"].get<std::string>());
            const auto identity =
                test::vectorMsps()->deserialize(test::vectorSigner(row["ref"]).serialized);
            if (identity.ok())
                QCOMPARE((*identity)->certificate().publicKey(),
                         test::vectorSigner(row["ref"]).key.publicKey());
        }
    }

private:
    static void check(const Explanation& explanation, bool satisfied) {
        QCOMPARE(explanation.satisfied, satisfied);
        QCOMPARE(test::faultOf(explanation), std::string());
    }
};

CHANCERY_TEST(EvaluationFactsTest)
#include "EvaluationFactsTest.moc"
