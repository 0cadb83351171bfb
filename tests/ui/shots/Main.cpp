#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <cstdio>

#include "tests/support/Vectors.h"
#include "tests/ui/shots/NetworkShots.h"
#include "tests/ui/shots/Studio.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/pages/CompareDialog.h"
#include "ui/pages/LedgerPage.h"
#include "ui/pages/TransactionInspector.h"
#include "ui/shell/ActivityPanel.h"
#include "ui/shell/CloseDialog.h"
#include "ui/shell/CommandPalette.h"
#include "ui/shell/ContextBar.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SegmentedControl.h"

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

/// Transactions of each sort, and everything the inspector shows of one.
void shootInspector(Studio& studio) {
    const std::tuple<quint64, quint64, const char*> transactions[] = {
        {85, 0, "ledger-config"},  {71, 0, "ledger-private"}, {97, 0, "ledger-range"},
        {120, 0, "ledger-policy"}, {34, 0, "ledger-events"},  {87, 1, "ledger-conflict"}};
    auto* inspector = page(studio)->findChild<TransactionInspector*>();
    for (const auto& [block, index, name] : transactions) {
        page(studio)->showTransaction(block, index);
        const bool events = QLatin1String(name) == QLatin1String("ledger-events");
        inspector->setTab(events ? TransactionInspector::Events : TransactionInspector::Decoded);
        studio.settle();
        studio.shoot(name);
    }
    inspector->setTab(TransactionInspector::Envelope);
    studio.shoot("ledger-envelope");
    inspector->setTab(TransactionInspector::Raw);
    studio.shoot("ledger-raw");
    inspector->setTab(TransactionInspector::Decoded);
    auto* scroll = inspector->findChild<QScrollArea*>(QStringLiteral("decodedScroll"));
    scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
    studio.shoot("ledger-scrolled");
}

void shootQueries(Studio& studio) {
    studio.ledger().setQuery(QStringLiteral("result:invalid"));
    studio.shoot("ledger-query");
    auto* scope = page(studio)->findChild<SegmentedControl*>(QStringLiteral("transactionScope"));
    scope->setCurrent(1);
    studio.settle();
    studio.shoot("ledger-hits");
    scope->setCurrent(0);
    studio.settle();
    studio.ledger().setQuery(QStringLiteral("key:no-such-key"));
    studio.shoot("ledger-no-hits");
    studio.ledger().setQuery(QStringLiteral("block>=many"));
    studio.shoot("query-error");
    studio.ledger().setQuery(QString());
    studio.settle();
    QLineEdit* field = page(studio)->findChild<QueryEdit*>()->lineEdit();
    studio.window().activateWindow();
    studio.settle();
    field->setFocus();
    field->insert(QStringLiteral("c"));
    Q_EMIT field->textEdited(field->text());
    studio.shoot("query-completion");
    field->clear();
    Q_EMIT field->textEdited(QString());
    page(studio)->focusMain();
    studio.ledger().setQuery(QString());
    studio.settle();
}

void shootPalette(Studio& studio) {
    for (const auto& [text, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"", "palette-empty"}, {"ver", "palette"}, {"87", "palette-block"}}) {
        studio.window().palette().open(QString::fromLatin1(text));
        studio.settle();
        studio.shoot(name);
    }
    studio.window().palette().close();
}

void shootDialogs(Studio& studio, const QString& broken) {
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
    page(studio)->openCompare();
    auto* compare = page(studio)->findChild<CompareDialog*>();
    compare->setPath(broken);
    for (auto* button : compare->findChildren<QPushButton*>())
        if (button->property("tone").toByteArray() == "primary") button->click();
    studio.settle();
    studio.shoot("dialog-compare-result");
    studio.closeDialogs();
    page(studio)->showKey(QStringLiteral("assets"), {}, QByteArray("pub:first"));
    studio.settle();
    studio.shoot("dialog-key-versions");
    auto* key = page(studio)->findChild<QDialog*>(QStringLiteral("keyDialog"));
    key->findChild<SegmentedControl*>()->setCurrent(1);
    Q_EMIT key->findChild<SegmentedControl*>()->currentChanged(1);
    studio.settle();
    studio.shoot("dialog-key-state");
    studio.closeDialogs();
}

void shootLedger(Studio& studio, const QString& broken) {
    studio.open(vector("ledger/peer_blockfile_000000"));
    studio.shoot("ledger");
    shootInspector(studio);
    shootQueries(studio);
    studio.window().setActivityShown(true);
    studio.shoot("activity");
    studio.window().setActivityShown(false);
    shootPalette(studio);
    Q_EMIT studio.window().contextBar().partActivated(0);
    studio.shoot("context-menu");
    studio.closeDialogs();
    studio.window().contextBar().bell()->click();
    studio.shoot("notifications");
    studio.closeDialogs();
    shootDialogs(studio, broken);
}

/// What went wrong, in the panel; what is asked when something still runs.
void shootActivity(Studio& studio) {
    studio.window().setActivityShown(true);
    auto* panel = studio.window().findChild<ActivityPanel*>();
    auto* tabs = panel->findChild<QTabBar*>();
    studio.shoot("activity-operations");
    for (const auto& [tab, name] : std::initializer_list<std::pair<int, const char*>>{
             {1, "activity-events"}, {2, "activity-problems"}}) {
        tabs->setCurrentIndex(tab);
        studio.shoot(name);
    }
    tabs->setCurrentIndex(0);
    Q_EMIT panel->detailsRequested(1);
    studio.shoot("dialog-details");
    studio.closeDialogs();
    studio.window().setActivityShown(false);
    OperationModel running;
    Operation operation;
    operation.title = QStringLiteral("settlement-2026-02.chledger");
    running.start(std::move(operation));
    CloseDialog ask(running, 1, &studio.window());
    ask.open();
    studio.shoot("dialog-close");
    studio.closeDialogs();
}

int shootAll(const Look& look, const QString& folder, const QString& broken) {
    Studio studio(look, folder);
    studio.shoot("welcome-first");
    shootNetwork(studio);
    studio.window().openSettings();
    studio.shoot("settings");
    studio.closeDialogs();
    studio.window().openKeys();
    studio.shoot("keys");
    studio.closeDialogs();
    shootLedger(studio, broken);
    studio.open(vector("bft/blocks"));
    studio.shoot("ledger-bft");
    studio.open(broken);
    studio.shoot("ledger-broken");
    page(studio)->openFindings();
    studio.shoot("dialog-findings-broken");
    studio.closeDialogs();
    QFile gone(folder + QStringLiteral("/archive-2025.block"));
    if (gone.open(QFile::WriteOnly)) gone.write("no block");
    gone.close();
    studio.open(gone.fileName());
    studio.shoot("ledger-error");
    shootActivity(studio);
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
