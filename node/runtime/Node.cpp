#include "node/runtime/Node.h"

#include "node/admin/NodeAdmin.h"
#include "node/operations/Operations.h"
#include "node/runtime/Parts.h"

namespace chancery::node {
namespace {

Result<std::unique_ptr<Role>> makeRole(const NodeConfig& config, NodeParts& parts) {
    switch (config.kind) {
        case NodeKind::Orderer:
            return makeOrderer(config, parts);
        case NodeKind::Ca:
            return makeCa(config, parts);
        case NodeKind::Peer:
            break;
    }
    return makePeer(config, parts);
}

}  // namespace

struct Node::Impl {
    NodeKind kind = NodeKind::Peer;
    std::unique_ptr<NodeParts> parts;
    std::unique_ptr<Role> role;
    std::unique_ptr<Operations> operations;
    std::filesystem::path adminSocket;
    std::unique_ptr<NodeAdmin> admin;

    std::vector<std::pair<std::string, std::string>> endpoints() const;
    Status startAdmin(const NodeConfig& config);
};

Status Node::Impl::startAdmin(const NodeConfig& config) {
    adminSocket = config.adminSocket;
    AdminSubject subject;
    subject.kind = std::string(nameOf(config.kind));
    subject.version = CHANCERY_VERSION;
    subject.mspId = config.mspId;
    subject.checks = role->healthChecks();
    subject.channels = role->channelAdmin();
    const auto all = endpoints();
    subject.endpoints = [all] { return std::map(all.begin(), all.end()); };
    subject.settings = config.settings;
    subject.metrics = &parts->metrics;
    if (config.kind != NodeKind::Ca) subject.flow = &parts->flow;
    ASSIGN_OR_RETURN(admin, NodeAdmin::start(std::move(subject), adminSocket));
    return absl::OkStatus();
}

Node::Node(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Node::~Node() = default;

Result<std::unique_ptr<Node>> Node::start(const NodeConfig& config) {
    auto impl = std::make_unique<Impl>();
    impl->kind = config.kind;
    ASSIGN_OR_RETURN(impl->parts, loadParts(config));
    ASSIGN_OR_RETURN(impl->role, makeRole(config, *impl->parts));
    RETURN_IF_ERROR(impl->role->start());
    if (config.operations) {
        OperationsOptions options;
        ASSIGN_OR_RETURN(options.server, httpOptions(*config.operations, *impl->parts,
                                                     http::ClientCertificates::Optional));
        options.version = std::string("v") + CHANCERY_VERSION;
        ASSIGN_OR_RETURN(impl->operations,
                         Operations::start(std::move(options), impl->parts->metrics,
                                           impl->role->healthChecks()));
    }
    if (!config.adminSocket.empty()) RETURN_IF_ERROR(impl->startAdmin(config));
    return std::unique_ptr<Node>(new Node(std::move(impl)));
}

std::vector<std::pair<std::string, std::string>> Node::Impl::endpoints() const {
    const char* names[] = {"grpc", "chaincode"};
    if (kind == NodeKind::Orderer) names[1] = "admin";
    if (kind == NodeKind::Ca) names[0] = "https";
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& endpoint : role->endpoints())
        if (all.size() < std::size(names)) all.emplace_back(names[all.size()], endpoint);
    if (operations) all.emplace_back("operations", operations->endpoint());
    return all;
}

std::vector<std::pair<std::string, std::string>> Node::endpoints() const {
    auto all = m_impl->endpoints();
    if (m_impl->admin) all.emplace_back("adminSocket", m_impl->adminSocket.string());
    return all;
}

void Node::stop(Deadline deadline) {
    if (m_impl->admin) m_impl->admin->stop(deadline);
    m_impl->role->stop(deadline);
    if (m_impl->operations) m_impl->operations->stop(deadline);
}

}  // namespace chancery::node
