#include "tests/src/cli/Chanceryctl.h"

#include <QFileInfo>
#include <QProcessEnvironment>

namespace chancery::test {
namespace {

Run run(const QString& program, const QStringList& arguments, const QString& folder,
        const QStringList& environment) {
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"COLUMNS", "NO_COLOR", "TERM"}) variables.remove(name);
    variables.insert("PATH", QFileInfo(CHANCERYCTL).absolutePath() + ":" + variables.value("PATH"));
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

}  // namespace chancery::test
