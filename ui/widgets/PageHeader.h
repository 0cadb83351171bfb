#pragma once

#include <QWidget>

class QHBoxLayout;

namespace chancery::ui {

class Label;

/// Top of a page: 48 px with title, one-line summary, then badges and actions at the right.
class PageHeader : public QWidget {
    Q_OBJECT
public:
    explicit PageHeader(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setSummary(const QString& summary);
    /// Added from left to right; the primary one last.
    void addAction(QWidget* widget);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Label* m_title;
    Label* m_summary;
    QHBoxLayout* m_layout;
};

}  // namespace chancery::ui
