#include "node/contract/ContractHost.h"

#include <fmt/format.h>
#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "fabric/peer/chaincode_shim.pb.h"
#include "node/contract/Conversation.h"
#include "node/contract/StuckWatch.h"
#include "node/contract/TransactionTable.h"
#include "src/base/Log.h"

namespace chancery::node::contract {
namespace {

using Message = protos::ChaincodeMessage;
using namespace std::chrono_literals;

struct Event {
    std::shared_ptr<Conversation> conversation;
    std::optional<Message> message;  ///< none: the stream is at its end
};

}  // namespace

struct ContractHost::Impl {
    explicit Impl(Options theOptions) : options(std::move(theOptions)) {}

    void run(std::promise<Result<std::string>>& loaded);
    void post(Event event);
    void waitForEvents(std::optional<std::chrono::steady_clock::time_point> deadline);
    void stop();

    Options options;
    std::string metadata;
    BusyMeter meter;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Event> events;
    bool stopping = false;
    std::shared_ptr<const ContractHost::Feed> feed;
    bool feeding = false;  // the worker is inside of the feed

    std::thread worker;
    std::unique_ptr<StuckWatch> watch;
};

namespace {

/// A session posts what it receives; protocol states are the conversation's affair.
class PostingSession final : public ContractHost::Session {
public:
    PostingSession(std::shared_ptr<ContractHost::Impl> host, std::shared_ptr<Conversation> talk)
        : m_host(std::move(host)), m_conversation(std::move(talk)) {}
    ~PostingSession() override { close(); }

    void receive(Message message) override {
        if (auto work = m_conversation->receive(std::move(message)))
            m_host->post({m_conversation, std::move(work)});
    }
    void close() override {
        if (m_conversation->close()) m_host->post({m_conversation, std::nullopt});
    }

private:
    std::shared_ptr<ContractHost::Impl> m_host;
    std::shared_ptr<Conversation> m_conversation;
};

}  // namespace

void ContractHost::Impl::post(Event event) {
    {
        const std::lock_guard lock(mutex);
        if (stopping) return;
        events.push_back(std::move(event));
        if (events.size() > 1) return;  // the worker is awake
        if (feed) {
            if (std::this_thread::get_id() != worker.get_id()) feed->wake();
            return;
        }
    }
    changed.notify_all();
}

void ContractHost::Impl::waitForEvents(
    std::optional<std::chrono::steady_clock::time_point> deadline) {
    std::unique_lock lock(mutex);
    const auto something = [&] { return stopping || feed || !events.empty(); };
    if (!feed) {
        if (deadline)
            changed.wait_until(lock, *deadline, something);
        else
            changed.wait(lock, something);
    }
    if (stopping || !feed || !events.empty()) return;
    const auto from = feed;
    feeding = true;
    lock.unlock();
    const bool more = from->wait(deadline);
    lock.lock();
    feeding = false;
    if (!more && feed == from) feed = nullptr;
    changed.notify_all();
}

void ContractHost::Impl::run(std::promise<Result<std::string>>& loaded) {
    ::pthread_setname_np(::pthread_self(), "contract");
    TransactionTable table(options.limits, options.localMspId, meter);
    {
        auto begun = table.load(std::move(options.package));
        const bool good = begun.ok();
        loaded.set_value(std::move(begun));
        if (!good) return;
    }
    std::deque<Event> taken;
    while (true) {
        waitForEvents(table.nextDeadline());
        {
            const std::lock_guard lock(mutex);
            if (stopping) return;
            taken.swap(events);
        }
        for (Event& event : taken) {
            if (event.message)
                table.take(event.conversation, *std::move(event.message));
            else
                table.forget(*event.conversation);
        }
        taken.clear();
        table.endOverdue();
    }
}

void ContractHost::Impl::stop() {
    {
        const std::lock_guard lock(mutex);
        stopping = true;
        if (feed) feed->wake();
    }
    changed.notify_all();
    meter.interrupt();
    if (worker.joinable()) worker.join();
    watch.reset();
    // Sessions that outlive the host keep no one else alive.
    events.clear();
}

ContractHost::ContractHost(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

ContractHost::~ContractHost() {
    m_impl->stop();
}

Result<std::unique_ptr<ContractHost>> ContractHost::start(Options options) {
    auto impl = std::make_shared<Impl>(std::move(options));
    std::promise<Result<std::string>> loaded;
    impl->worker = std::thread([&impl = *impl, &loaded] { impl.run(loaded); });
    const ContractLimits& limits = impl->options.limits;
    impl->watch = std::make_unique<StuckWatch>(
        impl->meter,
        StuckWatch::Bounds{.busy = limits.computing + 1s, .memoryBytes = 2 * limits.maxMemoryBytes},
        impl->options.onStuck);
    auto metadata = loaded.get_future().get();
    std::unique_ptr<ContractHost> host(new ContractHost(impl));
    if (!metadata.ok()) return metadata.status();
    impl->metadata = *std::move(metadata);
    return host;
}

void ContractHost::feedBy(Feed feed) {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->feed = std::make_shared<const Feed>(std::move(feed));
    }
    m_impl->changed.notify_all();
}

void ContractHost::stopFeed() {
    std::unique_lock lock(m_impl->mutex);
    if (m_impl->feed) m_impl->feed->wake();
    m_impl->feed = nullptr;
    m_impl->changed.wait(lock, [&] { return !m_impl->feeding; });
}

const std::string& ContractHost::metadata() const {
    return m_impl->metadata;
}

std::shared_ptr<ContractHost::Session> ContractHost::open(
    std::function<void(protos::ChaincodeMessage)> send, std::function<void()> ready) {
    auto conversation = std::make_shared<Conversation>(std::move(send), std::move(ready));
    conversation->registerAs(m_impl->options.packageId);
    return std::make_shared<PostingSession>(m_impl, std::move(conversation));
}

}  // namespace chancery::node::contract
