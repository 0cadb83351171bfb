#include "tests/support/FakeNode.h"

namespace chancery::test {

using interfaces::NodeAbility;

FakeNode::FakeNode() {
    m_abilities.can = {NodeAbility::Channels, NodeAbility::Join,    NodeAbility::Leave,
                       NodeAbility::Settings, NodeAbility::Metrics, NodeAbility::Flow,
                       NodeAbility::LogSpec,  NodeAbility::Health};
}

void FakeNode::setStatus(interfaces::NodeStatus status) {
    const std::lock_guard lock(m_mutex);
    m_status = std::move(status);
}

void FakeNode::setChannels(std::vector<interfaces::NodeChannel> channels) {
    const std::lock_guard lock(m_mutex);
    m_channels = std::move(channels);
}

void FakeNode::setAbilities(interfaces::NodeAbilities abilities) {
    const std::lock_guard lock(m_mutex);
    m_abilities = std::move(abilities);
}

void FakeNode::setSettings(std::vector<interfaces::NodeSetting> settings) {
    const std::lock_guard lock(m_mutex);
    m_settings = std::move(settings);
}

void FakeNode::fail(Status problem) {
    const std::lock_guard lock(m_mutex);
    m_problem = std::move(problem);
}

void FakeNode::setSilent(bool silent) {
    const std::lock_guard lock(m_mutex);
    m_silent = silent;
    m_changed.notify_all();
}

bool FakeNode::waitAsked(int count) const {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::seconds(30), [&] { return m_asked >= count; });
}

Status FakeNode::answer(Deadline deadline) {
    std::unique_lock lock(m_mutex);
    if (m_silent) {
        m_changed.wait_until(lock, deadline, [this] { return !m_silent; });
        if (m_silent)
            return makeError(StatusCode::kDeadlineExceeded, "NO_ANSWER", "did not answer in time");
    }
    return m_problem;
}

Result<interfaces::NodeAbilities> FakeNode::abilities(Deadline deadline) {
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    return m_abilities;
}

Result<interfaces::NodeStatus> FakeNode::status(Deadline deadline) {
    {
        const std::lock_guard lock(m_mutex);
        ++m_asked;
        m_changed.notify_all();
    }
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    return m_status;
}

Result<std::vector<interfaces::NodeChannel>> FakeNode::channels(Deadline deadline) {
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    return m_channels;
}

Status FakeNode::join(BytesView, Deadline deadline) {
    return answer(deadline);
}

Status FakeNode::leave(const ChannelId&, Deadline deadline) {
    return answer(deadline);
}

Result<std::vector<interfaces::NodeSetting>> FakeNode::settings(Deadline deadline) {
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    return m_settings;
}

Result<std::string> FakeNode::logSpec(Deadline deadline) {
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    return m_logSpec;
}

Status FakeNode::setLogSpec(const std::string& spec, Deadline deadline) {
    RETURN_IF_ERROR(answer(deadline));
    const std::lock_guard lock(m_mutex);
    m_logSpec = spec;
    return {};
}

Subscription FakeNode::watchMetrics(std::chrono::milliseconds,
                                    std::function<void(const interfaces::MetricsReading&)>,
                                    std::function<void(const Status&)>) {
    return {};
}

Subscription FakeNode::watchFlow(std::function<void(const interfaces::NodeFlowBatch&)>,
                                 std::function<void(const Status&)>) {
    return {};
}

}  // namespace chancery::test
