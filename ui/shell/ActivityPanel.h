#pragma once

#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace chancery::ui {

class NotificationModel;
class NotificationView;
class OperationModel;
class OperationView;

/// The open activity: operations with progress and their buttons, events, and problems.
class ActivityPanel : public QWidget {
    Q_OBJECT
public:
    ActivityPanel(OperationModel& operations, NotificationModel& notifications,
                  QWidget* parent = nullptr);
    void retranslate();
    void focusList();

Q_SIGNALS:
    void collapseRequested();
    void linkActivated(const QString& link);
    void revealRequested(const QString& path);
    void detailsRequested(quint64 operation);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refreshTabs();
    OperationModel& m_operationModel;
    NotificationModel& m_notificationModel;
    QTabBar* m_tabs;
    class IconButton* m_collapse;
    QStackedWidget* m_stack;
    OperationView* m_operations;
    NotificationView* m_events;
    NotificationView* m_problems;
};

}  // namespace chancery::ui
