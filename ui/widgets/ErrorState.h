#pragma once

#include <QList>
#include <QPair>
#include <QPushButton>
#include <QString>
#include <QWidget>

namespace chancery::ui {

class Collapsible;
class Label;

/// What happened, why, what to do; the details are folded in and can be copied.
class ErrorState : public QWidget {
    Q_OBJECT
public:
    explicit ErrorState(QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setWhy(const QString& why);
    /// Each a line with a bullet; empty: none.
    void setRemedies(const QStringList& remedies);
    /// Pairs of name and value, in monospace; values are made safe.
    void setDetails(const QList<QPair<QString, QString>>& details);
    QPushButton* addPrimary(const QString& text);
    QPushButton* addSecondary(const QString& text);
    void clearButtons();

private:
    QPushButton* add(QPushButton* button);
    void copyDetails() const;
    Label* m_title;
    Label* m_why;
    Label* m_whatToDo;
    QWidget* m_remedies;
    QWidget* m_buttons;
    Collapsible* m_collapsible;
    QList<QPair<QString, QString>> m_details;
};

}  // namespace chancery::ui
