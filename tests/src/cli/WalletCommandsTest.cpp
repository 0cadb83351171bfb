#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>

#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using chancery::test::kVectors;
using chancery::test::Run;
using chancery::test::shell;
using chancery::test::SoftHsm;

/// Workspaces, keys, identities and tokens from the command line.
class WalletCommandsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aTokenHeldKeySignsAConfigUpdate();
    void refusalsSayWhatToDo_data();
    void refusalsSayWhatToDo();
    void theTerminalShowsNothingOfAPassphrase();
    void aKeyGoesOutOnlyEncrypted();
    void programsThatAskLeaveNoCore();
    void noCanaryIsLeftBehind();

private:
    Run ctl(const QString& line);

    QTemporaryDir m_folder;
    QString m_all;  ///< everything that was told
};

namespace {

const char* const kPassphrase = "canary passphrase 4471";
const char* const kOther = "canary export 9083";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

Run WalletCommandsTest::ctl(const QString& line) {
    const Run run = shell("chanceryctl " + line, m_folder.path(),
                          {QString::fromStdString(SoftHsm::instance().environment())});
    m_all += QString::fromStdString(run.told());
    return run;
}

void WalletCommandsTest::initTestCase() {
    const auto write = [&](const QString& name, const QByteArray& text) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("p", QByteArray(kPassphrase) + "\n");
    write("wrong", "canary wrong 1187\n");
    write("two", QByteArray(kPassphrase) + "\n" + kOther + "\n");
    write("pin", QByteArray(SoftHsm::kPin) + "\n");
    write("both", QByteArray(kPassphrase) + "\n" + SoftHsm::kPin + "\n");
    QVERIFY(QFile::link(QString(CHANCERY_SOURCE) + "/tests", m_folder.filePath("tests")));
    const Run made = ctl("workspace create -o json --passphrase-fd 3 3<p");
    QVERIFY2(made.exitCode == 0, made.told().c_str());
    QCOMPARE(made.json()["id"].get<std::string>().size(), std::size_t(32));
}

void WalletCommandsTest::aTokenHeldKeySignsAConfigUpdate() {
    SoftHsm::instance().makeToken("cli");
    const QString module = QString::fromStdString(SoftHsm::instance().module().string());
    const QString token = " --token " + module + " --token-label cli";
    const Run refused =
        ctl("key generate k" + token + " --passphrase-fd 3 --pin-fd 4 3<p 4<pin -o json");
    QCOMPARE(refused.exitCode, 3);
    QVERIFY(has(refused.err, "TOKEN_MODULE_UNKNOWN") && has(refused.err, "token allow"));
    const Run allowed = ctl("token allow " + module + " --passphrase-fd 3 3<p -o json");
    QVERIFY2(allowed.exitCode == 0, allowed.told().c_str());
    QCOMPARE(allowed.json()["sha256"].get<std::string>().size(), std::size_t(64));
    const Run tokens = ctl("token list --passphrase-fd 3 3<p -o json");
    QVERIFY2(has(tokens.out, "\"cli\"") && has(tokens.out, "ready"), tokens.told().c_str());

    // An administrator as cryptogen made him; his key goes on into the token. Both secrets stand in
    // one file.
    const Run brought = ctl("identity import admin --msp-id AlphaMSP --msp " + kVectors +
                            "msp/peerOrganizations/alpha.pub.test/users/Admin@alpha.pub.test "
                            "--passphrase-fd 3 3<p -o json");
    QVERIFY2(brought.exitCode == 0, brought.told().c_str());
    QCOMPARE(brought.json()["key"].get<std::string>(), std::string("workspace"));
    const Run moved =
        ctl("key move admin" + token + " --passphrase-fd 3 --pin-fd 3 3<both -o json");
    QVERIFY2(moved.exitCode == 0, moved.told().c_str());
    QCOMPARE(moved.json()["place"].get<std::string>(), std::string("token"));
    const Run keys = ctl("key list" + token + " --passphrase-fd 3 --pin-fd 4 3<p 4<pin -o json");
    QCOMPARE(keys.json().size(), std::size_t(1));
    QCOMPARE(keys.json()[0]["known_as"].get<std::string>(), std::string("admin"));
    QCOMPARE(keys.json()[0]["extractable"].get<bool>(), false);
    QVERIFY(has(ctl("identity list").out, "token cli"));

    const QString update = kVectors + "config/cfglab/01_batch_size/update.pb";
    const Run signedOnce = ctl("config sign " + update +
                               " --identity admin --out signed.pb --passphrase-fd 3 --pin-fd 4 "
                               "3<p 4<pin -o json");
    QVERIFY2(signedOnce.exitCode == 0, signedOnce.told().c_str());
    QCOMPARE(signedOnce.json()["signatures"].get<int>(), 1);
    QCOMPARE(signedOnce.json()["channel"].get<std::string>(), std::string("cfglab"));
    const Run again =
        ctl("config sign signed.pb --identity admin --out twice.pb "
            "--passphrase-fd 3 --pin-fd 4 3<p 4<pin -o json");
    QVERIFY2(has(again.err, "ALREADY_SIGNED"), again.told().c_str());
    QVERIFY(!QFile::exists(m_folder.filePath("twice.pb")));
    // Another administrator, whose key is in a file, signs what the first has signed.
    QCOMPARE(ctl("identity import user1 --msp-id AlphaMSP --msp " + kVectors +
                 "msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test "
                 "--passphrase-fd 3 3<p")
                 .exitCode,
             0);
    const Run second =
        ctl("config sign signed.pb --identity user1 --out signed2.pb "
            "--passphrase-fd 3 3<p -o json");
    QVERIFY2(second.exitCode == 0, second.told().c_str());
    QCOMPARE(second.json()["signatures"].get<int>(), 2);
    // A wrong PIN is told, and not shown.
    const Run wrong = ctl("config sign " + update +
                          " --identity admin --out never.pb --passphrase-fd 3 --pin-fd 4 3<p "
                          "4<wrong -o json");
    QCOMPARE(wrong.exitCode, 3);
    QVERIFY(has(wrong.err, "TOKEN_WRONG_PIN"));
}

void WalletCommandsTest::refusalsSayWhatToDo_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QString& line, int code, const QString& says) {
        QTest::newRow(name) << line << code << says;
    };
    row("no workspace", "key list --workspace nowhere", 3, "NO_WALLET");
    row("wrong passphrase", "key generate x --passphrase-fd 3 3<wrong", 3, "WRONG_PASSPHRASE");
    row("descriptor is not open", "key generate x --passphrase-fd 17", 3, "NO_SECRET");
    row("nothing in it", "key generate x --passphrase-fd 3 3</dev/null", 3, "NO_SECRET");
    row("no terminal", "key generate x", 3, "NO_TERMINAL");
    row("there already", "workspace create --passphrase-fd 3 3<p", 5, "WALLET_EXISTS");
    row("weak passphrase", "workspace create --workspace w --passphrase-fd 3 3< <(echo short)", 5,
        "WEAK_PASSPHRASE");
    row("no such key", "key export nobody --out x --passphrase-fd 3 --export-passphrase-fd 3 3<two",
        3, "NO_SUCH_KEY");
    row("no such identity", "identity export nobody --out x", 3, "NO_SUCH_IDENTITY");
    row("two sources", "identity import x --msp a --file b", 2, "USAGE");
    row("no source", "identity import x", 2, "USAGE");
    row("token without a label", "key move x --token /x", 2, "USAGE");
    row("move without a token", "key move x", 2, "USAGE");
    row("into a keychain", "key move user1 --keychain", 3, "KEYCHAIN_ONLY_IN_CONSOLE");
    row("import of nothing", "key import x", 2, "USAGE");
    row("other algorithm", "key generate x --algorithm RSA", 2, "USAGE");
    // There is no such option, on purpose.
    row("passphrase on the line", "key generate x --passphrase secret", 2, "USAGE");
    row("PIN on the line", "key list --pin 1234", 2, "USAGE");
}

void WalletCommandsTest::refusalsSayWhatToDo() {
    QFETCH(QString, line);
    QFETCH(int, code);
    QFETCH(QString, says);
    // Options go before what the shell opens.
    const qsizetype opened = line.indexOf(" 3<");
    const Run run = ctl(opened < 0 ? line + " -o json" : QString(line).insert(opened, " -o json"));
    QVERIFY2(run.exitCode == code, run.told().c_str());
    QVERIFY2(has(run.err, says.toStdString()), run.told().c_str());
}

void WalletCommandsTest::theTerminalShowsNothingOfAPassphrase() {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        const QByteArray folder = m_folder.path().toLocal8Bit();
        if (::chdir(folder.constData()) == 0)
            ::execl(CHANCERYCTL, "chanceryctl", "key", "generate", "typed", nullptr);
        ::_exit(99);
    }
    if (child < 0) {
        // Where no terminal can be made, the program has none to ask on and says what to do.
        const Run run = ctl("key generate typed");
        QVERIFY2(run.exitCode != 0, run.told().c_str());
        QVERIFY2(has(run.err, "Passphrases are never taken from the command line"),
                 run.told().c_str());
        return;
    }
    std::string shown;
    bool answered = false;
    char part[256];
    for (ssize_t got; (got = ::read(terminal, part, sizeof part)) > 0;) {
        shown.append(part, std::size_t(got));
        if (answered || !has(shown, "Passphrase of the workspace: ")) continue;
        answered = true;
        // A slip is taken back.
        const std::string typed = std::string("wrong\x15") + kPassphrase + "x\x7F\n";
        QCOMPARE(::write(terminal, typed.data(), typed.size()), ssize_t(typed.size()));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(terminal);
    QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, shown.c_str());
    QVERIFY(answered);
    QVERIFY2(has(shown, "The key is made."), shown.c_str());
    QVERIFY2(!has(shown, "canary") && !has(shown, "wrong"), shown.c_str());
}

void WalletCommandsTest::aKeyGoesOutOnlyEncrypted() {
    QCOMPARE(ctl("key generate out --algorithm ECDSA-P384 --passphrase-fd 3 3<p").exitCode, 0);
    const Run run =
        ctl("key export out --out out.pem --passphrase-fd 3 --export-passphrase-fd 3 3<two");
    QVERIFY2(run.exitCode == 0, run.told().c_str());
    QFile file(m_folder.filePath("out.pem"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    // Never over a file that is there.
    QCOMPARE(ctl("key export out --out out.pem --passphrase-fd 3 --export-passphrase-fd 3 3<two")
                 .exitCode,
             5);
    // It comes in again elsewhere with its own passphrase.
    QCOMPARE(ctl("workspace create --workspace second --passphrase-fd 3 3<p").exitCode, 0);
    const Run in =
        ctl("key import back out.pem --workspace second --passphrase-fd 3 "
            "--key-passphrase-fd 3 3<two -o json");
    QVERIFY2(in.exitCode == 0, in.told().c_str());
    QCOMPARE(in.json()["algorithm"].get<std::string>(), std::string("ECDSA P-384"));
    const Run audit = ctl("workspace audit -o json");
    QVERIFY(has(audit.out, "KEY_EXPORTED") && has(audit.out, "out.pem"));
}

void WalletCommandsTest::programsThatAskLeaveNoCore() {
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(CHANCERYCTL,
                  {"workspace", "create", "--workspace", "third", "--passphrase-fd", "0"});
    QVERIFY(process.waitForStarted());
    const auto limits = [&] {
        QFile file(QString("/proc/%1/limits").arg(process.processId()));
        return file.open(QIODevice::ReadOnly) ? file.readAll().simplified() : QByteArray();
    };
    // It waits for the passphrase, and is closed already.
    QTRY_VERIFY_WITH_TIMEOUT(limits().contains("Max core file size 0 0 bytes"), 20000);
    process.write(kPassphrase);
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 0);
}

void WalletCommandsTest::noCanaryIsLeftBehind() {
    for (const char* canary : {kPassphrase, kOther, SoftHsm::kPin, "canary wrong 1187"}) {
        QVERIFY2(!m_all.contains(canary), canary);
        for (QDirIterator it(m_folder.path(), QDir::Files, QDirIterator::Subdirectories);
             it.hasNext();) {
            const QString path = it.next();
            const QString name = path.mid(m_folder.path().size() + 1);
            if (name.startsWith("tests/") || !name.contains('/')) continue;  // our own inputs
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(canary), qPrintable(path));
        }
    }
}

CHANCERY_TEST(WalletCommandsTest)
#include "WalletCommandsTest.moc"
