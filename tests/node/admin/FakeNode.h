#pragma once

#include <QTemporaryDir>
#include <algorithm>

#include "node/admin/NodeAdmin.h"
#include "src/client/BuiltinNode.h"

namespace chancery::node::test {

/// Channels that exist only in memory.
class FakeChannels final : public ChannelAdmin {
public:
    std::vector<ChannelId> ids() const override {
        std::vector<ChannelId> ids;
        for (const auto& [id, channel] : all) ids.push_back(id);
        return ids;
    }
    Result<AdminChannel> describe(const ChannelId& channel) override {
        const auto found = all.find(channel);
        if (found == all.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL", "there is none");
        return found->second;
    }
    Result<Joined> join(BytesView block) override {
        if (waits) waits();
        if (block.empty())
            return makeError(StatusCode::kInvalidArgument, "BAD_JOIN_BLOCK", "it is empty");
        const ChannelId id{Bytes(block)};
        const bool already = !all.emplace(id, AdminChannel{.channel = id}).second;
        return Joined{id, already};
    }
    Result<bool> leave(const ChannelId& channel) override { return all.erase(channel) == 1; }

    std::map<ChannelId, AdminChannel> all;
    std::function<void()> waits;
};

/// The admin API of a node that is not there.
struct FakeNode {
    Metrics metrics;
    FlowEvents flow;
    FakeChannels channels;
    Status health;
    std::unique_ptr<NodeAdmin> admin;

    AdminSubject subject(const std::string& kind = "peer") {
        AdminSubject subject;
        subject.kind = kind;
        subject.version = "1.2.3";
        subject.mspId = MspId("Org1MSP");
        subject.checks = {{"channels", [this] { return health; }},
                          {"clock", [] { return absl::OkStatus(); }}};
        subject.channels = kind == "ca" ? nullptr : &channels;
        subject.endpoints = [] {
            return std::map<std::string, std::string>{{"grpc", "127.0.0.1:7051"}};
        };
        subject.settings = {{"log.spec", "info", "info", true, "how much is said"},
                            {"secret", std::string(kMasked), "", false, ""}};
        subject.metrics = &metrics;
        subject.flow = kind == "ca" ? nullptr : &flow;
        return subject;
    }
    Status start(const std::string& kind = "peer", const std::filesystem::path& socket = {}) {
        auto started = NodeAdmin::start(subject(kind), socket);
        if (started.ok()) admin = *std::move(started);
        return started.status();
    }
    /// As somebody whom the agent has let through.
    std::shared_ptr<interfaces::Node> as(const std::string& role) {
        return client::makeBuiltinNode(
            admin->inProcessChannel(), {{"chancery-role", role}, {"chancery-caller", "test"}},
            {std::chrono::milliseconds(1), std::chrono::milliseconds(10)});
    }
};

}  // namespace chancery::node::test
