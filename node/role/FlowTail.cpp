#include "node/role/FlowTail.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace chancery::node {
namespace {

constexpr std::uint32_t kLargestMask = (1U << 30) - 1;
/// A sample is made larger when it would have been small enough for so long.
constexpr std::chrono::seconds kCalm{1};
/// … and would leave so much room.
constexpr double kRoom = 0.8;

}  // namespace

std::uint32_t flowSampleOf(std::string_view txId) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : txId) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return static_cast<std::uint32_t>(hash) + static_cast<std::uint32_t>(hash >> 32U);
}

struct FlowTail::State {
    explicit State(Options given)
        : options(std::move(given)),
          tokens(options.mostPerSecond),
          refilled(options.now()),
          changed(refilled) {}

    void push(const FlowEvent& event);
    void halve();
    void refill();
    Batch take();
    bool isChosen(std::uint32_t sample) const {
        return (sample & mask.load(std::memory_order_relaxed)) == 0;
    }
    bool isFull() const { return tokens < 1 || waiting.size() >= options.mostPerSecond; }

    const Options options;
    std::atomic<std::uint64_t> seen{0};
    std::atomic<std::uint32_t> mask{0};  // oneIn - 1; grows in push(), shrinks in take()
    std::mutex mutex;                    // for the ones below
    std::vector<FlowEvent> waiting;
    double tokens;  // events that may still be told
    Clock::time_point refilled;
    Clock::time_point changed;    // when the sample last became another one
    std::uint64_t toldSince = 0;  // then
};

void FlowTail::State::push(const FlowEvent& event) {
    seen.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t sample = flowSampleOf(event.txId.str());
    if (!isChosen(sample)) return;
    const std::lock_guard lock(mutex);
    if (tokens < 1) refill();
    while (isFull() && mask.load(std::memory_order_relaxed) < kLargestMask) halve();
    // Only a single transaction can fill everything by itself.
    if (isFull() || !isChosen(sample)) return;
    tokens -= 1;
    waiting.push_back(event);
}

/// What is thrown out was never told and costs nothing.
void FlowTail::State::halve() {
    mask.store(mask.load(std::memory_order_relaxed) * 2 + 1, std::memory_order_relaxed);
    const std::size_t before = waiting.size();
    std::erase_if(waiting, [this](const FlowEvent& event) {
        return !isChosen(flowSampleOf(event.txId.str()));
    });
    tokens += static_cast<double>(before - waiting.size());
    changed = options.now();
    toldSince = 0;
}

void FlowTail::State::refill() {
    const auto now = options.now();
    const double seconds = std::chrono::duration<double>(now - refilled).count();
    refilled = now;
    tokens = std::min<double>(tokens + seconds * options.mostPerSecond, options.mostPerSecond);
}

FlowTail::Batch FlowTail::State::take() {
    Batch batch;
    const std::lock_guard lock(mutex);
    refill();
    batch.events.swap(waiting);
    batch.seen = seen.exchange(0, std::memory_order_relaxed);
    const std::uint32_t now = mask.load(std::memory_order_relaxed);
    batch.oneIn = now + 1;
    toldSince += batch.events.size();
    const auto calm = options.now() - changed;
    if (now != 0 && calm >= kCalm) {
        const double rate =
            static_cast<double>(toldSince) / std::chrono::duration<double>(calm).count();
        if (rate * 2 < kRoom * options.mostPerSecond)
            mask.store(now / 2, std::memory_order_relaxed);
        changed = options.now();
        toldSince = 0;
    }
    return batch;
}

FlowTail::FlowTail(FlowEvents& events, Options options)
    : m_state(std::make_shared<State>(std::move(options))),
      m_subscription(
          events.subscribe([state = m_state](const FlowEvent& event) { state->push(event); })) {}
FlowTail::~FlowTail() = default;

FlowTail::Batch FlowTail::take() {
    return m_state->take();
}

}  // namespace chancery::node
