#include "src/client/Watch.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace chancery::client {
namespace {

bool isFinal(const Status& status) {
    return absl::IsUnimplemented(status) || absl::IsInvalidArgument(status);
}

}  // namespace

bool pauseFor(const std::stop_token& stop, std::chrono::milliseconds period) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, period, [] { return false; });
    return !stop.stop_requested();
}

Subscription watch(std::function<Status(std::stop_token stop, const Alive& alive)> attempt,
                   std::function<void(const Status&)> lost, WatchPauses pauses) {
    auto run = [attempt = std::move(attempt), lost = std::move(lost),
                pauses](const std::stop_token& stop) {
        auto pause = pauses.first;
        Status told = absl::OkStatus();
        const auto alive = [&] {
            pause = pauses.first;
            if (told.ok() || stop.stop_requested()) return;
            told = absl::OkStatus();
            lost(told);
        };
        while (!stop.stop_requested()) {
            Status ended = attempt(stop, alive);
            if (stop.stop_requested()) return;
            if (ended.ok())
                ended = makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                                  "the node has ended the stream");
            const bool isNews = told.code() != ended.code() || reasonOf(told) != reasonOf(ended);
            told = ended;
            if (isNews) lost(ended);
            if (isFinal(ended) || !pauseFor(stop, pause)) return;
            pause = std::min(pause * 2, pauses.longest);
        }
    };
    auto thread = std::make_shared<std::jthread>(std::move(run));
    return Subscription([thread] {
        thread->request_stop();
        if (thread->get_id() == std::this_thread::get_id())
            thread->detach();
        else if (thread->joinable())
            thread->join();
    });
}

}  // namespace chancery::client
