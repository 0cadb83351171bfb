#include "src/policy/Policy.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

// "+" accepted, "=" duplicate, "-" refused.
std::string verdictsOf(const VerifiedSignatures& verified) {
    std::string text;
    for (const auto& verdict : verified.verdicts)
        text += verdict.accepted ? '+' : verdict.duplicate ? '=' : '-';
    return text;
}

VerifiedSignatures verify(const std::vector<std::string>& refs) {
    return verifySignatures(test::SignatureSet(refs).signedData(), *test::vectorMsps());
}

}  // namespace

class PolicyTest : public QObject {
    Q_OBJECT

private slots:
    void signatures_data() {
        QTest::addColumn<QStringList>("refs");
        QTest::addColumn<QString>("verdicts");
        const auto row = [](const char* verdicts, QStringList refs) {
            QTest::addRow("%s", qPrintable(refs.join(' '))) << refs << verdicts;
        };
        const QString alpha = "User1@alpha.pub.test", beta = "User1@beta.pub.test";
        row("", {});
        row("+", {alpha});
        row("++", {alpha, beta});
        row("+=", {alpha, alpha});
        row("-", {"!" + alpha});
        row("-+", {"!" + alpha, alpha});  // a bad signature does not spoil a later good one
        row("+=", {alpha, "!" + alpha});  // who is accepted is not verified again
        row("-+=+", {"!" + alpha, alpha, "!" + alpha, beta});
        row("+=", {alpha, "extra/pem_crlf"});  // the same certificate in another form
        row("-+", {"extra/foreign_same_subject", beta});
        row("-", {"extra/der_raw"});
        row("+", {"extra/ca_flag"});  // validity is judged by the principal, not here
    }
    void signatures() {
        QFETCH(QStringList, refs);
        QFETCH(QString, verdicts);
        std::vector<std::string> list;
        for (const auto& ref : refs) list.push_back(ref.toStdString());
        const VerifiedSignatures verified = verify(list);
        QCOMPARE(QString::fromStdString(verdictsOf(verified)), verdicts);
        QCOMPARE(verified.identities.size(), static_cast<std::size_t>(verdicts.count('+')));
        for (std::size_t i = 0; i < verified.verdicts.size(); ++i) {
            const auto& verdict = verified.verdicts[i];
            QCOMPARE(verdict.index, i);
            QCOMPARE(verdict.why.ok(), verdict.accepted || verdict.duplicate);
        }
        QCOMPARE(rejectedOf(verified).empty(), !verdicts.contains('-') && !verdicts.contains('='));
    }

    void manySignersAreStillToldApart() {
        std::vector<std::string> refs, expected;
        std::string once, twice;
        for (const auto& signer : test::vectorSigners()) {
            if (verify({signer.ref}).identities.empty() || signer.ref.starts_with("extra/pem_"))
                continue;
            refs.push_back(signer.ref);
            once += '+';
            twice += '=';
        }
        QVERIFY(refs.size() > 30);
        const std::size_t count = refs.size();
        for (std::size_t i = 0; i < count; ++i) refs.push_back(refs[i]);
        QCOMPARE(verdictsOf(verify(refs)), once + twice);
    }

    void anUnknownMspGivesNoIdentity() {
        const Bytes serialized = identity::serializeIdentity(MspId("NowhereMSP"), "x");
        const SignedData data{"m", serialized, "s"};
        const auto verified = verifySignatures({&data, 1}, *test::vectorMsps());
        QVERIFY(verified.verdicts[0].identity == nullptr);
        QCOMPARE(reasonOf(verified.verdicts[0].why), std::string("UNKNOWN_MSP"));
        const SignedData garbage{"m", "\xff", "s"};
        QVERIFY(!verifySignatures({&garbage, 1}, *test::vectorMsps()).verdicts[0].why.ok());
    }

    void aRefusalSaysWhatIsMissingAndWhatDoesNotCount() {
        const auto policy = *compileSignaturePolicy(
            *parsePolicyText("AND('AlphaMSP.client','BetaMSP.client')"), test::vectorMsps());
        const test::SignatureSet set(
            {"User1@alpha.pub.test", "User1@alpha.pub.test", "!User1@beta.pub.test"});
        const Status status = evaluate(*policy, set.signedData(), *test::vectorMsps());
        QCOMPARE(status.code(), StatusCode::kPermissionDenied);
        QCOMPARE(reasonOf(status), std::string("POLICY_NOT_SATISFIED"));
        QCOMPARE(argumentOf(status, "have"), std::string("1"));
        QCOMPARE(argumentOf(status, "needed"), std::string("2"));
        QCOMPARE(argumentOf(status, "missing"), std::string("a client of BetaMSP"));
        const std::string message(messageOf(status));
        QVERIFY2(
            message.starts_with(
                "have 1 of 2, missing a client of BetaMSP; signature 2 of User1@alpha.pub.test "
                "(AlphaMSP) "
                "does not count: the same identity counts once; signature 3 of User1@beta.pub.test "
                "(BetaMSP) does not count: "),
            message.c_str());
        VERIFY_OK(evaluate(
            *policy,
            test::SignatureSet({"User1@beta.pub.test", "User1@alpha.pub.test"}).signedData(),
            *test::vectorMsps()));
    }
};

CHANCERY_TEST(PolicyTest)
#include "PolicyTest.moc"
