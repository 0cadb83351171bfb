#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "src/interfaces/Host.h"
#include "src/interfaces/Node.h"

namespace chancery::test {

/// A node that says what it was told to say. Thread-safe.
class FakeNode : public interfaces::Node {
public:
    FakeNode();

    void setStatus(interfaces::NodeStatus status);
    void setChannels(std::vector<interfaces::NodeChannel> channels);
    void setAbilities(interfaces::NodeAbilities abilities);
    void setSettings(std::vector<interfaces::NodeSetting> settings);
    /// Every call fails with it; OK: answers again.
    void fail(Status problem);
    /// Calls wait for their deadline, as those to a host that is unplugged; false frees them.
    void setSilent(bool silent);
    int asked() const { return m_asked; }
    /// Waits until that many questions for the status have begun.
    bool waitAsked(int count) const;

    Result<interfaces::NodeAbilities> abilities(Deadline deadline) override;
    Result<interfaces::NodeStatus> status(Deadline deadline) override;
    Result<std::vector<interfaces::NodeChannel>> channels(Deadline deadline) override;
    Status join(BytesView block, Deadline deadline) override;
    Status leave(const ChannelId& channel, Deadline deadline) override;
    Result<std::vector<interfaces::NodeSetting>> settings(Deadline deadline) override;
    Result<std::string> logSpec(Deadline deadline) override;
    Status setLogSpec(const std::string& spec, Deadline deadline) override;
    Subscription watchMetrics(std::chrono::milliseconds every,
                              std::function<void(const interfaces::MetricsReading&)> reading,
                              std::function<void(const Status&)> lost) override;
    Subscription watchFlow(std::function<void(const interfaces::NodeFlowBatch&)> batch,
                           std::function<void(const Status&)> lost) override;

private:
    Status answer(Deadline deadline);
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    interfaces::NodeStatus m_status;
    std::vector<interfaces::NodeChannel> m_channels;
    interfaces::NodeAbilities m_abilities;
    std::vector<interfaces::NodeSetting> m_settings;
    std::string m_logSpec = "info";
    Status m_problem;
    bool m_silent = false;
    std::atomic<int> m_asked{0};
};

}  // namespace chancery::test
