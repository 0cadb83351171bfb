#pragma once

#include <QTemporaryDir>
#include <future>
#include <memory>

#include "src/rpc/ByteCalls.h"
#include "src/rpc/Channel.h"

namespace chancery::node::test {

/// gRPC 1.51 ends its queue of callbacks with the last channel or server that uses it, and has
/// aborted when the next one began at that moment: in tests where one peer comes after the other,
/// while a node keeps one server all its life. So does this channel. Null when it cannot be made.
inline std::shared_ptr<grpc::Channel> keptCallbackQueue() {
    const QTemporaryDir nobody;
    auto channel =
        rpc::makeChannel({.socketPath = nobody.filePath("socket").toStdString()}, std::nullopt);
    if (!channel.ok()) return nullptr;
    auto ended = std::make_shared<std::promise<bool>>();
    const auto call = rpc::UnaryByteCall::start(
        *channel, "/nobody/Nothing", {}, deadlineIn(std::chrono::minutes(1)),
        [ended](const Result<Bytes>& answer) { ended->set_value(answer.ok()); });
    ended->get_future().wait();
    return *std::move(channel);
}

}  // namespace chancery::node::test
