#include "node/agent/Door.h"

#include <QTemporaryDir>
#include <QtTest>

#include "absl/time/clock.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/identity/Issue.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;

namespace {

class FixedClock final : public Clock {
public:
    absl::Time now() const override { return m_now; }
    absl::Time m_now = absl::FromUnixSeconds(1'800'000'000);
};

Bytes makeCertificate(absl::Time notAfter) {
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    identity::CertificateTemplate content;
    content.subject.commonName = "console";
    content.notBefore = absl::FromUnixSeconds(1'700'000'000);
    content.notAfter = notAfter;
    return identity::issueSelfSigned(content, *key)->der();
}

/// Everybody who may knock.
const QStringList kCallers{"local",    "administrator", "operator", "auditor",
                           "stranger", "nobody",        "revoked",  "expired"};

class Nothing final : public rpc::ByteCall {
public:
    const rpc::CallFacts& facts() const override { return m_facts; }
    Result<std::optional<Bytes>> read() override { return std::nullopt; }
    Status write(BytesView) override { return absl::OkStatus(); }
    std::stop_token stop() const override { return {}; }

private:
    rpc::CallFacts m_facts;
};

}  // namespace

/// Every call of every API against everybody, by the table that the program was made with.
class DoorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void letsIn_data();
    void letsIn();
    void unknownCalls_data();
    void unknownCalls();
    void keepsTheLastAdministrator();
    void writesDownWhatWasRefused();

private:
    rpc::CallFacts facts(const QString& caller, const std::string& call) {
        rpc::CallFacts facts;
        facts.method = call;
        facts.peer = "ipv4:192.0.2.1:5";
        facts.isLocal = caller == "local";
        const auto found = m_certificates.find(caller.toStdString());
        if (found != m_certificates.end())
            facts.certificate = rpc::PeerCertificate{found->second, crypto::sha256(found->second)};
        return facts;
    }
    /// OK when the call is let in.
    Status refusalOf(const QString& caller, const std::string& call) {
        const auto plan = m_door->plan(facts(caller, call));
        // That of somebody who is known may be an answer, because it is written down first.
        if (!plan.refusal.ok() || !plan.handle) return plan.refusal;
        Nothing nothing;
        return plan.handle(nothing);
    }
    std::string fingerprint(const std::string& caller) {
        return toHex(crypto::sha256(m_certificates.at(caller)));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    FixedClock m_clock;
    std::map<std::string, Bytes> m_certificates;
    std::unique_ptr<audit::AuditLog> m_audit;
    std::unique_ptr<Clients> m_clients;
    std::unique_ptr<Door> m_door;
};

void DoorTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_audit = *audit::AuditLog::open(m_folder->filePath("audit").toStdString(), m_clock);
    m_clients = *Clients::open(m_folder->filePath("clients").toStdString(), m_clock);
    const absl::Time later = m_clock.m_now + absl::Hours(1);
    if (m_certificates.empty())
        for (const QString& caller : kCallers)
            if (caller != "local" && caller != "nobody")
                m_certificates[caller.toStdString()] =
                    makeCertificate(caller == "expired" ? m_clock.m_now - absl::Hours(1) : later);
    for (const char* name : {"administrator", "operator", "auditor"})
        VERIFY_OK(m_clients->add(fingerprint(name), name, *rpc::roleNamed(name)));
    VERIFY_OK(m_clients->add(fingerprint("revoked"), "revoked", rpc::Role::Administrator));
    VERIFY_OK(m_clients->revoke(fingerprint("revoked")));
    VERIFY_OK(m_clients->add(fingerprint("expired"), "expired", rpc::Role::Administrator));
    m_door = std::make_unique<Door>(*m_clients, *m_audit, m_clock);
    Handlers all;
    for (const rpc::AdminCall& call : rpc::adminCalls())
        all[std::string(call.name)] = [](Call&) { return absl::OkStatus(); };
    m_door->add(std::move(all));
}

void DoorTest::letsIn_data() {
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("caller");
    for (const rpc::AdminCall& call : rpc::adminCalls())
        for (const QString& caller : kCallers)
            QTest::addRow("%s %s", std::string(call.name).c_str(), qPrintable(caller))
                << QString::fromStdString(std::string(call.name)) << caller;
}

void DoorTest::letsIn() {
    QFETCH(const QString, call);
    QFETCH(const QString, caller);
    const rpc::AdminCall& row = *rpc::findAdminCall(call.toStdString());
    const Status refusal = refusalOf(caller, call.toStdString());
    const bool isKnown = caller == "operator" || caller == "auditor" || caller == "administrator";
    const bool isAllowed = caller == "local" || caller == "administrator" ? row.administrator
                           : caller == "operator"                         ? row.operates
                           : caller == "auditor"                          ? row.auditor
                                                                          : row.stranger;
    if (isAllowed) {
        VERIFY_OK(refusal);
        return;
    }
    const std::string reason = isKnown               ? "ROLE_DENIED"
                               : caller == "revoked" ? "REVOKED"
                               : caller == "expired" ? "CERTIFICATE_EXPIRED"
                                                     : "NOT_PAIRED";
    QCOMPARE(reasonOf(refusal), reason);
    QCOMPARE(refusal.code(),
             isKnown ? StatusCode::kPermissionDenied : StatusCode::kUnauthenticated);
    if (isKnown) {
        QCOMPARE(argumentOf(refusal, "call"), call.toStdString());
        QCOMPARE(argumentOf(refusal, "role"), caller.toStdString());
    }
}

void DoorTest::unknownCalls_data() {
    QTest::addColumn<QString>("call");
    int number = 0;
    for (const char* call : {"",
                             "/",
                             "x",
                             "chancery.agent.v1.HostNodes/",
                             "chancery.agent.v1.HostNodes/start",
                             "chancery.agent.v1.HostNodes/Start ",
                             "chancery.agent.v1.HostNodes/Start/",
                             "chancery.agent.v2.HostNodes/Start",
                             "chancery.agent.v1.HostNodes",
                             "HostNodes/Start",
                             "chancery.admin.v1.NodeAdmin/",
                             "chancery.admin.v1.NodeAdmin/getStatus",
                             "chancery.admin.v1.Other/GetStatus",
                             "chancery.admin.",
                             "//chancery.agent.v1.HostNodes/List",
                             "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                             "grpc.health.v1.Health/Check",
                             "protos.Endorser/ProcessProposal",
                             "\xff\xfe",
                             "a\nb"})
        QTest::addRow("%d", ++number) << QString::fromLatin1(call);
}

void DoorTest::unknownCalls() {
    QFETCH(const QString, call);
    for (const QString& caller : {QString("local"), QString("administrator")}) {
        const auto plan = m_door->plan(facts(caller, call.toStdString()));
        QCOMPARE(reasonOf(plan.refusal), std::string("ROLE_DENIED"));
        QVERIFY(!plan.handle && !plan.passage);
    }
}

void DoorTest::keepsTheLastAdministrator() {
    VERIFY_OK(m_clients->revoke(fingerprint("expired")));
    QCOMPARE(reasonOf(m_clients->revoke(fingerprint("administrator"))),
             std::string("LAST_ADMINISTRATOR"));
    for (const rpc::Role role : {rpc::Role::Operator, rpc::Role::Auditor})
        QCOMPARE(reasonOf(m_clients->setRole(fingerprint("administrator"), role)),
                 std::string("LAST_ADMINISTRATOR"));
    VERIFY_OK(m_clients->setRole(fingerprint("operator"), rpc::Role::Administrator));
    VERIFY_OK(m_clients->setRole(fingerprint("administrator"), rpc::Role::Auditor));
    // What somebody lost is lost at once, and also for who opens the file anew.
    QCOMPARE(reasonOf(refusalOf("administrator", "chancery.agent.v1.HostNodes/Remove")),
             std::string("ROLE_DENIED"));
    VERIFY_OK(refusalOf("operator", "chancery.agent.v1.HostNodes/Remove"));
    const auto again = Clients::open(m_folder->filePath("clients").toStdString(), m_clock);
    VERIFY_OK(again.status());
    QCOMPARE((*again)->find(fingerprint("administrator"))->role, rpc::Role::Auditor);
    QVERIFY((*again)->find(fingerprint("revoked"))->isRevoked);
    QCOMPARE(reasonOf((*again)->revoke("00")), std::string("CLIENT_NOT_FOUND"));
}

void DoorTest::writesDownWhatWasRefused() {
    const auto before = m_audit->head().number;
    for (int i = 0; i < 100; ++i) {
        const auto plan = m_door->plan(facts("auditor", "chancery.agent.v1.HostNodes/Stop"));
        if (plan.ended) plan.ended(makeError(StatusCode::kPermissionDenied, "ROLE_DENIED", "no"));
        // Strangers cannot fill the disk.
        m_door->plan(facts("stranger", "chancery.agent.v1.HostNodes/Stop"));
    }
    QCOMPARE(m_audit->head().number, before + 10);
    const auto entry = m_audit->read(before + 1, 1)->front();
    QCOMPARE(entry.event.outcome, std::string("ROLE_DENIED"));
    QCOMPARE(entry.event.role, std::string("auditor"));
    QVERIFY(entry.event.caller.find(fingerprint("auditor")) != std::string::npos);
}

CHANCERY_TEST(DoorTest)
#include "DoorTest.moc"
