#include "src/rpc/Interceptors.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <fmt/format.h>
#include <chrono>

#include "src/base/Log.h"
#include "src/rpc/RunningCalls.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kRoom = "rpc";

void writeLine(std::string_view direction, std::string_view peer, const char* method,
               const grpc::Status& status, SteadyClock::time_point began) {
    if (!log::isOn(log::Level::Debug)) return;
    const Status ours = fromGrpc(status);
    const auto took = std::chrono::duration<double, std::milli>(SteadyClock::now() - began);
    log::debug(kRoom,
               fmt::format("{} {} {}: {} {} in {:.1f} ms", direction, peer, method,
                           absl::StatusCodeToString(ours.code()), reasonOf(ours), took.count()));
}

bool hasDeadline(const grpc::ClientContext& context) {
    return context.deadline() != std::chrono::system_clock::time_point::max();
}

/// Answers in the server's place: nothing is sent.
class ClientInterceptor final : public grpc::experimental::Interceptor {
public:
    explicit ClientInterceptor(grpc::experimental::ClientRpcInfo* info)
        : m_info(info), m_began(SteadyClock::now()) {}

    void Intercept(InterceptorBatchMethods* methods) override {
        const auto at = [&](InterceptionHookPoints point) {
            return methods->QueryInterceptionHookPoint(point);
        };
        if (at(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA))
            m_refused = m_info->type() == grpc::experimental::ClientRpcInfo::Type::UNARY &&
                        !hasDeadline(*m_info->client_context());
        if (m_refused) {
            if (at(InterceptionHookPoints::PRE_RECV_STATUS)) *methods->GetRecvStatus() = refusal();
            if (at(InterceptionHookPoints::PRE_RECV_MESSAGE)) methods->FailHijackedRecvMessage();
            if (at(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
                methods->Hijack();
                return;
            }
        } else if (at(InterceptionHookPoints::POST_RECV_STATUS)) {
            writeLine("called", m_info->client_context()->peer(), m_info->method(),
                      *methods->GetRecvStatus(), m_began);
        }
        methods->Proceed();
    }

private:
    grpc::Status refusal() const {
        return toGrpc(makeError(StatusCode::kInvalidArgument, "DEADLINE_REQUIRED",
                                fmt::format("the call of {} has no deadline", m_info->method()),
                                {{"method", m_info->method()}}));
    }

    grpc::experimental::ClientRpcInfo* m_info;
    SteadyClock::time_point m_began;
    bool m_refused = false;
};

class ServerInterceptor final : public grpc::experimental::Interceptor {
public:
    ServerInterceptor(grpc::experimental::ServerRpcInfo* info,
                      std::shared_ptr<RunningCalls> running)
        : m_info(info),
          m_isStream(info->type() != grpc::experimental::ServerRpcInfo::Type::UNARY),
          m_running(std::move(running)),
          m_began(SteadyClock::now()) {
        m_running->began(m_isStream);
    }
    ~ServerInterceptor() override { m_running->ended(m_isStream); }
    ServerInterceptor(const ServerInterceptor&) = delete;
    ServerInterceptor& operator=(const ServerInterceptor&) = delete;

    void Intercept(InterceptorBatchMethods* methods) override {
        if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS))
            writeLine("answered", m_info->server_context()->peer(), m_info->method(),
                      methods->GetSendStatus(), m_began);
        methods->Proceed();
    }

private:
    grpc::experimental::ServerRpcInfo* m_info;
    const bool m_isStream;
    const std::shared_ptr<RunningCalls> m_running;
    SteadyClock::time_point m_began;
};

class ClientFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
public:
    grpc::experimental::Interceptor* CreateClientInterceptor(
        grpc::experimental::ClientRpcInfo* info) override {
        return new ClientInterceptor(info);
    }
};

class ServerFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
public:
    explicit ServerFactory(std::shared_ptr<RunningCalls> running) : m_running(std::move(running)) {}
    grpc::experimental::Interceptor* CreateServerInterceptor(
        grpc::experimental::ServerRpcInfo* info) override {
        return new ServerInterceptor(info, m_running);
    }

private:
    const std::shared_ptr<RunningCalls> m_running;
};

}  // namespace

std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
clientInterceptors() {
    std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
    factories.push_back(std::make_unique<ClientFactory>());
    return factories;
}

std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
serverInterceptors(std::shared_ptr<RunningCalls> running) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
    factories.push_back(std::make_unique<ServerFactory>(std::move(running)));
    return factories;
}

}  // namespace chancery::rpc
