#pragma once

#include <QStringList>

namespace chancery::ui {

/// Whether a window can be shown: asked before Qt is, because Qt ends the program when it cannot.
bool displayReachable();

/// Says that there is no display and becomes chanceryctl, which lies beside this program; returns
/// the exit code when that cannot be started. Without a ledger it shows its help.
int runCommandLine(const QString& program, const QStringList& ledger);

}  // namespace chancery::ui
