#include "ui/shell/MainWindow.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/models/CommandRegistry.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/models/PaletteModel.h"
#include "ui/models/Settings.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/ActivityBar.h"
#include "ui/shell/ActivityPanel.h"
#include "ui/shell/BrandMark.h"
#include "ui/shell/CloseDialog.h"
#include "ui/shell/CommandPalette.h"
#include "ui/shell/ContextBar.h"
#include "ui/shell/DetailsDialog.h"
#include "ui/shell/KeysDialog.h"
#include "ui/shell/NavModel.h"
#include "ui/shell/NavRail.h"
#include "ui/shell/NotificationsPopup.h"
#include "ui/shell/SettingsDialog.h"
#include "ui/shell/Toast.h"
#include "ui/style/Theme.h"
#include "ui/widgets/IconButton.h"

namespace chancery::ui {
namespace {

constexpr QSize kMinimum(1100, 700), kFirst(1440, 900);
constexpr int kCompactBelow = 1280, kActivityHeight = 150, kPeriod = 60 * 1000;
const QString kWelcome = QStringLiteral("welcome");

}  // namespace

MainWindow::MainWindow(const Services& services, QWidget* parent)
    : QMainWindow(parent), m_services(services) {
    setWindowTitle(QStringLiteral("Chancery"));
    setWindowIcon(BrandMark::windowIcon());
    setAcceptDrops(true);
    buildParts();
    connectParts();
    connectActivity();
    addCommands();
    setContext({});
    showWelcome();
    applySettings();

    // A tenth of the screen may be taken by panels of the desktop.
    const QSize room = screen() == nullptr ? kFirst : screen()->availableSize();
    setMinimumSize(kMinimum.boundedTo(room));
    resize(kFirst.boundedTo(room));
    restoreGeometry(m_services.settings.state(QStringLiteral("window")));
    m_splitter->restoreState(m_services.settings.state(QStringLiteral("activity")));
    arrange();
    qApp->installEventFilter(this);
    connect(&m_services.settings, &Settings::changed, this, &MainWindow::applySettings);
    auto* often = new QTimer(this);
    connect(often, &QTimer::timeout, &m_services.commands, &CommandRegistry::refresh);
    often->start(kPeriod);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildParts() {
    auto* whole = new QWidget(this);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_contextBar = new ContextBar(whole);
    column->addWidget(m_contextBar);
    m_splitter = new QSplitter(Qt::Vertical, whole);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    auto* middle = new QWidget(m_splitter);
    auto* row = new QHBoxLayout(middle);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_navigation = new NavModel(this);
    m_rail = new NavRail(*m_navigation, middle);
    m_stack = new QStackedWidget(middle);
    row->addWidget(m_rail);
    row->addWidget(m_stack, 1);
    m_activity = new ActivityPanel(m_services.operations, m_services.notifications, m_splitter);
    m_splitter->addWidget(middle);
    m_splitter->addWidget(m_activity);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({kFirst.height(), kActivityHeight});
    m_activity->hide();
    column->addWidget(m_splitter, 1);
    m_activityBar = new ActivityBar(m_services.operations, whole);
    column->addWidget(m_activityBar);
    setCentralWidget(whole);

    m_welcome = new WelcomePage(m_services.recent, m_stack, m_services.network);
    m_stack->addWidget(m_welcome);
    m_built[kWelcome] = m_welcome;
    m_paletteModel = new PaletteModel(m_services.commands, this);
    m_palette = new CommandPalette(*m_paletteModel, this);
    m_popup = new NotificationsPopup(m_services.notifications, this);
    m_toast = new Toast(*this);
    menuBar()->hide();
}

void MainWindow::connectParts() {
    connect(m_contextBar, &ContextBar::searchActivated, this, [this] { m_palette->open(); });
    connect(m_contextBar, &ContextBar::languageChosen, &m_services.settings,
            &Settings::setLanguage);
    connect(m_contextBar, &ContextBar::themeChosen, this, [this](int theme) {
        m_services.settings.setAppearance(static_cast<Settings::Appearance>(theme));
    });
    connect(m_contextBar, &ContextBar::partActivated, this, [this](int part) {
        auto* button = m_contextBar->partButtons()[static_cast<size_t>(part)];
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        if (const auto& fill = m_places[owner()].fillMenu) fill(part, *menu);
        if (menu->isEmpty()) {
            delete menu;
            return;
        }
        menu->popup(button->mapToGlobal(QPoint(0, button->height() + 4)));
    });
    connect(m_contextBar->bell(), &QAbstractButton::clicked, this,
            [this] { m_popup->openBelow(*m_contextBar->bell()); });
    connect(m_contextBar->help(), &QAbstractButton::clicked, this, &MainWindow::openKeys);
    connect(m_rail, &NavRail::pageChosen, this, [this](const QString& id) {
        // Where it can be opened.
        if (!showPage(id)) showWelcome();
    });
    connect(m_rail, &NavRail::settingsChosen, this, &MainWindow::openSettings);
    connect(m_welcome, &WelcomePage::filesChosen, this, &MainWindow::filesDropped);
    connect(m_welcome, &WelcomePage::chooseFilesRequested, this, &MainWindow::openFilesRequested);
    connect(m_welcome, &WelcomePage::chooseFolderRequested, this, &MainWindow::openFolderRequested);
    connect(m_welcome, &WelcomePage::keysRequested, this, &MainWindow::openKeys);
    connect(m_palette, &CommandPalette::running, this, [this](const PaletteEntry& entry) {
        if (!entry.id.isEmpty()) m_services.settings.addRecentCommand(entry.id);
    });
    connect(&m_services.commands, &CommandRegistry::ran, &m_services.commands,
            &CommandRegistry::refresh);
}

void MainWindow::connectActivity() {
    connect(m_activityBar, &ActivityBar::expandRequested, this, [this] { setActivityShown(true); });
    connect(m_activity, &ActivityPanel::collapseRequested, this,
            [this] { setActivityShown(false); });
    connect(m_activity, &ActivityPanel::detailsRequested, this, &MainWindow::showOperationDetails);
    connect(m_activity, &ActivityPanel::linkActivated, this, &MainWindow::openLinkText);
    connect(m_activity, &ActivityPanel::revealRequested, this, &MainWindow::revealPath);
    connect(m_popup, &NotificationsPopup::linkActivated, this, &MainWindow::openLinkText);
    connect(m_popup, &NotificationsPopup::revealRequested, this, &MainWindow::revealPath);
    connect(m_popup, &NotificationsPopup::activityRequested, this,
            [this] { setActivityShown(true); });
    connect(m_toast, &Toast::linkActivated, this, &MainWindow::openLinkText);
    connect(m_toast, &Toast::revealRequested, this, &MainWindow::revealPath);
    NotificationModel& notifications = m_services.notifications;
    connect(&notifications, &NotificationModel::added, this, [this](const Notification& told) {
        if (!told.quiet || !isActiveWindow()) m_toast->show(told);
    });
    connect(&m_services.operations, &OperationModel::finished, this, &MainWindow::tellFinished);
    connect(&notifications, &NotificationModel::countsChanged, this,
            [this] { m_contextBar->setUnread(m_services.notifications.unreadCount()); });
    connect(&m_services.operations, &OperationModel::runningChanged, this, &MainWindow::arrange);
}

void MainWindow::addPage(const PageSpec& spec) {
    m_specs.push_back(spec);
    m_navigation->add(spec);
    addGoCommands();
    refreshPaletteObjects();
}

const PageSpec* MainWindow::spec(const QString& id) const {
    for (const PageSpec& spec : m_specs)
        if (spec.id == id) return &spec;
    return nullptr;
}

bool MainWindow::showPage(const QString& id) {
    const PageSpec* found = spec(id);
    if (found == nullptr || !isOpen(found->needs)) return false;
    Page* page = m_built.value(id);
    if (page == nullptr) {
        page = found->build(m_stack);
        m_stack->addWidget(page);
        m_built[id] = page;
        page->setInspectorShown(m_inspectorShown);
        connect(page, &Page::linkChanged, this, [this, page] {
            if (m_stack->currentWidget() == page) visited();
        });
        connect(page, &Page::linkActivated, this, &MainWindow::openLink);
    }
    present(page, id);
    return true;
}

void MainWindow::showWelcome() {
    present(m_welcome, kWelcome);
}

void MainWindow::present(Page* page, const QString& id) {
    const bool another = m_current != id;
    m_stack->setCurrentWidget(page);
    m_current = id;
    if (another) m_arriving = false;
    m_rail->setCurrent(id);
    m_paletteModel->setPage(id);
    showContext();
    if (!another) return;
    page->focusMain();
    visited();
    m_services.commands.refresh();
    Q_EMIT currentPageChanged(id);
}

void MainWindow::dropPage(const QString& id) {
    Page* page = m_built.take(id);
    if (page == nullptr) return;
    if (m_current == id) showWelcome();
    m_stack->removeWidget(page);
    delete page;
}

void MainWindow::visited() {
    const Link link = static_cast<Page*>(m_stack->currentWidget())->currentLink();
    // A page that shows nothing has no address.
    if (m_travelling || link.channel.isEmpty()) return;
    if (m_arriving) {
        m_history.replace(link);
    } else {
        m_history.visit(link);
    }
    m_services.commands.refresh();
}

MainWindow::Owner MainWindow::owner() const {
    if (const PageSpec* shown = spec(m_current)) return shown->needs;
    return isOpen(Owner::Network) && !isOpen(Owner::Ledger) ? Owner::Network : Owner::Ledger;
}

bool MainWindow::isOpen(Owner owner) const {
    const auto place = m_places.find(owner);
    return place != m_places.end() && place->second.context.anythingOpen;
}

QString MainWindow::whyNotShown(const PageSpec& spec) const {
    if (isOpen(spec.needs)) return {};
    return spec.needs == Owner::Network ? tr("Open a network first.") : tr("Open a ledger first.");
}

void MainWindow::setContext(const ContextState& state, Owner owner) {
    m_places[owner].context = state;
    const PageSpec* shown = spec(m_current);
    if (!state.anythingOpen && shown != nullptr && shown->needs == owner) {
        showWelcome();
    } else {
        showContext();
    }
    m_services.commands.refresh();
}

void MainWindow::showContext() {
    ContextState state = m_places[owner()].context;
    if (state.parts.empty()) {
        ContextPart part;
        part.caption = tr("Network");
        part.text = tr("none open");
        state.parts.push_back(part);
    }
    m_contextBar->setParts(state.parts);
    m_activityBar->setHeightText(state.height);
    m_activityBar->setStream(state.stream, state.streamStatus, state.streamToolTip);
    m_palette->setScopeText(state.searchScope);
    const QString program = QStringLiteral("Chancery");
    setWindowTitle(state.title.isEmpty() ? program : state.title + QStringLiteral(" – ") + program);
    arrange();
}

void MainWindow::setContextMenu(std::function<void(int, QMenu&)> fill, Owner owner) {
    m_places[owner].fillMenu = std::move(fill);
}

void MainWindow::setLinkResolver(std::function<bool(const Link&)> resolve, Owner owner) {
    m_places[owner].resolve = std::move(resolve);
}

bool MainWindow::openLink(const Link& link) {
    if (link == WelcomePage::link()) {
        showWelcome();
        return true;
    }
    const bool before = std::exchange(m_travelling, true);
    bool shown = false;
    for (const auto& [owner, place] : m_places)
        shown = shown || (place.resolve && place.resolve(link));
    m_travelling = before;
    if (shown && !m_travelling) m_history.visit(link);
    m_arriving = shown;
    m_services.commands.refresh();
    return shown;
}

void MainWindow::setCommandLine(std::function<QString()> commandLine, Owner owner) {
    m_places[owner].commandLine = std::move(commandLine);
}

QString MainWindow::commandLine() const {
    const QString own = static_cast<Page*>(m_stack->currentWidget())->commandLine();
    const auto place = m_places.find(owner());
    if (!own.isEmpty() || m_current == kWelcome || place == m_places.end()) return own;
    return place->second.commandLine ? place->second.commandLine() : own;
}

bool MainWindow::openLinkText(const QString& text) {
    const auto link = Link::fromString(text);
    return link && openLink(*link);
}

void MainWindow::goBack() {
    const auto link = m_history.back();
    if (!link) return;
    m_travelling = true;
    openLink(*link);
    m_travelling = false;
    m_services.commands.refresh();
}

void MainWindow::goForward() {
    const auto link = m_history.forward();
    if (!link) return;
    m_travelling = true;
    openLink(*link);
    m_travelling = false;
    m_services.commands.refresh();
}

void MainWindow::forgetLinks(const std::function<bool(const Link&)>& gone) {
    m_history.forget(gone);
    m_services.commands.refresh();
}

void MainWindow::setActivityShown(bool shown) {
    const bool had = m_activity->isVisible();
    m_activity->setVisible(shown);
    arrange();
    if (shown && !had) m_activity->focusList();
    if (!shown && had) static_cast<Page*>(m_stack->currentWidget())->focusMain();
}

bool MainWindow::isActivityShown() const {
    return m_activity->isVisibleTo(centralWidget());
}

/// What is shown depends on the width and on whether anything is open.
void MainWindow::arrange() {
    const bool welcome = m_current == kWelcome;
    const bool compact = width() < kCompactBelow;
    m_contextBar->setWelcome(welcome);
    m_contextBar->setCompact(compact);
    m_rail->setVisible(!welcome);
    m_rail->setCollapsed(compact || m_services.settings.railCollapsed());
    const bool activity = m_activity->isVisibleTo(m_splitter);
    const bool bar = !activity && (!welcome || m_services.operations.runningCount() > 0);
    m_activityBar->setVisible(bar);
    m_toast->setBottom(activity ? m_activity->height() + 16 : bar ? 44 : 84);
}

void MainWindow::applySettings() {
    Theme& theme = Theme::instance();
    const Settings& settings = m_services.settings;
    const auto mode = static_cast<Theme::Mode>(settings.appearance());
    if (theme.mode() != mode) theme.setMode(mode);
    const auto density = static_cast<Theme::Density>(settings.density());
    if (theme.density() != density) theme.setDensity(density);
    theme.setReducedMotion(settings.reducedMotion());
    m_contextBar->showChoices(settings.language(), static_cast<int>(settings.appearance()));
    arrange();
}

void MainWindow::refreshPaletteObjects() {
    std::vector<PaletteEntry> entries;
    for (const PageSpec& spec : m_specs) {
        if (!isOpen(spec.needs)) continue;
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::GoTo;
        entry.icon = spec.icon;
        entry.title = spec.title();
        entry.detail = tr("Page");
        entry.keys = spec.shortcut;
        entry.run = [this, id = spec.id] { showPage(id); };
        entries.push_back(entry);
    }
    m_paletteModel->setObjects(QStringLiteral("pages"), std::move(entries));
}

void MainWindow::retranslate() {
    m_contextBar->retranslate();
    m_contextBar->setUnread(m_services.notifications.unreadCount());
    m_rail->retranslate();
    m_activity->retranslate();
    m_activityBar->retranslate();
    m_palette->retranslate();
    m_popup->retranslate();
    addCommands();
    refreshPaletteObjects();
    showContext();
    rebuildMenuBar();
    rebuildPages();
    Q_EMIT retranslated();
}

/// Pages have their texts since they were built; built anew, they show what they showed.
void MainWindow::rebuildPages() {
    const QString current = m_current;
    const Link link = static_cast<Page*>(m_stack->currentWidget())->currentLink();
    m_travelling = true;
    for (const PageSpec& spec : m_specs) dropPage(spec.id);
    if (current != kWelcome && showPage(current)) openLink(link);
    m_travelling = false;
    m_services.commands.refresh();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    arrange();
}

void MainWindow::openSwitcher() {
    std::vector<int> menus;
    const auto& buttons = m_contextBar->partButtons();
    for (size_t i = 0; i < buttons.size(); ++i)
        if (buttons[i]->part().menu) menus.push_back(static_cast<int>(i));
    if (menus.empty()) return;
    const int part = menus[static_cast<size_t>(m_switcherPart++) % menus.size()];
    buttons[static_cast<size_t>(part)]->setFocus(Qt::ShortcutFocusReason);
    Q_EMIT m_contextBar->partActivated(part);
}

void MainWindow::openSettings() {
    auto* dialog = new SettingsDialog(m_services, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::clearIndexRequested, this, &MainWindow::clearIndexRequested);
    connect(dialog, &SettingsDialog::revealRequested, this, &MainWindow::revealPath);
    dialog->open();
}

void MainWindow::openKeys() {
    auto* dialog = new KeysDialog(m_services.commands, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showOperationDetails(quint64 id) {
    const int row = m_services.operations.rowOf(id);
    if (row < 0) return;
    auto* dialog = new DetailsDialog(m_services.operations.at(row), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::nextPane() {
    auto* page = static_cast<Page*>(m_stack->currentWidget());
    QWidget* focused = focusWidget();
    const auto within = [&](const QWidget* pane) {
        return focused != nullptr && (pane == focused || pane->isAncestorOf(focused));
    };
    if (within(page)) {
        if (m_activity->isVisible()) {
            m_activity->focusList();
        } else {
            m_contextBar->partButtons().front()->setFocus(Qt::ShortcutFocusReason);
        }
    } else if (within(m_activity)) {
        m_contextBar->partButtons().front()->setFocus(Qt::ShortcutFocusReason);
    } else if (within(m_contextBar) && m_rail->isVisible()) {
        m_rail->focusList();
    } else {
        page->focusMain();
    }
}

/// Something was made: say where it is.
void MainWindow::tellFinished(const Operation& operation) {
    if (operation.revealPath.isEmpty()) return;
    Notification told;
    const bool good = operation.state == Operation::State::Succeeded;
    told.kind = good ? Notification::Kind::Good : Notification::Kind::Warning;
    told.title = operation.step.isEmpty() ? operation.title : operation.step;
    told.revealPath = operation.revealPath;
    m_services.notifications.add(told);
}

/// Opens the folder that holds it; a folder itself.
void MainWindow::revealPath(const QString& path) {
    const QFileInfo info(path);
    QDesktopServices::openUrl(
        QUrl::fromLocalFile(info.isDir() ? info.absoluteFilePath() : info.absolutePath()));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) paths.append(url.toLocalFile());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    Q_EMIT filesDropped(paths);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::MouseButtonPress)
        m_arriving = false;
    if (watched == m_activity && event->type() == QEvent::Resize &&
        m_activity->isVisibleTo(m_splitter))
        m_toast->setBottom(m_activity->height() + 16);
    // Alt pressed and let go with nothing between shows the menu bar.
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (event->type() == QEvent::KeyPress && isActiveWindow())
            m_altAlone = key->key() == Qt::Key_Alt && !(key->modifiers() & ~Qt::AltModifier);
    } else if (event->type() == QEvent::KeyRelease) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Alt && m_altAlone && isActiveWindow()) {
            m_altAlone = false;
            showMenuBar(!menuBar()->isVisible());
        }
    } else if (event->type() == QEvent::MouseButtonPress) {
        m_altAlone = false;
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::showMenuBar(bool shown) {
    if (shown) rebuildMenuBar();
    menuBar()->setVisible(shown);
    if (shown && !menuBar()->actions().isEmpty()) {
        menuBar()->setFocus(Qt::MenuBarFocusReason);
        menuBar()->setActiveAction(nullptr);
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    const int running = m_services.operations.runningCount();
    if (running > 0 && !m_closing) {
        event->ignore();
        askBeforeClosing(running);
        return;
    }
    m_services.settings.setState(QStringLiteral("window"), saveGeometry());
    m_services.settings.setState(QStringLiteral("activity"), m_splitter->saveState());
    event->accept();
}

void MainWindow::askBeforeClosing(int running) {
    auto* dialog = new CloseDialog(m_services.operations, running, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this] {
        m_closing = true;
        for (int row = m_services.operations.rowCount() - 1; row >= 0; --row)
            m_services.operations.cancel(m_services.operations.at(row).id);
        close();
    });
    dialog->open();
}

}  // namespace chancery::ui
