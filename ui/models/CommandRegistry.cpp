#include "ui/models/CommandRegistry.h"

#include <algorithm>

namespace chancery::ui {
namespace {

QString tooltipOf(const Command& command) {
    const QString keys = command.shortcut.toString(QKeySequence::NativeText);
    return keys.isEmpty() ? command.text : command.text + QStringLiteral("  ") + keys;
}

}  // namespace

CommandRegistry::CommandRegistry(QObject* parent) : QObject(parent) {}

QAction* CommandRegistry::add(Command command) {
    const QString id = command.id;
    QAction* action = this->action(id);
    if (action == nullptr) {
        action = new QAction(this);
        action->setObjectName(id);
        action->setShortcutContext(Qt::WindowShortcut);
        connect(action, &QAction::triggered, this, [this, id] { run(id); });
    }
    action->setText(command.text);
    action->setShortcut(command.shortcut);
    action->setToolTip(tooltipOf(command));
    const auto found = std::find_if(m_commands.begin(), m_commands.end(),
                                    [&](const Command& c) { return c.id == id; });
    if (found == m_commands.end()) {
        m_commands.push_back(std::move(command));
    } else {
        *found = std::move(command);
    }
    Q_EMIT changed();
    return action;
}

void CommandRegistry::remove(const QString& id) {
    const auto gone = std::remove_if(m_commands.begin(), m_commands.end(),
                                     [&](const Command& c) { return c.id == id; });
    if (gone == m_commands.end()) return;
    m_commands.erase(gone, m_commands.end());
    delete action(id);
    Q_EMIT changed();
}

const Command* CommandRegistry::find(const QString& id) const {
    for (const Command& command : m_commands)
        if (command.id == id) return &command;
    return nullptr;
}

QAction* CommandRegistry::action(const QString& id) const {
    return findChild<QAction*>(id, Qt::FindDirectChildrenOnly);
}

bool CommandRegistry::run(const QString& id) {
    const Command* command = find(id);
    if (command == nullptr || !command->run) return false;
    if (command->blocked && !command->blocked().isEmpty()) {
        refresh();
        return false;
    }
    const auto runIt = command->run;  // it may replace or remove itself
    runIt();
    Q_EMIT ran(id);
    return true;
}

void CommandRegistry::refresh() {
    for (const Command& command : m_commands) {
        QAction* action = this->action(command.id);
        if (action == nullptr) continue;
        const QString reason = command.blocked ? command.blocked() : QString();
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? tooltipOf(command)
                                            : tooltipOf(command) + '\n' + reason);
    }
}

}  // namespace chancery::ui
