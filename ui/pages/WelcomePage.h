#pragma once

#include "ui/pages/Page.h"

class QListView;

namespace chancery::ui {

class Label;
class RecentLedgers;

/// The way in: verify a ledger file or folder, or open one again. Other ways stand here as soon as
/// they exist.
class WelcomePage : public Page {
    Q_OBJECT
public:
    explicit WelcomePage(RecentLedgers& recent, QWidget* parent = nullptr);

    bool reveal(const Link& link) override;
    Link currentLink() const override;
    void focusMain() override;
    static Link link();
    /// What the index folder's disk has left; shown in the line at the bottom.
    void setDiskSpace(qint64 freeBytes, bool writable);

Q_SIGNALS:
    void filesChosen(const QStringList& paths);  ///< dropped ones too
    void chooseFilesRequested();
    void chooseFolderRequested();
    void recentOpened(int row);
    void locateRequested(int row);
    void keysRequested();

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
    void refreshRecent();
    void openRow(int row);
    void showMenu(const QPoint& at, int row);

    RecentLedgers& m_recent;
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
