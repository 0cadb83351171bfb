#include "src/base/Encoding.h"
#include "src/usecase/CheckMsp.h"
#include "src/usecase/DescribeCertificate.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;

/// CheckMsp and DescribeCertificate against what real Fabric says of the same files.
class MembershipTest : public QObject {
    Q_OBJECT
private slots:
    void badFolders();
    void organisations();
    void nodesAndUsers();
    void everyIdentity();
    void everyCertificate();
    void whatKeysAreFor_data();
    void whatKeysAreFor();
    void bundlesAndDer();
    void expiryIsAWarningForAuthorities();
};

namespace {

const absl::Time kNow = absl::FromCivil(absl::CivilDay(2027, 1, 1), absl::UTCTimeZone());

/// Folder of the organisation that an MSP id belongs to.
std::filesystem::path folderOf(const std::string& mspId) {
    return vectorPath("msp/" + facts()["msp"]["organisations"][mspId]["dir"].get<std::string>());
}

bool hasFailed(const MspReport& report, const std::string& what) {
    return std::any_of(report.checks.begin(), report.checks.end(), [&](const MspCheck& check) {
        return check.outcome == MspCheck::Outcome::Failed &&
               check.what.find(what) != std::string::npos;
    });
}

}  // namespace

void MembershipTest::badFolders() {
    for (const json& row : facts()["msp"]["bad_msp_folders"]) {
        const std::string folder = row["dir"];
        const auto report = CheckMsp().run(
            {.folder = vectorPath("msp/" + folder), .mspId = MspId("AlphaMSP"), .now = kNow});
        VERIFY_OK(report);
        const bool refused = !row["setup_error"].is_null();
        QVERIFY2(hasFailed(*report, "Set-up") == (refused && !hasFailed(*report, "Folder")),
                 folder.c_str());
        // A folder that is set up, but with which nobody is valid, is not good either.
        const bool useless =
            !refused && row.contains("user1_error") && !row["user1_error"].is_null();
        QVERIFY2(report->good() == (!refused && !useless), folder.c_str());
        for (const MspCheck& check : report->checks) QVERIFY(!check.detail.empty());
    }
}

void MembershipTest::organisations() {
    for (const auto& [mspId, row] : facts()["msp"]["organisations"].items()) {
        const auto report =
            CheckMsp().run({.folder = folderOf(mspId), .mspId = MspId(mspId), .now = kNow});
        VERIFY_OK(report);
        QVERIFY2(report->good(), mspId.c_str());
        const auto count = [&](const std::string& what) {
            return std::count_if(
                report->checks.begin(), report->checks.end(),
                [&](const MspCheck& check) { return check.what.starts_with(what); });
        };
        QCOMPARE(count("Root certificate"), row["root_certs"].get<std::ptrdiff_t>());
        QCOMPARE(count("Intermediate certificate"),
                 row["intermediate_certs"].get<std::ptrdiff_t>());
        QCOMPARE(count("Revocation list"), row["crls"].get<std::ptrdiff_t>());
        QCOMPARE(count("Listed administrator"), row["admins"].get<std::ptrdiff_t>());
    }
}

void MembershipTest::nodesAndUsers() {
    for (const json& row : facts()["msp"]["local_msps"]) {
        const std::string folder = row["dir"];
        std::string mspId = "OrdererPubMSP";
        for (const auto& [id, organisation] : facts()["msp"]["organisations"].items()) {
            const std::string root = organisation["dir"].get<std::string>();
            if (folder.starts_with(root.substr(0, root.rfind('/')))) mspId = id;
        }
        const auto report = CheckMsp().run(
            {.folder = vectorPath("msp/" + folder), .mspId = MspId(mspId), .now = kNow});
        VERIFY_OK(report);
        // A node starts with a revoked certificate; who checks its folder is told.
        bool good = row["error"].is_null();
        for (const json& identity : facts()["msp"]["identities"])
            if (identity["mspid"] == mspId &&
                identity["cert"].get<std::string>().starts_with(folder + "/"))
                good = good && identity["valid"].get<bool>();
        QCOMPARE(report->good(), good);
        QCOMPARE(report->members.size(), std::size_t{1});
        const auto certificate = DescribeCertificate().run(
            std::filesystem::directory_iterator(vectorPath("msp/" + folder + "/signcerts"))
                ->path());
        VERIFY_OK(certificate);
        QCOMPARE(certificate->front().keyIdentifier, row["bccsp_ski"].get<std::string>());
    }
}

void MembershipTest::everyIdentity() {
    std::size_t compared = 0;
    for (const json& row : facts()["msp"]["identities"]) {
        const std::string file = row["cert"];
        ++compared;
        // An organisation that does not exist has no folder to check against.
        if (!facts()["msp"]["organisations"].contains(row["mspid"].get<std::string>())) {
            QVERIFY(!row["valid"].get<bool>());
            continue;
        }
        const auto report = CheckMsp().run({.folder = folderOf(row["mspid"]),
                                            .mspId = MspId(row["mspid"].get<std::string>()),
                                            .identities = {vectorPath("msp/" + file)},
                                            .now = kNow});
        VERIFY_OK(report);
        QCOMPARE(report->members.size(), std::size_t{1});
        const MspMember& member = report->members.front();
        QVERIFY2(member.valid == row.value("valid", false), (file + ": " + member.why).c_str());
        QCOMPARE(member.why.empty(), member.valid);
        if (member.valid)
            for (const auto& [role, is] : row["satisfies"].items())
                QVERIFY2((std::find(member.roles.begin(), member.roles.end(), role) !=
                          member.roles.end()) == is.get<bool>(),
                         (file + " " + role).c_str());
    }
    QCOMPARE(compared, facts()["msp"]["identities"].size());
}

void MembershipTest::everyCertificate() {
    for (const json& row : facts()["msp"]["identities"]) {
        const auto certificates =
            DescribeCertificate().run(vectorPath("msp/" + row["cert"].get<std::string>()));
        if (!certificates.ok()) {
            QVERIFY(!row["deserialize_error"].is_null());
            continue;
        }
        const CertificateDescription& certificate = certificates->front();
        if (row.contains("subject"))
            QCOMPARE(certificate.subject, row["subject"].get<std::string>());
        if (row.contains("cert_der_sha256"))
            QCOMPARE(certificate.fingerprint, row["cert_der_sha256"].get<std::string>());
        if (row.contains("expires_at"))
            QCOMPARE(
                absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", certificate.notAfter, absl::UTCTimeZone()),
                row["expires_at"].get<std::string>());
    }
}

void MembershipTest::whatKeysAreFor_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("usages");
    QTest::addColumn<QString>("purposes");
    const QString alpha = "msp/peerOrganizations/alpha.pub.test/";
    QTest::newRow("user")
        << alpha + "users/User1@alpha.pub.test/msp/signcerts/User1@alpha.pub.test-cert.pem"
        << "digitalSignature"
        << "";
    QTest::newRow("authority") << alpha + "ca/ca.alpha.pub.test-cert.pem"
                               << "digitalSignature keyEncipherment keyCertSign cRLSign"
                               << "clientAuth serverAuth";
    QTest::newRow("TLS") << alpha + "peers/peer0.alpha.pub.test/tls/server.crt"
                         << "digitalSignature keyEncipherment"
                         << "serverAuth clientAuth";
}

void MembershipTest::whatKeysAreFor() {
    QFETCH(QString, file);
    QFETCH(QString, usages);
    QFETCH(QString, purposes);
    const auto certificates = DescribeCertificate().run(vectorPath(file.toStdString()));
    VERIFY_OK(certificates);
    const auto joined = [](const std::vector<std::string>& names) {
        QStringList list;
        for (const std::string& name : names) list << QString::fromStdString(name);
        return list.join(' ');
    };
    QCOMPARE(joined(certificates->front().keyUsages), usages);
    QCOMPARE(joined(certificates->front().extendedKeyUsages), purposes);
}

void MembershipTest::bundlesAndDer() {
    const auto two = DescribeCertificate().run(vectorPath("msp/extra/pem_two_certs/cert.pem"));
    VERIFY_OK(two);
    QCOMPARE(two->size(), std::size_t{2});
    QCOMPARE(reasonOf(DescribeCertificate().run(vectorPath("README.md")).status()),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(DescribeCertificate().run(vectorPath("nothing")).status().code(),
             StatusCode::kNotFound);
}

void MembershipTest::expiryIsAWarningForAuthorities() {
    const absl::Time later = absl::FromCivil(absl::CivilDay(2040, 1, 1), absl::UTCTimeZone());
    const auto report =
        CheckMsp().run({.folder = folderOf("AlphaMSP"), .mspId = MspId("AlphaMSP"), .now = later});
    VERIFY_OK(report);
    QVERIFY(report->good());
    QVERIFY(std::any_of(report->checks.begin(), report->checks.end(), [](const MspCheck& check) {
        return check.outcome == MspCheck::Outcome::Warning &&
               check.what.starts_with("Root certificate");
    }));
}

CHANCERY_TEST(MembershipTest)
#include "MembershipTest.moc"
