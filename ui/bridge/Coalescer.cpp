#include "ui/bridge/Coalescer.h"

#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {

Coalescer::Coalescer(std::function<void()> action, int interval, QObject* parent)
    : QObject(parent), m_action(std::move(action)) {
    m_timer.setInterval(interval);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!m_again) return;
        m_again = false;
        m_timer.start();
        m_action();
    });
    // One event is under way at a time, however often other threads poke.
    auto underway = std::make_shared<std::atomic<bool>>(false);
    m_poker = [underway, guard = QPointer<QObject>(this), this] {
        if (underway->exchange(true)) return;
        GuiExecutor::post(guard, [underway, this] {
            underway->store(false);
            arrived();
        });
    };
}

void Coalescer::arrived() {
    if (m_timer.isActive()) {
        m_again = true;
        return;
    }
    m_timer.start();
    m_action();
}

}  // namespace chancery::ui
