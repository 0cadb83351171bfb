#include "src/policy/ApplicationPolicy.h"

#include "fabric/peer/policy.pb.h"
#include "tests/src/policy/ConfigBuilder.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

std::shared_ptr<const PolicyTree> tree() {
    common::ConfigGroup root;
    auto& application = test::groupIn(root, "Application");
    test::addSignaturePolicy(test::groupIn(application, "Alpha"), "Endorsement",
                             "OR('AlphaMSP.peer')");
    test::addImplicitMeta(application, "Endorsement", common::ImplicitMetaPolicy::MAJORITY,
                          "Endorsement");
    return *PolicyTree::fromConfig(root, test::vectorMsps());
}

bool isSatisfied(const Result<PolicyPtr>& policy, const std::string& ref) {
    const auto identity = test::vectorMsps()->deserialize(test::vectorSigner(ref).serialized);
    return (*policy)->isSatisfiedBy({{*identity}});
}

std::string reasonOfBytes(BytesView bytes) {
    return reasonOf(compileApplicationPolicy(bytes, *tree(), test::vectorMsps()).status());
}

}  // namespace

class ApplicationPolicyTest : public QObject {
    Q_OBJECT

private slots:
    void aSignaturePolicyIsUsedAsItIs() {
        protos::ApplicationPolicy message;
        *message.mutable_signature_policy() = *parsePolicyText("OR('BetaMSP.peer')");
        const auto policy =
            compileApplicationPolicy(message.SerializeAsString(), *tree(), test::vectorMsps());
        VERIFY_OK(policy);
        QVERIFY(isSatisfied(policy, "peer0.beta.pub.test"));
        QVERIFY(!isSatisfied(policy, "peer0.alpha.pub.test"));
    }

    void aReferenceIsLookedUp() {
        protos::ApplicationPolicy message;
        message.set_channel_config_policy_reference(std::string(kDefaultEndorsementPolicy));
        const auto policy =
            compileApplicationPolicy(message.SerializeAsString(), *tree(), test::vectorMsps());
        VERIFY_OK(policy);
        QVERIFY(isSatisfied(policy, "peer0.alpha.pub.test"));
        QVERIFY(!isSatisfied(policy, "peer0.beta.pub.test"));
    }

    void whatCannotBeUsedIsRefused() {
        protos::ApplicationPolicy message;
        message.set_channel_config_policy_reference("/Channel/Application/Nothing");
        QCOMPARE(reasonOfBytes(message.SerializeAsString()), std::string("UNKNOWN_POLICY"));
        message.set_channel_config_policy_reference("");
        QCOMPARE(reasonOfBytes(message.SerializeAsString()), std::string("UNKNOWN_POLICY"));
        QCOMPARE(reasonOfBytes(""), std::string("BAD_POLICY"));
        QCOMPARE(reasonOfBytes("\xff"), std::string("MALFORMED_PROTOBUF"));
        message.mutable_signature_policy();
        QCOMPARE(reasonOfBytes(message.SerializeAsString()), std::string("BAD_POLICY"));
    }

    void theVersionIsNotLookedAt() {
        protos::ApplicationPolicy message;
        *message.mutable_signature_policy() = *parsePolicyText("OR('BetaMSP.peer')");
        message.mutable_signature_policy()->set_version(3);
        VERIFY_OK(
            compileApplicationPolicy(message.SerializeAsString(), *tree(), test::vectorMsps()));
        VERIFY_OK(
            compileKeyPolicy(message.signature_policy().SerializeAsString(), test::vectorMsps()));
    }

    void aKeysPolicyIsAnEnvelope() {
        const auto policy = compileKeyPolicy(
            parsePolicyText("OR('BetaMSP.peer')")->SerializeAsString(), test::vectorMsps());
        VERIFY_OK(policy);
        QVERIFY(isSatisfied(policy, "peer0.beta.pub.test"));
        QCOMPARE(reasonOf(compileKeyPolicy("\x0a", test::vectorMsps()).status()),
                 std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(reasonOf(compileKeyPolicy("", test::vectorMsps()).status()),
                 std::string("BAD_POLICY"));
    }

    void deepBytesAreRefused() {
        const auto nested = [](int levels) {
            common::SignaturePolicy inner;
            inner.set_signed_by(0);
            for (int i = 1; i < levels; ++i) {
                common::SignaturePolicy outer;
                outer.mutable_n_out_of()->set_n(1);
                outer.mutable_n_out_of()->add_rules()->Swap(&inner);
                inner.Swap(&outer);
            }
            common::SignaturePolicyEnvelope envelope = *parsePolicyText("OR('AlphaMSP.peer')");
            envelope.mutable_rule()->Swap(&inner);
            return envelope.SerializeAsString();
        };
        VERIFY_OK(compileKeyPolicy(nested(64), test::vectorMsps()));
        QCOMPARE(reasonOf(compileKeyPolicy(nested(65), test::vectorMsps()).status()),
                 std::string("BAD_POLICY"));
        QCOMPARE(reasonOf(compileKeyPolicy(nested(1000), test::vectorMsps()).status()),
                 std::string("TOO_DEEP"));
    }
};

CHANCERY_TEST(ApplicationPolicyTest)
#include "ApplicationPolicyTest.moc"
