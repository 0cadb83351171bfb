#pragma once

#include <QPushButton>
#include <QWidget>

namespace chancery::ui {

class Label;

/// Nothing to show: why, one primary step, one alternative. The text block stands in the middle of
/// the page, its lines at the left.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& iconName, const QString& title, const QString& text,
               QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& text);
    QPushButton* addPrimary(const QString& text, const QString& iconName = {});
    QPushButton* addSecondary(const QString& text, const QString& iconName = {});
    /// Takes the widget, between text and buttons.
    void addWidget(QWidget* widget);

private:
    QPushButton* add(QPushButton* button);
    Label* m_title;
    Label* m_text;
    QWidget* m_extra;
    QWidget* m_buttons;
};

/// What the acting identity may not do here, who may, and what still works.
class PermissionState : public EmptyState {
    Q_OBJECT
public:
    struct Person {
        QString organisation;  ///< name or MSP id
        int series = 0;
        QString name;
    };
    PermissionState(const QString& title, const QString& text, const QList<Person>& whoCan,
                    QWidget* parent = nullptr);
};

}  // namespace chancery::ui
