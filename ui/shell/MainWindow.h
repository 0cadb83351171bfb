#pragma once

#include <QMainWindow>
#include <QMap>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "ui/models/LinkHistory.h"
#include "ui/shell/ContextButton.h"
#include "ui/shell/PageSpec.h"
#include "ui/shell/Services.h"

class QMenu;
class QSplitter;
class QStackedWidget;

namespace chancery::ui {

class ActivityBar;
class ActivityPanel;
class CommandPalette;
class ContextBar;
class NavModel;
class NavRail;
class NotificationsPopup;
class Page;
class PaletteModel;
class Toast;
class WelcomePage;
struct Operation;

/// What is open, for context bar and activity bar.
struct ContextState {
    std::vector<ContextPart> parts;
    QString height;        ///< of the chain; empty: unknown
    QString stream;        ///< "live", "catching up, 45 %"; empty: nothing is followed
    int streamStatus = 0;  ///< Status
    QString streamToolTip;
    QString searchScope;  ///< for the palette
    QString title;        ///< of the window; empty: the program's name alone
    bool anythingOpen = false;
};

/// The window: context bar, rail, pages, activity, palette. Knows no page but the welcome page;
/// what is open and what links mean is told by its owner.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const Services& services, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Pages stand in rail and palette in their groups; each is built when it is first shown.
    void addPage(const PageSpec& spec);
    /// False when there is no such page, or nothing is open that it could show.
    bool showPage(const QString& id);
    void showWelcome();
    /// Null before the page was shown.
    Page* builtPage(const QString& id) const { return m_built.value(id); }
    /// Forgets a built page, so that it is built anew.
    void dropPage(const QString& id);
    QString currentPage() const { return m_current; }
    WelcomePage& welcome() const { return *m_welcome; }
    NavModel& navigation() const { return *m_navigation; }
    PaletteModel& paletteModel() const { return *m_paletteModel; }
    CommandPalette& palette() const { return *m_palette; }
    ContextBar& contextBar() const { return *m_contextBar; }

    /// Ledgers and networks have each their own context; that of the shown page is seen.
    using Owner = PageSpec::Needs;
    void setContext(const ContextState& state, Owner owner = Owner::Ledger);
    /// Fills the menu of a context part when it opens.
    void setContextMenu(std::function<void(int part, QMenu& menu)> fill,
                        Owner owner = Owner::Ledger);
    /// Shows what a link names and says whether it could; links of pages come here.
    void setLinkResolver(std::function<bool(const Link&)> resolve, Owner owner = Owner::Ledger);
    bool openLink(const Link& link);
    /// The chanceryctl form of what is open, for pages that have none of their own.
    void setCommandLine(std::function<QString()> commandLine, Owner owner = Owner::Ledger);
    QString commandLine() const;
    bool openLinkText(const QString& text);
    void goBack();
    void goForward();
    const LinkHistory& history() const { return m_history; }
    /// Places that cannot be reached any more.
    void forgetLinks(const std::function<bool(const Link&)>& gone);

    void setActivityShown(bool shown);
    bool isActivityShown() const;
    void openSwitcher();
    void openSettings();
    void openKeys();
    void nextPane();
    void tellFinished(const Operation& operation);
    void revealPath(const QString& path);

Q_SIGNALS:
    void filesDropped(const QStringList& paths);
    void openFilesRequested();
    void openFolderRequested();
    void currentPageChanged(const QString& id);
    /// Everything speaks the other language now.
    void retranslated();
    /// The index folder is to be emptied; whoever has ledgers open closes them first.
    void clearIndexRequested();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildParts();
    void connectParts();
    void connectActivity();
    void addCommands();
    void addGoCommands();
    void addViewCommands();
    void addHelpCommands();
    void rebuildMenuBar();
    void showMenuBar(bool shown);
    void applySettings();
    void arrange();
    void retranslate();
    void rebuildPages();
    void present(Page* page, const QString& id);
    void visited();
    void refreshPaletteObjects();
    void askBeforeClosing(int running);
    void showOperationDetails(quint64 id);
    const PageSpec* spec(const QString& id) const;
    /// Whose context is seen.
    Owner owner() const;
    bool isOpen(Owner owner) const;
    void showContext();
    QString whyNotShown(const PageSpec& spec) const;

    Services m_services;
    ContextBar* m_contextBar;
    NavModel* m_navigation;
    NavRail* m_rail;
    QStackedWidget* m_stack;
    WelcomePage* m_welcome;
    QSplitter* m_splitter;
    ActivityPanel* m_activity;
    ActivityBar* m_activityBar;
    PaletteModel* m_paletteModel;
    CommandPalette* m_palette;
    NotificationsPopup* m_popup;
    Toast* m_toast;
    std::vector<PageSpec> m_specs;
    QMap<QString, Page*> m_built;
    QString m_current;
    struct Place {
        ContextState context;
        std::function<void(int, QMenu&)> fillMenu;
        std::function<bool(const Link&)> resolve;
        std::function<QString()> commandLine;
    };
    std::map<Owner, Place> m_places;
    LinkHistory m_history;
    int m_switcherPart = 0;
    bool m_travelling = false;
    /// A link was followed and nothing was pressed since: what the page selects now belongs to it.
    bool m_arriving = false;
    bool m_inspectorShown = true;
    bool m_altAlone = false;
    bool m_closing = false;
};

}  // namespace chancery::ui
