#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <stop_token>
#include <utility>

namespace chancery::ui {

/// The only door between the GUI thread and the others. Work runs on a small pool of named threads;
/// what follows runs on the GUI thread, and is dropped when its receiver has gone.
class GuiExecutor {
public:
    /// Runs `task` on the GUI thread soon, unless `receiver` is gone by then. From any thread.
    static void post(QObject* receiver, std::function<void()> task);
    /// Runs on the pool.
    static void run(std::function<void()> task);
    /// Ends the pool: waits for running tasks; what is queued is dropped. At the end of main().
    static void shutDown();
};

/// Asks for the end of a call; destroying it does so too. Movable.
class CallHandle {
public:
    CallHandle() = default;
    explicit CallHandle(std::stop_source source) : m_source(std::move(source)) {}
    CallHandle(CallHandle&& other) noexcept = default;
    CallHandle& operator=(CallHandle&& other) noexcept {
        cancel();
        m_source = std::move(other.m_source);
        other.m_source = std::stop_source(std::nostopstate);
        return *this;
    }
    ~CallHandle() { cancel(); }
    void cancel() { m_source.request_stop(); }

private:
    std::stop_source m_source{std::nostopstate};
};

/// Runs `work(stop_token)` on the pool and hands its result to `then` on the GUI thread. `then` is
/// not called after the handle was cancelled or `receiver` destroyed. Call on the GUI thread.
template <class Work, class Then>
[[nodiscard]] CallHandle call(QObject* receiver, Work work, Then then) {
    std::stop_source source;
    QPointer<QObject> guard(receiver);
    GuiExecutor::run(
        [source, guard, receiver, work = std::move(work), then = std::move(then)]() mutable {
            if (source.stop_requested()) return;
            auto result =
                std::make_shared<decltype(work(source.get_token()))>(work(source.get_token()));
            GuiExecutor::post(receiver, [source, result, then = std::move(then)]() mutable {
                if (!source.stop_requested()) then(std::move(*result));
            });
        });
    return CallHandle(source);
}

}  // namespace chancery::ui
