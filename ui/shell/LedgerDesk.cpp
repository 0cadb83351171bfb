#include "ui/shell/LedgerDesk.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QStandardPaths>
#include <QStorageInfo>

#include "src/usecase/OpenNetwork.h"
#include "ui/models/CommandRegistry.h"
#include "ui/models/LedgerPaletteProvider.h"
#include "ui/models/LedgerText.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/PaletteModel.h"
#include "ui/models/RecentLedgers.h"
#include "ui/models/Settings.h"
#include "ui/models/ShellWords.h"
#include "ui/pages/ConnectDialog.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/Page.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NavModel.h"
#include "ui/style/Icons.h"

namespace chancery::ui {
namespace {

using Phase = usecase::LedgerStatus::Phase;
const QString kPage = QStringLiteral("ledger");
const QString kFolder = QStringLiteral("lastFolder");
constexpr int kMaxInMenu = 8;

struct Sorted {
    QStringList paths;
    QString snapshot;
};

/// Blocks and the snapshot that they follow; a snapshot alone is a ledger of its own.
Sorted sorted(const QStringList& paths) {
    Sorted result;
    for (const QString& path : paths) {
        const bool snapshot =
            paths.size() > 1 && usecase::isSnapshotFolder(QFile::encodeName(path).toStdString());
        if (snapshot && result.snapshot.isEmpty()) {
            result.snapshot = path;
        } else {
            result.paths.append(path);
        }
    }
    return result;
}

const QString kConnect = QStringLiteral("connect/");
constexpr auto kConnectPatience = std::chrono::seconds(20);

/// Keeps the connections as long as the channel is followed.
struct Opened {
    std::shared_ptr<interfaces::Connector> connector;
    std::unique_ptr<usecase::FollowChannel> follow;
};

Result<LedgerPageModel::Followed> openChannel(std::shared_ptr<interfaces::Connector> connector,
                                              const ConnectDialog::Choice& choice,
                                              const QString& indexes, std::stop_token stop) {
    const auto path = [](const QString& text) {
        return std::filesystem::path(QFile::encodeName(text).toStdString());
    };
    ASSIGN_OR_RETURN(
        auto opened,
        usecase::OpenNetwork().run(*connector, {.profile = path(choice.profile),
                                                .msp = path(choice.msp),
                                                .mspId = MspId(choice.mspId.toStdString()),
                                                .channel = ChannelId(choice.channel.toStdString()),
                                                .indexes = path(indexes),
                                                .deadline = deadlineIn(kConnectPatience),
                                                .stop = std::move(stop)}));
    auto held = std::make_shared<Opened>(Opened{std::move(connector), std::move(opened.follow)});
    LedgerPageModel::Followed target;
    target.network = LedgerText::plain(opened.network, 250);
    target.channel = LedgerText::plain(opened.channel.str(), 250);
    target.identity = LedgerText::plain(opened.identity, 250);
    target.mspId = LedgerText::plain(opened.mspId.str(), 250);
    target.blocks =
        QFile::decodeName(QByteArray::fromStdString(held->follow->blocksFolder().string()));
    target.key = LedgerPageModel::keyOf({target.blocks});
    target.follow = std::shared_ptr<usecase::FollowChannel>(held, held->follow.get());
    return target;
}

}  // namespace

LedgerDesk::LedgerDesk(const Services& services, MainWindow& window, LedgerPageModel& model)
    : QObject(&window), m_services(services), m_window(window), m_model(model) {
    m_lastFolder = services.settings.value(kFolder).toString();
    connect(&window, &MainWindow::filesDropped, this,
            [this](const QStringList& paths) { open(paths); });
    connect(&window, &MainWindow::openFilesRequested, this, &LedgerDesk::chooseFiles);
    connect(&window, &MainWindow::openFolderRequested, this, &LedgerDesk::chooseFolder);
    connect(&window, &MainWindow::clearIndexRequested, this, &LedgerDesk::clearIndex);
    connect(&window.welcome(), &WelcomePage::recentOpened, this,
            [this](int row) { openRecent(row); });
    connect(&window.welcome(), &WelcomePage::locateRequested, this, &LedgerDesk::locate);
    window.setContextMenu([this](int part, QMenu& menu) { fillMenu(part, menu); });
    window.setLinkResolver([this](const Link& link) { return openLink(link); });
    window.setCommandLine([this] {
        QString line = QStringLiteral("chanceryctl ledger show ") + shellWords(m_model.paths());
        if (!m_model.snapshot().isEmpty())
            line += QStringLiteral(" --from-snapshot ") + shellWord(m_model.snapshot());
        const Link link = m_window.builtPage(kPage)->currentLink();
        if (link.kind == QLatin1String("tx"))
            line += QStringLiteral(" --block ") + link.id.section(':', 0, 0);
        return line;
    });
    auto* provider = new LedgerPaletteProvider(
        model, [this](const Link& link) { m_window.openLink(link); },
        [this](const QString& query) {
            m_window.showPage(kPage);
            m_model.setQuery(query);
        },
        this);
    window.paletteModel().addProvider(provider);
    connect(&model, &LedgerPageModel::stateChanged, this, &LedgerDesk::stateChanged);
    connect(&model, &LedgerPageModel::statusChanged, this, &LedgerDesk::statusChanged);
    connect(
        &model, &LedgerPageModel::alarmed, this,
        [this](const QString& source, const QString& sentence) {
            Notification told;
            told.kind = Notification::Kind::Error;
            told.title = tr("%1 gave a block that is not right").arg(source);
            told.text =
                tr("%1 The block was not taken, and the node is not asked any more.").arg(sentence);
            told.link = Link{QStringLiteral("ledger"), m_model.key(), QStringLiteral("page"), kPage}
                            .toString();
            m_services.notifications.add(told);
        });
    connect(&services.recent, &QAbstractItemModel::rowsInserted, this,
            &LedgerDesk::refreshPaletteObjects);
    connect(&window, &MainWindow::retranslated, this, [this] {
        addCommands();
        refreshContext();
    });
    addCommands();
    refreshPaletteObjects();
    measureDisk();
}

void LedgerDesk::addCommands() {
    QAction* action = m_services.commands.add(
        {QStringLiteral("file.close"), tr("Close ledger"), QStringLiteral("x"),
         QKeySequence(Qt::CTRL | Qt::Key_W), QString(), QString(),
         [this] {
             return m_model.state() == LedgerPageModel::State::Closed ? tr("No ledger is open.")
                                                                      : QString();
         },
         [this] { close(); }});
    m_window.addAction(action);
    QAction* connecting = m_services.commands.add(
        {QStringLiteral("file.connect"), tr("Connect to a network…"), QStringLiteral("overview"),
         QKeySequence(Qt::CTRL | Qt::Key_O), QString(),
         QStringLiteral("chanceryctl ledger follow --profile FILE --msp DIR --msp-id ID"),
         [this] {
             return m_services.connector ? QString() : tr("Networks cannot be reached here.");
         },
         [this] { chooseNetwork(); }});
    m_window.addAction(connecting);
    m_services.commands.refresh();
}

void LedgerDesk::chooseNetwork() {
    if (!m_services.connector) return;
    auto& settings = m_services.settings;
    const auto kept = [&](const char* name) {
        return settings.value(kConnect + QLatin1String(name)).toString();
    };
    auto* dialog = new ConnectDialog({kept("profile"), kept("msp"), kept("mspId"), kept("channel")},
                                     &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ConnectDialog::connectRequested, this,
            [this, dialog](const ConnectDialog::Choice& choice) {
                auto& keep = m_services.settings;
                keep.setValue(kConnect + QStringLiteral("profile"), choice.profile);
                keep.setValue(kConnect + QStringLiteral("msp"), choice.msp);
                keep.setValue(kConnect + QStringLiteral("mspId"), choice.mspId);
                keep.setValue(kConnect + QStringLiteral("channel"), choice.channel);
                dialog->setBusy(true);
                m_connecting = callLong(
                    dialog,
                    [choice, connector = m_services.connector,
                     indexes = m_services.indexes](std::stop_token stop) {
                        return openChannel(connector, choice, indexes, std::move(stop));
                    },
                    [this, dialog](Result<LedgerPageModel::Followed> opened) {
                        if (!opened.ok())
                            return dialog->setProblem(LedgerText::error(opened.status()));
                        dialog->accept();
                        follow(*std::move(opened));
                    });
            });
    dialog->open();
}

void LedgerDesk::follow(LedgerPageModel::Followed target) {
    m_then.reset();
    m_lastPhase = Phase::NotStarted;
    m_model.follow(std::move(target));
    refreshContext();
    m_window.showPage(kPage);
}

void LedgerDesk::measureDisk() {
    m_measuring = call(
        this,
        [folder = m_services.indexes](std::stop_token) {
            QDir().mkpath(folder);
            const QStorageInfo disk(folder);
            return std::pair(disk.bytesAvailable(), QFileInfo(folder).isWritable());
        },
        [this](std::pair<qint64, bool> disk) {
            m_window.welcome().setDiskSpace(disk.first, disk.second);
        });
}

void LedgerDesk::open(const QStringList& paths, const std::optional<Link>& then) {
    QStringList absolute;
    for (const QString& path : paths)
        absolute.append(QDir::cleanPath(QFileInfo(path).absoluteFilePath()));
    if (absolute.isEmpty()) return;
    // Whether a folder is a snapshot is asked of the disk.
    m_sorting = call(
        this, [absolute](std::stop_token) { return sorted(absolute); },
        [this, then](Sorted ledger) { openSorted(ledger.paths, ledger.snapshot, then); });
}

void LedgerDesk::openSorted(const QStringList& paths, const QString& snapshot,
                            const std::optional<Link>& then) {
    if (paths.isEmpty()) return;
    m_then = then;
    const bool same = m_model.state() == LedgerPageModel::State::Open &&
                      m_model.key() == LedgerPageModel::keyOf(paths, snapshot);
    if (!same) {
        m_lastPhase = Phase::NotStarted;
        m_model.open(paths, snapshot);
    }
    refreshContext();
    m_window.showPage(kPage);
    if (same && m_then) m_window.openLink(*m_then);
}

void LedgerDesk::chooseFiles() {
    auto* dialog = new QFileDialog(&m_window, tr("Verify a ledger file"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Ledger files (*.block *.pb blockfile_* *.chledger)"), tr("All files (*)")});
    dialog->setLabelText(QFileDialog::Accept, tr("Verify"));
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        m_lastFolder = QFileInfo(paths.value(0)).absolutePath();
        m_services.settings.setValue(kFolder, m_lastFolder);
        open(paths);
    });
    dialog->open();
}

void LedgerDesk::chooseFolder() {
    auto* dialog =
        new QFileDialog(&m_window, tr("Verify a ledger folder or a snapshot"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setLabelText(QFileDialog::Accept, tr("Verify"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_lastFolder = QFileInfo(path).absolutePath();
        m_services.settings.setValue(kFolder, m_lastFolder);
        open({path});
    });
    dialog->open();
}

void LedgerDesk::openRecent(int row, const std::optional<Link>& then) {
    if (row < 0 || row >= m_services.recent.rowCount()) return;
    const RecentLedger ledger = m_services.recent.at(row);
    openSorted(ledger.paths, ledger.snapshot, then);
}

void LedgerDesk::locate(int row) {
    const RecentLedger ledger = m_services.recent.at(row);
    auto* dialog =
        new QFileDialog(&m_window, tr("Where is %1 now?").arg(ledger.name), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // What it was cannot be asked any more; names of block files have an end or are a peer's.
    const bool file = ledger.paths.size() > 1 || ledger.name.contains('.') ||
                      ledger.name.startsWith(QLatin1String("blockfile_"));
    dialog->setFileMode(file ? QFileDialog::ExistingFiles : QFileDialog::Directory);
    dialog->setLabelText(QFileDialog::Accept, tr("Open"));
    connect(dialog, &QFileDialog::filesSelected, this,
            [this, old = ledger.paths](const QStringList& paths) {
                for (int at = 0; at < m_services.recent.rowCount(); ++at) {
                    if (m_services.recent.at(at).paths != old) continue;
                    m_services.recent.relocate(at, paths);
                    openRecent(at);
                    return;
                }
            });
    dialog->open();
}

void LedgerDesk::close() {
    const QString key = m_model.key();
    m_window.showWelcome();
    m_model.close();
    m_window.dropPage(kPage);
    m_window.forgetLinks([key](const Link& link) { return link.channel == key; });
    m_services.recent.look();
}

bool LedgerDesk::openLink(const Link& link) {
    if (link.network != QLatin1String("ledger")) return false;
    const auto opened = m_model.state();
    if (opened != LedgerPageModel::State::Closed && m_model.key() == link.channel) {
        if (!m_window.showPage(kPage)) return false;
        if (opened == LedgerPageModel::State::Opening) {
            m_then = link;
            return true;
        }
        return m_window.builtPage(kPage)->reveal(link);
    }
    for (int row = 0; row < m_services.recent.rowCount(); ++row) {
        const RecentLedger& ledger = m_services.recent.at(row);
        if (ledger.missing || LedgerPageModel::keyOf(ledger.paths, ledger.snapshot) != link.channel)
            continue;
        openRecent(row, link);
        return true;
    }
    Notification unknown;
    unknown.kind = Notification::Kind::Warning;
    unknown.title = tr("The ledger of this link is not known here");
    unknown.text = tr("Open its files once; then the link works.");
    m_services.notifications.add(unknown);
    return false;
}

void LedgerDesk::stateChanged() {
    refreshContext();
    if (m_model.state() == LedgerPageModel::State::Failed) {
        Notification failed;
        failed.kind = Notification::Kind::Error;
        failed.title = tr("%1 cannot be opened").arg(m_model.sourceName());
        failed.text = m_model.failure();
        failed.quiet = m_window.currentPage() == kPage;
        m_services.notifications.add(failed);
    }
    if (m_model.state() == LedgerPageModel::State::Open) {
        remember();
        if (m_then) m_window.openLink(*std::exchange(m_then, {}));
    }
}

void LedgerDesk::statusChanged() {
    refreshContext();
    const usecase::LedgerStatus& status = m_model.status();
    // Once, when the verification has come to an end.
    const bool running = m_model.verification().fraction >= 0;
    if (status.phase == m_lastPhase || running) return;
    m_lastPhase = status.phase;
    const bool ended = status.phase == Phase::Done || status.phase == Phase::Failed;
    if (ended || status.phase == Phase::Paused) remember();
    if (ended) tellOutcome();
}

/// The verdict, once for each opened ledger.
void LedgerDesk::tellOutcome() {
    if (m_model.isFollowed()) return;
    const LedgerPageModel::Verification verdict = m_model.verification();
    Notification told;
    told.kind = verdict.level == LedgerLevel::Bad       ? Notification::Kind::Error
                : verdict.level == LedgerLevel::Warning ? Notification::Kind::Warning
                                                        : Notification::Kind::Good;
    told.title = m_model.sourceName();
    told.text = verdict.text;
    Link link{QStringLiteral("ledger"), m_model.key(), QStringLiteral("page"), kPage};
    const auto& error = m_model.status().firstError;
    if (error && error->block) {
        link.kind = QStringLiteral("block");
        link.id = QString::number(*error->block);
    }
    told.link = link.toString();
    told.quiet = m_window.currentPage() == kPage;
    m_services.notifications.add(told);
}

void LedgerDesk::remember() {
    if (m_model.isFollowed()) return;  // not a file
    const usecase::LedgerStatus& status = m_model.status();
    RecentLedger ledger;
    ledger.paths = m_model.paths();
    ledger.snapshot = m_model.snapshot();
    ledger.name = m_model.sourceName();
    ledger.channel = m_model.channel();
    ledger.blocks = status.blocks;
    ledger.errors = status.errors;
    ledger.opened = QDateTime::currentDateTimeUtc();
    using Verdict = RecentLedger::Verdict;
    ledger.verdict = status.errors > 0             ? Verdict::Bad
                     : status.phase == Phase::Done ? Verdict::Good
                     : status.blocks > 0           ? Verdict::Partial
                                                   : Verdict::Unknown;
    m_services.recent.remember(ledger);
}

void LedgerDesk::refreshContext() {
    ContextState context;
    const auto state = m_model.state();
    context.anythingOpen = state != LedgerPageModel::State::Closed;
    int waiting = 0;
    if (context.anythingOpen) {
        ContextPart source;
        source.caption = m_model.isFollowed() ? tr("Network") : tr("Ledger");
        source.text = m_model.sourceName();
        source.tooltip = m_model.paths().join('\n');
        const LedgerPageModel::Verification verdict = m_model.verification();
        source.status = state == LedgerPageModel::State::Failed    ? Status::Error
                        : state == LedgerPageModel::State::Opening ? Status::Running
                                                                   : statusOf(verdict.level);
        context.parts.push_back(source);
        if (!m_model.channel().isEmpty()) {
            ContextPart channel;
            channel.caption = tr("Channel");
            channel.text = m_model.channel();
            channel.channel = 0;
            context.parts.push_back(channel);
        }
        ContextPart identity;
        identity.caption = tr("Acting as");
        identity.text = tr("no identity");
        identity.badge = tr("read-only");
        identity.badgeIcon = QStringLiteral("eye");
        identity.tooltip = tr("Files are read without an identity; nothing can be changed.");
        identity.menu = false;
        if (m_model.isFollowed()) {
            identity.text = m_model.followed().identity;
            identity.badge = m_model.followed().mspId;
            identity.tooltip = tr("Blocks are asked for as this identity; nothing is changed.");
            const LedgerPageModel::Stream stream = m_model.stream();
            context.stream = stream.text;
            context.streamStatus = static_cast<int>(statusOf(stream.level));
            context.streamToolTip = stream.toolTip;
        }
        context.parts.push_back(identity);
        context.searchScope = m_model.channel();
        context.title = m_model.sourceName();
        const auto& status = m_model.status();
        if (status.lastBlock) context.height = LedgerText::number(*status.lastBlock + 1);
        waiting = static_cast<int>(std::min<quint64>(status.errors, 999));
    }
    m_window.setContext(context);
    m_window.navigation().setBadge(kPage, waiting == 0 ? QString() : QString::number(waiting),
                                   static_cast<int>(Status::Error));
}

void LedgerDesk::refreshPaletteObjects() {
    std::vector<PaletteEntry> entries;
    for (int row = 0; row < m_services.recent.rowCount(); ++row) {
        const RecentLedger& ledger = m_services.recent.at(row);
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::GoTo;
        entry.icon = QStringLiteral("ledger");
        entry.title = ledger.name;
        entry.detail = m_services.recent.index(row).data(RecentLedgers::SummaryRole).toString();
        entry.command = QStringLiteral("chanceryctl ledger verify ") + shellWords(ledger.paths);
        entry.run = [this, paths = ledger.paths] { open(paths); };
        entries.push_back(entry);
    }
    m_window.paletteModel().setObjects(QStringLiteral("recent"), std::move(entries));
}

void LedgerDesk::fillMenu(int part, QMenu& menu) {
    if (part == 0) {
        fillLedgerMenu(menu);
        return;
    }
    QAction* channel = menu.addAction(m_model.channel());
    channel->setCheckable(true);
    channel->setChecked(true);
    connect(channel, &QAction::triggered, this, [this] { m_window.showPage(kPage); });
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy channel name"), this,
                   [this] { QGuiApplication::clipboard()->setText(m_model.channel()); });
}

void LedgerDesk::fillLedgerMenu(QMenu& menu) {
    int shown = 0;
    for (int row = 0; row < m_services.recent.rowCount() && shown < kMaxInMenu; ++row) {
        const RecentLedger ledger = m_services.recent.at(row);
        if (ledger.missing) continue;
        QString name = ledger.name;
        QAction* action = menu.addAction(name.replace('&', QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(m_model.state() != LedgerPageModel::State::Closed &&
                           ledger.paths == m_model.paths());
        action->setToolTip(ledger.paths.join('\n'));
        connect(action, &QAction::triggered, this,
                [this, ledger] { openSorted(ledger.paths, ledger.snapshot, {}); });
        ++shown;
    }
    if (shown > 0) menu.addSeparator();
    for (const char* id : {"file.connect", "file.open", "file.openFolder"})
        menu.addAction(m_services.commands.action(QLatin1String(id)));
    if (m_model.state() == LedgerPageModel::State::Closed) return;
    menu.addSeparator();
    for (const char* id : {"go.welcome", "file.close"})
        menu.addAction(m_services.commands.action(QLatin1String(id)));
}

void LedgerDesk::clearIndex() {
    if (m_model.state() != LedgerPageModel::State::Closed) close();
    m_clearing = callLong(
        this,
        [folder = m_services.indexes](std::stop_token) {
            const bool gone = QDir(folder).removeRecursively();
            QDir().mkpath(folder);
            return gone;
        },
        [this](bool gone) {
            Notification told;
            told.kind = gone ? Notification::Kind::Good : Notification::Kind::Error;
            told.title = gone ? tr("The ledger index was cleared")
                              : tr("The ledger index could not be cleared");
            if (!gone) told.text = tr("Some files in %1 are in use.").arg(m_services.indexes);
            m_services.notifications.add(told);
            measureDisk();
        });
}

}  // namespace chancery::ui
