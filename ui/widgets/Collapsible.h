#pragma once

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace chancery::ui {

/// A title that shows or hides what stands below it.
class Collapsible : public QWidget {
    Q_OBJECT
public:
    explicit Collapsible(const QString& title, QWidget* parent = nullptr);
    /// Takes the widget.
    void setContent(QWidget* content);
    void setExpanded(bool expanded);
    bool isExpanded() const;
    void setTitle(const QString& title);
    /// At the right of the title.
    void addAction(QWidget* widget);

Q_SIGNALS:
    void expandedChanged(bool expanded);

private:
    QToolButton* m_title;
    QHBoxLayout* m_row;
    QWidget* m_content = nullptr;
};

}  // namespace chancery::ui
