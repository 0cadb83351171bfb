#pragma once

#include <QString>

class QDialog;
class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace chancery::ui {

class Label;

/// The build of every dialog of the shell: title, body, a line, buttons at the right. Ctrl+Enter
/// presses the last button that was added.
class DialogFrame {
public:
    DialogFrame(QDialog& dialog, const QString& title, int width);
    QVBoxLayout* body() const { return m_body; }
    Label* addText(const QString& text);
    QPushButton* addButton(QPushButton* button);
    /// At the left of the buttons.
    QHBoxLayout* buttonRow() const { return m_buttons; }

private:
    QDialog& m_dialog;
    QVBoxLayout* m_body;
    QHBoxLayout* m_buttons;
};

}  // namespace chancery::ui
