#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/http/Server.h"

namespace chancery::node {

struct OperationsOptions {
    http::ServerOptions server;
    std::string version;    ///< of this program, "v0.1.0"
    std::string commitSha;  ///< that it was built from; may be empty
    std::chrono::milliseconds healthTimeout{30'000};
};

/// The operations service of a node, as Fabric's (fact sheet A §8): /healthz, /logspec, /metrics
/// and /version. Everybody may ask for health and version; logspec and metrics want a certificate
/// that leads to the client roots.
class Operations {
public:
    /// `metrics` and `clock` must outlive this. Errors of http::Server::start.
    static Result<std::unique_ptr<Operations>> start(OperationsOptions options, Metrics& metrics,
                                                     std::vector<HealthCheck> checks,
                                                     const Clock& clock = Clock::system());
    /// Stops at once.
    ~Operations();

    std::string endpoint() const;
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit Operations(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
