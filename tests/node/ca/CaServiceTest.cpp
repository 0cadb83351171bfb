#include "node/ca/CaService.h"

#include <fstream>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/identity/Extensions.h"
#include "src/identity/Msp.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node {

using test::Answer;
using test::json;
using test::Member;
using test::TestCa;
using test::valueOf;

/// The interface of the CA without a network: what is not told by npm's client.
class CaServiceTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestCa> m_ca;

private Q_SLOTS:
    void initTestCase() { log::setLevel(log::Level::Error); }
    void init() { m_ca = std::make_unique<TestCa>(); }
    void cleanup() { m_ca.reset(); }

    void tellsAboutItself() {
        for (const std::string path : {"/cainfo", "/api/v1/cainfo"})
            for (const std::string method : {"GET", "POST"}) {
                const Answer info = m_ca->send(method, path);
                QCOMPARE(info.status, 200);
                QCOMPARE(info.result()["CAName"].get<std::string>(), std::string("ca"));
                const auto chain = fromBase64(info.result()["CAChain"].get<std::string>());
                QCOMPARE(*chain, m_ca->ca().keys().certificate.toPem());
                QCOMPARE(info.result()["Suite"].get<std::string>(), std::string("ECDSA-P256"));
                QVERIFY(info.body["messages"] == json::array());
            }
    }

    void certificatesSayWhoOwnsThem_data() {
        QTest::addColumn<QByteArray>("suite");
        for (const char* name : {"ECDSA-P256", "ECDSA-P384", "ED25519", "SM2"})
            QTest::newRow(name) << QByteArray(name);
    }
    /// In each suite: enrol, sign requests, be accepted by an MSP, be revoked.
    void certificatesSayWhoOwnsThem() {
        QFETCH(QByteArray, suite);
        TestCa ca(*valueOf(crypto::suiteNamed(suite.toStdString())));
        const Member peer = ca.member("peer0", {{"type", "peer"}});
        QCOMPARE(peer.certificate.commonName(), std::string("peer0"));
        auto units = peer.certificate.organizationalUnits();
        std::sort(units.begin(), units.end());
        QCOMPARE(units, (std::vector<std::string>{"d1", "org1", "peer"}));
        using Pairs = std::vector<std::pair<std::string, std::string>>;
        QCOMPARE(peer.certificate.attributes(), (Pairs{{"hf.Affiliation", "org1.d1"},
                                                       {"hf.EnrollmentID", "peer0"},
                                                       {"hf.Type", "peer"}}));
        QCOMPARE(*peer.certificate.keyUsage(), unsigned(identity::kDigitalSignature));
        QVERIFY(!peer.certificate.isCa());

        QTemporaryDir folder;
        const std::filesystem::path msp = folder.path().toStdString();
        std::filesystem::create_directories(msp / "cacerts");
        std::filesystem::create_directories(msp / "crls");
        std::ofstream(msp / "cacerts/ca.pem") << ca.ca().keys().certificate.toPem();
        std::ofstream(msp / "config.yaml")
            << "NodeOUs:\n  Enable: true\n  PeerOUIdentifier:\n    Certificate: cacerts/ca.pem\n"
               "    OrganizationalUnitIdentifier: peer\n  AdminOUIdentifier:\n"
               "    Certificate: cacerts/ca.pem\n    OrganizationalUnitIdentifier: admin\n"
               "  ClientOUIdentifier:\n    Certificate: cacerts/ca.pem\n"
               "    OrganizationalUnitIdentifier: client\n";
        const auto validate = [&]() -> Status {
            ASSIGN_OR_RETURN(auto config, identity::readMspFolder(msp, MspId("Org1MSP")));
            if (suite == "SM2") {
                ::msp::FabricMSPConfig content;
                content.ParseFromString(config.config());
                content.mutable_crypto_config()->set_signature_hash_family("SM3");
                config.set_config(content.SerializeAsString());
            }
            ASSIGN_OR_RETURN(const auto rules,
                             identity::Msp::fromConfig(config, identity::MspVersion::V3_0));
            ASSIGN_OR_RETURN(const auto identity, rules->deserialize(identity::serializeIdentity(
                                                      MspId("Org1MSP"), peer.certificate.toPem())));
            return rules->validate(*identity);
        };
        VERIFY_OK(validate());

        const Answer revoked = ca.sendSigned(ca.admin(), "POST", "/api/v1/revoke",
                                             {{"id", "peer0"}, {"reason", "keyCompromise"}});
        QCOMPARE(revoked.status, 200);
        const auto published = readFile(ca.folder() + "/crl.pem");
        const auto list = identity::RevocationList::fromBytes(*published);
        VERIFY_OK(list);
        VERIFY_OK(list->checkSignedBy(ca.ca().keys().certificate));
        QCOMPARE(list->entries().size(), std::size_t(1));
        QCOMPARE(list->entries().front().reason.value_or(0), 1);
        std::ofstream(msp / "crls/crl.pem") << *published;
        QCOMPARE(reasonOf(validate()), std::string("REVOKED"));
        QCOMPARE(ca.sendSigned(peer, "POST", "/api/v1/reenroll", json::object()).status, 401);
    }

    void profilesDiffer() {
        const std::string secret = m_ca->add("peer0", {{"type", "peer"}});
        const Member tls = m_ca->enroll(
            "peer0", secret,
            {{"profile", "tls"}, {"hosts", {"peer0.example.com", "10.0.0.1", "localhost"}}});
        QCOMPARE(tls.certificate.hosts(),
                 (std::vector<std::string>{"peer0.example.com", "10.0.0.1", "localhost"}));
        QCOMPARE(tls.certificate.extendedKeyUsages().size(), std::size_t(2));
        // A secret that nobody has set a number for gives one certificate of each profile.
        const Member own = m_ca->enroll("peer0", secret);
        QVERIFY(own.certificate.extendedKeyUsages().empty());
        const auto request =
            test::makeRequest({.subject = {.commonName = "peer0"}}, m_ca->newKey());
        QCOMPARE(m_ca->tryEnroll("peer0", secret, request).code(), 20);
        QCOMPARE(m_ca->tryEnroll("peer0", secret, request, {{"profile", "tls"}}).code(), 20);
    }

    void subordinatesComeFromTheProfileCa() {
        const Member ica =
            m_ca->enroll("admin", "adminpw", {{"profile", "ca"}});  // has hf.IntermediateCA
        QVERIFY(ica.certificate.isCa());
        QCOMPARE(ica.certificate.pathLength().value_or(-1), 0);
        QVERIFY((*ica.certificate.keyUsage() & identity::kCertSign) != 0);
    }

    /// Defaults of fabric-ca-client's configuration file.
    void meaninglessUnitsAreLeftOut() {
        const std::string secret = m_ca->add("user1");
        const auto key = m_ca->newKey();
        const Answer answer =
            m_ca->tryEnroll("user1", secret,
                            test::makeRequest({.subject = {.country = "US",
                                                           .province = "North Carolina",
                                                           .organization = "Hyperledger",
                                                           .organizationalUnits = {"Fabric"},
                                                           .commonName = "user1"},
                                               .hosts = {"machine"}},
                                              key));
        QCOMPARE(answer.status, 201);
        const auto certificate = valueOf(identity::Certificate::fromPem(
            *fromBase64(answer.result()["Cert"].get<std::string>())));
        QVERIFY(certificate.subject().find("Fabric") == std::string::npos);
        QVERIFY(certificate.subject().find("O=Hyperledger") != std::string::npos);
        QCOMPARE(certificate.hosts(), std::vector<std::string>{"machine"});
    }

    void renewalKeepsTheKeyIfWanted() {
        const Member user = m_ca->member("user1");
        const json body{{"certificate_request",
                         test::makeRequest({.subject = {.organizationalUnits = {"client", "org1"},
                                                        .commonName = "user1"}},
                                           user.key)}};
        const Answer renewed = m_ca->sendSigned(user, "POST", "/api/v1/reenroll", body);
        QCOMPARE(renewed.status, 201);
    }

    void expiredCertificatesSignNothing() {
        m_ca = std::make_unique<TestCa>(
            crypto::ecdsaP256(), [](CaOptions& options) { options.validity = absl::Hours(1); });
        const Member user = m_ca->member("user1");
        m_ca->clock().shift = absl::Hours(2);
        const json body{{"certificate_request",
                         test::makeRequest({.subject = {.commonName = "user1"}}, user.key)}};
        QCOMPARE(m_ca->sendSigned(user, "POST", "/api/v1/reenroll", body).code(), 20);
        m_ca->close();
    }

    void wrongSecretsLock() {
        const std::string secret = m_ca->add("user1", {{"max_enrollments", -1}});
        const auto request =
            test::makeRequest({.subject = {.commonName = "user1"}}, m_ca->newKey());
        for (int i = 0; i < 9; ++i) QCOMPARE(m_ca->tryEnroll("user1", "no", request).code(), 20);
        QCOMPARE(m_ca->tryEnroll("user1", secret, request).status, 201);  // counts anew
        for (int i = 0; i < 10; ++i) QCOMPARE(m_ca->tryEnroll("user1", "no", request).code(), 20);
        QCOMPARE(m_ca->tryEnroll("user1", secret, request).code(), 73);
        VERIFY_OK(m_ca->restart());
        QCOMPARE(m_ca->tryEnroll("user1", secret, request).code(), 73);
        const Answer changed = m_ca->sendSigned(m_ca->admin(), "PUT", "/api/v1/identities/user1",
                                                {{"secret", "newpw"}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(m_ca->tryEnroll("user1", secret, request).code(), 20);
        QCOMPARE(m_ca->tryEnroll("user1", "newpw", request).status, 201);
    }

    void secretsStandNowhere() {
        m_ca->add("user1", {{"secret", "canary-of-a-secret"}});
        const std::string made = m_ca->add("user2");
        QVERIFY(made.size() >= 22);
        for (const auto& file : std::filesystem::recursive_directory_iterator(m_ca->folder())) {
            const Bytes bytes = *readFile(file.path());
            QVERIFY(bytes.find("canary-of-a-secret") == Bytes::npos);
            QVERIFY(bytes.find(made) == Bytes::npos);
        }
    }

    void removalRevokes() {
        m_ca->member("user1", {{"affiliation", "org1.d2"}});
        const Answer gone =
            m_ca->sendSigned(m_ca->admin(), "DELETE", "/api/v1/affiliations/org1.d2?force=true");
        QCOMPARE(gone.status, 200);
        QCOMPARE(gone.result()["identities"][0]["id"].get<std::string>(), std::string("user1"));
        const auto list =
            identity::RevocationList::fromBytes(*readFile(m_ca->folder() + "/crl.pem"));
        QCOMPARE(list->entries().front().reason.value_or(0), 3);
    }

    void renamingTakesMembersAlong() {
        const Member user = m_ca->member("user1", {{"affiliation", "org1.d1"}});
        const Answer moved = m_ca->sendSigned(
            m_ca->admin(), "PUT", "/api/v1/affiliations/org1?force=true", {{"name", "org9"}});
        QCOMPARE(moved.status, 200);
        const Answer one = m_ca->sendSigned(m_ca->admin(), "GET", "/api/v1/identities/user1?ca=ca");
        QCOMPARE(one.result()["affiliation"].get<std::string>(), std::string("org9.d1"));
        // What stands in the old certificate may be asked for; the new one says where one belongs.
        const json body{{"certificate_request",
                         test::makeRequest({.subject = {.organizationalUnits = {"d1", "org1"},
                                                        .commonName = "user1"}},
                                           m_ca->newKey())}};
        const Answer renewed = m_ca->sendSigned(user, "POST", "/api/v1/reenroll", body);
        QCOMPARE(renewed.status, 201);
        const auto certificate = valueOf(identity::Certificate::fromPem(
            *fromBase64(renewed.result()["Cert"].get<std::string>())));
        auto units = certificate.organizationalUnits();
        std::sort(units.begin(), units.end());
        QCOMPARE(units, (std::vector<std::string>{"client", "d1", "org9"}));
    }

    void registrarsSeeWhatIsTheirs() {
        const Member registrar =
            m_ca->member("reg", {{"affiliation", "org1"},
                                 {"attrs",
                                  {{{"name", "hf.Registrar.Roles"}, {"value", "client,peer"}},
                                   {{"name", "hf.Registrar.Attributes"}, {"value", "app.*"}}}}});
        m_ca->member("mine", {{"affiliation", "org1.d1"}});
        m_ca->member("other", {{"affiliation", "org2"}});
        m_ca->member("orderer", {{"affiliation", "org1.d1"}, {"type", "orderer"}});
        const Answer all = m_ca->sendSigned(registrar, "GET", "/api/v1/identities");
        std::vector<std::string> ids;
        for (const json& one : all.result()["identities"]) ids.push_back(one["id"]);
        QCOMPARE(ids, (std::vector<std::string>{"mine", "reg"}));
        const Answer certificates = m_ca->sendSigned(registrar, "GET", "/api/v1/certificates");
        QCOMPARE(certificates.result()["certs"].size(), std::size_t(3));
        const Answer made = m_ca->sendSigned(
            registrar, "POST", "/api/v1/identities",
            {{"id", "new"},
             {"affiliation", "org1.d1"},
             {"attrs", {{{"name", "app.role"}, {"value", "x"}, {"ecert", true}}}}});
        QCOMPARE(made.status, 201);
    }
};

}  // namespace chancery::node

using chancery::node::CaServiceTest;
CHANCERY_TEST(CaServiceTest)
#include "CaServiceTest.moc"
