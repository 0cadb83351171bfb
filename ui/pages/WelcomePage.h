#pragma once

#include "ui/pages/Page.h"

class QListView;
class QVBoxLayout;

namespace chancery::ui {

class Label;
class DemoPane;
class NetworkSession;
class RecentLedgers;

/// The way in: verify a ledger file or folder, or open one again. Other ways stand here as soon as
/// they exist.
class WelcomePage : public Page {
    Q_OBJECT
public:
    /// With a session that can open networks they are made here; else ledgers are verified.
    explicit WelcomePage(RecentLedgers& recent, QWidget* parent = nullptr,
                         NetworkSession* session = nullptr);

    bool reveal(const Link& link) override;
    Link currentLink() const override;
    void focusMain() override;
    static Link link();
    /// What the index folder's disk has left; shown in the line at the bottom.
    void setDiskSpace(qint64 freeBytes, bool writable);
    /// Folders of networks that were open before, newest first.
    void setNetworks(const QStringList& folders);

Q_SIGNALS:
    void filesChosen(const QStringList& paths);  ///< dropped ones too
    void chooseFilesRequested();
    void chooseFolderRequested();
    void recentOpened(int row);
    void locateRequested(int row);
    void keysRequested();
    void createNetworkRequested(const QString& templateId, bool samples);
    void networkOpened(const QString& folder);
    void openNetworkRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QWidget* buildMain();
    QWidget* buildChecks();
    QWidget* buildFooter();
    QWidget* buildSide();
    void addVerify(QVBoxLayout* column, QWidget* side);
    void addNetworks(QVBoxLayout* column, QWidget* side);
    bool makesNetworks() const;
    void refreshRecent();
    void openRow(int row);
    void showMenu(const QPoint& at, int row);

    RecentLedgers& m_recent;
    NetworkSession* m_session;
    DemoPane* m_demo = nullptr;
    QStringList m_networks;
    QWidget* m_content = nullptr;
    QWidget* m_side = nullptr;
    QListView* m_list = nullptr;
    Label* m_noRecent = nullptr;
    QWidget* m_choose = nullptr;
    QWidget* m_disk = nullptr;  ///< goes where there is little room
    qint64 m_free = -1;
    bool m_writable = true;
};

}  // namespace chancery::ui
