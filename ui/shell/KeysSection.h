#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QPushButton;

namespace chancery::ui {

class KeysModel;
class Label;

/// In the settings: whether the keys are locked, whether the desktop's keychain remembers their
/// passphrase, and where each of them is.
class KeysSection : public QWidget {
    Q_OBJECT
public:
    KeysSection(KeysModel& keys, QWidget* parent);

private:
    void follow();
    void act();
    void remember(bool wanted);
    void moveKey();

    KeysModel& m_keys;
    Label* m_state;
    QPushButton* m_act;
    QCheckBox* m_remember;
    QWidget* m_row;
    QComboBox* m_key;
    QPushButton* m_move;
    Label* m_error;
};

}  // namespace chancery::ui
