#include "ui/shell/NetworkDesk.h"

#include <QDir>
#include <QFileDialog>
#include <QMenu>

#include "ui/models/CommandRegistry.h"
#include "ui/models/LedgerText.h"
#include "ui/models/Link.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/Settings.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/OverviewPage.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NavModel.h"
#include "ui/style/Icons.h"

namespace chancery::ui {
namespace {

const QString kOverviewPage = QStringLiteral("overview");
const QString kRecentNetworks = QStringLiteral("recentNetworks");
const QString kDemo = QStringLiteral("bank-consortium");
constexpr int kMostRecent = 8;

}  // namespace

NetworkDesk::NetworkDesk(const Services& services, MainWindow& window, NetworkSession& session)
    : QObject(&window), m_services(services), m_window(window), m_session(session) {
    PageSpec page;
    page.id = kOverviewPage;
    page.group = PageSpec::Group::Network;
    page.icon = QStringLiteral("overview");
    page.title = [] { return MainWindow::tr("Overview"); };
    page.shortcut = QKeySequence(Qt::CTRL | Qt::Key_1);
    page.needs = PageSpec::Needs::Network;
    page.build = [this](QWidget* parent) -> Page* {
        auto* built = new OverviewPage(&m_session, &m_services.commands, parent);
        connect(built, &OverviewPage::verifyRequested, this, &NetworkDesk::verifyLedgers);
        return built;
    };
    window.addPage(page);
    window.setContextMenu([this](int part, QMenu& menu) { fillMenu(part, menu); },
                          PageSpec::Needs::Network);
    window.setLinkResolver([this](const Link& link) { return openLink(link); },
                           PageSpec::Needs::Network);
    connect(&session, &NetworkSession::stateChanged, this, &NetworkDesk::stateChanged);
    connect(session.model(), &NetworkModel::changed, this, &NetworkDesk::networkChanged);
    connect(&window, &MainWindow::retranslated, this, [this] {
        addCommands();
        refreshContext();
    });
    WelcomePage& welcome = window.welcome();
    connect(&welcome, &WelcomePage::createNetworkRequested, this, &NetworkDesk::create);
    connect(&welcome, &WelcomePage::networkOpened, this, &NetworkDesk::openFolder);
    connect(&welcome, &WelcomePage::openNetworkRequested, this, &NetworkDesk::chooseFolder);
    welcome.setNetworks(recent());
    addCommands();
}

void NetworkDesk::addCommands() {
    const auto noWay = [this] {
        return m_session.canOpen() ? QString() : tr("This console cannot start nodes.");
    };
    const auto closed = [this] {
        return m_session.state() == NetworkSession::State::Closed ? tr("No network is open.")
                                                                  : QString();
    };
    const Command commands[] = {
        {QStringLiteral("network.demo"), tr("Create and start a demo network"),
         QStringLiteral("play"), QKeySequence(), QString(),
         QStringLiteral("chanceryctl network create --topology bank-consortium"), noWay,
         [this] { createDemo(kDemo); }},
        {QStringLiteral("network.open"), tr("Open a network's folder…"), QStringLiteral("folder"),
         QKeySequence(Qt::CTRL | Qt::Key_O), QString(),
         QStringLiteral("chanceryctl network start --network FOLDER"), noWay,
         [this] { chooseFolder(); }},
        {QStringLiteral("network.close"), tr("Close network"), QStringLiteral("x"), QKeySequence(),
         QString(), QString(), closed, [this] { m_session.close(); }},
    };
    for (const Command& command : commands) m_window.addAction(m_services.commands.add(command));
    m_services.commands.refresh();
}

void NetworkDesk::createDemo(const QString& templateId) {
    create(templateId, true);
}

void NetworkDesk::create(const QString& templateId, bool samples) {
    m_window.showWelcome();
    m_session.create(templateId, m_services.workspace + QStringLiteral("/networks"), samples);
}

void NetworkDesk::openFolder(const QString& folder) {
    m_window.showWelcome();
    m_session.open(QDir::cleanPath(QFileInfo(folder).absoluteFilePath()));
}

void NetworkDesk::chooseFolder() {
    auto* dialog = new QFileDialog(&m_window, tr("Open a network's folder"),
                                   m_services.workspace + QStringLiteral("/networks"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &NetworkDesk::openFolder);
    dialog->open();
}

bool NetworkDesk::openLink(const Link& link) {
    if (link.network != QLatin1String("network") || link.channel != m_session.name()) return false;
    if (!m_window.showPage(kOverviewPage)) return false;
    return m_window.builtPage(kOverviewPage)->reveal(link);
}

void NetworkDesk::verifyLedgers() {
    const QString folder = m_session.ledgerFolder();
    if (!folder.isEmpty()) {
        Q_EMIT ledgerRequested({folder});
        return;
    }
    Notification told;
    told.kind = Notification::Kind::Warning;
    told.title = tr("No peer of this network has its blocks on this computer");
    m_services.notifications.add(told);
}

QStringList NetworkDesk::recent() const {
    QStringList folders;
    for (const QString& folder : m_services.settings.value(kRecentNetworks).toStringList())
        if (QFileInfo::exists(folder + QStringLiteral("/network.json"))) folders << folder;
    return folders;
}

void NetworkDesk::remember() {
    if (m_session.folder().isEmpty()) return;
    QStringList folders = recent();
    folders.removeAll(m_session.folder());
    folders.prepend(m_session.folder());
    m_services.settings.setValue(kRecentNetworks, QStringList(folders.mid(0, kMostRecent)));
    m_window.welcome().setNetworks(recent());
}

void NetworkDesk::stateChanged() {
    m_ill.clear();
    m_settled = false;
    refreshContext();
    switch (m_session.state()) {
        case NetworkSession::State::Open:
            remember();
            m_window.showPage(kOverviewPage);
            break;
        case NetworkSession::State::Failed:
            tellFailure();
            break;
        case NetworkSession::State::Closed:
            m_window.dropPage(kOverviewPage);
            m_window.forgetLinks(
                [](const Link& link) { return link.network == QLatin1String("network"); });
            break;
        default:
            break;
    }
}

void NetworkDesk::tellFailure() {
    Notification failed;
    failed.kind = Notification::Kind::Error;
    failed.title = tr("%1 could not be started").arg(m_session.name());
    failed.text = m_session.failure();
    m_services.notifications.add(failed);
}

void NetworkDesk::networkChanged() {
    refreshContext();
    tellTroubles();
}

/// Once for each node that becomes unwell, and once when it is well again.
void NetworkDesk::tellTroubles() {
    const NetworkModel& model = *m_session.model();
    // What is unwell from the beginning stands on the page.
    if (m_session.state() != NetworkSession::State::Open || model.isLoading()) return;
    QStringList ill;
    for (const OrganisationRow& organisation : model.organisations())
        for (const NodeRow& node : organisation.nodes)
            if (node.level == LedgerLevel::Bad ||
                (node.level == LedgerLevel::Unknown && (node.stale || !node.problem.isEmpty())))
                ill << node.name;
    const bool first = !std::exchange(m_settled, true);
    const auto tell = [&](const QString& node, Notification::Kind kind, const QString& title) {
        Notification told;
        told.kind = kind;
        told.title = title;
        if (kind != Notification::Kind::Good) told.text = model.node(node)->problem;
        told.link = Link{QStringLiteral("network"), m_session.name(), QStringLiteral("node"), node}
                        .toString();
        told.quiet = m_window.currentPage() == kOverviewPage;
        m_services.notifications.add(told);
    };
    for (const QString& node : ill)
        if (!first && !m_ill.contains(node))
            tell(node, Notification::Kind::Warning,
                 tr("%1: %2").arg(node, model.node(node)->state));
    for (const QString& node : m_ill)
        if (!ill.contains(node) && model.node(node) != nullptr)
            tell(node, Notification::Kind::Good, tr("%1 is back").arg(node));
    m_ill = ill;
}

void NetworkDesk::refreshContext() {
    ContextState context;
    using State = NetworkSession::State;
    context.anythingOpen = m_session.state() == State::Open;
    int ill = 0;
    if (context.anythingOpen) {
        const NetworkModel& model = *m_session.model();
        ill = model.isLoading() ? 0 : model.troubled();
        ContextPart network;
        network.caption = tr("Network");
        network.text = m_session.name();
        network.tooltip = m_session.folder();
        network.status = model.isLoading() ? Status::Running : statusOf(model.level());
        context.parts.push_back(network);
        ContextPart channels;
        channels.caption = tr("Channel");
        channels.text = tr("All channels");
        channels.menu = false;
        context.parts.push_back(channels);
        ContextPart identity;
        identity.caption = tr("Acting as");
        identity.text =
            m_session.canControl() ? tr("administrator of this computer") : tr("no identity");
        identity.menu = false;
        context.parts.push_back(identity);
        context.title = m_session.name();
        quint64 height = 0;
        for (const ChannelRow& channel : model.channels())
            height = std::max(height, channel.height);
        if (height > 0) context.height = LedgerText::number(height);
    }
    m_window.setContext(context, PageSpec::Needs::Network);
    m_window.navigation().setBadge(kOverviewPage, ill == 0 ? QString() : QString::number(ill),
                                   static_cast<int>(Status::Warn));
}

void NetworkDesk::fillMenu(int part, QMenu& menu) {
    if (part != 0) return;
    for (const QString& folder : recent()) {
        QAction* action = menu.addAction(QFileInfo(folder).fileName(), this,
                                         [this, folder] { openFolder(folder); });
        action->setCheckable(true);
        action->setChecked(folder == m_session.folder());
        action->setToolTip(folder);
    }
    if (!menu.isEmpty()) menu.addSeparator();
    for (const char* id : {"network.demo", "network.open", "network.close"})
        menu.addAction(m_services.commands.action(QString::fromLatin1(id)));
}

}  // namespace chancery::ui
