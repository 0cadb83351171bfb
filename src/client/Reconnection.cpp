#include "src/client/Reconnection.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace chancery::client {
namespace {

constexpr std::chrono::milliseconds kFirstDelay{100};
constexpr std::chrono::milliseconds kLastDelay{5000};

}  // namespace

Subscription keepTrying(
    std::function<Status(const std::stop_token& stop, const std::function<void()>& works)> run,
    std::function<void(const Status&)> lost) {
    auto thread = std::make_shared<std::jthread>(
        [run = std::move(run), lost = std::move(lost)](const std::stop_token& stop) {
            ::pthread_setname_np(::pthread_self(), "watch");
            std::mutex mutex;
            std::condition_variable_any changed;
            auto delay = kFirstDelay;
            bool isLost = false;
            while (!stop.stop_requested()) {
                const auto works = [&] {
                    delay = kFirstDelay;
                    if (std::exchange(isLost, false) && lost) lost(absl::OkStatus());
                };
                const Status why = run(stop, works);
                if (stop.stop_requested()) break;
                if (!std::exchange(isLost, true) && lost) lost(why);
                std::unique_lock lock(mutex);
                changed.wait_for(lock, stop, delay, [] { return false; });
                delay = std::min(delay * 2, kLastDelay);
            }
        });
    return Subscription([thread]() mutable {
        thread->request_stop();
        // A subscription may be ended by what it calls.
        if (thread->get_id() == std::this_thread::get_id())
            thread->detach();
        else
            thread.reset();
    });
}

}  // namespace chancery::client
