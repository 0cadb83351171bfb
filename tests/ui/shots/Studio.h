#pragma once

#include <QSize>
#include <QString>
#include <QTemporaryDir>
#include <functional>
#include <memory>

#include "ui/models/LedgerPageModel.h"
#include "ui/models/Settings.h"
#include "ui/shell/Console.h"
#include "ui/shell/MainWindow.h"

namespace chancery::test {

/// One look of the console: theme, language, size.
struct Look {
    QString name;  ///< "light-en-1440"
    bool dark = false;
    QString language;
    QSize size;
};

/// The real console in a workspace of its own, driven and photographed.
class Studio {
public:
    Studio(const Look& look, const QString& folder);
    ~Studio();

    /// The window with its dialogs and popups over it, as "NAME-look.png". Waits until nothing
    /// changes any more.
    void shoot(const QString& name);
    bool open(const QString& path);
    /// Runs the event loop until it holds; false after ten seconds.
    bool wait(const std::function<bool()>& holds);
    void settle();
    void closeDialogs();

    ui::MainWindow& window() { return m_console->window(); }
    ui::LedgerPageModel& ledger() { return m_console->ledger(); }
    ui::NetworkSession& network() { return m_console->network(); }
    int taken() const { return m_taken; }

private:
    Look m_look;
    QString m_folder;
    QTemporaryDir m_workspace;
    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<ui::Console> m_console;
    int m_taken = 0;
};

}  // namespace chancery::test
