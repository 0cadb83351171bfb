#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/runtime/NodeConfig.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A whole node: its role and the operations service beside it.
class Node {
public:
    /// Serves when it returns. The error says which step failed.
    static Result<std::unique_ptr<Node>> start(const NodeConfig& config);
    ~Node();

    /// "grpc", "admin", "operations" … and where they listen.
    std::vector<std::pair<std::string, std::string>> endpoints() const;
    /// Lets what runs end until the deadline.
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit Node(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
