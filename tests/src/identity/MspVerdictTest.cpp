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

/// Verdicts at the door, and those that are kept.
class MspVerdictTest : public MspCases {
    Q_OBJECT
private slots:
    void doors();
    void wellFormed();
    void verdictsAreShared();
    void verdictsOfOtherMspsDoNotCount();
    void threadsAgree();
};

void MspVerdictTest::doors() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr identity = identityOf(msp, member);
    const auto reason = [&](absl::Time now) {
        return reasonOf(checkAtDoor(*identity, FixedClock(now)));
    };
    QCOMPARE(reason(member.notBefore()), std::string());
    QCOMPARE(reason(member.notAfter()), std::string());
    QCOMPARE(reason(member.notBefore() - absl::Seconds(1)), std::string("NOT_YET_VALID"));
    QCOMPARE(reason(member.notAfter() + absl::Seconds(1)), std::string("CERTIFICATE_EXPIRED"));
    // The ledger's verdict has no clock.
    VERIFY_OK(msp->validate(*identity));
}

void MspVerdictTest::wellFormed() {
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const std::string pem = member.toPem();
    const auto reason = [](const std::string& text) {
        return reasonOf(checkWellFormed(serializeIdentity(MspId("Any"), text)));
    };
    QCOMPARE(reason(pem), std::string());
    QCOMPARE(reason("text\n" + pem), std::string());
    QCOMPARE(reason(crypto::writePem("", member.der())), std::string());
    QCOMPARE(reason(highS(member).toPem()), std::string());
    QCOMPARE(reason(pem + "\n"), std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(pem + pem), std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(crypto::writePem("TRUSTED CERTIFICATE", member.der())),
             std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(""), std::string("NOT_PEM"));
    QCOMPARE(reason(crypto::writePem("CERTIFICATE", "x")), std::string("BAD_CERTIFICATE"));
    QCOMPARE(reasonOf(checkWellFormed("\xff")), std::string("MALFORMED_PROTOBUF"));
    const auto& impl = member.impl();
    const Bytes odd = crypto::derSequence(
        {impl.tbs, impl.signatureAlgorithm, crypto::derBitString(Bytes(impl.signature) + "x")});
    QCOMPARE(reason(crypto::writePem("CERTIFICATE", odd)), std::string("NOT_WELL_FORMED"));
}

void MspVerdictTest::verdictsAreShared() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    // The same configuration is the same object, so that a new bundle keeps what was found out.
    QCOMPARE(valueOf(makeMsp(m_parts)).get(), msp.get());
    QVERIFY(valueOf(makeMsp(m_parts, MspVersion::V3_0)).get() != msp.get());
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr first = identityOf(msp, member);
    QCOMPARE(identityOf(msp, member).get(), first.get());
    // Other bytes around the same certificate are another identity with the same membership.
    const auto other =
        msp->deserialize(serializeIdentity(MspId("TestMSP"), "text\n" + member.toPem()));
    VERIFY_OK(other);
    QVERIFY(other->get() != first.get());
    QCOMPARE((*other)->membership().get(), first->membership().get());
}

void MspVerdictTest::verdictsOfOtherMspsDoNotCount() {
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const MspPtr before = valueOf(makeMsp(m_parts));
    const IdentityPtr identity = identityOf(before, member);
    VERIFY_OK(before->validate(*identity));
    m_parts.crls = {crlOf(*m_root, {member})};
    const MspPtr after = valueOf(makeMsp(m_parts));
    QCOMPARE(reasonOf(after->validate(*identity)), std::string("REVOKED"));
    QCOMPARE(reasonOf(after->satisfies(*identity, role(::common::MSPRole::CLIENT))),
             std::string("REVOKED"));
    VERIFY_OK(before->validate(*identity));
    MspParts parts;
    parts.name = "OtherMSP";
    parts.roots = {m_root->certificate};
    const MspPtr other = valueOf(makeMsp(parts));
    QCOMPARE(reasonOf(other->validate(*identity)), std::string("WRONG_MSP"));
    QVERIFY(!other->satisfies(*identity, role(::common::MSPRole::MEMBER, "OtherMSP")).ok());
    // An identity that no MSP made is judged by its bytes.
    const Identity bare(MspId("TestMSP"), member, "id", serialized(member),
                        crypto::HashAlgorithm::Sha256);
    VERIFY_OK(before->validate(bare));
}

void MspVerdictTest::threadsAgree() {
    m_parts.crls = {crlOf(*m_root, {})};
    const MspSet set({valueOf(makeMsp(m_parts))});
    std::vector<Bytes> good, bad;
    for (int i = 0; i < 10; ++i) {
        good.push_back(serialized(makeMember(*m_root, {"client"}).certificate));
        bad.push_back(serialized(makeMember(*m_root, {"nothing"}).certificate));
    }
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round)
                for (std::size_t i = 0; i < good.size(); ++i) {
                    const auto one = set.deserialize(good[i]);
                    const auto two = set.deserialize(bad[i]);
                    if (!one.ok() || !set.satisfies(**one, role(::common::MSPRole::CLIENT)).ok())
                        ++wrong;
                    if (!two.ok() || reasonOf(set.validate(**two)) != "NO_ROLE_OU") ++wrong;
                }
        });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
}

CHANCERY_TEST(MspVerdictTest)
#include "MspVerdictTest.moc"
