#pragma once

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace chancery::ui {

class KeysModel;
class Label;

/// Asks for the passphrase of the workspace's keys, or for a new one where there are none yet.
/// Accepted when they are unlocked.
class UnlockDialog : public QDialog {
    Q_OBJECT
public:
    /// `remember`: whether the box is checked at first.
    UnlockDialog(KeysModel& keys, bool remember, QWidget* parent);

private:
    void start();
    void follow();
    void check();

    KeysModel& m_keys;
    const bool m_fresh;  ///< there is no workspace of keys yet
    bool m_asked = false;
    QLineEdit* m_passphrase;
    QLineEdit* m_again = nullptr;
    QCheckBox* m_remember;
    Label* m_error;
    QPushButton* m_act;
};

}  // namespace chancery::ui
