#include "node/admin/NodeAdmin.h"

#include <fmt/format.h>

#include "node/admin/AdminTicker.h"
#include "node/admin/NodeAdminService.h"
#include "src/rpc/Server.h"

namespace chancery::node {

/// Members end in the reverse order.
struct NodeAdmin::Impl {
    explicit Impl(AdminSubject given) : subject(std::move(given)) {}

    AdminSubject subject;
    AdminTicker ticker;
    std::unique_ptr<NodeAdminService> service;
    std::unique_ptr<rpc::Server> server;
};

NodeAdmin::NodeAdmin(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

NodeAdmin::~NodeAdmin() {
    stop(Deadline());
}

Result<std::unique_ptr<NodeAdmin>> NodeAdmin::start(AdminSubject subject,
                                                    const std::filesystem::path& socket) {
    namespace fs = std::filesystem;
    auto impl = std::make_unique<Impl>(std::move(subject));
    impl->service = std::make_unique<NodeAdminService>(impl->subject, impl->ticker);
    rpc::ServerOptions options;
    if (!socket.empty()) {
        std::error_code code;
        const fs::path folder = socket.parent_path();
        if (!fs::exists(folder, code)) {
            fs::create_directories(folder, code);
            if (!code) fs::permissions(folder, fs::perms::owner_all, code);
        }
        if (code)
            return makeError(StatusCode::kUnavailable, "CANNOT_LISTEN",
                             fmt::format("{}: {}", folder.string(), code.message()));
        options.listeners.push_back({.endpoint = {.host = {}, .port = 0, .socketPath = socket}});
    }
    ASSIGN_OR_RETURN(impl->server,
                     rpc::Server::start(std::move(options), {impl->service->grpcService()}));
    if (!socket.empty()) {
        std::error_code code;
        fs::permissions(socket, fs::perms::owner_read | fs::perms::owner_write, code);
        if (code)
            return makeError(StatusCode::kUnavailable, "CANNOT_LISTEN",
                             fmt::format("{}: {}", socket.string(), code.message()));
    }
    return std::unique_ptr<NodeAdmin>(new NodeAdmin(std::move(impl)));
}

std::shared_ptr<grpc::Channel> NodeAdmin::inProcessChannel() {
    return m_impl->server->inProcessChannel();
}

void NodeAdmin::stop(Deadline deadline) {
    if (!m_impl->server) return;
    m_impl->ticker.close();
    m_impl->server->stop(deadline);
}

}  // namespace chancery::node
