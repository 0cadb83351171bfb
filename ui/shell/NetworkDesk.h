#pragma once

#include <QObject>

#include "ui/models/NetworkSession.h"
#include "ui/shell/Services.h"

class QMenu;

namespace chancery::ui {

class MainWindow;
struct Link;

/// Makes, opens and closes networks for the window, and tells context bar, rail and notifications
/// how the opened one stands.
class NetworkDesk : public QObject {
    Q_OBJECT
public:
    NetworkDesk(const Services& services, MainWindow& window, NetworkSession& session);

    /// With sample traffic, in a new folder of the workspace.
    void createDemo(const QString& templateId);
    void create(const QString& templateId, bool samples);
    void openFolder(const QString& folder);
    void chooseFolder();
    bool openLink(const Link& link);
    /// A folder of this network with blocks of a peer, which the ledger page can verify.
    void verifyLedgers();
    /// Folders of networks that were made or opened here and are still there, newest first.
    QStringList recent() const;

Q_SIGNALS:
    void ledgerRequested(const QStringList& paths);

private:
    void stateChanged();
    void networkChanged();
    void refreshContext();
    void remember();
    void addCommands();
    void fillMenu(int part, QMenu& menu);
    void tellFailure();
    void tellTroubles();

    Services m_services;
    MainWindow& m_window;
    NetworkSession& m_session;
    QStringList m_ill;  ///< nodes that were told to be unwell
    bool m_settled = false;
};

}  // namespace chancery::ui
