#include <QAbstractSpinBox>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTextEdit>

#include "ui/models/CommandRegistry.h"
#include "ui/models/Settings.h"
#include "ui/pages/Page.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/ActivityPanel.h"
#include "ui/shell/CommandPalette.h"
#include "ui/shell/MainWindow.h"

namespace chancery::ui {
namespace {

QString noReason() {
    return {};
}

}  // namespace

void MainWindow::addCommands() {
    CommandRegistry& commands = m_services.commands;
    commands.add({QStringLiteral("file.open"), tr("Verify a ledger file…"),
                  QStringLiteral("shield"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O),
                  QString(), QStringLiteral("chanceryctl ledger verify PATH"), noReason,
                  [this] { Q_EMIT openFilesRequested(); }});
    commands.add({QStringLiteral("file.openFolder"), tr("Verify a ledger folder…"),
                  QStringLiteral("folder"), QKeySequence(), QString(),
                  QStringLiteral("chanceryctl ledger verify FOLDER"), noReason,
                  [this] { Q_EMIT openFolderRequested(); }});
    commands.add({QStringLiteral("file.settings"), tr("Settings…"), QStringLiteral("gear"),
                  QKeySequence(Qt::CTRL | Qt::Key_Comma), QString(), QString(), noReason,
                  [this] { openSettings(); }});
    commands.add({QStringLiteral("file.quit"), tr("Quit"), QStringLiteral("x"),
                  QKeySequence(Qt::CTRL | Qt::Key_Q), QString(), QString(), noReason,
                  [this] { close(); }});
    addGoCommands();
    addViewCommands();
    addHelpCommands();
    for (const Command& command : commands.commands()) addAction(commands.action(command.id));
    commands.refresh();
}

void MainWindow::addGoCommands() {
    CommandRegistry& commands = m_services.commands;
    commands.add({QStringLiteral("go.welcome"), tr("Welcome"), QStringLiteral("overview"),
                  QKeySequence(Qt::ALT | Qt::Key_Home), QString(), QString(), noReason,
                  [this] { showWelcome(); }});
    commands.add({QStringLiteral("go.back"), tr("Back"), QStringLiteral("left"),
                  QKeySequence(Qt::ALT | Qt::Key_Left), QString(), QString(),
                  [this] {
                      return m_history.canGoBack() ? QString()
                                                   : tr("There is nothing to go back to.");
                  },
                  [this] { goBack(); }});
    commands.add({QStringLiteral("go.forward"), tr("Forward"), QStringLiteral("right"),
                  QKeySequence(Qt::ALT | Qt::Key_Right), QString(), QString(),
                  [this] {
                      return m_history.canGoForward() ? QString()
                                                      : tr("There is nothing to go forward to.");
                  },
                  [this] { goForward(); }});
    commands.add({QStringLiteral("go.copyLink"), tr("Copy link"), QStringLiteral("link"),
                  QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), QString(), QString(), noReason,
                  [this] {
                      const auto* page = static_cast<Page*>(m_stack->currentWidget());
                      QGuiApplication::clipboard()->setText(page->currentLink().toString());
                  }});
    commands.add({QStringLiteral("go.copyCommand"), tr("Copy as CLI command"),
                  QStringLiteral("terminal"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
                  QString(), QString(),
                  [this] {
                      return commandLine().isEmpty() ? tr("What is shown has no command line form.")
                                                     : QString();
                  },
                  [this] { QGuiApplication::clipboard()->setText(commandLine()); }});
    for (const PageSpec& spec : m_specs) {
        QAction* action =
            commands.add({QStringLiteral("go.page.") + spec.id, tr("Go to %1").arg(spec.title()),
                          spec.icon, spec.shortcut, QString(), QString(),
                          [this, id = spec.id] { return whyNotShown(*this->spec(id)); },
                          [this, id = spec.id] { showPage(id); }});
        addAction(action);
    }
}

void MainWindow::addViewCommands() {
    CommandRegistry& commands = m_services.commands;
    const auto ofPage = [this](auto act) {
        return [this, act] { act(static_cast<Page*>(m_stack->currentWidget())); };
    };
    const auto onlyOpen = [this] {
        return m_current == QLatin1String("welcome") ? tr("Open a ledger first.") : QString();
    };
    commands.add({QStringLiteral("view.palette"), tr("Search or run a command"),
                  QStringLiteral("search"), QKeySequence(Qt::CTRL | Qt::Key_K), QString(),
                  QString(), noReason, [this] { m_palette->open(); }});
    commands.add({QStringLiteral("view.switcher"), tr("Switch network, channel or identity"),
                  QStringLiteral("swap"), QKeySequence(Qt::CTRL | Qt::Key_L), QString(), QString(),
                  noReason, [this] { openSwitcher(); }});
    commands.add({QStringLiteral("view.rail"), tr("Show rail as icons"), QStringLiteral("panel"),
                  QKeySequence(Qt::CTRL | Qt::Key_B), QString(), QString(), onlyOpen, [this] {
                      Settings& settings = m_services.settings;
                      settings.setRailCollapsed(!settings.railCollapsed());
                  }});
    commands.add({QStringLiteral("view.inspector"), tr("Show or hide the inspector"),
                  QStringLiteral("panel"), QKeySequence(Qt::CTRL | Qt::Key_I), QString(), QString(),
                  [this] {
                      const auto* page = static_cast<Page*>(m_stack->currentWidget());
                      return page->hasInspector() ? QString() : tr("This page has no inspector.");
                  },
                  ofPage([this](Page* page) {
                      m_inspectorShown = !m_inspectorShown;
                      page->setInspectorShown(m_inspectorShown);
                  })});
    commands.add({QStringLiteral("view.activity"), tr("Show or hide activity"),
                  QStringLiteral("up"), QKeySequence(Qt::CTRL | Qt::Key_J), QString(), QString(),
                  noReason, [this] { setActivityShown(!m_activity->isVisible()); }});
    commands.add({QStringLiteral("view.filter"), tr("Filter this page"), QStringLiteral("filter"),
                  QKeySequence(Qt::Key_Slash), QString(), QString(), onlyOpen,
                  ofPage([](Page* page) { page->focusFilter(); })});
    commands.add({QStringLiteral("view.nextPane"), tr("Next pane"), QStringLiteral("swap"),
                  QKeySequence(Qt::Key_F6), QString(), QString(), noReason,
                  [this] { nextPane(); }});
    const auto step = [this](int by) {
        return [this, by] {
            if (m_specs.empty()) return;
            const auto count = static_cast<int>(m_specs.size());
            int at = 0;
            for (int i = 0; i < count; ++i)
                if (m_specs[static_cast<size_t>(i)].id == m_current) at = i;
            // Pages of what is not open are passed over.
            for (int i = 1; i <= count; ++i) {
                const int next = ((at + i * by) % count + count) % count;
                if (showPage(m_specs[static_cast<size_t>(next)].id)) return;
            }
        };
    };
    const auto several = [this] {
        return m_specs.size() > 1 ? QString() : tr("There is only one page.");
    };
    commands.add({QStringLiteral("view.previousPage"), tr("Previous page"), QStringLiteral("up"),
                  QKeySequence(Qt::CTRL | Qt::Key_PageUp), QString(), QString(), several,
                  step(-1)});
    commands.add({QStringLiteral("view.nextPage"), tr("Next page"), QStringLiteral("down"),
                  QKeySequence(Qt::CTRL | Qt::Key_PageDown), QString(), QString(), several,
                  step(1)});
}

void MainWindow::addHelpCommands() {
    CommandRegistry& commands = m_services.commands;
    commands.add({QStringLiteral("help.keys"), tr("Keys and help"), QStringLiteral("help"),
                  QKeySequence(Qt::Key_F1), QString(), QString(), noReason,
                  [this] { openKeys(); }});
}

void MainWindow::rebuildMenuBar() {
    menuBar()->clear();
    const struct {
        QString prefix, title;
    } menus[] = {{QStringLiteral("file."), tr("&File")},
                 {QStringLiteral("go."), tr("&Go")},
                 {QStringLiteral("view."), tr("&View")},
                 {QString(), tr("&Page")},
                 {QStringLiteral("help."), tr("&Help")}};
    CommandRegistry& commands = m_services.commands;
    commands.refresh();
    for (const auto& [prefix, title] : menus) {
        QMenu* menu = menuBar()->addMenu(title);
        for (const Command& command : commands.commands()) {
            const bool ofPage = !command.page.isEmpty();
            const bool here = prefix.isEmpty() ? ofPage && command.page == m_current
                                               : !ofPage && command.id.startsWith(prefix);
            if (here) menu->addAction(commands.action(command.id));
        }
        menu->menuAction()->setVisible(!menu->isEmpty());
        connect(
            menu, &QMenu::aboutToHide, this, [this] { menuBar()->hide(); }, Qt::QueuedConnection);
    }
}

}  // namespace chancery::ui
