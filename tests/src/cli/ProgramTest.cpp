#include <QTemporaryDir>

#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using chancery::test::chanceryctl;
using chancery::test::Run;
using chancery::test::shell;

class ProgramTest : public QObject {
    Q_OBJECT
private slots:
    void version();
    void usageErrors_data();
    void usageErrors();
    void usageErrorsAsJson();
    void helpNamesEveryExitCode();
    void completionScriptsParse_data();
    void completionScriptsParse();
    void bashCompletes_data();
    void bashCompletes();
    void aFullDiskIsToldApart();
};

namespace {

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

void ProgramTest::version() {
    const Run run = chanceryctl({"version", "--output", "json"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.json()["program"].get<std::string>(), std::string("chanceryctl"));
    QVERIFY(mentions(chanceryctl({"--version"}).out, run.json()["version"].get<std::string>()));
}

void ProgramTest::usageErrors_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("told");
    QTest::newRow("nothing") << QStringList{} << "explains";
    QTest::newRow("misspelt command") << QStringList{"verson"} << "Did you mean \"version\"";
    QTest::newRow("misspelt option")
        << QStringList{"version", "--outptu", "json"} << "Did you mean --output";
    QTest::newRow("wrong form") << QStringList{"version", "-o", "xml"} << "table, json";
    QTest::newRow("missing value")
        << QStringList{"version", "--output"} << "needs exactly one value";
    QTest::newRow("missing argument") << QStringList{"completion"} << "needs SHELL";
    QTest::newRow("wrong choice") << QStringList{"completion", "tcsh"} << "bash, zsh, fish";
    QTest::newRow("too many arguments") << QStringList{"version", "now"} << "one argument too many";
    QTest::newRow("escape in an argument") << QStringList{"\x1b[31mversion"} << "\\x1b[31mversion";
}

void ProgramTest::usageErrors() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, told);
    const Run run = chanceryctl(arguments);
    QCOMPARE(run.exitCode, 2);
    QCOMPARE(run.out, std::string());
    const QString err = QString::fromStdString(run.err).simplified();
    QVERIFY2(err.contains(told, Qt::CaseInsensitive), run.err.c_str());
    QVERIFY(!mentions(run.err, "\x1b"));
}

void ProgramTest::usageErrorsAsJson() {
    const Run run = chanceryctl({"version", "now", "--output=json"});
    QCOMPARE(run.exitCode, 2);
    const auto error = nlohmann::json::parse(run.err, nullptr, false);
    QCOMPARE(error["error"]["reason"].get<std::string>(), std::string("USAGE"));
}

void ProgramTest::helpNamesEveryExitCode() {
    const Run run = chanceryctl({"version", "--help"});
    QCOMPARE(run.exitCode, 0);
    for (const char* line : {"\n  0  ", "\n  1  ", "\n  2  ", "\n  3  ", "\n  4  ", "\n  5  "})
        QVERIFY(mentions(run.out, line));
}

void ProgramTest::completionScriptsParse_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"bash", "zsh", "fish"}) QTest::newRow(name) << QString(name);
}

void ProgramTest::completionScriptsParse() {
    QFETCH(QString, name);
    const Run run = chanceryctl({"completion", name});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(mentions(run.out, "chanceryctl"));
    // The script is for this shell; only the shell itself can say whether it reads well.
    if (name != "bash" && shell("command -v " + name, "/").exitCode != 0) return;
    const Run checked = shell("chanceryctl completion " + name + " | " + name + " -n " +
                                  (name == "fish" ? "/dev/stdin" : ""),
                              "/");
    QVERIFY2(checked.exitCode == 0 && checked.err.empty(), checked.err.c_str());
}

void ProgramTest::bashCompletes_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("offered");
    QTest::newRow("command") << "chanceryctl ver"
                             << "version";
    QTest::newRow("option") << "chanceryctl version --out"
                            << "--output";
    QTest::newRow("value") << "chanceryctl version --output j"
                           << "json";
    QTest::newRow("argument") << "chanceryctl completion f"
                              << "fish";
}

void ProgramTest::bashCompletes() {
    QFETCH(QString, line);
    QFETCH(QString, offered);
    const QString script =
        "source <(chanceryctl completion bash); COMP_WORDS=(" + line +
        "); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _chanceryctl; echo \"${COMPREPLY[*]}\"";
    const Run run = shell(script, "/");
    QCOMPARE(QString::fromStdString(run.out).trimmed(), offered);
}

void ProgramTest::aFullDiskIsToldApart() {
    const Run run = shell("chanceryctl version > /dev/full", "/");
    QCOMPARE(run.exitCode, 5);
    QVERIFY(mentions(run.err, "Error:"));
}

CHANCERY_TEST(ProgramTest)
#include "ProgramTest.moc"
