#include "src/policy/StandardPolicies.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::policy;

class StandardPoliciesTest : public QObject {
    Q_OBJECT

private slots:
    void rolePoliciesEqualTheirText() {
        const auto bytes = [](std::string_view text) {
            return parsePolicyText(text)->SerializeAsString();
        };
        QCOMPARE(policyOfRole(1, Role::Member, {MspId("B"), MspId("A")}).SerializeAsString(),
                 bytes("OR('A.member','B.member')"));
        QCOMPARE(
            policyOfRole(2, Role::Admin, {MspId("C"), MspId("A"), MspId("B")}).SerializeAsString(),
            bytes("OutOf(2,'A.admin','B.admin','C.admin')"));
        QCOMPARE(policyOfRole(1, Role::Client, {MspId("A")}).SerializeAsString(),
                 bytes("OR('A.client')"));
        QCOMPARE(policyOfRole(1, Role::Peer, {MspId("A")}).SerializeAsString(),
                 bytes("OR('A.peer')"));
        QCOMPARE(policyOfRole(1, Role::Orderer, {MspId("A")}).SerializeAsString(),
                 bytes("OR('A.orderer')"));
    }

    void acceptAndReject() {
        QVERIFY(
            (*compileSignaturePolicy(acceptAllPolicy(), test::vectorMsps()))->isSatisfiedBy({}));
        QVERIFY(
            !(*compileSignaturePolicy(rejectAllPolicy(), test::vectorMsps()))->isSatisfiedBy({}));
    }

    void quorums() {
        // f = ⌊(n − 1) / 3⌋, Q = ⌈(n + f + 1) / 2⌉
        const std::size_t expected[] = {1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9};
        for (std::size_t n = 0; n < std::size(expected); ++n) QCOMPARE(bftQuorum(n), expected[n]);
        for (std::size_t n = 1; n < 1000; ++n) {
            const std::size_t f = (n - 1) / 3;
            QVERIFY(2 * bftQuorum(n) > n + f);  // two quorums share an honest orderer
            QVERIFY(bftQuorum(n) <= n - f);     // the honest ones alone are a quorum
        }
    }

    void equalsTheBlockValidationOfARealBftChannel() {
        common::Block block;
        common::Envelope envelope;
        common::Payload payload;
        common::ConfigEnvelope config;
        QVERIFY(block.ParseFromString(test::vectorFile("bft/genesis.block")));
        QVERIFY(envelope.ParseFromString(block.data().data(0)));
        QVERIFY(payload.ParseFromString(envelope.payload()));
        QVERIFY(config.ParseFromString(payload.data()));
        const auto& orderer = config.config().channel_group().groups().at("Orderer");
        common::Orderers orderers;
        QVERIFY(orderers.ParseFromString(orderer.values().at("Orderers").value()));
        std::vector<std::pair<MspId, Bytes>> consenters;
        for (const auto& consenter : orderers.consenter_mapping())
            consenters.emplace_back(MspId(consenter.msp_id()), consenter.identity());
        QCOMPARE(consenters.size(), std::size_t{4});
        QCOMPARE(bftBlockValidationPolicy(consenters).SerializeAsString(),
                 orderer.policies().at("BlockValidation").policy().value());
    }
};

CHANCERY_TEST(StandardPoliciesTest)
#include "StandardPoliciesTest.moc"
