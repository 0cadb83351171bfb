#pragma once

#include <QObject>
#include <optional>

#include "ui/bridge/GuiExecutor.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/Link.h"
#include "ui/shell/Services.h"

class QMenu;

namespace chancery::ui {

class MainWindow;

/// Opens ledgers: from dialogs, dropped files, recent ones, links and the command line; and tells
/// window, recent list and notifications how the opened one stands.
class LedgerDesk : public QObject {
    Q_OBJECT
public:
    LedgerDesk(const Services& services, MainWindow& window, LedgerPageModel& model);

    /// Files and folders of one ledger; a snapshot folder among them is what the blocks follow.
    void open(const QStringList& paths, const std::optional<Link>& then = {});
    void chooseFiles();
    void chooseFolder();
    void openRecent(int row, const std::optional<Link>& then = {});
    void locate(int row);
    void close();
    /// Asks for profile and identity, then follows a channel.
    void chooseNetwork();
    void follow(LedgerPageModel::Followed target);
    bool openLink(const Link& link);

private:
    void openSorted(const QStringList& paths, const QString& snapshot,
                    const std::optional<Link>& then);
    void stateChanged();
    void statusChanged();
    void refreshContext();
    void refreshPaletteObjects();
    void fillMenu(int part, QMenu& menu);
    void fillLedgerMenu(QMenu& menu);
    void remember();
    void tellOutcome();
    void clearIndex();
    void addCommands();
    void measureDisk();

    Services m_services;
    MainWindow& m_window;
    LedgerPageModel& m_model;
    std::optional<Link> m_then;
    usecase::LedgerStatus::Phase m_lastPhase = usecase::LedgerStatus::Phase::NotStarted;
    QString m_lastFolder;
    CallHandle m_connecting, m_sorting, m_clearing, m_measuring;
};

}  // namespace chancery::ui
