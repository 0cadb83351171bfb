#include "ui/bridge/GuiExecutor.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <atomic>
#include <deque>
#include <limits>
#include <mutex>
#include <thread>

#include "src/base/TaskPool.h"

namespace chancery::ui {
namespace {

constexpr std::size_t kPoolThreads = 4;
constexpr std::size_t kLongTasks = 16;

/// Tasks that somebody handed over and that have not ended.
std::atomic<int> outstanding = 0;

/// Counts a task from its making to the end of its last copy.
std::function<void()> counted(std::function<void()> task) {
    ++outstanding;
    const std::shared_ptr<void> end(nullptr, [](void*) { --outstanding; });
    return [task = std::move(task), end] { task(); };
}

class Threads {
public:
    ~Threads() { end(); }

    void run(std::function<void()> task) {
        const std::lock_guard lock(m_mutex);
        if (m_ended) return;
        // The queue is without a limit because the GUI thread must not wait for a place in it.
        if (!m_pool)
            m_pool = std::make_unique<TaskPool>("gui-pool", kPoolThreads,
                                                std::numeric_limits<std::size_t>::max());
        m_pool->post([this, task = std::move(task)] {
            if (!m_ended) task();
        });
    }

    void runLong(std::function<void()> task) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_ended) return;
            std::erase_if(m_long, [](const Long& one) { return one.done->load(); });
            if (m_long.size() < kLongTasks) {
                auto done = std::make_shared<std::atomic<bool>>(false);
                m_long.push_back({std::jthread([done, task = std::move(task)]() mutable {
                                      task();
                                      task = nullptr;
                                      done->store(true);
                                  }),
                                  done});
                return;
            }
        }
        run(std::move(task));
    }

    void end() {
        std::unique_ptr<TaskPool> pool;
        std::vector<Long> tasks;
        {
            const std::lock_guard lock(m_mutex);
            m_ended = true;
            pool = std::move(m_pool);
            tasks = std::move(m_long);
        }
        // Destructors join.
    }

private:
    struct Long {
        std::jthread thread;
        std::shared_ptr<std::atomic<bool>> done;
    };
    std::mutex m_mutex;
    std::atomic<bool> m_ended = false;
    std::unique_ptr<TaskPool> m_pool;
    std::vector<Long> m_long;
};

/// What is on its way to the GUI thread, in a queue of ours: Qt carries only the word that there is
/// something, so that what is handed over is handed over under a lock that everybody can see.
class Inbox {
public:
    void put(std::function<void()> task) {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    void runNext() {
        std::function<void()> task;
        {
            const std::lock_guard lock(m_mutex);
            if (m_tasks.empty()) return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        task();
    }
    void clear() {
        std::deque<std::function<void()>> dropped;  // ends behind the lock
        const std::lock_guard lock(m_mutex);
        dropped.swap(m_tasks);
    }

private:
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;
};

Inbox& inbox() {
    static Inbox tasks;
    return tasks;
}

Threads& threads() {
    static Threads all;
    // They end with the application: when exit() takes libraries down it would be too late for what
    // those keep for each thread.
    static const bool registered = (qAddPostRoutine(&GuiExecutor::shutDown), true);
    static_cast<void>(registered);
    return all;
}

}  // namespace

void GuiExecutor::post(QPointer<QObject> receiver, std::function<void()> task) {
    // Not to the receiver itself: it may end on the GUI thread in this very moment.
    QCoreApplication* application = QCoreApplication::instance();
    if (!application) return;
    inbox().put([receiver = std::move(receiver), task = counted(std::move(task))] {
        if (receiver) task();
    });
    QMetaObject::invokeMethod(
        application, [] { inbox().runNext(); }, Qt::QueuedConnection);
}

void GuiExecutor::run(std::function<void()> task) {
    threads().run(counted(std::move(task)));
}

void GuiExecutor::runLong(std::function<void()> task) {
    threads().runLong(counted(std::move(task)));
}

bool GuiExecutor::idle() {
    return outstanding == 0;
}

void GuiExecutor::shutDown() {
    threads().end();
    inbox().clear();
}

}  // namespace chancery::ui
