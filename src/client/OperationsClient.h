#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/http/Client.h"
#include "src/interfaces/Node.h"

namespace chancery::client {

/// The operations service of a node (fact sheet A §8). Thread-safe; blocks.
class OperationsClient {
public:
    /// Errors of http::Client::make. Without `caller` nobody but health and version answers.
    static Result<std::unique_ptr<OperationsClient>> make(
        const interfaces::NodeAddress& node, const std::optional<interfaces::TlsIdentity>& caller);

    /// One row for each check that failed, or one without a problem.
    Result<std::vector<interfaces::NodeHealth>> health(Deadline deadline);
    Result<std::string> version(Deadline deadline);
    Result<std::vector<interfaces::MetricSample>> metrics(Deadline deadline);
    Result<std::string> logSpec(Deadline deadline);
    /// INVALID_ARGUMENT (BAD_LOG_SPEC).
    Status setLogSpec(const std::string& spec, Deadline deadline);

private:
    explicit OperationsClient(std::unique_ptr<http::Client> client) : m_client(std::move(client)) {}

    const std::unique_ptr<http::Client> m_client;
};

}  // namespace chancery::client
