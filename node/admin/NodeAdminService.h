#pragma once

#include <memory>

#include "node/admin/AdminTicker.h"
#include "node/admin/NodeAdmin.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// The calls of chancery.admin.v1.NodeAdmin over what a node gives. Both must outlive it.
class NodeAdminService {
public:
    NodeAdminService(const AdminSubject& subject, AdminTicker& ticker);
    ~NodeAdminService();

    grpc::Service* grpcService();

private:
    class Calls;
    std::unique_ptr<Calls> m_calls;
};

}  // namespace chancery::node
