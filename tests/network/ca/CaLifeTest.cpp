#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"
#include "src/process/Child.h"
#include "src/usecase/EnrolIdentity.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::interfaces;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds kPatience{60};  // never reached unless something is broken

template <class T>
T need(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

std::string caEntry(const std::string& name, const std::string& suite) {
    return "  - name: " + name + "\n    suite: " + suite +
           "\n    identities:\n"
           "      - {name: admin, secret: adminpw, administrator: true}\n"
           "    affiliations: [org1.d1, org1.d2]\n"
           "    allowIdentityRemoval: true\n"
           "    allowAffiliationRemoval: true\n";
}

struct Somebody {
    std::shared_ptr<crypto::PrivateKey> key;
    identity::SigningIdentityPtr identity;
    identity::Certificate certificate;
};

}  // namespace

/// The whole life of identities by our own client at a CA process, for each suite.
class CaLifeTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<process::Child> m_node;
    client::CaClient m_client;
    CaAddress m_address;
    std::optional<Somebody> m_admin;

    Deadline soon() const { return deadlineIn(kPatience); }
    crypto::KeyAlgorithm algorithm() const {
        return need(crypto::suiteNamed(m_address.caName))->key;
    }

    Somebody somebody(const Enrolment& enrolment, std::shared_ptr<crypto::PrivateKey> key) {
        auto identity =
            need(identity::makeSigningIdentity(MspId("Org1MSP"), enrolment.certificatePem, key));
        auto certificate = identity->certificate();
        return {std::move(key), std::move(identity), std::move(certificate)};
    }
    Result<Somebody> enrol(const std::string& id, const std::string& secret,
                           const usecase::CertificateWishes& wishes = {}) {
        const auto key =
            std::make_shared<crypto::PrivateKey>(need(crypto::PrivateKey::generate(algorithm())));
        ASSIGN_OR_RETURN(
            const auto enrolment,
            usecase::EnrolIdentity(m_client, soon()).run(m_address, id, secret, wishes, *key));
        return somebody(enrolment, key);
    }
    std::shared_ptr<CertificateAuthority> as(const Somebody& who) {
        return need(m_client.authority(m_address, usecase::callerOf(who.identity)));
    }
    std::shared_ptr<IdentityRegistry> registryAs(const Somebody& who) {
        return need(m_client.registry(m_address, usecase::callerOf(who.identity)));
    }
    std::set<std::string> serials(const CertificateQuery& query) {
        std::set<std::string> found;
        const Status listed = as(*m_admin)->certificates(
            query,
            [&](BytesView pem) -> Status {
                ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(pem));
                found.insert(certificate.serialHex());
                return absl::OkStatus();
            },
            soon());
        if (!listed.ok()) throw std::runtime_error(listed.ToString());
        return found;
    }
    static std::map<std::string, std::string> attributesOf(const Somebody& who) {
        const auto& pairs = who.certificate.attributes();
        return {pairs.begin(), pairs.end()};
    }

    void info() {
        const auto info = need(need(m_client.authority(m_address, {}))->info(soon()));
        QCOMPARE(info.name, m_address.caName);
        QCOMPARE(info.suite, m_address.caName);
        const auto own = need(identity::Certificate::fromPem(info.chainPem));
        QVERIFY(own.isCa());
        QCOMPARE(own.publicKey().algorithm(), algorithm());
    }

    /// register, enroll, attributes, reenroll.
    Somebody enrolment() {
        const auto registry = registryAs(*m_admin);
        CaIdentity user{.id = "user1",
                        .type = "client",
                        .affiliation = "org1.d1",
                        .attributes = {{"color", "blue", true}, {"size", "7", false}},
                        .maxEnrollments = -1};
        const std::string secret = need(registry->registerIdentity(user, {}, soon()));
        check(secret.size() >= 16, "the CA's own secret");
        check(
            reasonOf(registry->registerIdentity(user, {}, soon()).status()) == "ALREADY_REGISTERED",
            "registered twice");
        Somebody first = need(enrol("user1", secret));
        check(first.certificate.commonName() == "user1", "name");
        const auto& units = first.certificate.organizationalUnits();
        check(std::set<std::string>(units.begin(), units.end()) ==
                  std::set<std::string>{"client", "org1", "d1"},
              "units");
        check(
            attributesOf(first) == std::map<std::string, std::string>{{"color", "blue"},
                                                                      {"hf.Affiliation", "org1.d1"},
                                                                      {"hf.EnrollmentID", "user1"},
                                                                      {"hf.Type", "client"}},
            "attributes");
        usecase::CertificateWishes wishes;
        wishes.attributes = {{"size", false}, {"weight", true}};
        check(attributesOf(need(enrol("user1", secret, wishes))) ==
                  std::map<std::string, std::string>{{"size", "7"}},
              "attributes that were asked for");
        wishes.attributes = {{"weight", false}};
        check(argumentOf(enrol("user1", secret, wishes).status(), "code") == "81",
              "attribute that is missing");
        check(reasonOf(enrol("user1", "wrong").status()) == "CA_AUTHENTICATION_FAILED",
              "wrong secret");
        check(reasonOf(enrol("nobody", "wrong").status()) == "CA_AUTHENTICATION_FAILED", "nobody");
        check(reasonOf(registryAs(first)
                           ->registerIdentity({.id = "x", .type = "client"}, {}, soon())
                           .status()) == "CA_NOT_ALLOWED",
              "no registrar");

        const auto again = need(usecase::ReenrolIdentity(m_client, soon())
                                    .run(m_address, first.identity, {}, *first.key));
        const Somebody renewed = somebody(again, first.key);
        check(renewed.certificate.serialHex() != first.certificate.serialHex(), "another serial");
        check(attributesOf(renewed) == attributesOf(first), "the same attributes");
        const auto otherKey =
            std::make_shared<crypto::PrivateKey>(need(crypto::PrivateKey::generate(algorithm())));
        const auto moved = need(usecase::ReenrolIdentity(m_client, soon())
                                    .run(m_address, first.identity, {}, *otherKey));
        check(somebody(moved, otherKey).certificate.commonName() == "user1", "another key");
        return first;
    }

    void singleUse() {
        const auto registry = registryAs(*m_admin);
        const std::string secret = need(registry->registerIdentity(
            {.id = "once", .type = "peer", .maxEnrollments = 1}, {}, soon()));
        VERIFY_OK(enrol("once", secret));
        QCOMPARE(reasonOf(enrol("once", secret).status()), std::string("CA_AUTHENTICATION_FAILED"));
    }

    void identities() {
        const auto registry = registryAs(*m_admin);
        const CaIdentity app{.id = "app/1 ü",
                             .type = "client",
                             .affiliation = "org1",
                             .attributes = {{"level", "1", true}},
                             .maxEnrollments = 3};
        QCOMPARE(need(registry->registerIdentity(app, "chosen secret", soon())),
                 std::string("chosen secret"));
        const CaIdentity one = need(registry->identity(app.id, soon()));
        QCOMPARE(one.id, app.id);
        QCOMPARE(one.affiliation, std::string("org1"));
        QVERIFY(one.maxEnrollments == 3);
        QVERIFY(std::find(one.attributes.begin(), one.attributes.end(),
                          CaAttribute{"level", "1", true}) != one.attributes.end());
        const CaIdentity changed =
            need(registry->changeIdentity({.id = app.id,
                                           .affiliation = "org1.d1",
                                           .attributes = {{"level", "2", true}},
                                           .maxEnrollments = 5},
                                          {}, soon()));
        QCOMPARE(changed.affiliation, std::string("org1.d1"));
        QVERIFY(changed.maxEnrollments == 5);
        std::set<std::string> names;
        for (const CaIdentity& each : need(registry->identities(soon()))) names.insert(each.id);
        QCOMPARE(names, (std::set<std::string>{"admin", app.id, "once", "user1"}));
        VERIFY_OK(registry->removeIdentity(app.id, false, soon()));
        QCOMPARE(reasonOf(registry->identity(app.id, soon()).status()),
                 std::string("NOT_REGISTERED"));
    }

    void affiliations() {
        const auto registry = registryAs(*m_admin);
        using Kind = AffiliationChange::Kind;
        const auto change = [&](Kind kind, const std::string& name, bool force,
                                const std::string& newName = {}) {
            return registry->changeAffiliation(
                {.kind = kind, .name = name, .newName = newName, .force = force}, soon());
        };
        QCOMPARE(reasonOf(change(Kind::Add, "org3.a", false).status()),
                 std::string("NOT_REGISTERED"));
        VERIFY_OK(change(Kind::Add, "org2.a.b", true));
        const Affiliation org2 = need(registry->affiliations("org2", soon()));
        QCOMPARE(org2.below.at(0).below.at(0).name, std::string("org2.a.b"));
        const Affiliation renamed = need(change(Kind::Rename, "org2.a", false, "org2.c"));
        QCOMPARE(renamed.below.at(0).name, std::string("org2.c.b"));
        VERIFY_OK(change(Kind::Remove, "org2", true));
        const Affiliation all = need(registry->affiliations({}, soon()));
        QCOMPARE(all.name, std::string("org1"));
        QCOMPARE(all.below.size(), std::size_t(2));
    }

    void revocation(const Somebody& user) {
        const auto ca = as(*m_admin);
        const std::string serial = user.certificate.serialHex();
        const std::string aki = toHex(user.certificate.authorityKeyId());
        const auto before = serials({.id = "user1", .notRevoked = true});
        QVERIFY(before.contains(serial));
        QCOMPARE(serials({.serial = serial, .authorityKeyId = aki}), std::set<std::string>{serial});
        const Revocation one = need(
            ca->revoke({.serial = serial, .authorityKeyId = aki, .reason = "superseded"}, soon()));
        QCOMPARE(one.revoked.size(), std::size_t(1));
        QVERIFY(one.crlPem.empty());
        QCOMPARE(reasonOf(ca->revoke({.serial = serial, .authorityKeyId = aki}, soon()).status()),
                 std::string("ALREADY_REVOKED"));
        QCOMPARE(reasonOf(ca->revoke({.serial = "1234", .authorityKeyId = aki}, soon()).status()),
                 std::string("NO_SUCH_CERTIFICATE"));
        auto living = before;
        living.erase(serial);
        QCOMPARE(serials({.id = "user1", .notRevoked = true}), living);
        const absl::Time now = absl::Now();
        QCOMPARE(serials({.id = "user1",
                          .revokedFrom = now - absl::Hours(1),
                          .revokedUntil = now + absl::Hours(1)}),
                 std::set<std::string>{serial});
        QVERIFY(serials({.id = "user1", .expiresUntil = now}).empty());
        QCOMPARE(serials({.id = "user1", .notExpired = true}), before);

        const Revocation rest =
            need(ca->revoke({.id = "user1", .reason = "keycompromise", .wantsCrl = true}, soon()));
        QCOMPARE(rest.revoked.size(), living.size());
        const auto told = identity::RevocationList::fromBytes(rest.crlPem);
        VERIFY_OK(told);
        QCOMPARE(told->entries().size(), before.size());
        const auto list = identity::RevocationList::fromBytes(
            need(ca->crl({.revokedBefore = now + absl::Hours(1)}, soon())));
        VERIFY_OK(list);
        const std::string even = serial.size() % 2 == 0 ? serial : "0" + serial;
        QVERIFY(list->lists(*fromHex(even)));
        QCOMPARE(
            argumentOf(ca->crl({.revokedAfter = now, .revokedBefore = now - absl::Hours(1)}, soon())
                           .status(),
                       "code"),
            std::string("36"));
        // A revoked certificate asks for nothing any more.
        QCOMPARE(reasonOf(usecase::ReenrolIdentity(m_client, soon())
                              .run(m_address, user.identity, {}, *user.key)
                              .status()),
                 std::string("CA_AUTHENTICATION_FAILED"));
    }

    static void check(bool good, const char* what) {
        if (!good) throw std::runtime_error(what);
    }

private Q_SLOTS:
    void initTestCase() {
        const std::string folder = m_folder.path().toStdString();
        VERIFY_OK(writeFileAtomically(
            folder + "/ca.yaml", "data: data\nlog: {spec: error}\ncas:\n" +
                                     caEntry("ECDSA-P256", "ECDSA-P256") +
                                     caEntry("ECDSA-P384", "ECDSA-P384") + caEntry("SM2", "SM2")));
        auto node = process::Child::start({.program = CHANCERY_NODE,
                                           .arguments = {"ca", "--config", folder + "/ca.yaml"},
                                           .environment = process::minimalEnvironment(),
                                           .folder = {}});
        VERIFY_OK(node);
        m_node = *std::move(node);
        const auto ready = m_node->waitReady(soon());
        VERIFY_OK(ready);
        m_address.endpoint = json::parse(*ready)["endpoints"]["https"].get<std::string>();
        m_address.tlsRootsPem = *readFile(folder + "/data/ECDSA-P256/cert.pem");
    }

    void wholeLife_data() {
        QTest::addColumn<QString>("suite");
        for (const char* suite : {"ECDSA-P256", "ECDSA-P384", "SM2"}) QTest::newRow(suite) << suite;
    }
    void wholeLife() {
        QFETCH(QString, suite);
        m_address.caName = suite.toStdString();
        m_address.chainPem.clear();
        info();
        // From now on another chain would be noticed.
        m_address.chainPem = need(need(m_client.authority(m_address, {}))->info(soon())).chainPem;
        m_admin = need(enrol("admin", "adminpw"));
        const Somebody user = enrolment();
        singleUse();
        identities();
        affiliations();
        revocation(user);
    }

    /// Neither our client nor the CA lets a key of the other suite in.
    void suitesAreNotMixed_data() {
        QTest::addColumn<QString>("ca");
        QTest::addColumn<int>("key");
        QTest::newRow("SM2 at ECDSA") << "ECDSA-P256" << int(crypto::KeyAlgorithm::Sm2);
        QTest::newRow("ECDSA at SM2") << "SM2" << int(crypto::KeyAlgorithm::EcdsaP256);
    }
    void suitesAreNotMixed() {
        QFETCH(QString, ca);
        QFETCH(int, key);
        CaAddress address = m_address;
        address.caName = ca.toStdString();
        address.chainPem.clear();
        const auto made = need(crypto::PrivateKey::generate(crypto::KeyAlgorithm(key)));
        const Status refused = usecase::EnrolIdentity(m_client, soon())
                                   .run(address, "admin", "adminpw", {}, made)
                                   .status();
        QCOMPARE(reasonOf(refused), std::string("SUITE_MISMATCH"));
        QVERIFY(std::string(messageOf(refused)).find(ca.toStdString()) != std::string::npos);
        identity::SubjectName subject;
        subject.commonName = "admin";
        const auto request = need(identity::makeCertificateRequest(subject, {}, made));
        const Status byCa =
            need(m_client.authority(address, {}))
                ->enrol({.requestPem = request.toPem(), .profile = ""}, "admin", "adminpw", soon())
                .status();
        QCOMPARE(reasonOf(byCa), std::string("CA_REFUSED"));
        QCOMPARE(argumentOf(byCa, "code"), std::string("80"));
    }
};

CHANCERY_TEST(CaLifeTest)
#include "CaLifeTest.moc"
