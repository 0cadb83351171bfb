#include <fmt/format.h>

#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "tests/src/identity/MspCases.h"

using namespace chancery;
using namespace chancery::identity;
using namespace chancery::test;
using crypto::KeyAlgorithm;

/// Who is which principal, and what is refused before it comes to that.
class MspPrincipalTest : public MspCases {
    Q_OBJECT
private slots:
    void principals();
    void combinedPrincipals();
    void malformedInput();
    void otherMsps();
};

void MspPrincipalTest::principals() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr identity = identityOf(msp, member);
    const auto reason = [&](const ::common::MSPPrincipal& principal) {
        const Status status = msp->satisfies(*identity, principal);
        if (msp->isPrincipal(*identity, principal) != status.ok())
            return std::string("another answer without words");
        if (!status.ok() && status.code() != StatusCode::kPermissionDenied)
            return std::string("code");
        return reasonOf(status);
    };
    QCOMPARE(reason(role(::common::MSPRole::CLIENT)), std::string());
    QCOMPARE(reason(role(::common::MSPRole::PEER)), std::string("WRONG_ROLE"));
    QCOMPARE(reason(role(::common::MSPRole::CLIENT, "OtherMSP")), std::string("OTHER_MSP"));
    QCOMPARE(reason(role(::common::MSPRole::MSPRoleType(9))), std::string("UNKNOWN_ROLE"));
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY, serialized(member))),
             std::string());
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY,
                                serialized(makeMember(*m_root, {"client"}).certificate))),
             std::string("OTHER_IDENTITY"));
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY, serialized(member, "OtherMSP"))),
             std::string("WRONG_MSP"));
    QCOMPARE(reason(anonymity(::common::MSPIdentityAnonymity::NOMINAL)), std::string());
    QCOMPARE(reason(anonymity(::common::MSPIdentityAnonymity::ANONYMOUS)),
             std::string("NOT_ANONYMOUS"));
    QCOMPARE(reason(principalOf(Classification(9), "")), std::string("UNKNOWN_PRINCIPAL"));
    for (const auto kind : {::common::MSPPrincipal::ROLE, ::common::MSPPrincipal::ORGANIZATION_UNIT,
                            ::common::MSPPrincipal::IDENTITY, ::common::MSPPrincipal::ANONYMITY,
                            ::common::MSPPrincipal::COMBINED})
        QCOMPARE(reason(principalOf(kind, "\xff")), std::string("MALFORMED_PROTOBUF"));
    m_parts.admins = {member};
    const MspPtr old = valueOf(makeMsp(m_parts, MspVersion::V1_1));
    QCOMPARE(reasonOf(old->satisfies(*identityOf(old, member),
                                     anonymity(::common::MSPIdentityAnonymity::NOMINAL))),
             std::string("UNKNOWN_PRINCIPAL"));
    QCOMPARE(reasonOf(old->satisfies(*identityOf(old, member),
                                     combined({role(::common::MSPRole::MEMBER)}))),
             std::string("UNKNOWN_PRINCIPAL"));
}

void MspPrincipalTest::combinedPrincipals() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client", "sales"}).certificate;
    const auto client = role(::common::MSPRole::CLIENT);
    const auto peer = role(::common::MSPRole::PEER);
    const auto sales = unit("sales", crypto::sha256(m_root->certificate.der()));
    QVERIFY(satisfies(msp, member, combined({client, sales})));
    QVERIFY(!satisfies(msp, member, combined({client, sales, peer})));
    QVERIFY(satisfies(msp, member, combined({combined({client}), combined({sales, client})})));
    QVERIFY(!satisfies(msp, member, combined({})));
    QVERIFY(!satisfies(msp, member, combined({client, combined({})})));
    ::common::MSPPrincipal deep = client;
    for (int i = 0; i < 1'000; ++i) deep = combined({deep});
    QCOMPARE(reasonOf(msp->satisfies(*identityOf(msp, member), deep)),
             std::string("PRINCIPAL_TOO_LARGE"));
}

void MspPrincipalTest::malformedInput() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const auto reason = [&](BytesView bytes) { return reasonOf(msp->deserialize(bytes).status()); };
    QCOMPARE(reason(""), std::string("WRONG_MSP"));
    QCOMPARE(reason("\xff"), std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), "")), std::string("NOT_PEM"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), "text")), std::string("NOT_PEM"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), crypto::writePem("CERTIFICATE", "x"))),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(reason(serializeIdentity(MspId("testmsp"), "text")), std::string("WRONG_MSP"));
    const Bytes good = serialized(makeMember(*m_root, {"client"}).certificate);
    QCOMPARE(reason(good), std::string());
    for (std::size_t size = 0; size < good.size(); ++size)
        QVERIFY(!reason(BytesView(good).substr(0, size)).empty());
    // Unknown fields are of no consequence; the bytes stay what they are.
    const Bytes more = good + Bytes("\x78\x01", 2);
    QCOMPARE((*msp->deserialize(more))->serialized(), more);
    // An identity with a megabyte of text before it is judged but not kept.
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const auto large = msp->deserialize(
        serializeIdentity(MspId("TestMSP"), Bytes(500'000, '\n') + member.toPem()));
    VERIFY_OK(large);
    VERIFY_OK(msp->validate(**large));
}

void MspPrincipalTest::otherMsps() {
    const Holder other = test::makeRoot("other");
    MspParts parts;
    parts.name = "OtherMSP";
    parts.roots = {other.certificate};
    const MspSet set({valueOf(makeMsp(m_parts)), valueOf(makeMsp(parts))});
    QVERIFY((set.ids() == std::vector<MspId>{MspId("OtherMSP"), MspId("TestMSP")}));
    QVERIFY(set.find(MspId("TestMSP")) && !set.find(MspId("NoMSP")));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const auto identity = set.deserialize(serialized(member));
    VERIFY_OK(identity);
    VERIFY_OK(set.validate(**identity));
    VERIFY_OK(set.satisfies(**identity, role(::common::MSPRole::CLIENT)));
    // A valid certificate of one organisation that claims the other.
    QCOMPARE(reasonOf(set.deserialize(serialized(member, "OtherMSP")).status()),
             std::string("UNKNOWN_CA"));
    QCOMPARE(reasonOf(set.deserialize(serialized(member, "NoMSP")).status()),
             std::string("UNKNOWN_MSP"));
    QCOMPARE(set.deserialize(serialized(member, "NoMSP")).status().code(),
             StatusCode::kUnauthenticated);
    QCOMPARE(reasonOf(set.deserialize("\x0a").status()), std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(reasonOf(set.deserialize("").status()), std::string("UNKNOWN_MSP"));
    const MspSet none;
    QCOMPARE(reasonOf(none.validate(**identity)), std::string("UNKNOWN_MSP"));
    QCOMPARE(reasonOf(none.satisfies(**identity, role(::common::MSPRole::CLIENT))),
             std::string("UNKNOWN_MSP"));
}

CHANCERY_TEST(MspPrincipalTest)
#include "MspPrincipalTest.moc"
