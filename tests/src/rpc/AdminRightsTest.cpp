#include "src/rpc/AdminRights.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using rpc::Role;

class AdminRightsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void auditorsChangeNothing();
    void onlyPairingIsForStrangers();
    void deniesByDefault();
    void tableFollowsTheProtos_data();
    void tableFollowsTheProtos();
};

void AdminRightsTest::auditorsChangeNothing() {
    QVERIFY(rpc::adminCalls().size() > 20);
    for (const rpc::AdminCall& call : rpc::adminCalls()) {
        QVERIFY(call.administrator);
        QVERIFY(!call.audited || !call.auditor || call.stranger);
        QVERIFY(!call.audited || call.name.find("/Get") == call.name.npos);
        QCOMPARE(rpc::findAdminCall(call.name), &call);
        QCOMPARE(rpc::findAdminCall("/" + std::string(call.name)), &call);
        for (const Role role : {Role::Administrator, Role::Operator, Role::Auditor}) {
            const bool isAllowed = role == Role::Administrator ? call.administrator
                                   : role == Role::Operator    ? call.operates
                                                               : call.auditor;
            QCOMPARE(rpc::authorise(call.name, role).ok(), isAllowed);
        }
    }
}

void AdminRightsTest::onlyPairingIsForStrangers() {
    for (const rpc::AdminCall& call : rpc::adminCalls()) {
        const Status status = rpc::authorise(call.name, std::nullopt);
        QCOMPARE(status.ok(), call.name == "chancery.agent.v1.Pairing/Pair");
        if (!status.ok()) QCOMPARE(reasonOf(status), std::string("NOT_PAIRED"));
    }
}

void AdminRightsTest::deniesByDefault() {
    for (const char* call : {"", "/", "x/y", "chancery.agent.v1.HostNodes/Sta", "zz"}) {
        QCOMPARE(rpc::findAdminCall(call), nullptr);
        QCOMPARE(reasonOf(rpc::authorise(call, Role::Administrator)), std::string("ROLE_DENIED"));
        QCOMPARE(reasonOf(rpc::authorise(call, std::nullopt)), std::string("NOT_PAIRED"));
    }
    QCOMPARE(reasonOf(rpc::authorise("chancery.agent.v1.HostNodes/List", static_cast<Role>(7))),
             std::string("ROLE_DENIED"));
    for (const char* name : {"", "Administrator", "admin", "auditor ", "stranger"})
        QVERIFY(!rpc::roleNamed(name));
}

void AdminRightsTest::tableFollowsTheProtos_data() {
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("complaint");
    QTest::newRow("right") << "p.S/A\tyes\tno\tno\tno\tyes\np.S/B\tyes\tyes\tyes\tno\tno\n"
                           << "";
    QTest::newRow("call without a row") << "p.S/A\tyes\tno\tno\tno\tno\n"
                                        << "p.S/B: no row says who may call it";
    QTest::newRow("row without a call")
        << "p.S/A\tyes\tno\tno\tno\tno\np.S/B\tyes\tno\tno\tno\tno\np.S/C\tyes\tno\tno\tno\tno\n"
        << "p.S/C: no proto file has this call";
    QTest::newRow("row twice")
        << "p.S/A\tyes\tno\tno\tno\tno\np.S/B\tyes\tno\tno\tno\tno\np.S/B\tno\tno\tno\tno\tno\n"
        << "p.S/B: more than one row";
    QTest::newRow("neither yes nor no")
        << "p.S/A\tyes\tno\tno\tno\tno\np.S/B\tyes\tmaybe\tno\tno\tno\n"
        << "\"maybe\" is neither yes nor no";
    QTest::newRow("too few cells") << "p.S/A\tyes\tno\tno\tno\tno\np.S/B\tyes\tno\n"
                                   << "p.S/B: 3 cells instead of 6";
}

void AdminRightsTest::tableFollowsTheProtos() {
    QFETCH(const QString, rows);
    QFETCH(const QString, complaint);
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    std::filesystem::create_directories(path / "protos");
    VERIFY_OK(writeNewFile(path / "protos/x.proto",
                           "package p;\n// rpc Not(X)\nservice S {\n  rpc A(X) returns (Y);\n"
                           "  rpc B(stream X) returns (Y);  // rpc C(X)\n}\n"));
    VERIFY_OK(writeNewFile(path / "rights.tsv",
                           "# words\ncall\tadministrator\toperator\tauditor\tstranger\taudited\n" +
                               rows.toStdString()));
    QProcess cmake;
    cmake.start(CHANCERY_CMAKE, {"-D", "TABLE=" + folder.filePath("rights.tsv"), "-D",
                                 "PROTOS=" + folder.filePath("protos"), "-D",
                                 "OUTPUT=" + folder.filePath("out.cpp"), "-P",
                                 CHANCERY_SOURCE "/.cmake/AdminRights.cmake"});
    QVERIFY(cmake.waitForFinished());
    const QString said = QString::fromUtf8(cmake.readAllStandardError());
    QCOMPARE(cmake.exitCode() == 0, complaint.isEmpty());
    QVERIFY2(said.contains(complaint), qPrintable(said));
    QCOMPARE(std::filesystem::exists(path / "out.cpp"), complaint.isEmpty());
}

CHANCERY_TEST(AdminRightsTest)
#include "AdminRightsTest.moc"
