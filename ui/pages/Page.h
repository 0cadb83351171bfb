#pragma once

#include <QString>
#include <QWidget>

namespace chancery::ui {

struct Link;

/// One page of the console. Built lazily, when it is first shown. It fills everything between rail,
/// context bar and activity bar, its header (title, summary, actions) included.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Shows the object that a link names; false when it is none of this page.
    virtual bool reveal(const Link& link) = 0;
    /// Of what is selected, for copying, back and forward.
    virtual Link currentLink() const = 0;
    /// Focus for F6 and after opening; the main pane.
    virtual void focusMain() = 0;
    /// "/" was pressed; the page's filter takes the focus when it has one.
    virtual void focusFilter() {}
    virtual bool hasInspector() const { return false; }
    virtual void setInspectorShown(bool) {}
    /// The chanceryctl form of what is shown; empty when there is none.
    virtual QString commandLine() const { return {}; }

Q_SIGNALS:
    /// What is selected changed; goes into history.
    void linkChanged();
    /// The page wants another page or object to be shown.
    void linkActivated(const chancery::ui::Link& link);
};

}  // namespace chancery::ui
