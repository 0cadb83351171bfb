#pragma once

#include <QDialog>

namespace chancery::ui {

class CommandRegistry;

/// Help: every shortcut with what it does, and the version. Filled from the commands, so that none
/// is missing.
class KeysDialog : public QDialog {
    Q_OBJECT
public:
    KeysDialog(const CommandRegistry& commands, QWidget* parent);
};

}  // namespace chancery::ui
