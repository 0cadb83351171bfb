#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::node {

/// Values of a metric's labels in the order in which the metric names them.
using LabelValues = std::initializer_list<std::string_view>;

/// A line of a metric in Prometheus' text: a histogram has one for each bucket, its sum and count.
struct MetricLine {
    std::string name;  ///< "ledger_block_processing_time_bucket"
    std::vector<std::pair<std::string, std::string>> labels;
};

/// A value as Prometheus' text has it.
std::string metricNumber(double value);

/// A number that only grows. A cheap handle, valid as long as its registry. Thread-safe.
class Counter {
public:
    void add(double amount = 1, LabelValues labels = {});
    struct Impl;
    explicit Counter(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

private:
    std::shared_ptr<Impl> m_impl;
};

/// A number that goes up and down.
class Gauge {
public:
    void set(double value, LabelValues labels = {});
    void add(double amount, LabelValues labels = {});
    struct Impl;
    explicit Gauge(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

private:
    std::shared_ptr<Impl> m_impl;
};

/// How often which size (seconds, unless its name says otherwise) was observed.
class Histogram {
public:
    void observe(double value, LabelValues labels = {});
    struct Impl;
    explicit Histogram(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

private:
    std::shared_ptr<Impl> m_impl;
};

/// The metrics of one node. Names, labels and buckets are Fabric's where the meaning is the same
/// (fact sheet A §8.1). Asking for a name again gives the same metric. Thread-safe.
class Metrics {
public:
    Metrics();
    ~Metrics();

    Counter counter(std::string name, std::string help, std::vector<std::string> labels = {});
    Gauge gauge(std::string name, std::string help, std::vector<std::string> labels = {});
    /// Without `buckets`: Prometheus' defaults.
    Histogram histogram(std::string name, std::string help, std::vector<std::string> labels = {},
                        std::vector<double> buckets = {});

    /// Prometheus' text format, metrics sorted by name.
    std::string text() const;

    using Describe = std::function<MetricLine()>;
    using Visit = std::function<void(std::uint64_t key, double value, const Describe& describe)>;
    /// Calls `visit` for each line that there is, with a key that stays the same while the registry
    /// lives. `describe` is for within the call. `visit` must not come back to the registry.
    void forEach(const Visit& visit) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
