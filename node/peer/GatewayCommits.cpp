#include "node/peer/GatewayCommits.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace chancery::node {
namespace {

constexpr std::size_t kAnsweredAtOnce = 2;

using Done = std::function<void(Result<CommitAnswer>)>;

class Waiter {
public:
    explicit Waiter(Done done) : m_done(std::move(done)) {}

    void finish(Result<CommitAnswer> answer) {
        if (m_isDone.exchange(true)) return;
        // What it holds may hold this one.
        const Done done = std::move(m_done);
        done(std::move(answer));
    }
    bool isDone() const { return m_isDone.load(); }

    struct Cancel {
        std::function<void()> run;
        void operator()() const { run(); }
    };
    std::optional<std::stop_callback<Cancel>> cancel;

private:
    Done m_done;
    std::atomic<bool> m_isDone{false};
};
using WaiterPtr = std::shared_ptr<Waiter>;

/// The waiters of one channel.
struct Watch {
    std::mutex mutex;
    std::unordered_map<std::string, std::vector<WaiterPtr>> waiters;  // by transaction id

    void add(const TxId& txId, const WaiterPtr& waiter) {
        const std::lock_guard lock(mutex);
        waiters[txId.str()].push_back(waiter);
    }
    void remove(const TxId& txId, const Waiter* waiter) {
        const std::lock_guard lock(mutex);
        const auto found = waiters.find(txId.str());
        if (found == waiters.end()) return;
        std::erase_if(found->second, [&](const auto& other) { return other.get() == waiter; });
        if (found->second.empty()) waiters.erase(found);
    }

    using Finished = std::vector<std::pair<WaiterPtr, CommitAnswer>>;
    Finished take(const CommitEvent& event) {
        Finished finished;
        const std::lock_guard lock(mutex);
        if (waiters.empty()) return finished;
        for (std::size_t i = 0; i < std::min(event.txIds.size(), event.codes.size()); ++i) {
            const auto found = waiters.find(event.txIds[i].str());
            if (found == waiters.end()) continue;
            for (auto& waiter : found->second)
                finished.push_back({std::move(waiter), {event.codes[i], event.block.number()}});
            waiters.erase(found);
        }
        return finished;
    }
};

}  // namespace

struct GatewayCommits::Impl {
    struct Entry {
        std::weak_ptr<PeerChannel> channel;
        std::shared_ptr<Watch> watch;
        Subscription subscription;
    };

    explicit Impl(TaskPool& poolOfAnswers) : pool(poolOfAnswers) {}

    std::shared_ptr<Watch> watchOf(const PeerChannelPtr& channel) {
        Subscription old;  // ended without the lock
        const std::lock_guard lock(mutex);
        Entry& entry = entries[channel->channelId()];
        if (entry.watch && entry.channel.lock() == channel) return entry.watch;
        old = std::move(entry.subscription);
        entry.channel = channel;
        entry.watch = std::make_shared<Watch>();
        entry.subscription = channel->onCommit(
            [this, watch = entry.watch](const std::shared_ptr<const CommitEvent>& event) {
                auto finished = watch->take(*event);
                if (finished.empty()) return;
                // Few are answered sooner than another thread is woken.
                if (finished.size() <= kAnsweredAtOnce) {
                    for (const auto& [waiter, answer] : finished) waiter->finish(answer);
                    return;
                }
                pool.post([finished = std::move(finished)] {
                    for (const auto& [waiter, answer] : finished) waiter->finish(answer);
                });
            });
        return entry.watch;
    }

    TaskPool& pool;
    std::mutex mutex;
    std::map<ChannelId, Entry> entries;
};

GatewayCommits::GatewayCommits(TaskPool& pool) : m_impl(std::make_shared<Impl>(pool)) {}
GatewayCommits::~GatewayCommits() = default;

void GatewayCommits::wait(const PeerChannelPtr& channel, const TxId& txId, std::stop_token stop,
                          std::function<void(Result<CommitAnswer>)> done) {
    auto watch = m_impl->watchOf(channel);
    auto waiter = std::make_shared<Waiter>(std::move(done));
    // First the entry, then the question: a commit between the two is not missed.
    watch->add(txId, waiter);
    auto place = channel->ledger().findTransaction(txId);
    if (!place.ok() || *place) {
        watch->remove(txId, waiter.get());
        if (place.ok())
            waiter->finish(CommitAnswer{(*place)->code, (*place)->place.block});
        else
            waiter->finish(place.status());
        return;
    }
    waiter->cancel.emplace(std::move(stop),
                           Waiter::Cancel{[watch, txId, weak = std::weak_ptr(waiter)] {
                               const auto self = weak.lock();
                               if (!self) return;
                               watch->remove(txId, self.get());
                               self->finish(Status(StatusCode::kCancelled, "context canceled"));
                           }});
}

}  // namespace chancery::node
