#include "ui/shell/Console.h"

#include <QApplication>
#include <QEvent>
#include <QTimer>

#include "src/base/Log.h"
#include "ui/models/CommandRegistry.h"
#include "ui/models/KeysModel.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/NetworkSession.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/models/RecentLedgers.h"
#include "ui/models/Settings.h"
#include "ui/pages/LedgerPage.h"
#include "ui/shell/LedgerDesk.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NetworkDesk.h"
#include "ui/shell/Translations.h"
#include "ui/style/Theme.h"

namespace chancery::ui {

struct Console::Parts {
    Parts(QApplication& application, Settings& chosen, const QString& workspace,
          const QString& logFile, Reach reach)
        : settings(chosen),
          translations(application),
          recent(chosen),
          keys(reach.vault ? std::make_unique<KeysModel>(std::move(reach.vault), chosen) : nullptr),
          network(reach.network == nullptr ? std::nullopt : std::optional(*reach.network),
                  &operations),
          services{chosen,
                   commands,
                   operations,
                   notifications,
                   recent,
                   workspace,
                   workspace + QStringLiteral("/indexes"),
                   logFile,
                   keys.get(),
                   std::move(reach.connector),
                   &network} {
        translations.use(chosen.language());
        Theme& theme = Theme::instance();
        theme.setMode(static_cast<Theme::Mode>(chosen.appearance()));
        theme.setDensity(static_cast<Theme::Density>(chosen.density()));
        theme.setReducedMotion(chosen.reducedMotion());
        theme.applyTo(application);
        ledger = std::make_unique<LedgerPageModel>(
            &operations, QFile::encodeName(services.indexes).toStdString());
        window = std::make_unique<MainWindow>(services);
        PageSpec page;
        page.id = QStringLiteral("ledger");
        page.group = PageSpec::Group::Observe;
        page.icon = QStringLiteral("ledger");
        page.title = [] { return MainWindow::tr("Ledger"); };
        page.shortcut = QKeySequence(Qt::CTRL | Qt::Key_8);
        page.build = [this](QWidget* parent) -> Page* {
            auto* built = new LedgerPage(ledger.get(), &commands, &operations, parent);
            QObject::connect(built, &LedgerPage::openRequested, window.get(),
                             &MainWindow::openFilesRequested);
            return built;
        };
        networks = new NetworkDesk(services, *window, network);
        window->addPage(page);
        desk = new LedgerDesk(services, *window, *ledger);
        QObject::connect(networks, &NetworkDesk::ledgerRequested, desk,
                         [this](const QStringList& paths) { desk->open(paths); });
    }

    Settings& settings;
    Translations translations;
    CommandRegistry commands;
    OperationModel operations;
    NotificationModel notifications;
    RecentLedgers recent;
    std::unique_ptr<KeysModel> keys;
    NetworkSession network;
    Services services;
    std::unique_ptr<LedgerPageModel> ledger;
    std::unique_ptr<MainWindow> window;
    LedgerDesk* desk = nullptr;       ///< the window's child
    NetworkDesk* networks = nullptr;  ///< likewise
};

Console::Console(QApplication& application, Settings& settings, const QString& workspace,
                 const QString& logFile, Reach reach)
    : m_parts(
          std::make_unique<Parts>(application, settings, workspace, logFile, std::move(reach))) {
    connect(&settings, &Settings::changed, this, &Console::follow);
    m_parts->window->installEventFilter(this);
    follow();
}

Console::~Console() = default;

void Console::follow() {
    m_parts->translations.use(m_parts->settings.language());
    log::setLevel(static_cast<log::Level>(m_parts->settings.logLevel()));
}

void Console::show() {
    m_parts->window->show();
    if (m_parts->keys) m_parts->keys->begin();
}

bool Console::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Paint) {
        watched->removeEventFilter(this);
        QTimer::singleShot(0, this, &Console::usable);
    }
    return QObject::eventFilter(watched, event);
}

void Console::raise() {
    m_parts->window->setWindowState(m_parts->window->windowState() & ~Qt::WindowMinimized);
    m_parts->window->raise();
    m_parts->window->activateWindow();
}

void Console::open(const QStringList& ledger, const QString& link) {
    if (!ledger.isEmpty()) m_parts->desk->open(ledger);
    if (!link.isEmpty()) m_parts->window->openLinkText(link);
}

MainWindow& Console::window() const {
    return *m_parts->window;
}

NetworkSession& Console::network() const {
    return m_parts->network;
}

NetworkDesk& Console::networks() const {
    return *m_parts->networks;
}

LedgerPageModel& Console::ledger() const {
    return *m_parts->ledger;
}

}  // namespace chancery::ui
