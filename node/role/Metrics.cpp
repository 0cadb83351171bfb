#include "node/role/Metrics.h"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace chancery::node {
namespace {

/// Label values can come from outside (names of channels and contracts in proposals), so their
/// number is bounded; what comes after is counted together.
constexpr std::size_t kMostSeries = 2000;
constexpr std::string_view kOther = "other";
constexpr std::size_t kMaxLabelValue = 256;
constexpr char kBetween = '\xff';  // in no UTF-8 text
/// Keys of lines have room for so many lines of one series: buckets, sum and count.
constexpr std::uint64_t kLinesOfSeries = 256;

/// One line, or for a histogram one set of lines, of a metric.
struct Series {
    std::uint64_t serial = 0;  // in the process
    std::vector<std::string> labels;
    std::atomic<double> value{0};  // of a histogram the sum
    std::unique_ptr<std::atomic<std::uint64_t>[]> buckets;
};

std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quotes)
            out += "\\\"";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string metricNumber(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    if (value == std::floor(value) && std::abs(value) < 1e15)
        return fmt::format("{}", static_cast<std::int64_t>(value));
    return fmt::format("{}", value);
}

namespace {

enum class Kind { Counter, Gauge, Histogram };

std::string_view nameOf(Kind kind) {
    switch (kind) {
        case Kind::Counter:
            return "counter";
        case Kind::Gauge:
            return "gauge";
        case Kind::Histogram:
            return "histogram";
    }
    return "";
}

/// What the three kinds share: series by their label values.
class Family {
public:
    Family(Kind kind, std::string help, std::vector<std::string> labels, std::vector<double> bounds)
        : m_kind(kind),
          m_help(std::move(help)),
          m_labels(std::move(labels)),
          m_bounds(std::move(bounds)) {
        for (const double bound : m_bounds) m_boundTexts.push_back(metricNumber(bound));
        m_boundTexts.emplace_back("+Inf");
        if (m_labels.empty()) m_only = make({});
    }

    Kind kind() const { return m_kind; }
    const std::vector<double>& bounds() const { return m_bounds; }

    Series& series(LabelValues values) {
        if (m_only) return *m_only;
        thread_local std::string key;  // keeps its memory from call to call
        key.clear();
        for (const std::string_view value : values)
            key.append(value.substr(0, kMaxLabelValue)).push_back(kBetween);
        {
            const std::shared_lock lock(m_mutex);
            if (const auto found = m_series.find(key); found != m_series.end())
                return *found->second;
        }
        const std::unique_lock lock(m_mutex);
        std::vector<std::string> kept;
        for (const std::string_view value : values)
            kept.emplace_back(value.substr(0, kMaxLabelValue));
        kept.resize(m_labels.size());
        if (m_series.size() >= kMostSeries && !m_series.contains(key)) {
            kept.assign(m_labels.size(), std::string(kOther));
            key.assign(1, kBetween);
        }
        auto& made = m_series[key];
        if (!made) made = make(std::move(kept));
        return *made;
    }

    void print(const std::string& name, std::string& out) const {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(m_help, false), name,
                           nameOf(m_kind));
        if (m_only) return printOne(name, *m_only, out);
        const std::shared_lock lock(m_mutex);
        std::map<std::vector<std::string>, const Series*> sorted;
        for (const auto& [key, series] : m_series) sorted.emplace(series->labels, series.get());
        for (const auto& [labels, series] : sorted) printOne(name, *series, out);
    }

    void visit(const std::string& name, const Metrics::Visit& to) const {
        if (m_only) return visitOne(name, *m_only, to);
        const std::shared_lock lock(m_mutex);
        for (const auto& [key, series] : m_series) visitOne(name, *series, to);
    }

private:
    std::unique_ptr<Series> make(std::vector<std::string> labels) const {
        static std::atomic<std::uint64_t> next{1};
        auto made = std::make_unique<Series>();
        made->serial = next.fetch_add(1, std::memory_order_relaxed);
        made->labels = std::move(labels);
        if (m_kind == Kind::Histogram)
            made->buckets =
                std::make_unique<std::atomic<std::uint64_t>[]>(m_bounds.size() + 1);  // and +Inf
        return made;
    }

    /// `{a="x",b="y"}`, with `more` as last label; nothing without labels.
    std::string braces(const Series& series, const std::string& more = {}) const {
        std::string inside;
        for (std::size_t i = 0; i < m_labels.size(); ++i)
            inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", m_labels[i],
                                  escaped(series.labels[i], true));
        if (!more.empty()) {
            if (!inside.empty()) inside += ',';
            inside += more;
        }
        return inside.empty() ? inside : fmt::format("{{{}}}", inside);
    }

    void printOne(const std::string& name, const Series& series, std::string& out) const {
        if (m_kind != Kind::Histogram) {
            out +=
                fmt::format("{}{} {}\n", name, braces(series), metricNumber(series.value.load()));
            return;
        }
        std::uint64_t count = 0;
        for (std::size_t i = 0; i <= m_bounds.size(); ++i) {
            count += series.buckets[i].load(std::memory_order_relaxed);
            out += fmt::format("{}_bucket{} {}\n", name,
                               braces(series, fmt::format("le=\"{}\"", m_boundTexts[i])), count);
        }
        out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, braces(series),
                           metricNumber(series.value.load()), name, braces(series), count);
    }

    void visitOne(const std::string& name, const Series& series, const Metrics::Visit& to) const {
        std::uint64_t key = series.serial * kLinesOfSeries;
        const auto line = [&](std::string_view suffix, double value, const std::string* bound) {
            to(key++, value, [&] {
                MetricLine described{.name = name + std::string(suffix), .labels = {}};
                for (std::size_t i = 0; i < m_labels.size(); ++i)
                    described.labels.emplace_back(m_labels[i], series.labels[i]);
                if (bound != nullptr) described.labels.emplace_back("le", *bound);
                return described;
            });
        };
        const double value = series.value.load(std::memory_order_relaxed);
        if (m_kind != Kind::Histogram) return line("", value, nullptr);
        std::uint64_t count = 0;
        for (std::size_t i = 0; i <= m_bounds.size(); ++i) {
            count += series.buckets[i].load(std::memory_order_relaxed);
            line("_bucket", static_cast<double>(count), &m_boundTexts[i]);
        }
        line("_sum", value, nullptr);
        line("_count", static_cast<double>(count), nullptr);
    }

    const Kind m_kind;
    const std::string m_help;
    const std::vector<std::string> m_labels;
    const std::vector<double> m_bounds;
    std::vector<std::string> m_boundTexts;  // and "+Inf"
    std::unique_ptr<Series> m_only;         // without labels there is one, found without a lock
    mutable std::shared_mutex m_mutex;
    std::unordered_map<std::string, std::unique_ptr<Series>> m_series;
};

const std::vector<double>& usualBuckets() {
    static const std::vector<double> bounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                            0.5,   1,    2.5,   5,    10};
    return bounds;
}

}  // namespace

// The three handles differ in what they allow; behind each is a family.
struct Counter::Impl : Family {
    using Family::Family;
};
struct Gauge::Impl : Family {
    using Family::Family;
};
struct Histogram::Impl : Family {
    using Family::Family;
};

void Counter::add(double amount, LabelValues labels) {
    if (amount > 0) m_impl->series(labels).value.fetch_add(amount, std::memory_order_relaxed);
}

void Gauge::set(double value, LabelValues labels) {
    m_impl->series(labels).value.store(value, std::memory_order_relaxed);
}

void Gauge::add(double amount, LabelValues labels) {
    m_impl->series(labels).value.fetch_add(amount, std::memory_order_relaxed);
}

void Histogram::observe(double value, LabelValues labels) {
    Series& series = m_impl->series(labels);
    const auto& bounds = m_impl->bounds();
    const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
    series.buckets[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
    series.value.fetch_add(value, std::memory_order_relaxed);
}

struct Metrics::Impl {
    template <class Made>
    std::shared_ptr<Made> findOrMake(std::map<std::string, std::shared_ptr<Made>>& of,
                                     std::string name, Kind kind, std::string help,
                                     std::vector<std::string> labels,
                                     std::vector<double> bounds = {}) {
        const std::lock_guard lock(mutex);
        auto& made = of[name];
        if (!made) {
            made =
                std::make_shared<Made>(kind, std::move(help), std::move(labels), std::move(bounds));
            all[std::move(name)] = made.get();
        }
        return made;
    }

    mutable std::mutex mutex;
    std::map<std::string, std::shared_ptr<Counter::Impl>> counters;
    std::map<std::string, std::shared_ptr<Gauge::Impl>> gauges;
    std::map<std::string, std::shared_ptr<Histogram::Impl>> histograms;
    std::map<std::string, const Family*> all;
};

Metrics::Metrics() : m_impl(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(std::string name, std::string help, std::vector<std::string> labels) {
    return Counter(m_impl->findOrMake(m_impl->counters, std::move(name), Kind::Counter,
                                      std::move(help), std::move(labels)));
}

Gauge Metrics::gauge(std::string name, std::string help, std::vector<std::string> labels) {
    return Gauge(m_impl->findOrMake(m_impl->gauges, std::move(name), Kind::Gauge, std::move(help),
                                    std::move(labels)));
}

Histogram Metrics::histogram(std::string name, std::string help, std::vector<std::string> labels,
                             std::vector<double> buckets) {
    if (buckets.empty()) buckets = usualBuckets();
    buckets.resize(std::min<std::size_t>(buckets.size(), kLinesOfSeries - 3));
    std::sort(buckets.begin(), buckets.end());
    return Histogram(m_impl->findOrMake(m_impl->histograms, std::move(name), Kind::Histogram,
                                        std::move(help), std::move(labels), std::move(buckets)));
}

void Metrics::forEach(const Visit& visit) const {
    const std::lock_guard lock(m_impl->mutex);
    for (const auto& [name, family] : m_impl->all) family->visit(name, visit);
}

std::string Metrics::text() const {
    std::string out;
    const std::lock_guard lock(m_impl->mutex);
    for (const auto& [name, family] : m_impl->all) family->print(name, out);
    return out;
}

}  // namespace chancery::node
