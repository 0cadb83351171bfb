#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/ca/CertificateAuthority.h"
#include "node/role/Metrics.h"
#include "src/http/Message.h"

namespace chancery::node {

/// Fabric CA's REST interface over one or several CAs. Thread-safe.
class CaService {
public:
    /// The first CA answers requests that name none. `metrics` outlives this.
    CaService(std::vector<CertificateAuthority*> cas, std::string version, Metrics& metrics);
    ~CaService();

    /// Answers everything; refusals are logged with who asked for what and why not.
    http::Response answer(const http::Request& request);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
