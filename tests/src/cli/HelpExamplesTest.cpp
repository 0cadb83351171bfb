#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "src/cli/Commands.h"
#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using chancery::cli::allCommands;
using chancery::cli::ExitCode;
using chancery::test::chanceryctl;
using chancery::test::Run;
using chancery::test::shell;

/// What help shows must work: every example of every help page is taken from what the program
/// prints and run as it stands.
class HelpExamplesTest : public QObject {
    Q_OBJECT
private slots:
    void everyCommandHasAPage_data();
    void everyCommandHasAPage();
    void everyExampleWorks_data();
    void everyExampleWorks();
    void thePagesNameEveryCommand();
    void completionLinesWork();
};

namespace {

struct ShownExample {
    QString what;
    QString line;
    int ends = 0;
};

/// The lines behind "$ " of a help page, with the exit code that stands behind a "#".
QList<ShownExample> examplesOf(const QString& words) {
    const Run help = chanceryctl(words.split(' ') + QStringList{"--help"});
    QList<ShownExample> examples;
    QString before;
    for (const QString& line : QString::fromStdString(help.out).split('\n')) {
        const QString text = line.trimmed();
        if (line.startsWith("    $ ")) {
            const qsizetype note = text.indexOf("   # exit code ");
            examples.push_back({before, text.mid(2, note < 0 ? -1 : note - 2).trimmed(),
                                note < 0 ? 0 : text.mid(note + 15).toInt()});
        }
        before = text;
    }
    return examples;
}

}  // namespace

void HelpExamplesTest::everyCommandHasAPage_data() {
    QTest::addColumn<QString>("words");
    for (const auto& command : allCommands())
        QTest::newRow(command->words().c_str()) << QString::fromStdString(command->words());
}

void HelpExamplesTest::everyCommandHasAPage() {
    QFETCH(QString, words);
    const Run help = chanceryctl(words.split(' ') + QStringList{"--help"});
    QCOMPARE(help.exitCode, 0);
    QCOMPARE(help.err, std::string());
    const QString page = QString::fromStdString(help.out);
    for (const QString& part : {"chanceryctl " + words + ": ", "Usage: chanceryctl " + words,
                                QString("\nOptions\n"), QString("\nExit codes\n")})
        QVERIFY2(page.contains(part), qPrintable(part));
    // A command without an example teaches nothing, and nothing shows that it works.
    const auto examples = examplesOf(words);
    QVERIFY2(!examples.isEmpty(), "there is no example");
    for (const auto& command : allCommands())
        if (command->words() == words.toStdString())
            QCOMPARE(std::size_t(examples.size()), command->help().examples.size());
}

void HelpExamplesTest::everyExampleWorks_data() {
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("ends");
    QTest::addColumn<bool>("workspace");
    for (const auto& command : allCommands()) {
        const QString words = QString::fromStdString(command->words());
        // tests/network runs those that need nodes.
        const auto declared = command->help().examples;
        const auto shown = examplesOf(words);
        for (const ShownExample& example : shown) {
            const auto index = static_cast<std::size_t>(&example - shown.data());
            if (index < declared.size() && declared[index].needsNetwork) continue;
            QTest::newRow(qPrintable(words + ": " + example.what))
                << words << example.line << example.ends
                << (index < declared.size() && declared[index].needsWorkspace);
        }
    }
}

namespace {

// What examples of workspace commands stand beside; made once, because each step derives a key.
bool putWorkspaceInto(const QString& folder) {
    static const QTemporaryDir made;
    static const bool good = [] {
        const QString user =
            " --msp " + QString(CHANCERY_SOURCE) +
            "/tests/data/vectors/msp/peerOrganizations/alpha.pub.test/users/Admin@alpha.pub.test";
        const Run run = shell(
            "umask 077 && echo 'several words of mine' > passphrase && "
            "(cat passphrase; echo 'some other words') > two-passphrases && "
            "chanceryctl workspace create --passphrase-fd 3 3<passphrase && "
            "chanceryctl identity import admin --msp-id AlphaMSP --passphrase-fd 3 3<passphrase" +
                user,
            made.path());
        if (run.exitCode != 0) qWarning("%s", run.told().c_str());
        return run.exitCode == 0;
    }();
    return good && shell("cp -a " + made.path() + "/. .", folder).exitCode == 0;
}

}  // namespace

void HelpExamplesTest::everyExampleWorks() {
    QFETCH(QString, words);
    QFETCH(QString, line);
    QFETCH(int, ends);
    // The examples run in a checkout; what they write must not stay in it.
    const QTemporaryDir folder;
    for (const QString part : {"tests", "resources"})
        QVERIFY(QFile::link(QString(CHANCERY_SOURCE) + "/" + part, folder.filePath(part)));
    QFETCH(bool, workspace);
    if (workspace) QVERIFY(putWorkspaceInto(folder.path()));
    const auto before =
        QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size();
    const Run run = shell(line + "; echo \"exit codes ${PIPESTATUS[*]}\" >&2", folder.path());
    QVERIFY2(line.startsWith("chanceryctl " + words), qPrintable(line));
    const QString err = QString::fromStdString(run.err);
    const QStringList codes = err.mid(err.lastIndexOf("exit codes ")).trimmed().split(' ').mid(2);
    QVERIFY2(!codes.isEmpty(), run.err.c_str());
    // The end of a pipe may close before all is written.
    const int code = codes.size() > 1 && codes.front() == "141" ? 0 : codes.front().toInt();
    QVERIFY2(code == ends, run.told().c_str());
    for (const QString& later : codes.mid(1)) QCOMPARE(later, QString("0"));
    // Answers such as "they differ" have exit codes too; what was refused says why on stderr.
    const bool refused = ends != 0 && !err.startsWith("exit codes ");
    QVERIFY2(refused || err.startsWith("exit codes "), run.err.c_str());
    const QStringList written =
        QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    const bool writes = line.contains(" --out ") || line.contains(" > ") ||
                        line.contains("workspace create") || line.contains("ca init") ||
                        line.contains("chanceryctl manual ");
    QCOMPARE(written.size(), before + (writes && !refused ? 1 : 0));
    QVERIFY2(refused || writes || !run.out.empty(), qPrintable(line));
}

void HelpExamplesTest::thePagesNameEveryCommand() {
    const Run all = chanceryctl({"--help"});
    QCOMPARE(all.exitCode, 0);
    for (const auto& command : allCommands()) {
        const std::string words = command->words();
        QVERIFY2(all.out.find("\n  " + words + "  ") != std::string::npos, words.c_str());
        QVERIFY2(all.out.find(command->help().summary.substr(0, 40)) != std::string::npos,
                 words.c_str());
        const std::size_t space = words.find(' ');
        if (space == std::string::npos) continue;
        const Run group = chanceryctl({QString::fromStdString(words.substr(0, space)), "--help"});
        QCOMPARE(group.exitCode, 0);
        QVERIFY2(group.out.find("\n  " + words + "  ") != std::string::npos, words.c_str());
    }
}

void HelpExamplesTest::completionLinesWork() {
    // Its help shows how to load it in three shells; bash is always there.
    const Run help = chanceryctl({"completion", "--help"});
    const QString page = QString::fromStdString(help.out).simplified();
    const QString line = "source <(chanceryctl completion bash)";
    QVERIFY(page.contains(line));
    const Run run = shell(line + " && complete -p chanceryctl", "/");
    QVERIFY2(run.exitCode == 0 && run.err.empty() && !run.out.empty(), run.told().c_str());
}

CHANCERY_TEST(HelpExamplesTest)
#include "HelpExamplesTest.moc"
