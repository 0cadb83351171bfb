#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace chancery::ui {

/// Asks before something is lost: consequences with real numbers, the name typed again, a red
/// button that names the act. Open with open(); accepted() is the confirmation.
class ConfirmByNameDialog : public QDialog {
    Q_OBJECT
public:
    ConfirmByNameDialog(const QString& question, const QStringList& consequences,
                        const QString& name, const QString& act, QWidget* parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void check();
    QString m_name;
    QLineEdit* m_edit;
    QPushButton* m_cancel;
    QPushButton* m_act;
};

}  // namespace chancery::ui
