#include "node/admin/NodeAdminService.h"

#include <grpcpp/server_context.h>

#include "chancery/admin/v1/node_admin_service.grpc.pb.h"
#include "node/admin/AdminAnswers.h"
#include "node/admin/AdminStreamsService.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/base/TaskPool.h"
#include "src/rpc/AdminRights.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {
namespace {

constexpr std::string_view kService = "chancery.admin.v1.NodeAdmin/";
constexpr std::size_t kThreads = 2;
constexpr int kMostWaiting = 64;
constexpr std::size_t kMaxShown = 128;

std::string metadataOf(const grpc::CallbackServerContext& context, const char* name) {
    const auto& all = context.client_metadata();
    const auto found = all.find(name);
    // Somebody else's second one must not be taken for the agent's.
    if (found == all.end() || all.count(name) != 1) return {};
    return {found->second.data(), found->second.size()};
}

}  // namespace

class NodeAdminService::Calls final : public v1::NodeAdmin::CallbackService {
public:
    Calls(const AdminSubject& subject, AdminTicker& ticker)
        : m_subject(subject), m_answers(subject), m_ticker(ticker), m_pool("admin", kThreads) {}

    using Context = grpc::CallbackServerContext;
    using Unary = grpc::ServerUnaryReactor;

    Unary* GetAbilities(Context* context, const v1::AbilitiesRequest* request,
                        v1::Abilities* response) override {
        return answer(context, "GetAbilities", request, response, &AdminAnswers::abilities);
    }
    Unary* GetStatus(Context* context, const v1::StatusRequest* request,
                     v1::NodeStatus* response) override {
        return answer(context, "GetStatus", request, response, &AdminAnswers::status);
    }
    Unary* ListChannels(Context* context, const v1::ChannelsRequest* request,
                        v1::ChannelsResponse* response) override {
        return answer(context, "ListChannels", request, response, &AdminAnswers::channels);
    }
    Unary* JoinChannel(Context* context, const v1::JoinRequest* request,
                       v1::JoinResponse* response) override {
        return answer(context, "JoinChannel", request, response, &AdminAnswers::join);
    }
    Unary* LeaveChannel(Context* context, const v1::LeaveRequest* request,
                        v1::LeaveResponse* response) override {
        return answer(context, "LeaveChannel", request, response, &AdminAnswers::leave);
    }
    Unary* ListSettings(Context* context, const v1::SettingsRequest* request,
                        v1::SettingsResponse* response) override {
        return answer(context, "ListSettings", request, response, &AdminAnswers::settings);
    }
    Unary* GetLogSpec(Context* context, const v1::LogSpecRequest* request,
                      v1::LogSpecResponse* response) override {
        return answer(context, "GetLogSpec", request, response, &AdminAnswers::logSpec);
    }
    Unary* SetLogSpec(Context* context, const v1::SetLogSpecRequest* request,
                      v1::LogSpecResponse* response) override {
        return answer(context, "SetLogSpec", request, response, &AdminAnswers::setLogSpec);
    }
    grpc::ServerWriteReactor<v1::MetricsReading>* WatchMetrics(
        Context* context, const v1::WatchMetricsRequest* request) override {
        if (const Status admitted = admit(*context, "WatchMetrics"); !admitted.ok())
            return new RefusedStream<v1::MetricsReading>(rpc::toGrpc(admitted));
        return watchMetrics(*request, *m_subject.metrics, m_ticker);
    }
    grpc::ServerWriteReactor<v1::FlowBatch>* WatchFlow(
        Context* context, const v1::WatchFlowRequest* request) override {
        Status admitted = admit(*context, "WatchFlow");
        if (admitted.ok() && m_subject.flow == nullptr) admitted = m_answers.cannot("flow");
        if (!admitted.ok()) return new RefusedStream<v1::FlowBatch>(rpc::toGrpc(admitted));
        return watchFlow(*request, *m_subject.flow, m_ticker);
    }

private:
    Status admit(const Context& context, std::string_view call) const {
        const auto role = rpc::roleNamed(metadataOf(context, "chancery-role"));
        if (!role)
            return makeError(StatusCode::kUnauthenticated, "NO_ROLE",
                             "who calls must come through the host's agent, which says the role");
        return rpc::authorise(std::string(kService) + std::string(call), role);
    }

    template <class Request, class Response>
    Unary* answer(Context* context, std::string_view call, const Request* request,
                  Response* response,
                  Result<Response> (AdminAnswers::*method)(const Request&) const) {
        auto* const reactor = context->DefaultReactor();
        Status admitted = admit(*context, call);
        if (admitted.ok() && m_waiting.fetch_add(1) >= kMostWaiting) {
            --m_waiting;
            admitted = makeError(StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                                 "more calls are waiting than the node takes");
        }
        if (!admitted.ok()) {
            reactor->Finish(rpc::toGrpc(admitted));
            return reactor;
        }
        const std::string caller = printable(metadataOf(*context, "chancery-caller"), kMaxShown);
        m_pool.post([this, context, call, request, response, reactor, method, caller] {
            Status ended = makeError(StatusCode::kCancelled, "STOPPED", "the call was cancelled");
            if (!context->IsCancelled()) {  // also when its deadline has passed
                auto result = (m_answers.*method)(*request);
                ended = result.status();
                if (result.ok()) *response = *std::move(result);
                log::write(isChange(call) ? log::Level::Info : log::Level::Debug, "admin",
                           fmt::format("{} for {}: {}", call, caller.empty() ? "?" : caller,
                                       ended.ok() ? "OK" : reasonOf(ended)));
            }
            --m_waiting;
            reactor->Finish(rpc::toGrpc(ended));
        });
        return reactor;
    }

    static bool isChange(std::string_view call) {
        return call == "JoinChannel" || call == "LeaveChannel" || call == "SetLogSpec";
    }

    const AdminSubject& m_subject;
    const AdminAnswers m_answers;
    AdminTicker& m_ticker;
    std::atomic<int> m_waiting{0};
    TaskPool m_pool;  // last: its tasks use the rest
};

NodeAdminService::NodeAdminService(const AdminSubject& subject, AdminTicker& ticker)
    : m_calls(std::make_unique<Calls>(subject, ticker)) {}
NodeAdminService::~NodeAdminService() = default;

grpc::Service* NodeAdminService::grpcService() {
    return m_calls.get();
}

}  // namespace chancery::node
