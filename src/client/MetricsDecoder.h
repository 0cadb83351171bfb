#pragma once

// For the sources of this folder: metrics of one connection from what has changed.
#include <unordered_map>

#include "src/interfaces/Node.h"

namespace chancery::admin::v1 {
class MetricsReading;
}

namespace chancery::client {

class MetricsDecoder {
public:
    /// DATA_LOSS (UNEXPECTED_ANSWER): values of series that were not told, too many of them.
    Status apply(const ::chancery::admin::v1::MetricsReading& message);
    /// All samples as of the last message.
    const interfaces::MetricsReading& reading() const { return m_reading; }

private:
    interfaces::MetricsReading m_reading;
    std::unordered_map<std::uint32_t, std::size_t> m_places;  ///< id → index of the sample
};

}  // namespace chancery::client
