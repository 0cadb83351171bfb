#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "ui/widgets/Notice.h"

namespace chancery::ui {

struct Notification;

/// The newest notification for some seconds at the lower right of its parent; it stays while the
/// pointer or the keyboard is on it.
class Toast : public QObject {
    Q_OBJECT
public:
    /// `bottom`: how far above the parent's lower edge.
    explicit Toast(QWidget& parent);
    void show(const Notification& notification);
    void setBottom(int pixels);
    Notice* notice() const { return m_notice; }

Q_SIGNALS:
    void linkActivated(const QString& link);
    void revealRequested(const QString& path);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    QWidget& m_parent;
    QPointer<Notice> m_notice;
    QTimer m_timer;
    int m_bottom = 44;
};

}  // namespace chancery::ui
