#include "tests/bench/load/Results.h"

namespace chancery::load {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kGiveUpAfter = 10'000;
constexpr double kMegabyte = 1'048'576;

double milliseconds(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / 1e6;
}

void count(Tally& tally, const Outcome& outcome) {
    if (!outcome.status.ok())
        ++tally.failed;
    else
        ++(outcome.good() ? tally.good : tally.invalid);
}

/// "committed" is said of what was committed only.
Json toJson(const Tally& tally, LoadKind kind) {
    Json json{{"begun", tally.begun}};
    json[kind == LoadKind::Submit ? "committed" : "succeeded"] = tally.good;
    if (kind == LoadKind::Submit) json["invalid"] = tally.invalid;
    json["failed"] = tally.failed;
    return json;
}

struct Share {
    const ProcessSample& before;
    const ProcessSample& after;
    std::uint64_t transactions;

    Json json() const {
        const auto cpu = after.cpu - before.cpu;
        Json json{{"cpu_ms", milliseconds(cpu)},
                  {"system_ms", milliseconds(after.system - before.system)}};
        json["cpu_ms_per_transaction"] =
            transactions == 0 ? Json()
                              : Json(milliseconds(cpu) / static_cast<double>(transactions));
        json["rss_mb_before"] = static_cast<double>(before.residentBytes) / kMegabyte;
        json["rss_mb"] = static_cast<double>(after.residentBytes) / kMegabyte;
        json["rss_mb_peak"] = static_cast<double>(after.peakResidentBytes) / kMegabyte;
        return json;
    }
};

/// The processes, and in the end all of them together. One that ended within the window has no
/// figures, and then neither has the sum.
Json processesToJson(const LoadPlan& plan, const LoadResults& results, Json& sum) {
    Json all = Json::object();
    std::chrono::nanoseconds cpu{};
    bool complete = !plan.processes.empty();
    for (const WatchedProcess& process : plan.processes) {
        const auto& before = results.before.at(process.name);
        const auto& after = results.after.at(process.name);
        Json json{{"pid", process.pid}};
        if (before && after) {
            json.update(Share{*before, *after, results.goodInWindow}.json());
            cpu += after->cpu - before->cpu;
        } else {
            json["ended"] = true;
            complete = false;
        }
        all[process.name] = std::move(json);
    }
    if (complete && results.goodInWindow > 0)
        sum = milliseconds(cpu) / static_cast<double>(results.goodInWindow);
    return all;
}

}  // namespace

double LoadResults::perSecond() const {
    const double seconds = std::chrono::duration<double>(window).count();
    return seconds > 0 ? static_cast<double>(goodInWindow) / seconds : 0;
}

void Collector::begin(bool measured, bool late) {
    const std::lock_guard lock(m_mutex);
    ++m_results.all.begun;
    if (!measured) return;
    ++m_results.measured.begun;
    if (late) ++m_results.late;
}

bool Collector::end(const Outcome& outcome, bool inWindow) {
    const std::lock_guard lock(m_mutex);
    count(m_results.all, outcome);
    if (outcome.measured) count(m_results.measured, outcome);
    if (outcome.code) ++m_results.codes[protocol::nameOf(*outcome.code)];
    if (outcome.good()) {
        if (inWindow) ++m_results.goodInWindow;
        if (outcome.measured)
            for (std::size_t i = 0; i < kStages; ++i)
                if (outcome.times[i]) m_results.times[i].add(*outcome.times[i]);
    }
    if (outcome.measured && outcome.code) m_results.blocks.insert(outcome.block);
    if (outcome.status.ok()) {
        m_failuresInARow = 0;
        return true;
    }
    const std::string error = describeError(outcome);
    const bool known = m_results.errors.contains(error) || m_results.errors.size() < kMaxErrors;
    ++m_results.errors[known ? error : "other"];
    if (++m_failuresInARow < kGiveUpAfter && outcome.sent) return true;
    m_results.gaveUp = true;
    return false;
}

Tally Collector::measured() const {
    const std::lock_guard lock(m_mutex);
    return m_results.measured;
}

LoadResults Collector::take() {
    const std::lock_guard lock(m_mutex);
    return std::move(m_results);
}

Json toJson(const LoadPlan& plan, const LoadResults& results) {
    Json json{{"kind", nameOf(plan.kind)},
              {"channel", plan.channel.str()},
              {"contract", plan.contract},
              {"run", plan.run},
              {"gateways", Json::array()},
              {"connections", plan.connections * plan.gateways.size()},
              {"identities", plan.identities.size()},
              {"in_flight", plan.inFlight},
              {"rate", plan.rate ? Json(*plan.rate) : Json()}};
    for (const auto& gateway : plan.gateways) json["gateways"].push_back(gateway.name);
    json["window_s"] = std::chrono::duration<double>(results.window).count();
    json["per_s"] = results.perSecond();
    json["measured"] = toJson(results.measured, plan.kind);
    json["all"] = toJson(results.all, plan.kind);
    if (plan.rate) json["late"] = results.late;
    json["gave_up"] = results.gaveUp;
    json["validation_codes"] = results.codes;
    json["errors"] = results.errors;
    for (std::size_t i = 0; i < kStages; ++i)
        if (results.times[i].count() > 0)
            json["latency_ms"][nameOf(static_cast<Stage>(i))] = results.times[i].toJson();
    if (!results.blocks.empty()) {
        const double inBlocks =
            static_cast<double>(results.measured.good + results.measured.invalid);
        json["blocks"] = {
            {"first", *results.blocks.begin()},
            {"last", *results.blocks.rbegin()},
            {"transactions_each", inBlocks / static_cast<double>(results.blocks.size())}};
    }
    Json sum;
    json["processes"] = processesToJson(plan, results, sum);
    json["cpu_ms_per_transaction"] = sum;
    json["generator"] = Share{results.ownBefore, results.ownAfter, results.goodInWindow}.json();
    return json;
}

}  // namespace chancery::load
