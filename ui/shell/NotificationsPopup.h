#pragma once

#include <QFrame>

class QPushButton;

namespace chancery::ui {

class Label;
class NotificationModel;
class NotificationView;

/// What opens below the bell. Opening it marks everything as read.
class NotificationsPopup : public QFrame {
    Q_OBJECT
public:
    explicit NotificationsPopup(NotificationModel& model, QWidget* parent = nullptr);
    /// Its upper right corner below that of `anchor`.
    void openBelow(const QWidget& anchor);
    void retranslate();

Q_SIGNALS:
    void linkActivated(const QString& link);
    void revealRequested(const QString& path);
    void activityRequested();

private:
    NotificationModel& m_model;
    Label* m_title;
    QPushButton* m_all;
    NotificationView* m_view;
};

}  // namespace chancery::ui
