#pragma once

#include <QStringList>
#include <QWidget>

class QPushButton;

namespace chancery::ui {

class Label;

/// Dashed box that takes dropped files and has a button for those who do not drag.
class DropArea : public QWidget {
    Q_OBJECT
public:
    DropArea(const QString& iconName, const QString& text, const QString& hint,
             const QString& buttonText, QWidget* parent = nullptr);
    QPushButton* button() const { return m_button; }

Q_SIGNALS:
    /// Local paths.
    void filesDropped(const QStringList& paths);
    void chooseRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QString m_iconName;
    QPushButton* m_button;
    bool m_over = false;
};

}  // namespace chancery::ui
