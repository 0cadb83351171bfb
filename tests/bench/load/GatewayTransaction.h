#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/identity/SigningIdentity.h"
#include "tests/bench/load/LoadPlan.h"
#include "tests/bench/load/Outcome.h"

namespace grpc {
class Channel;
}

namespace chancery::load {

/// One transaction on its way through a gateway, step by step on gRPC's threads. Keeps itself alive
/// until it has ended.
class GatewayTransaction : public std::enable_shared_from_this<GatewayTransaction> {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Call {
        std::shared_ptr<grpc::Channel> gateway;
        identity::SigningIdentityPtr identity;
        std::vector<Bytes> arguments;
        Time due;  ///< what the total time counts from
        bool measured = false;
    };

    /// `ended` is called once, on a thread of gRPC, or before this returns when nothing could be
    /// sent. The plan must outlive it.
    static void start(const LoadPlan& plan, Call call, std::function<void(const Outcome&)> ended);

private:
    GatewayTransaction(const LoadPlan& plan, Call call, std::function<void(const Outcome&)> ended);

    void propose();
    void endorsed(const Bytes& response);
    void submitted();
    void committed(const Bytes& response);
    void send(Stage stage, const char* method, BytesView request,
              std::function<void(const Bytes&)> next);
    void finish(Status status, Stage stage);

    const LoadPlan& m_plan;
    const Call m_call;
    const Deadline m_deadline;
    const std::function<void(const Outcome&)> m_ended;
    TxId m_txId;
    Time m_stageBegan;
    Outcome m_outcome;
};

}  // namespace chancery::load
