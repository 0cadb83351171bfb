#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>

namespace chancery::ui {

/// Turns many pokes from any thread into few calls on the GUI thread: the first one soon, further
/// ones at most once per `interval` milliseconds, and one behind the last poke in any case. Made
/// and destroyed on the GUI thread.
class Coalescer : public QObject {
    Q_OBJECT
public:
    explicit Coalescer(std::function<void()> action, int interval = 50, QObject* parent = nullptr);
    /// What other threads call; it may outlive this object and does nothing then.
    std::function<void()> poker() const { return m_poker; }
    void poke() { m_poker(); }

private:
    void arrived();

    std::function<void()> m_action;
    std::function<void()> m_poker;
    QTimer m_timer;
    bool m_again = false;
};

}  // namespace chancery::ui
