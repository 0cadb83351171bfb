#include "ui/keychain/Keychain.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "tests/support/TestMain.h"
#include "ui/bridge/GuiExecutor.h"

using namespace chancery;
using namespace chancery::ui;

namespace {

/// A session bus of its own on which nothing is started by itself, and later a Secret Service.
class Session {
public:
    Session() {
        QFile file(m_folder.filePath("bus.conf"));
        if (!file.open(QFile::WriteOnly)) qFatal("no room for a bus");
        file.write("<busconfig><type>session</type><keep_umask/><listen>unix:path=" +
                   m_folder.filePath("bus").toUtf8() +
                   "</listen><policy context=\"default\"><allow send_destination=\"*\" "
                   "eavesdrop=\"true\"/>"
                   "<allow eavesdrop=\"true\"/><allow "
                   "own=\"*\"/></policy></busconfig>");
        file.close();
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + m_folder.filePath("bus").toUtf8());
        qputenv("XDG_DATA_HOME", m_folder.filePath("data").toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8());
        qputenv("XDG_CURRENT_DESKTOP", "GNOME");
        m_bus.start("dbus-daemon",
                    {"--config-file", file.fileName(), "--nofork", "--print-address"});
        (void)m_bus.waitForReadyRead(10000);
    }
    ~Session() {
        for (QProcess* each : {&m_keyring, &m_bus}) {
            if (each->state() == QProcess::NotRunning) continue;
            each->terminate();
            if (!each->waitForFinished(5000)) each->kill();
            each->waitForFinished(5000);
        }
    }
    bool startKeyring() {
        m_keyring.setProcessChannelMode(QProcess::MergedChannels);
        m_keyring.start("gnome-keyring-daemon", {"--foreground", "--unlock", "--components=secrets",
                                                 "--control-directory", m_folder.path()});
        if (!m_keyring.waitForStarted(10000)) return false;
        m_keyring.write("password of the session");
        m_keyring.closeWriteChannel();
        // It tells its variables when it serves.
        return m_keyring.waitForReadyRead(20000);
    }

private:
    QTemporaryDir m_folder;
    QProcess m_bus;
    QProcess m_keyring;
};

/// Waits on a thread of the pool while the event loop runs here.
template <class Question>
auto ask(Question question) {
    using Answer = decltype(question());
    QObject receiver;
    std::optional<Answer> answer;
    const CallHandle handle = call(
        &receiver, [&](std::stop_token) { return question(); },
        [&](Answer got) { answer = std::move(got); });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 60000)) qFatal("no answer");
    return *std::move(answer);
}

}  // namespace

/// With GNOME's keyring, on a bus of its own.
class KeychainTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theThreadOfTheWindowDoesNotWait() {
        Keychain keychain;
        QCOMPARE(reasonOf(keychain.read("x").status()), std::string("KEYCHAIN_FAILED"));
    }

    void withAndWithoutASecretService() {
        for (const char* program : {"dbus-daemon", "gnome-keyring-daemon"})
            QVERIFY2(!QStandardPaths::findExecutable(program).isEmpty(), program);
        Session session;
        Keychain keychain(30000);
        // Nothing on the bus keeps secrets.
        const Status without = ask([&] { return keychain.keep("w", crypto::Secret("pass")); });
        QVERIFY2(without.code() == StatusCode::kUnavailable, without.ToString().c_str());
        QVERIFY(session.startKeyring());
        const Bytes binary("pass\0phrase\xff\x80", 13);
        VERIFY_OK(ask([&] { return keychain.keep("w", crypto::Secret(binary)); }));
        VERIFY_OK(ask([&] { return keychain.keep("w/key", crypto::Secret("other")); }));
        const auto back = ask([&] { return keychain.read("w"); });
        VERIFY_OK(back);
        QCOMPARE(Bytes(back->view()), binary);
        VERIFY_OK(ask([&] { return keychain.keep("w", crypto::Secret("newer")); }));
        QCOMPARE(Bytes(ask([&] { return keychain.read("w"); })->view()), Bytes("newer"));
        VERIFY_OK(ask([&] { return keychain.forget("w"); }));
        VERIFY_OK(ask([&] { return keychain.forget("w"); }));
        QCOMPARE(reasonOf(ask([&] { return keychain.read("w"); }).status()),
                 std::string("NO_SECRET"));
        QCOMPARE(Bytes(ask([&] { return keychain.read("w/key"); })->view()), Bytes("other"));
    }
};

CHANCERY_TEST(KeychainTest)
#include "KeychainTest.moc"
