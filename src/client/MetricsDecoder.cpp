#include "src/client/MetricsDecoder.h"

#include "chancery/admin/v1/node_admin.pb.h"

namespace chancery::client {
namespace {

constexpr std::size_t kMostSeries = 500'000;

Status badMetrics(std::string_view what) {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     fmt::format("the node's metrics are not understood: {}", what));
}

}  // namespace

Status MetricsDecoder::apply(const ::chancery::admin::v1::MetricsReading& message) {
    m_reading.when = absl::FromUnixNanos(message.when());
    for (const auto& series : message.series()) {
        if (m_places.size() >= kMostSeries) return badMetrics("there are too many");
        if (!m_places.emplace(series.id(), m_reading.samples.size()).second)
            return badMetrics("one is told twice");
        interfaces::MetricSample& sample = m_reading.samples.emplace_back();
        sample.name = series.name();
        sample.labels.insert(series.labels().begin(), series.labels().end());
    }
    if (message.ids_size() != message.values_size()) return badMetrics("values without a name");
    std::uint32_t id = 0;
    for (int i = 0; i < message.ids_size(); ++i) {
        id += message.ids(i);
        const auto place = m_places.find(id);
        if (place == m_places.end()) return badMetrics("a value of something unknown");
        m_reading.samples[place->second].value = message.values(i);
    }
    return absl::OkStatus();
}

}  // namespace chancery::client
