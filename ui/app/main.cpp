#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QStandardPaths>
#include <cstdio>
#include <memory>

#include "src/base/Log.h"
#include "src/client/GrpcConnector.h"
#include "src/wallet/ConsoleVault.h"
#include "ui/app/Arguments.h"
#include "ui/app/Connections.h"
#include "ui/app/Display.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/keychain/Keychain.h"
#include "ui/models/Settings.h"
#include "ui/shell/Console.h"
#include "ui/shell/NetworkDesk.h"
#include "ui/shell/WorkspaceLock.h"

using namespace chancery;
using namespace chancery::ui;

namespace {

/// Qt's own messages go where ours go.
void logQt(QtMsgType type, const QMessageLogContext& context, const QString& text) {
    const log::Level level = type == QtDebugMsg     ? log::Level::Debug
                             : type == QtInfoMsg    ? log::Level::Info
                             : type == QtWarningMsg ? log::Level::Warning
                                                    : log::Level::Error;
    const QByteArray bytes = text.toUtf8();
    log::write(level, context.category == nullptr ? "qt" : context.category,
               std::string_view(bytes.constData(), static_cast<size_t>(bytes.size())));
    if (type == QtFatalMsg) std::fprintf(stderr, "chancery: %s\n", bytes.constData());
}

void print(FILE* file, const QString& text) {
    std::fputs(text.toLocal8Bit().constData(), file);
}

QString workspaceFolder(const QString& chosen) {
    if (!chosen.isEmpty()) return QFileInfo(chosen).absoluteFilePath();
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/chancery/workspace");
}

/// Choices of the command line are kept as if they had been made in the settings.
void keepChoices(const Arguments& arguments, Settings& settings) {
    if (!arguments.language.isEmpty()) settings.setLanguage(arguments.language);
    if (arguments.theme == QLatin1String("light"))
        settings.setAppearance(Settings::Appearance::Light);
    if (arguments.theme == QLatin1String("dark"))
        settings.setAppearance(Settings::Appearance::Dark);
    if (arguments.theme == QLatin1String("system"))
        settings.setAppearance(Settings::Appearance::System);
}

/// The keys of the workspace, in a folder of their own, because nothing else may lie there.
std::shared_ptr<interfaces::KeyVault> keysOf(const QString& workspace, Keychain& keychain) {
    wallet::Options options;
    options.keychain = &keychain;
    return std::make_shared<wallet::ConsoleVault>(
        QFile::encodeName(workspace + QStringLiteral("/wallet")).toStdString(), std::move(options));
}

void begin(Console& console, const Arguments& arguments) {
    console.open(arguments.ledger, arguments.link);
    if (!arguments.network.isEmpty())
        console.networks().openFolder(arguments.network);
    else if (arguments.demo)
        console.networks().createDemo(QStringLiteral("bank-consortium"));
}

int runConsole(QApplication& application, const Arguments& arguments, Keychain& keychain,
               const Connections& connections, const QElapsedTimer& since) {
    const QString workspace = workspaceFolder(arguments.workspace);
    WorkspaceLock lock(workspace);
    switch (lock.acquire(application.arguments().mid(1))) {
        case WorkspaceLock::Outcome::HandedOver:
            return 0;
        case WorkspaceLock::Outcome::Held:
            print(stderr, QStringLiteral("chancery: the workspace %1 is in use by %2\n")
                              .arg(workspace, lock.holder()));
            return 1;
        case WorkspaceLock::Outcome::NoFolder:
            print(stderr,
                  QStringLiteral("chancery: the workspace %1 cannot be written\n").arg(workspace));
            return 1;
        case WorkspaceLock::Outcome::Owner:
            break;
    }
    const QString logFile = workspace + QStringLiteral("/chancery.log");
    if (const Status opened = log::toFile(QFile::encodeName(logFile).toStdString()); !opened.ok())
        print(stderr, QStringLiteral("chancery: %1\n")
                          .arg(QString::fromStdString(std::string(opened.message()))));
    qInstallMessageHandler(logQt);
    // States that widgets keep on their own lie in the workspace too.
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, workspace);
    Settings settings(workspace + QStringLiteral("/settings.ini"));
    keepChoices(arguments, settings);
    Console console(application, settings, workspace, logFile,
                    {keysOf(workspace, keychain), std::make_shared<client::GrpcConnector>(),
                     &connections.connectors()});
    QObject::connect(&lock, &WorkspaceLock::handedOver, &console, [&](const QStringList& later) {
        QDir::setCurrent(later.value(0));
        const Arguments parsed = parseArguments(later.mid(1));
        console.raise();
        if (!parsed.error.isEmpty()) return;
        keepChoices(parsed, settings);
        begin(console, parsed);
    });
    QObject::connect(&console, &Console::usable, &console, [&since] {
        log::info("console", "usable after " + std::to_string(since.elapsed()) + " ms");
    });
    console.show();
    begin(console, arguments);
    const int result = application.exec();
    qInstallMessageHandler(nullptr);
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    QElapsedTimer since;
    since.start();
    QStringList words;
    for (int i = 1; i < argc; ++i) words.append(QString::fromLocal8Bit(argv[i]));
    const Arguments arguments = parseArguments(words);
    if (!arguments.error.isEmpty()) {
        print(stderr, QStringLiteral("chancery: %1\n\n%2").arg(arguments.error, usage()));
        return 2;
    }
    if (arguments.help || arguments.version) {
        print(stdout, arguments.help ? usage() : QStringLiteral("chancery " CHANCERY_VERSION "\n"));
        return 0;
    }
    if (!displayReachable())
        return runCommandLine(QFileInfo(QStringLiteral("/proc/self/exe")).canonicalFilePath(),
                              arguments.ledger);
    QCoreApplication::setOrganizationName(QStringLiteral("Chancery"));
    QCoreApplication::setApplicationName(QStringLiteral("chancery"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CHANCERY_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("chancery"));
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    Keychain keychain;
    // Lives longer than what the executor's threads still do with it.
    const Connections connections;
    const int result = runConsole(application, arguments, keychain, connections, since);
    GuiExecutor::shutDown();
    return result;
}
