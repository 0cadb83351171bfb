#pragma once

#include "ui/pages/DialogParts.h"

class QLineEdit;

namespace chancery::ui {

class Label;

/// What is needed to follow a channel of a network: a connection profile and who asks.
class ConnectDialog : public LedgerDialog {
    Q_OBJECT
public:
    struct Choice {
        QString profile, msp, mspId, channel;  ///< the last two may be empty
    };
    explicit ConnectDialog(const Choice& before, QWidget* parent = nullptr);

    Choice choice() const;
    /// While it connects the fields rest.
    void setBusy(bool busy);
    /// Why it did not work; the dialog stays.
    void setProblem(const QString& sentence);

Q_SIGNALS:
    void connectRequested(const chancery::ui::ConnectDialog::Choice& choice);

private:
    QLineEdit* addPath(const QString& label, const QString& text, const QString& name, bool folder);
    void press();

    QLineEdit* m_profile;
    QLineEdit* m_msp;
    QLineEdit* m_mspId;
    QLineEdit* m_channel;
    QPushButton* m_connect;
    Label* m_problem;
};

}  // namespace chancery::ui
