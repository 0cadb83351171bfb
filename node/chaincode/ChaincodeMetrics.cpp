#include "node/chaincode/ChaincodeMetrics.h"

#include "node/role/Metrics.h"

namespace chancery::node {
namespace {

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string_view textOf(bool value) {
    return value ? "true" : "false";
}

class Registered final : public ChaincodeMetrics {
public:
    explicit Registered(Metrics& metrics)
        : m_received(metrics.counter("chaincode_shim_requests_received",
                                     "The number of chaincode shim requests received.",
                                     {"type", "channel", "chaincode"})),
          m_completed(metrics.counter("chaincode_shim_requests_completed",
                                      "The number of chaincode shim requests completed.",
                                      {"type", "channel", "chaincode", "success"})),
          m_duration(metrics.histogram("chaincode_shim_request_duration",
                                       "The time to complete chaincode shim requests.",
                                       {"type", "channel", "chaincode", "success"})),
          m_executeTimeouts(
              metrics.counter("chaincode_execute_timeouts",
                              "The number of chaincode executions (Init or Invoke) that have timed "
                              "out.",
                              {"chaincode"})),
          m_launchFailures(metrics.counter("chaincode_launch_failures",
                                           "The number of chaincode launches that have failed.",
                                           {"chaincode"})),
          m_launchTimeouts(metrics.counter("chaincode_launch_timeouts",
                                           "The number of chaincode launches that have timed out.",
                                           {"chaincode"})),
          m_launchDuration(metrics.histogram("chaincode_launch_duration",
                                             "The time to launch a chaincode.",
                                             {"chaincode", "success"})) {}

    void requestReceived(std::string_view type, std::string_view channel,
                         std::string_view packageId) override {
        m_received.add(1, {type, channel, packageId});
    }
    void requestCompleted(std::string_view type, std::string_view channel,
                          std::string_view packageId, bool success,
                          std::chrono::nanoseconds duration) override {
        m_completed.add(1, {type, channel, packageId, textOf(success)});
        m_duration.observe(seconds(duration), {type, channel, packageId, textOf(success)});
    }
    void executeTimeout(std::string_view packageId) override {
        m_executeTimeouts.add(1, {packageId});
    }
    void launched(std::string_view packageId, bool success, bool timedOut,
                  std::chrono::nanoseconds duration) override {
        if (timedOut) {
            m_launchTimeouts.add(1, {packageId});
        } else if (!success) {
            m_launchFailures.add(1, {packageId});
        }
        m_launchDuration.observe(seconds(duration), {packageId, textOf(success)});
    }

private:
    Counter m_received, m_completed;
    Histogram m_duration;
    Counter m_executeTimeouts, m_launchFailures, m_launchTimeouts;
    Histogram m_launchDuration;
};

}  // namespace

std::shared_ptr<ChaincodeMetrics> makeChaincodeMetrics(Metrics* metrics) {
    if (metrics == nullptr) return nullptr;
    return std::make_shared<Registered>(*metrics);
}

}  // namespace chancery::node
