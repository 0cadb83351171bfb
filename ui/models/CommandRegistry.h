#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <functional>
#include <vector>

namespace chancery::ui {

/// What a person can do, once for menus, shortcuts, palette and tooltips.
struct Command {
    QString id;    ///< stable: "ledger.verifyAgain"
    QString text;  ///< translated; "…" at the end when it opens a dialog first
    QString icon;  ///< name in resources/icons
    QKeySequence shortcut;
    QString page;     ///< id of the page it belongs to; empty: everywhere
    QString command;  ///< the chanceryctl form; empty when there is none
    /// Why it cannot be done now, translated; empty when it can. Asked when shown and before it
    /// runs.
    std::function<QString()> blocked;
    std::function<void()> run;
};

/// All commands. GUI thread only.
class CommandRegistry : public QObject {
    Q_OBJECT
public:
    explicit CommandRegistry(QObject* parent = nullptr);
    /// The action is owned by the registry, carries shortcut and tooltip ("Verify again  Ctrl+R"),
    /// and lives until remove(). Ids are unique; adding one again replaces text and functions.
    QAction* add(Command command);
    void remove(const QString& id);
    const Command* find(const QString& id) const;
    QAction* action(const QString& id) const;
    const std::vector<Command>& commands() const { return m_commands; }
    /// Runs it unless blocked; false then.
    bool run(const QString& id);
    /// Asks every `blocked` again and enables or disables the actions.
    void refresh();

Q_SIGNALS:
    void changed();
    void ran(const QString& id);

private:
    std::vector<Command> m_commands;
};

}  // namespace chancery::ui
