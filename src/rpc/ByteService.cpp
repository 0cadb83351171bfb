#include "src/rpc/ByteService.h"

#include <grpcpp/generic/async_generic_service.h>
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "src/rpc/ByteBuffers.h"
#include "src/rpc/PassedCall.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::rpc {
namespace {

CallFacts factsOf(grpc::GenericCallbackServerContext& context) {
    CallFacts facts;
    facts.method = context.method();
    if (facts.method.starts_with('/')) facts.method.erase(0, 1);
    facts.peer = context.peer();
    facts.isLocal = facts.peer.starts_with("unix:");
    facts.certificate = peerCertificate(context);
    for (const auto& [key, value] : context.client_metadata())
        facts.metadata.emplace(std::string(key.data(), key.size()),
                               std::string(value.data(), value.size()));
    const auto wall = context.deadline();
    if (wall < std::chrono::system_clock::now() + std::chrono::hours(24 * 365))
        facts.deadline = deadlineIn(wall - std::chrono::system_clock::now());
    return facts;
}

Status gone() {
    return makeError(StatusCode::kCancelled, "CALLER_GONE", "the caller has gone");
}

class Running;

/// All calls that run.
class Registry {
public:
    explicit Registry(ByteServiceLimits limits) : m_limits(limits) {}

    Status add(const std::string& caller, Running* call) {
        const std::lock_guard lock(m_mutex);
        std::set<Running*>& own = m_calls[caller];
        if (m_count < m_limits.maxCalls && own.size() < m_limits.maxCallsPerCaller) {
            own.insert(call);
            ++m_count;
            return absl::OkStatus();
        }
        if (own.empty()) m_calls.erase(caller);
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                         "too many calls run at the same time");
    }
    void remove(const std::string& caller, Running* call) {
        const std::lock_guard lock(m_mutex);
        const auto own = m_calls.find(caller);
        if (own == m_calls.end() || own->second.erase(call) == 0) return;
        if (own->second.empty()) m_calls.erase(own);
        --m_count;
    }
    /// Of one caller, or all when it is null. They stay alive while `what` runs.
    void forEach(const std::string* caller, const std::function<void(Running&)>& what);

    void threadBegan() {
        const std::lock_guard lock(m_mutex);
        ++m_threads;
    }
    void threadEnded() {
        const std::lock_guard lock(m_mutex);
        --m_threads;
        m_changed.notify_all();
    }
    void waitForThreads() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_threads == 0; });
    }

private:
    const ByteServiceLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, std::set<Running*>> m_calls;
    std::size_t m_count = 0;
    std::size_t m_threads = 0;
};

/// A call between its beginning and gRPC's letting go of it.
class Running final : public grpc::ServerGenericBidiReactor,
                      public ByteCall,
                      public std::enable_shared_from_this<Running> {
public:
    Running(CallFacts facts, std::shared_ptr<Registry> registry)
        : m_facts(std::move(facts)), m_registry(std::move(registry)) {}

    void begin(CallPlan plan) {
        m_self = shared_from_this();
        if (plan.refusal.ok()) plan.refusal = m_registry->add(plan.caller, this);
        if (!plan.refusal.ok()) {
            Finish(toGrpc(plan.refusal));
            return;
        }
        m_plan = std::move(plan);
        m_registry->threadBegan();
        std::thread([self = shared_from_this()] {
            ::pthread_setname_np(::pthread_self(), "call");
            if (self->m_plan.handle)
                self->finish(self->m_plan.handle(*self));
            else
                self->pass();
            self->m_registry->threadEnded();
        }).detach();
    }

    void cut(const Status& why) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_cut.ok()) m_cut = why;
        }
        m_stop.request_stop();
        m_changed.notify_all();
        std::shared_ptr<PassedCall> passed;
        {
            const std::lock_guard lock(m_mutex);
            passed = m_passed;
        }
        finish(why);
        if (passed) passed->cancel();
    }

    // ByteCall
    const CallFacts& facts() const override { return m_facts; }
    std::stop_token stop() const override { return m_stop.get_token(); }
    Result<std::optional<Bytes>> read() override {
        std::unique_lock lock(m_mutex);
        if (const Status why = whyNot(); !why.ok()) return why;
        m_readOk.reset();
        StartRead(&m_in);
        m_changed.wait(lock, [this] { return m_readOk || !whyNot().ok(); });
        if (const Status why = whyNot(); !why.ok()) return why;
        if (!*m_readOk) return std::nullopt;
        ASSIGN_OR_RETURN(Bytes message, toBytes(m_in));
        m_in.Clear();
        return message;
    }
    Status write(BytesView message) override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_writing || !whyNot().ok(); });
        RETURN_IF_ERROR(whyNot());
        m_writing = true;
        m_out = toBuffer(message);
        StartWrite(&m_out);
        return absl::OkStatus();
    }

    // Of gRPC
    void OnReadDone(bool ok) override {
        if (const auto passed = m_passing.load(); passed != nullptr) {
            passed->readDone(ok);
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_readOk = ok;
        m_changed.notify_all();
    }
    void OnWriteDone(bool ok) override {
        if (const auto passed = m_passing.load(); passed != nullptr) {
            passed->writeDone(ok);
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        if (!ok) m_isGone = true;
        m_changed.notify_all();
    }
    void OnCancel() override {
        std::shared_ptr<PassedCall> passed;
        {
            const std::lock_guard lock(m_mutex);
            m_isGone = true;
            passed = m_passed;
        }
        m_stop.request_stop();
        m_changed.notify_all();
        if (passed) passed->cancel();
    }
    void OnDone() override {
        m_registry->remove(m_plan.caller, this);
        {
            const std::lock_guard lock(m_mutex);
            m_passed.reset();
        }
        const std::shared_ptr<Running> self = std::move(m_self);
    }

private:
    // With the lock held.
    Status whyNot() const {
        if (!m_cut.ok()) return m_cut;
        return m_isGone || m_isFinished ? gone() : absl::OkStatus();
    }

    void finish(const Status& status) {
        {
            std::unique_lock lock(m_mutex);
            if (!m_passed) m_changed.wait(lock, [this] { return !m_writing || !whyNot().ok(); });
            if (m_isFinished) return;
            m_isFinished = true;
        }
        if (m_plan.ended) m_plan.ended(status);
        // From now on the call counts no more: who has the answer may make the next one.
        m_registry->remove(m_plan.caller, this);
        Finish(toGrpc(status));
    }

    void pass() {
        auto passage = m_plan.passage();
        if (!passage.ok()) {
            finish(passage.status());
            return;
        }
        const auto self = shared_from_this();
        Incoming incoming;
        incoming.read = [this](grpc::ByteBuffer* buffer) {
            const std::lock_guard lock(m_mutex);
            if (!m_isFinished) StartRead(buffer);
        };
        incoming.write = [this](const grpc::ByteBuffer* buffer) {
            std::unique_lock lock(m_mutex);
            if (!m_isFinished) {
                StartWrite(buffer);
                return;
            }
            lock.unlock();
            m_passing.load()->writeDone(false);
        };
        incoming.finish = [self](const grpc::Status& status) { self->finish(fromGrpc(status)); };
        PassedCall::start(*passage, m_facts.method, m_facts.deadline, std::move(incoming),
                          [&](const std::shared_ptr<PassedCall>& call) {
                              const std::lock_guard lock(m_mutex);
                              m_passed = call;
                              m_passing = call.get();
                          });
        std::shared_ptr<PassedCall> passed;
        {
            const std::lock_guard lock(m_mutex);
            if (m_isGone || m_isFinished) passed = m_passed;
        }
        if (passed) passed->cancel();
    }

    const CallFacts m_facts;
    const std::shared_ptr<Registry> m_registry;
    CallPlan m_plan;
    std::shared_ptr<Running> m_self;
    std::stop_source m_stop;
    grpc::ByteBuffer m_in, m_out;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<bool> m_readOk;
    bool m_writing = false;
    bool m_isGone = false;
    bool m_isFinished = false;
    Status m_cut;
    std::shared_ptr<PassedCall> m_passed;
    std::atomic<PassedCall*> m_passing = nullptr;
};

void Registry::forEach(const std::string* caller, const std::function<void(Running&)>& what) {
    std::vector<std::shared_ptr<Running>> calls;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [name, own] : m_calls)
            if (caller == nullptr || name == *caller)
                // A call leaves this list before it lets go of itself.
                for (Running* call : own) calls.push_back(call->shared_from_this());
    }
    for (const auto& call : calls) what(*call);
}

}  // namespace

struct ByteService::Impl final : grpc::CallbackGenericService {
    Impl(Door door, ByteServiceLimits limits)
        : m_door(std::move(door)), m_registry(std::make_shared<Registry>(limits)) {}

    grpc::ServerGenericBidiReactor* CreateReactor(
        grpc::GenericCallbackServerContext* context) override {
        CallFacts facts = factsOf(*context);
        CallPlan plan = m_door(facts);
        const auto call = std::make_shared<Running>(std::move(facts), m_registry);
        call->begin(std::move(plan));
        return call.get();
    }

    const Door m_door;
    const std::shared_ptr<Registry> m_registry;
};

ByteService::ByteService(Door door, ByteServiceLimits limits)
    : m_impl(std::make_unique<Impl>(std::move(door), limits)) {}

ByteService::~ByteService() {
    m_impl->m_registry->waitForThreads();
}

void ByteService::cut(const std::string& caller, const Status& why) {
    m_impl->m_registry->forEach(&caller, [&](Running& call) { call.cut(why); });
}

void ByteService::cutAll(const Status& why) {
    m_impl->m_registry->forEach(nullptr, [&](Running& call) { call.cut(why); });
}

grpc::CallbackGenericService& ByteService::service() {
    return *m_impl;
}

}  // namespace chancery::rpc
