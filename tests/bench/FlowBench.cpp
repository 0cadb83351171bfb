// What it costs a node to tell what happens to transactions: nobody listens, somebody listens, and
// 20,000 events a second through the admin API to a reader in this process.
#include <fmt/format.h>
#include <time.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/admin/NodeAdmin.h"
#include "node/role/FlowTail.h"
#include "src/client/BuiltinNode.h"
#include "tests/bench/Bench.h"

namespace chancery::bench {
namespace {

using namespace chancery::node;

constexpr std::uint64_t kPerSecond = 20'000;
constexpr int kSeconds = 3;
constexpr int kTicksPerSecond = 20;

std::vector<FlowEvent> someEvents(std::size_t count) {
    std::vector<FlowEvent> events;
    for (std::size_t i = 0; i < count; ++i)
        events.push_back({.stage = static_cast<FlowStage>(i % 9),
                          .channel = ChannelId("mychannel"),
                          .txId = TxId(fmt::format("{:064x}", i * 0x9e3779b97f4a7c15U)),
                          .start = std::chrono::system_clock::now(),
                          .duration = std::chrono::microseconds(i),
                          .outcome = {}});
    return events;
}

double flowCpuSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void publishCost(Report& report) {
    const auto events = someEvents(1000);
    const auto cost = [&](FlowEvents& flow, const std::function<void()>& after) {
        const double runs = perCpuSecond([&] {
            for (const FlowEvent& event : events) flow.publish(event);
            after();
        });
        return 1e9 / (runs * static_cast<double>(events.size()));
    };
    FlowEvents flow;
    report.figure("flow_publish_unheard_ns", cost(flow, [] {}));
    {
        // Time that does not pass has a second's worth to give; as much as is wanted here.
        FlowTail tail(flow, {.mostPerSecond = 2'000'000'000});
        report.figure("flow_publish_told_ns", cost(flow, [&] { tail.take(); }));
    }
    {
        FlowTail tail(flow, {.mostPerSecond = 1});
        report.figure("flow_publish_left_out_ns", cost(flow, [] {}));
    }
}

Status streamCost(Report& report) {
    Metrics metrics;
    FlowEvents flow;
    AdminSubject subject;
    subject.kind = "peer";
    subject.endpoints = [] { return std::map<std::string, std::string>(); };
    subject.metrics = &metrics;
    subject.flow = &flow;
    ASSIGN_OR_RETURN(const auto admin, NodeAdmin::start(std::move(subject), {}));
    const auto client =
        client::makeBuiltinNode(admin->inProcessChannel(), {{"chancery-role", "auditor"}});
    std::atomic<std::uint64_t> told{0}, seen{0};
    std::atomic<std::uint32_t> oneIn{1};
    const auto watching = client->watchFlow(
        [&](const interfaces::NodeFlowBatch& batch) {
            told += batch.events.size();
            seen += batch.seen;
            oneIn = std::max(oneIn.load(), batch.oneIn);
        },
        [](const Status&) {});
    while (!flow.isWanted()) std::this_thread::yield();

    // A little below the cap, which is a mean: what is above it would be left out.
    const auto events = someEvents(kPerSecond / kTicksPerSecond);
    std::mutex mutex;
    std::condition_variable never;
    const double cpu = flowCpuSeconds(), began = wallSeconds();
    for (int tick = 0; tick < kSeconds * kTicksPerSecond; ++tick) {
        for (const FlowEvent& event : events) flow.publish(event);
        const double due = began + (tick + 1) * (1.0 / kTicksPerSecond);
        // The rate is what is asked for; nobody wakes it before.
        std::unique_lock lock(mutex);
        never.wait_for(lock, std::chrono::duration<double>(due - wallSeconds()),
                       [] { return false; });
    }
    const double seconds = wallSeconds() - began, used = flowCpuSeconds() - cpu;
    while (seen < kSeconds * kPerSecond) std::this_thread::yield();
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    report.figure("flow_told_per_s", static_cast<double>(told) / seconds,
                  {.atLeast = 0.95 * kPerSecond});
    report.figure("flow_one_in", oneIn, {.atMost = 1});
    // Node and reader together.
    report.figure("flow_20k_cpu_percent_of_machine", 100 * used / seconds / cores, {.atMost = 5});
    report.figure("flow_cpu_us_per_event", 1e6 * used / static_cast<double>(seen));
    return absl::OkStatus();
}

Status flow(Report& report) {
    publishCost(report);
    return streamCost(report);
}

const Registration kFlow("flow", flow);

}  // namespace
}  // namespace chancery::bench
