#include "src/client/HostNodesClient.h"

#include <grpcpp/channel.h>

#include <algorithm>

#include "chancery/agent/v1/nodes_service.grpc.pb.h"
#include "src/client/HostMessages.h"
#include "src/client/Watch.h"
#include "src/rpc/Call.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::NodePlan;
using interfaces::NodeRef;
using interfaces::NodeState;
using NodesStub = v1::HostNodes::Stub;

/// Of one message of a plan, far below what a message may have.
constexpr std::size_t kPieceBytes = 1 << 20;

v1::NodePlan headOf(const NodePlan& plan) {
    v1::NodePlan head;
    setRef(plan.ref, *head.mutable_ref());
    head.set_kind(plan.kind);
    head.set_engine(plan.engine);
    head.set_version(plan.version);
    head.mutable_endpoints()->insert(plan.endpoints.begin(), plan.endpoints.end());
    head.mutable_labels()->insert(plan.labels.begin(), plan.labels.end());
    head.set_starts_with_agent(plan.startsWithAgent);
    return head;
}

/// Sends a plan and its files in messages of some size. False: the agent takes no more.
class PlanSender {
public:
    PlanSender(grpc::ClientWriter<v1::ApplyRequest>& writer, const NodePlan& plan)
        : m_writer(writer) {
        *m_message.mutable_plan() = headOf(plan);
    }
    bool send(const interfaces::PlannedFile& file) {
        BytesView rest = file.content;
        bool isFirst = true;
        while (isFirst || !rest.empty()) {
            auto& piece = *m_message.add_pieces();
            if (isFirst) piece.set_path(file.path);
            piece.set_secret(file.secret);
            const std::size_t taken = std::min(rest.size(), kPieceBytes - m_bytes);
            piece.set_content(std::string(rest.substr(0, taken)));
            rest.remove_prefix(taken);
            m_bytes += taken + 64;
            isFirst = false;
            if (m_bytes >= kPieceBytes - 64 && !flush()) return false;
        }
        return true;
    }
    bool flush() {
        const bool isTaken = m_writer.Write(m_message);
        m_message.Clear();
        m_bytes = 0;
        return isTaken;
    }

private:
    grpc::ClientWriter<v1::ApplyRequest>& m_writer;
    v1::ApplyRequest m_message;
    std::size_t m_bytes = 0;
};

template <class Messages>
std::vector<NodeState> statesOf(const Messages& messages) {
    std::vector<NodeState> states;
    for (const auto& message : messages) states.push_back(stateOf(message));
    return states;
}

template <class Request>
Request requestFor(const std::vector<NodeRef>& nodes) {
    Request request;
    for (const NodeRef& node : nodes) setRef(node, *request.add_nodes());
    return request;
}

class HostNodesClient final : public interfaces::HostNodes {
public:
    explicit HostNodesClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(v1::HostNodes::NewStub(std::move(channel))) {}

    Result<std::vector<NodeState>> list(const std::string& network, Deadline deadline) override {
        std::vector<NodeState> all;
        v1::ListRequest request;
        request.set_network(network);
        do {
            ASSIGN_OR_RETURN(const auto page,
                             rpc::call(*m_stub, &NodesStub::List, request, deadline));
            for (auto& state : statesOf(page.nodes())) all.push_back(std::move(state));
            request.set_page(page.next_page());
        } while (!request.page().empty());
        return all;
    }

    Result<bool> apply(const NodePlan& plan, Deadline deadline) override {
        rpc::CallContext context(deadline);
        v1::ApplyResponse response;
        const auto writer = m_stub->Apply(&context.grpc(), &response);
        PlanSender sender(*writer, plan);
        bool isTaken = true;
        for (const auto& file : plan.files) isTaken = isTaken && sender.send(file);
        if (isTaken) sender.flush();
        writer->WritesDone();
        RETURN_IF_ERROR(context.status(writer->Finish()));
        return response.changed();
    }

    Result<std::vector<NodeState>> start(const std::vector<NodeRef>& nodes, Deadline deadline,
                                         std::stop_token stop) override {
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &NodesStub::Start, requestFor<v1::StartRequest>(nodes),
                                   deadline, std::move(stop)));
        return statesOf(response.nodes());
    }
    Status stop(const std::vector<NodeRef>& nodes, Deadline deadline) override {
        return rpc::call(*m_stub, &NodesStub::Stop, requestFor<v1::StopRequest>(nodes), deadline)
            .status();
    }
    Result<std::vector<NodeState>> restart(const std::vector<NodeRef>& nodes,
                                           Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &NodesStub::Restart,
                                   requestFor<v1::RestartRequest>(nodes), deadline));
        return statesOf(response.nodes());
    }
    Status remove(const std::vector<NodeRef>& nodes, Deadline deadline) override {
        return rpc::call(*m_stub, &NodesStub::Remove, requestFor<v1::RemoveRequest>(nodes),
                         deadline)
            .status();
    }

    Result<NodeState> upgrade(const NodeRef& node, const std::string& version,
                              Deadline deadline) override {
        v1::UpgradeRequest request;
        setRef(node, *request.mutable_node());
        request.set_version(version);
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &NodesStub::Upgrade, request, deadline));
        return stateOf(response.node());
    }
    Result<NodeState> rollBack(const NodeRef& node, Deadline deadline) override {
        v1::RollBackRequest request;
        setRef(node, *request.mutable_node());
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &NodesStub::RollBack, request, deadline));
        return stateOf(response.node());
    }

    Subscription watch(std::function<void(const NodeState&)> changed) override {
        const auto attempt = [stub = m_stub, changed = std::move(changed)](std::stop_token stop,
                                                                           const Alive& alive) {
            rpc::CallContext context(Deadline::max(), std::move(stop));
            const auto reader = stub->Watch(&context.grpc(), v1::WatchRequest());
            v1::WatchResponse response;
            while (reader->Read(&response)) {
                alive();
                for (const auto& node : response.nodes()) changed(stateOf(node));
                for (const auto& removed : response.removed()) {
                    NodeState gone;
                    gone.ref = refOf(removed);
                    changed(gone);
                }
            }
            return context.status(reader->Finish());
        };
        return client::watch(attempt, [](const Status&) {});
    }

private:
    const std::shared_ptr<NodesStub> m_stub;
};

}  // namespace

std::unique_ptr<interfaces::HostNodes> makeHostNodesClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_unique<HostNodesClient>(std::move(channel));
}

}  // namespace chancery::client
