#include "tests/src/cli/Chanceryctl.h"

#include <QFileInfo>
#include <QProcessEnvironment>
#include <QTemporaryDir>

namespace chancery::test {
namespace {

Run run(const QString& program, const QStringList& arguments, const QString& folder,
        const QStringList& environment) {
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"COLUMNS", "NO_COLOR", "TERM"}) variables.remove(name);
    variables.insert("PATH", QFileInfo(CHANCERYCTL).absolutePath() + ":" + variables.value("PATH"));
    // Indexes of the tests are no affair of the person who runs them.
    static const QTemporaryDir cache;
    variables.insert("XDG_CACHE_HOME", cache.path());
    for (const QString& entry : environment)
        variables.insert(entry.section('=', 0, 0), entry.section('=', 1));
    process.setProcessEnvironment(variables);
    process.setWorkingDirectory(folder);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, arguments);
    if (!process.waitForFinished(120000)) return {-1, {}, "did not end"};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

}  // namespace

Run chanceryctl(const QStringList& arguments, const QString& folder,
                const QStringList& environment) {
    return run(CHANCERYCTL, arguments, folder, environment);
}

Run shell(const QString& commandLine, const QString& folder, const QStringList& environment) {
    return run("/bin/bash", {"-c", commandLine}, folder, environment);
}

bool misleads(const std::string& text) {
    const QString decoded = QString::fromStdString(text);
    QChar before = '\n';
    for (const QChar c : decoded) {
        const auto code = c.unicode();
        // configtxlator's JSON is indented with tabs.
        const bool layout = c == '\n' || (c == '\t' && (before == '\n' || before == '\t'));
        before = c;
        const bool control = (code < 0x20 && !layout) || (code >= 0x7F && code < 0xA0);
        const bool mark = (code >= 0x202A && code <= 0x202E) ||
                          (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
                          code == 0x061C;
        if (control || mark || code == QChar::ReplacementCharacter) return true;
    }
    return false;
}

}  // namespace chancery::test
