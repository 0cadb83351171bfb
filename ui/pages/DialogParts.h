#pragma once

#include <QDialog>
#include <QString>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace chancery::ui {

class Label;

/// A dialog of the ledger page: title, content, buttons at the lower right. Esc cancels, Ctrl+Enter
/// presses the primary button.
class LedgerDialog : public QDialog {
    Q_OBJECT
public:
    LedgerDialog(const QString& title, const QString& summary, QWidget* parent);

protected:
    QVBoxLayout* content() const { return m_content; }
    QPushButton* addCancel(const QString& text);
    QPushButton* addPrimary(const QString& text);
    void setSummary(const QString& text);
    /// A label over a field, as forms have it.
    void addField(const QString& label, QWidget* field);
    void addField(const QString& label, QLayout* field);
    void keyPressEvent(QKeyEvent* event) override;

private:
    Label* m_summary;
    QVBoxLayout* m_content;
    QHBoxLayout* m_buttons;
    QPushButton* m_primary = nullptr;
};

}  // namespace chancery::ui
