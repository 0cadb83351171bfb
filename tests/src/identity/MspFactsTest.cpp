#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/identity/SigningIdentity.h"
#include "tests/src/identity/FactsMsps.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::identity;
using nlohmann::json;
using test::facts;
using test::vectorPath;

class MspFactsTest : public QObject {
    Q_OBJECT
private slots:
    void organisations();
    void badFolders_data();
    void badFolders();
    void localMsps_data();
    void localMsps();
    void bftFolders();
};

void MspFactsTest::organisations() {
    const json& rows = facts()["msp"]["organisations"];
    QCOMPARE(rows.size(), std::size_t(5));
    for (const auto& [name, row] : rows.items()) {
        const MspPtr msp = test::factsMsps().find(MspId(name));
        QVERIFY(msp);
        QCOMPARE(msp->adminCertificates().size(), row["admins"].get<std::size_t>());
        QCOMPARE(msp->revocationLists().size(), row["crls"].get<std::size_t>());
        QCOMPARE(msp->rootCertificates().size(), row["root_certs"].get<std::size_t>());
        QCOMPARE(msp->intermediateCertificates().size(),
                 row["intermediate_certs"].get<std::size_t>());
        QCOMPARE(msp->tlsRootCertificates().size(), row["tls_root_certs"].get<std::size_t>());
        QCOMPARE(msp->hasNodeOus(), row["node_ous"].get<bool>());
        QCOMPARE(msp->config().name(), name);
    }
}

void MspFactsTest::badFolders_data() {
    QTest::addColumn<QString>("index");
    const auto& rows = facts()["msp"]["bad_msp_folders"];
    QCOMPARE(rows.size(), std::size_t(13));
    for (std::size_t i = 0; i < rows.size(); ++i)
        QTest::addRow("%s", rows[i]["dir"].get<std::string>().c_str()) << QString::number(i);
}

void MspFactsTest::badFolders() {
    QFETCH(QString, index);
    const json& row = facts()["msp"]["bad_msp_folders"][index.toUInt()];
    const auto msp = Msp::fromFolder(vectorPath("msp/" + row["dir"].get<std::string>()),
                                     MspId("AlphaMSP"), MspVersion::V1_4_3);
    const std::string setUpError = test::textOrEmpty(row["setup_error"]);
    QVERIFY2(msp.ok() == setUpError.empty(), msp.status().ToString().c_str());
    if (!msp.ok()) {
        QCOMPARE(reasonOf(msp.status()), test::reasonOfFabricError(setUpError));
        return;
    }
    const Bytes user = test::vectorFile(
        "msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp/signcerts/"
        "User1@alpha.pub.test-cert.pem");
    const auto identity = (*msp)->deserialize(serializeIdentity(MspId("AlphaMSP"), user));
    VERIFY_OK(identity);
    const Status status = (*msp)->validate(**identity);
    const std::string userError = test::textOrEmpty(row["user1_error"]);
    QVERIFY2(status.ok() == userError.empty(), status.ToString().c_str());
    if (!status.ok()) QCOMPARE(reasonOf(status), test::reasonOfFabricError(userError));
}

void MspFactsTest::localMsps_data() {
    QTest::addColumn<QString>("index");
    const auto& rows = facts()["msp"]["local_msps"];
    QCOMPARE(rows.size(), std::size_t(19));
    for (std::size_t i = 0; i < rows.size(); ++i)
        QTest::addRow("%s", rows[i]["dir"].get<std::string>().c_str()) << QString::number(i);
}

void MspFactsTest::localMsps() {
    QFETCH(QString, index);
    const json& row = facts()["msp"]["local_msps"][index.toUInt()];
    const auto folder = vectorPath("msp/" + row["dir"].get<std::string>());
    const auto signer = loadSigningIdentity(folder, MspId("SomeMSP"));
    QVERIFY(row["error"].is_null());
    VERIFY_OK(signer);
    QCOMPARE(toHex((*signer)->certificate().publicKey().ski()),
             row["bccsp_ski"].get<std::string>());
    const auto signature = (*signer)->sign("message");
    VERIFY_OK(signature);
    VERIFY_OK((*signer)->certificate().publicKey().verify("message", *signature,
                                                          crypto::HashAlgorithm::Sha256));
    // The folder is also a verifying MSP, and the signer is a member of it.
    const auto msp = Msp::fromFolder(folder, MspId("SomeMSP"), MspVersion::V1_4_3);
    VERIFY_OK(msp);
    const auto identity = (*msp)->deserialize((*signer)->serialized());
    VERIFY_OK(identity);
    const bool isRevoked = row["dir"].get<std::string>().find("User3@alpha") != std::string::npos;
    const bool knowsCrl = !(*msp)->revocationLists().empty();
    QCOMPARE((*msp)->validate(**identity).ok(), !(isRevoked && knowsCrl));
    VERIFY_OK((*identity)->verify("message", *signature));
}

void MspFactsTest::bftFolders() {
    int signers = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(vectorPath("bft/msp"))) {
        if (entry.path().filename() != "msp" || !entry.is_directory() ||
            entry.path().parent_path().filename() == "bft")
            continue;
        for (const MspVersion version : {MspVersion::V1_4_3, MspVersion::V3_0})
            VERIFY_OK(Msp::fromFolder(entry.path(), MspId("BftMSP"), version));
        if (!std::filesystem::exists(entry.path() / "signcerts")) continue;
        const auto signer = loadSigningIdentity(entry.path(), MspId("BftMSP"));
        VERIFY_OK(signer);
        const auto msp = Msp::fromFolder(entry.path(), MspId("BftMSP"), MspVersion::V3_0);
        VERIFY_OK((*msp)->validate(**(*msp)->deserialize((*signer)->serialized())));
        ++signers;
    }
    QVERIFY(signers > 4);
}

CHANCERY_TEST(MspFactsTest)
#include "MspFactsTest.moc"
