#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/identity/Extensions.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node {

using test::Answer;
using test::json;
using test::makeRequest;
using test::Member;
using test::RequestForm;
using test::TestCa;
using test::valueOf;

namespace {

/// What everybody in the table can use. `user` is a client of org1.d1, `registrar` one of org1 who
/// may register clients and peers with attributes app.*, `victim` an identity of org2.
struct Scene {
    TestCa ca;
    std::string userSecret = ca.add("user", {{"max_enrollments", -1}});
    Member user = ca.enroll("user", userSecret);
    Member registrar = ca.member(
        "registrar", {{"affiliation", "org1"},
                      {"attrs",
                       {{{"name", "hf.Registrar.Roles"}, {"value", "client,peer"}},
                        {{"name", "hf.Registrar.DelegateRoles"}, {"value", "client"}},
                        {{"name", "hf.Registrar.Attributes"},
                         {"value", "app.*,hf.Registrar.Roles,hf.Registrar.Attributes,hf.Revoker"}},
                        {{"name", "hf.Revoker"}, {"value", "false"}}}}});
    std::string victimSecret = ca.add("victim", {{"affiliation", "org2"}, {"max_enrollments", -1}});
    Member victim =
        ca.enroll("victim", victimSecret, {{"profile", "tls"}, {"hosts", {"victim.example.com"}}});
    Member usedUp = ca.member("usedup", {{"secret", "usedup-pw"}, {"max_enrollments", 1}});
    Member revoked = [&] {
        Member made = ca.member("revoked", {{"secret", "revoked-pw"}, {"max_enrollments", -1}});
        if (!ca.sendSigned(ca.admin(), "POST", "/api/v1/revoke",
                           {{"id", "revoked"}, {"reason", "keycompromise"}})
                 .ok())
            throw std::runtime_error("cannot revoke");
        return made;
    }();
    crypto::PrivateKey key = ca.newKey();

    Answer enroll(const RequestForm& form, const json& more = json::object()) {
        return ca.tryEnroll("user", userSecret, makeRequest(form, key), more);
    }
    Answer enrollWith(const crypto::PrivateKey& other) {
        return ca.tryEnroll("user", userSecret,
                            makeRequest({.subject = {.commonName = "user"}}, other));
    }
    Answer enrollKey(const Bytes& publicKey) {
        return enroll({.subject = {.commonName = "user"}, .publicKey = publicKey});
    }
    /// A good enrolment but for one member of its body.
    Answer enrollSaying(const json& more) { return enroll(good(), more); }
    static RequestForm good() { return {.subject = {.commonName = "user"}}; }
    Answer login(const std::string& id, const std::string& secret) {
        return ca.tryEnroll(id, secret, makeRequest({.subject = {.commonName = id}}, key));
    }
    Answer raw(const std::string& body) {
        return ca.send("POST", "/api/v1/enroll", body,
                       {{"authorization", TestCa::basic("user", userSecret)}});
    }
    Answer reenrollWith(const std::string& header) {
        return ca.send("POST", "/api/v1/reenroll", "{}", {{"authorization", header}});
    }
    Answer registers(const Member& by, const json& more) {
        json body{{"id", "new"}, {"type", "client"}, {"affiliation", "org1.d1"}};
        body.update(more);
        return ca.sendSigned(by, "POST", "/api/v1/register", body);
    }
    Answer registersWith(const std::string& name, const std::string& value) {
        return registers(registrar, {{"attrs", {{{"name", name}, {"value", value}}}}});
    }
    std::string tokenOf(const Member& who, const std::string& method, const std::string& target,
                        const std::string& body) {
        return valueOf(makeToken(who.certificate, who.key, method, target, body));
    }
    /// A member of a CA with the same name and another key.
    Member foreigner() {
        TestCa other;
        return other.member("admin2", {{"affiliation", "org1.d1"}});
    }
};

struct Row {
    const char* name;
    std::function<Answer(Scene&)> attempt;
    int status;
    int code;
};

Bytes rsaKey(std::size_t bits) {
    Bytes modulus(bits / 8, '\xC5');
    const Bytes key =
        crypto::derSequence({crypto::derUnsigned(modulus), crypto::derInteger(65537)});
    return crypto::derSequence({crypto::derSequence({crypto::derOid("1.2.840.113549.1.1.1"),
                                                     crypto::derElement(0x05, BytesView())}),
                                crypto::derBitString(key)});
}

Bytes keyOnCurve(const char* oid, std::size_t size) {
    return crypto::derSequence(
        {crypto::derSequence({crypto::derOid("1.2.840.10045.2.1"), crypto::derOid(oid)}),
         crypto::derBitString("\x04" + Bytes(2 * size, '\x11'))});
}

json attributeList(std::size_t count) {
    json all = json::array();
    for (std::size_t i = 0; i < count; ++i) all.push_back({{"name", fmt::format("a{}", i)}});
    return all;
}

crypto::PrivateKey generate(crypto::KeyAlgorithm kind) {
    return valueOf(crypto::PrivateKey::generate(kind));
}

using crypto::KeyAlgorithm;

// C22, and of C5, C9, C11, C18 and C23 what concerns a CA.
const Row kRows[] = {
    // Requests for certificates that must not be signed.
    {"CA:TRUE",
     [](Scene& s) { return s.enroll({.subject = {.commonName = "user"}, .asksForCa = true}); }, 400,
     80},
    {"CA:TRUE for TLS",
     [](Scene& s) {
         return s.enroll({.subject = {.commonName = "user"}, .asksForCa = true},
                         {{"profile", "tls"}});
     },
     400, 80},
    {"profile ca without the right",
     [](Scene& s) {
         return s.enrollSaying({{"profile", "ca"}});
     },
     403, 71},
    {"unknown profile",
     [](Scene& s) {
         return s.enrollSaying({{"profile", "root"}});
     },
     400, 0},
    {"name of another", [](Scene& s) { return s.enroll({.subject = {.commonName = "admin"}}); },
     403, 77},
    {"no name", [](Scene& s) { return s.enroll({}); }, 403, 77},
    {"two names",
     [](Scene& s) {
         return s.enroll({.subject = {.commonName = "user"}, .moreOfName = {{"2.5.4.3", "admin"}}});
     },
     403, 77},
    {"name with a zero byte",
     [](Scene& s) { return s.enroll({.subject = {.commonName = std::string("user\0admin", 10)}}); },
     403, 77},
    {"unit admin",
     [](Scene& s) {
         return s.enroll({.subject = {.organizationalUnits = {"admin"}, .commonName = "user"}});
     },
     400, 80},
    {"unit Peer",
     [](Scene& s) {
         return s.enroll({.subject = {.organizationalUnits = {"Peer"}, .commonName = "user"}});
     },
     400, 80},
    {"unit of another affiliation",
     [](Scene& s) {
         return s.enroll({.subject = {.organizationalUnits = {"org2"}, .commonName = "user"}});
     },
     400, 80},
    {"unit beside one's own",
     [](Scene& s) {
         return s.enroll(
             {.subject = {.organizationalUnits = {"client", "d2"}, .commonName = "user"}});
     },
     400, 80},
    {"two organisations",
     [](Scene& s) {
         return s.enroll({.subject = {.organization = "A", .commonName = "user"},
                          .moreOfName = {{"2.5.4.10", "B"}}});
     },
     400, 80},
    {"organisation with a line break",
     [](Scene& s) { return s.enroll({.subject = {.organization = "A\nB", .commonName = "user"}}); },
     400, 80},
    {"country of three letters",
     [](Scene& s) { return s.enroll({.subject = {.country = "USA", .commonName = "user"}}); }, 400,
     80},
    {"organisation of 65 bytes",
     [](Scene& s) {
         return s.enroll({.subject = {.organization = std::string(65, 'x'), .commonName = "user"}});
     },
     400, 80},
    {"host of another",
     [](Scene& s) {
         return s.enrollSaying({{"profile", "tls"}, {"hosts", {"victim.example.com"}}});
     },
     400, 80},
    {"host of another in capitals",
     [](Scene& s) {
         return s.enroll({.subject = {.commonName = "user"}, .hosts = {"VICTIM.example.com"}},
                         {{"profile", "tls"}});
     },
     400, 80},
    {"host that is a pattern",
     [](Scene& s) {
         return s.enrollSaying({{"hosts", {"*.example.com"}}});
     },
     400, 80},
    {"host with a blank",
     [](Scene& s) {
         return s.enrollSaying({{"hosts", {"a b"}}});
     },
     400, 80},
    {"257 hosts",
     [](Scene& s) {
         return s.enrollSaying({{"hosts", std::vector<std::string>(257, "a")}});
     },
     400, 5},
    {"key of another", [](Scene& s) { return s.enrollWith(s.victim.key); }, 400, 80},
    {"the CA's key", [](Scene& s) { return s.enrollWith(s.ca.caKey()); }, 400, 80},
    {"a compromised key", [](Scene& s) { return s.enrollWith(s.revoked.key); }, 400, 80},
    {"P-224", [](Scene& s) { return s.enrollWith(generate(KeyAlgorithm::EcdsaP224)); }, 400, 80},
    {"Ed25519", [](Scene& s) { return s.enrollWith(generate(KeyAlgorithm::Ed25519)); }, 400, 80},
    {"SM2", [](Scene& s) { return s.enrollWith(generate(KeyAlgorithm::Sm2)); }, 400, 80},
    {"RSA-1024", [](Scene& s) { return s.enrollKey(rsaKey(1024)); }, 400, 31},
    {"RSA-2048 that did not sign", [](Scene& s) { return s.enrollKey(rsaKey(2048)); }, 400, 31},
    {"secp256k1", [](Scene& s) { return s.enrollKey(keyOnCurve("1.3.132.0.10", 32)); }, 400, 31},
    {"point off the curve",
     [](Scene& s) { return s.enrollKey(keyOnCurve("1.2.840.10045.3.1.7", 32)); }, 400, 31},
    {"key of another without proof",
     [](Scene& s) { return s.enrollKey(s.registrar.certificate.publicKey().toDer()); }, 400, 31},
    {"broken signature",
     [](Scene& s) { return s.enroll({.subject = {.commonName = "user"}, .isBroken = true}); }, 400,
     31},
    {"no request", [](Scene& s) { return s.raw("{}"); }, 400, 31},
    {"certificate as request",
     [](Scene& s) {
         return s.enrollSaying({{"certificate_request", s.user.certificate.toPem()}});
     },
     400, 31},
    {"huge request",
     [](Scene& s) {
         return s.enrollSaying({{"certificate_request", std::string(100'000, 'A')}});
     },
     400, 5},
    {"chosen serial number",
     [](Scene& s) {
         return s.enrollSaying({{"serial", 7}});
     },
     400, 5},
    {"chosen subject",
     [](Scene& s) {
         return s.enrollSaying({{"subject", {{"CN", "user"}}}});
     },
     400, 5},
    {"chosen extensions",
     [](Scene& s) {
         return s.enrollSaying({{"extensions", {{{"id", "2.5.29.19"}}}}});
     },
     400, 5},
    {"begins after its end",
     [](Scene& s) {
         return s.enrollSaying({{"NotBefore", "2100-01-01T00:00:00Z"}});
     },
     400, 31},
    {"attribute that one does not have",
     [](Scene& s) {
         return s.enrollSaying({{"attr_reqs", {{{"name", "hf.Revoker"}}}}});
     },
     400, 81},
    {"129 attributes",
     [](Scene& s) {
         return s.enrollSaying({{"attr_reqs", attributeList(129)}});
     },
     400, 5},
    // Bodies that are none.
    {"name twice", [](Scene& s) { return s.raw("{\"profile\":\"\",\"Profile\":\"tls\"}"); }, 400,
     5},
    {"deep", [](Scene& s) { return s.raw(std::string(1'000'000, '[')); }, 400, 5},
    {"no JSON", [](Scene& s) { return s.raw("certificate_request=1"); }, 400, 5},
    {"a list", [](Scene& s) { return s.raw("[]"); }, 400, 5},
    {"no text", [](Scene& s) { return s.raw("{\"certificate_request\":7}"); }, 400, 5},
    {"bad UTF-8", [](Scene& s) { return s.raw("{\"profile\":\"\xff\"}"); }, 400, 5},
    {"no body", [](Scene& s) { return s.raw(""); }, 400, 4},
    {"unknown CA", [](Scene& s) { return s.raw("{\"caname\":\"other\"}"); }, 404, 19},
    // Secrets.
    {"guessed secret", [](Scene& s) { return s.login("user", "guess"); }, 401, 20},
    {"empty secret", [](Scene& s) { return s.login("user", ""); }, 401, 20},
    {"used secret", [](Scene& s) { return s.login("usedup", "usedup-pw"); }, 401, 20},
    {"secret of a revoked one", [](Scene& s) { return s.login("revoked", "revoked-pw"); }, 401, 20},
    {"nobody's secret", [](Scene& s) { return s.login("nobody", "x"); }, 401, 20},
    {"SQL in a name", [](Scene& s) { return s.login("' OR 1=1 --", "x"); }, 401, 20},
    {"no authorization", [](Scene& s) { return s.ca.send("POST", "/api/v1/enroll", "{}"); }, 401,
     2},
    {"no user and password",
     [](Scene& s) {
         return s.ca.send("POST", "/api/v1/enroll", "{}", {{"authorization", "Basic !!"}});
     },
     401, 20},
    {"secret where a token belongs",
     [](Scene& s) { return s.reenrollWith(TestCa::basic("user", s.userSecret)); }, 401, 20},
    // Tokens.
    {"empty token", [](Scene& s) { return s.reenrollWith("."); }, 401, 20},
    {"token of three parts", [](Scene& s) { return s.reenrollWith("a.b.c"); }, 401, 20},
    {"token for another body",
     [](Scene& s) { return s.reenrollWith(s.tokenOf(s.user, "POST", "/api/v1/reenroll", "{ }")); },
     401, 20},
    {"token for another path",
     [](Scene& s) { return s.reenrollWith(s.tokenOf(s.user, "POST", "/api/v1/register", "{}")); },
     401, 20},
    {"token for another method",
     [](Scene& s) { return s.reenrollWith(s.tokenOf(s.user, "PUT", "/api/v1/reenroll", "{}")); },
     401, 20},
    {"token with another's certificate",
     [](Scene& s) {
         return s.ca.sendSigned({"admin", s.user.key, s.ca.admin().certificate}, "POST",
                                "/api/v1/reenroll", json::object());
     },
     401, 20},
    {"token of a CA of the same name",
     [](Scene& s) {
         return s.ca.sendSigned(s.foreigner(), "POST", "/api/v1/reenroll", json::object());
     },
     401, 20},
    {"token of the CA itself",
     [](Scene& s) {
         const auto& keys = s.ca.ca().keys();
         return s.ca.sendSigned({"ca", s.ca.caKey(), keys.certificate}, "POST", "/api/v1/reenroll",
                                json::object());
     },
     401, 20},
    {"token of a revoked one",
     [](Scene& s) {
         return s.ca.sendSigned(s.revoked, "POST", "/api/v1/reenroll", json::object());
     },
     401, 20},
    // Rights.
    {"register as client", [](Scene& s) { return s.registers(s.user, json::object()); }, 403, 71},
    {"register another type",
     [](Scene& s) {
         return s.registers(s.registrar, {{"type", "orderer"}});
     },
     403, 71},
    {"register in another affiliation",
     [](Scene& s) {
         return s.registers(s.registrar, {{"affiliation", "org2"}});
     },
     403, 71},
    {"register at the root",
     [](Scene& s) {
         return s.registers(s.registrar, {{"affiliation", "."}});
     },
     403, 71},
    {"register in no affiliation",
     [](Scene& s) {
         return s.registers(s.registrar, {{"affiliation", "org1.d1x"}});
     },
     403, 71},
    {"give a right that one lacks", [](Scene& s) { return s.registersWith("hf.GenCRL", "true"); },
     403, 71},
    {"give a right that one has as false",
     [](Scene& s) { return s.registersWith("hf.Revoker", "true"); }, 403, 71},
    {"give more roles than one has",
     [](Scene& s) { return s.registersWith("hf.Registrar.Roles", "client,orderer"); }, 403, 71},
    {"give all attributes",
     [](Scene& s) { return s.registersWith("hf.Registrar.Attributes", "*"); }, 403, 71},
    {"give the type", [](Scene& s) { return s.registersWith("hf.Type", "admin"); }, 403, 71},
    {"give an unknown right", [](Scene& s) { return s.registersWith("hf.Root", "true"); }, 403, 71},
    {"name of 65 bytes",
     [](Scene& s) {
         return s.registers(s.ca.admin(), {{"id", std::string(65, 'x')}});
     },
     400, 75},
    {"name with a line break",
     [](Scene& s) {
         return s.registers(s.ca.admin(), {{"id", "a\r\nb"}});
     },
     400, 5},
    {"registered already",
     [](Scene& s) {
         return s.registers(s.ca.admin(), {{"id", "user"}});
     },
     409, 74},
    {"-2 enrolments",
     [](Scene& s) {
         return s.registers(s.ca.admin(), {{"max_enrollments", -2}});
     },
     400, 82},
    {"2^64 enrolments",
     [](Scene& s) {
         return s.registers(s.ca.admin(), {{"max_enrollments", 1e30}});
     },
     400, 5},
    {"promote oneself",
     [](Scene& s) {
         return s.ca.sendSigned(s.registrar, "PUT", "/api/v1/identities/registrar",
                                {{"attrs", {{{"name", "hf.Registrar.Roles"}, {"value", "*"}}}}});
     },
     403, 71},
    {"secret of the administrator",
     [](Scene& s) {
         return s.ca.sendSigned(s.registrar, "PUT", "/api/v1/identities/admin",
                                {{"secret", "mine"}});
     },
     403, 71},
    {"see another affiliation's identity",
     [](Scene& s) { return s.ca.sendSigned(s.registrar, "GET", "/api/v1/identities/victim"); }, 403,
     71},
    {"list as client",
     [](Scene& s) { return s.ca.sendSigned(s.user, "GET", "/api/v1/identities"); }, 403, 71},
    {"certificates as client",
     [](Scene& s) { return s.ca.sendSigned(s.user, "GET", "/api/v1/certificates"); }, 403, 71},
    {"revoke as client",
     [](Scene& s) {
         return s.ca.sendSigned(s.user, "POST", "/api/v1/revoke", {{"id", "victim"}});
     },
     403, 71},
    {"revoke with the right as false",
     [](Scene& s) {
         return s.ca.sendSigned(s.registrar, "POST", "/api/v1/revoke", {{"id", "user"}});
     },
     403, 71},
    {"revoke nobody",
     [](Scene& s) {
         return s.ca.sendSigned(s.ca.admin(), "POST", "/api/v1/revoke", {{"id", "nobody"}});
     },
     404, 10},
    {"revoke nothing",
     [](Scene& s) {
         return s.ca.sendSigned(s.ca.admin(), "POST", "/api/v1/revoke", {{"aki", "00"}});
     },
     400, 15},
    {"revocation list as client",
     [](Scene& s) { return s.ca.sendSigned(s.user, "POST", "/api/v1/gencrl", json::object()); },
     403, 71},
    {"affiliations as registrar",
     [](Scene& s) {
         return s.ca.sendSigned(s.registrar, "POST", "/api/v1/affiliations", {{"name", "x"}});
     },
     403, 71},
    {"affiliation with an empty part",
     [](Scene& s) {
         return s.ca.sendSigned(s.ca.admin(), "POST", "/api/v1/affiliations",
                                {{"name", "org1..x"}});
     },
     400, 60},
    {"affiliation into itself",
     [](Scene& s) {
         return s.ca.sendSigned(s.ca.admin(), "PUT", "/api/v1/affiliations/org1",
                                {{"name", "org1.d1.x"}});
     },
     400, 64},
    {"remove with members",
     [](Scene& s) { return s.ca.sendSigned(s.ca.admin(), "DELETE", "/api/v1/affiliations/org2"); },
     403, 71},
    {"remove oneself",
     [](Scene& s) { return s.ca.sendSigned(s.ca.admin(), "DELETE", "/api/v1/identities/admin"); },
     403, 56},
    {"a time that is none",
     [](Scene& s) {
         return s.ca.sendSigned(s.ca.admin(), "GET", "/api/v1/certificates?expired_end=tomorrow");
     },
     400, 67},
    {"method that is none", [](Scene& s) { return s.ca.send("DELETE", "/api/v1/enroll"); }, 405, 1},
};

}  // namespace

/// Case C22: everything here is refused with its code, and nothing changes.
class CaAbuseTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Scene> m_scene;

private Q_SLOTS:
    void initTestCase() {
        log::setLevel(log::Level::Error);
        m_scene = std::make_unique<Scene>();
    }
    void cleanupTestCase() { m_scene.reset(); }

    void refused_data() {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < std::size(kRows); ++i) QTest::newRow(kRows[i].name) << int(i);
    }
    void refused() {
        QFETCH(int, row);
        const Row& one = kRows[std::size_t(row)];
        const std::string before = m_scene->ca.state();
        const Answer answer = one.attempt(*m_scene);
        QVERIFY2(answer.body.is_object() && !answer.ok(), answer.body.dump().c_str());
        QVERIFY2(answer.code() == one.code && answer.status == one.status,
                 fmt::format("{} {}", answer.status, answer.body.dump()).c_str());
        QVERIFY(m_scene->ca.state() == before);
    }

    /// The table's scene itself is in order.
    void notRefused() {
        QCOMPARE(m_scene->enroll(Scene::good()).status, 201);
        QCOMPARE(m_scene->registersWith("app.role", "x").status, 201);
    }
};

}  // namespace chancery::node

using chancery::node::CaAbuseTest;
CHANCERY_TEST(CaAbuseTest)
#include "CaAbuseTest.moc"
