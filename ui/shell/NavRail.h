#pragma once

#include <QAbstractButton>
#include <QListView>
#include <QWidget>

namespace chancery::ui {

class NavModel;

/// The pages at the left, in groups; 176 px, or 48 with glyphs only. Settings stand below.
class NavRail : public QWidget {
    Q_OBJECT
public:
    explicit NavRail(NavModel& model, QWidget* parent = nullptr);
    void setCollapsed(bool collapsed);
    bool isCollapsed() const { return m_collapsed; }
    void setCurrent(const QString& page);
    void focusList();
    void retranslate();

Q_SIGNALS:
    void pageChosen(const QString& id);
    void settingsChosen();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    class List;
    class Delegate;
    class SettingsButton;
    NavModel& m_model;
    QListView* m_list;
    SettingsButton* m_settings;
    bool m_collapsed = false;
};

}  // namespace chancery::ui
