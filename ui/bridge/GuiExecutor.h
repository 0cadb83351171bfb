#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace chancery::ui {

/// The only door between the GUI thread and the others. Questions run on a small pool of named
/// threads, tasks that may last on threads of their own, so that they never keep a question
/// waiting; what follows runs on the GUI thread, and is dropped when its receiver has gone.
class GuiExecutor {
public:
    /// Runs `task` on the GUI thread soon, unless `receiver` is gone by then. From any thread; the
    /// pointer has to be made on the GUI thread, because only there nobody destroys its object
    /// meanwhile.
    static void post(QPointer<QObject> receiver, std::function<void()> task);
    /// Runs on the pool. Never waits.
    static void run(std::function<void()> task);
    /// Runs on a thread of its own, at most 16 at a time; more wait in the pool's queue.
    static void runLong(std::function<void()> task);
    /// Whether nothing runs, waits to run, or is on its way to the GUI thread. For tests and
    /// pictures, which want to see what comes of a question.
    static bool idle();
    /// Ends pool and threads: waits for running tasks; what is queued is dropped. At the end of
    /// main(), after everything that has handles of calls was destroyed. Later calls do nothing.
    static void shutDown();
};

/// Asks for the end of a call; destroying it does so too. Movable.
class CallHandle {
public:
    CallHandle() = default;
    explicit CallHandle(std::stop_source source) : m_source(std::move(source)) {}
    CallHandle(CallHandle&& other) noexcept : m_source(std::move(other.m_source)) {
        other.m_source = std::stop_source(std::nostopstate);
    }
    CallHandle& operator=(CallHandle&& other) noexcept {
        if (this == &other) return *this;
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

namespace detail {
template <class Work, class Then>
std::pair<std::stop_source, std::function<void()>> callTask(QObject* receiver, Work work,
                                                            Then then) {
    using Value = decltype(work(std::stop_token()));
    std::stop_source source;
    // Shared, because functions of the standard library must be copyable and these need not be.
    auto parts = std::make_shared<std::pair<Work, Then>>(std::move(work), std::move(then));
    return {source, [source, parts, guard = QPointer<QObject>(receiver)]() mutable {
                if (source.stop_requested()) return;
                auto value = std::make_shared<Value>(parts->first(source.get_token()));
                GuiExecutor::post(std::move(guard), [source, value, parts]() mutable {
                    if (!source.stop_requested()) parts->second(std::move(*value));
                });
            }};
}
}  // namespace detail

/// Runs `work(stop_token)` on the pool and hands its result to `then` on the GUI thread. `then` is
/// not called after the handle was cancelled or `receiver` destroyed. Call on the GUI thread. Both
/// functions may be destroyed on either thread: they must not own QObjects.
template <class Work, class Then>
[[nodiscard]] CallHandle call(QObject* receiver, Work work, Then then) {
    auto [source, task] = detail::callTask(receiver, std::move(work), std::move(then));
    GuiExecutor::run(std::move(task));
    return CallHandle(source);
}

/// The same for work that may last longer than a question to a database: reading a ledger, writing
/// an export.
template <class Work, class Then>
[[nodiscard]] CallHandle callLong(QObject* receiver, Work work, Then then) {
    auto [source, task] = detail::callTask(receiver, std::move(work), std::move(then));
    GuiExecutor::runLong(std::move(task));
    return CallHandle(source);
}

}  // namespace chancery::ui
