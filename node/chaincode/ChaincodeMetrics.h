#pragma once

#include <chrono>
#include <memory>
#include <string_view>

namespace chancery::node {

/// What happens to contracts, counted under Fabric's names (fact sheet A §8.1). Thread-safe.
class ChaincodeMetrics {
public:
    virtual ~ChaincodeMetrics() = default;
    virtual void requestReceived(std::string_view type, std::string_view channel,
                                 std::string_view packageId) = 0;
    virtual void requestCompleted(std::string_view type, std::string_view channel,
                                  std::string_view packageId, bool success,
                                  std::chrono::nanoseconds duration) = 0;
    virtual void executeTimeout(std::string_view packageId) = 0;
    virtual void launched(std::string_view packageId, bool success, bool timedOut,
                          std::chrono::nanoseconds duration) = 0;
};

class Metrics;
/// In the node's registry, which must outlive it; null without one.
std::shared_ptr<ChaincodeMetrics> makeChaincodeMetrics(Metrics* metrics);

}  // namespace chancery::node
