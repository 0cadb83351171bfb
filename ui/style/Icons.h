#pragma once

#include <QIcon>
#include <QString>

#include "ui/style/Theme.h"

namespace chancery::ui {

/// A line icon of resources/icons by its name ("ledger", "status-ok"), drawn in the theme's colour
/// at every size and ratio; follows theme changes. Without a tone: text2, disabled and selected
/// states in theirs. An unknown name is a programming error and draws a marked box.
QIcon icon(const QString& name);
QIcon icon(const QString& name, Tone tone);

/// States that are shown by shape, mark and colour.
enum class Status { Ok, Warn, Error, Pending, Running, Off, Unknown, Info, None };
QIcon statusIcon(Status status);
Tone toneOf(Status status);
Tone backToneOf(Status status);
/// "Running", "Failed" …: the general word, for accessible names.
QString wordOf(Status status);

}  // namespace chancery::ui
