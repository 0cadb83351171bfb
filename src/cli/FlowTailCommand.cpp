#include "src/cli/FlowTailCommand.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>

#include "src/cli/Interrupt.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::milliseconds kLook{50};
constexpr std::size_t kMostQueued = 100'000;
constexpr std::pair<std::string_view, std::string_view> kStages[] = {
    {"propose", "prop."},   {"execute", "exec."}, {"endorse", "end."},    {"submit", "submit"},
    {"broadcast", "bcast"}, {"order", "order"},   {"validate", "valid."}, {"commit", "commit"}};
constexpr std::size_t kStageCells = 7;
constexpr std::size_t kIdCells = 16;
constexpr std::size_t kChannelCells = 14;

/// What comes from many threads, taken by one.
struct Queue {
    struct Item {
        std::string node;
        interfaces::NodeFlowBatch batch;
        std::optional<Status> lost;
    };
    void push(Item item) {
        const std::lock_guard lock(mutex);
        // Whoever reads us is slower than what happens.
        if (items.size() < kMostQueued) items.push_back(std::move(item));
        changed.notify_all();
    }
    std::deque<Item> take(const std::stop_token& stop) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, stop, kLook, [&] { return !items.empty(); });
        return std::exchange(items, {});
    }
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<Item> items;
};

std::string padded(std::string text, std::size_t cells, bool right = false) {
    if (text.size() > cells) text.resize(cells);
    return right ? fmt::format("{:>{}}", text, cells) : fmt::format("{:<{}}", text, cells);
}

std::string milliseconds(std::chrono::nanoseconds time) {
    const double ms = std::chrono::duration<double, std::milli>(time).count();
    return ms < 100 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

Json eventJson(const std::string& node, const interfaces::NodeFlowEvent& event,
               const interfaces::NodeFlowBatch& batch) {
    return {{"node", node},
            {"stage", event.stage},
            {"channel", bytesToJson(event.channel.str())},
            {"transaction", bytesToJson(event.txId.str())},
            {"start", rfc3339(event.start)},
            {"duration_us",
             std::chrono::duration_cast<std::chrono::microseconds>(event.duration).count()},
            {"outcome", bytesToJson(event.outcome)},
            {"one_in", batch.oneIn},
            {"from_blocks", batch.isFromBlocks}};
}

/// What a node has told altogether.
struct Sum {
    std::uint64_t seen = 0, told = 0;
    std::uint32_t oneIn = 1;
};

void showSums(Session& session, const std::map<std::string, Sum>& sums) {
    Json all = Json::object();
    for (const auto& [node, sum] : sums) {
        all[node] = {{"seen", sum.seen}, {"told", sum.told}, {"one_in", sum.oneIn}};
        if (!session.wantsJson())
            session.out().line(strong(node) + Text(fmt::format(": {} of {} were told", sum.told,
                                                               counted(sum.seen, "event"))));
    }
    if (session.wantsJson()) session.print(all);
}

std::vector<Subscription> watchAll(const std::vector<NamedNode>& nodes,
                                   const std::shared_ptr<Queue>& queue) {
    std::vector<Subscription> watching;
    for (const NamedNode& node : nodes)
        watching.push_back(node.node->watchFlow(
            [queue, name = node.name](const interfaces::NodeFlowBatch& batch) {
                queue->push({name, batch, std::nullopt});
            },
            [queue, name = node.name](const Status& why) {
                queue->push({name, {}, why});
            }));
    return watching;
}

}  // namespace

Help FlowTailCommand::help() const {
    return {.summary = "Show what happens to transactions, stage by stage, while it happens",
            .about =
                {"A line for each transaction when it is done, with the milliseconds of each stage "
                 "at the node that took longest; with --output json a line for each event. Nodes "
                 "of this project tell all stages by their admin API; of Fabric's own nodes the "
                 "blocks are followed, which know no times of stages.",
                 "When more happens than a stream may cost, nodes leave out transactions, all of "
                 "them the same ones; how many is said."},
            .examples = {{.what = "One second of a network",
                          .arguments = "flow tail --seconds 1",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void FlowTailCommand::declare(CommandLine& line) {
    m_access.declare(line);
    line.value({.names = "--seconds",
                .help = "End after so many seconds; default: at Ctrl-C",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_forSeconds);
    line.value({.names = "--count",
                .help = "End after so many transactions",
                .kind = ValueKind::Number,
                .value = "NUMBER"},
               m_count);
    line.flag("--summary", "Only how much happened and was told, at the end", m_summary);
}

void FlowTailCommand::show(Session& session, const FlowRow& row) {
    if (!m_titled) {
        std::string title =
            padded("Transaction", kIdCells) + "  " + padded("Channel", kChannelCells);
        for (const auto& [stage, shown] : kStages)
            title += " " + padded(std::string(shown), kStageCells, true);
        title += " " + padded("total", kStageCells, true) + "  nodes";
        session.out().line(quiet(title));
        m_titled = true;
    }
    std::string text =
        padded(row.txId.str(), kIdCells) + "  " + padded(row.channel.str(), kChannelCells);
    for (const auto& [stage, shown] : kStages) {
        const auto found = row.stages.find(std::string(stage));
        text += " " + padded(found == row.stages.end() ? "–" : milliseconds(found->second),
                             kStageCells, true);
    }
    text += " " + padded(milliseconds(absl::ToChronoNanoseconds(row.ended - row.begun)),
                         kStageCells, true);
    text += fmt::format("  {:>5}", row.nodes.size());
    Text line(text);
    if (!row.outcome.empty()) line.add("  ").add(bad(row.outcome));
    session.out().line(line);
}

ExitCode FlowTailCommand::run(Session& session) {
    const Interrupt interrupt;
    const auto nodes = m_access.open();
    if (!nodes.ok()) return session.fail(nodes.status());
    const auto queue = std::make_shared<Queue>();
    std::vector<Subscription> watching = watchAll(*nodes, queue);
    const Deadline end =
        m_forSeconds
            ? deadlineIn(std::chrono::seconds(std::min<std::uint64_t>(*m_forSeconds, 86'400)))
            : Deadline::max();
    FlowTable table;
    std::uint64_t shown = 0;
    std::map<std::string, std::uint32_t> samples;
    std::map<std::string, Sum> sums;
    const auto isOver = [&] {
        return interrupt.token().stop_requested() || std::chrono::steady_clock::now() >= end ||
               (m_count && shown >= *m_count);
    };
    const auto showAll = [&](const std::vector<FlowRow>& rows) {
        for (const FlowRow& row : rows) {
            if (m_count && shown >= *m_count) return;
            show(session, row);
            ++shown;
        }
    };
    while (!isOver()) {
        for (const auto& item : queue->take(interrupt.token())) {
            if (item.lost) {
                const Text text = strong(item.node) +
                                  Text(item.lost->ok() ? ": is there again"
                                                       : ": " + std::string(messageOf(*item.lost)));
                session.err().item(item.lost->ok() ? good("✓") : bad("✗"), text);
                continue;
            }
            auto& sample = samples.try_emplace(item.node, 1).first->second;
            if (std::exchange(sample, item.batch.oneIn) != item.batch.oneIn)
                session.err().item(
                    warning("!"),
                    strong(item.node) +
                        Text(fmt::format(": one in {} transactions is told", item.batch.oneIn)));
            auto& sum = sums[item.node];
            sum.seen += item.batch.seen;
            sum.told += item.batch.events.size();
            sum.oneIn = std::max(sum.oneIn, item.batch.oneIn);
            if (m_summary) continue;
            for (const auto& event : item.batch.events) {
                if (session.wantsJson())
                    session.out().raw(eventJson(item.node, event, item.batch).dump() + "\n");
                else
                    table.add(item.node, event, std::chrono::steady_clock::now());
                if (session.wantsJson() && event.stage == "commit") ++shown;
            }
        }
        if (!session.wantsJson()) showAll(table.takeFinished(std::chrono::steady_clock::now()));
        if (!session.out().good()) break;
    }
    watching.clear();
    if (!session.wantsJson()) showAll(table.takeAll());
    if (m_summary) showSums(session, sums);
    if (!m_summary && !session.wantsJson())
        session.err().item(good("✓"), Text(counted(shown, "transaction") + " shown"));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
