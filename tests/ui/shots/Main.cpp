#include <QApplication>
#include <QDir>
#include <QFile>
#include <QMenu>
#include <cstdio>

#include "tests/support/Vectors.h"
#include "tests/ui/shots/Studio.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/NotificationModel.h"
#include "ui/pages/LedgerPage.h"
#include "ui/shell/CommandPalette.h"
#include "ui/shell/ContextBar.h"
#include "ui/widgets/IconButton.h"

using namespace chancery::test;
using namespace chancery::ui;

namespace {

QString vector(const char* relative) {
    return QString::fromStdString(vectorPath(relative).string());
}

LedgerPage* page(Studio& studio) {
    return static_cast<LedgerPage*>(studio.window().builtPage(QStringLiteral("ledger")));
}

/// A copy with one changed bit in the middle.
QString brokenCopy(const QString& folder) {
    QFile file(vector("ledger/peer_blockfile_000000"));
    if (!file.open(QFile::ReadOnly)) return {};
    QByteArray bytes = file.readAll();
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    QFile copy(folder + QStringLiteral("/settlement-broken.block"));
    if (!copy.open(QFile::WriteOnly)) return {};
    copy.write(bytes);
    return copy.fileName();
}

void shootLedger(Studio& studio) {
    studio.open(vector("ledger/peer_blockfile_000000"));
    studio.shoot("ledger");
    page(studio)->showTransaction(87, 1);
    studio.settle();
    studio.shoot("ledger-conflict");
    studio.ledger().setQuery(QStringLiteral("result:invalid"));
    studio.shoot("ledger-query");
    studio.ledger().setQuery(QStringLiteral("key:no-such-key"));
    studio.shoot("ledger-no-hits");
    studio.ledger().setQuery(QString());
    studio.window().setActivityShown(true);
    studio.shoot("activity");
    studio.window().setActivityShown(false);
    studio.window().palette().open(QStringLiteral("ver"));
    studio.settle();
    studio.shoot("palette");
    studio.window().palette().open(QStringLiteral("87"));
    studio.settle();
    studio.shoot("palette-block");
    studio.window().palette().close();
    Q_EMIT studio.window().contextBar().partActivated(0);
    studio.shoot("context-menu");
    studio.closeDialogs();
    studio.window().contextBar().bell()->click();
    studio.shoot("notifications");
    studio.closeDialogs();
    const std::pair<const char*, std::function<void(LedgerPage*)>> dialogs[] = {
        {"export", [](LedgerPage* page) { page->openExport(false); }},
        {"findings", [](LedgerPage* page) { page->openFindings(); }},
        {"compare", [](LedgerPage* page) { page->openCompare(); }},
        {"key", [](LedgerPage* page) { page->openKeySearch(); }}};
    for (const auto& [name, open] : dialogs) {
        open(page(studio));
        studio.shoot(QStringLiteral("dialog-") + name);
        studio.closeDialogs();
    }
}

int shootAll(const Look& look, const QString& folder, const QString& broken) {
    Studio studio(look, folder);
    studio.shoot("welcome-first");
    studio.window().openSettings();
    studio.shoot("settings");
    studio.closeDialogs();
    studio.window().openKeys();
    studio.shoot("keys");
    studio.closeDialogs();
    shootLedger(studio);
    studio.open(vector("bft/blocks"));
    studio.shoot("ledger-bft");
    studio.open(broken);
    studio.shoot("ledger-broken");
    QFile gone(folder + QStringLiteral("/archive-2025.block"));
    if (gone.open(QFile::WriteOnly)) gone.write("no block");
    gone.close();
    studio.open(gone.fileName());
    studio.shoot("ledger-error");
    studio.window().showWelcome();
    studio.shoot("welcome");
    return studio.taken();
}

}  // namespace

/// chancery_shots FOLDER [LOOK…]: all looks unless some are named.
int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments().mid(1);
    if (arguments.isEmpty()) {
        std::fprintf(stderr, "usage: chancery_shots FOLDER [LOOK…]\n");
        return 2;
    }
    const QString folder = arguments.first();
    QDir().mkpath(folder);
    QTemporaryDir data;
    const QString broken = brokenCopy(data.path());
    int taken = 0;
    for (const bool dark : {false, true}) {
        for (const char* language : {"en", "zh_CN"}) {
            for (const QSize size : {QSize(1440, 900), QSize(1100, 700)}) {
                const QString name = QStringLiteral("%1-%2-%3")
                                         .arg(dark ? "dark" : "light", QString(language).left(2))
                                         .arg(size.width());
                if (arguments.size() > 1 && !arguments.contains(name)) continue;
                taken += shootAll({name, dark, language, size}, folder, broken);
            }
        }
    }
    std::fprintf(stderr, "%d pictures in %s\n", taken, qPrintable(folder));
    GuiExecutor::shutDown();
    return taken > 0 ? 0 : 1;
}
