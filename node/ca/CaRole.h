#pragma once

#include <memory>

#include "node/ca/CaOptions.h"
#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "src/base/Clock.h"

namespace chancery::node {

/// The certificate authorities of one process, with Fabric CA's REST interface over HTTPS.
class CaRole : public Role {
public:
    /// Opens the CAs; nothing is served yet. Without a TLS certificate in the options the first CA
    /// issues one for `serverHosts`, kept in `folder`. `metrics` and `clock` outlive this. Errors
    /// of CertificateAuthority::open; INVALID_ARGUMENT: NO_CA, CA_NAME_TWICE,
    /// CA_KEY_TWICE.
    static Result<std::unique_ptr<CaRole>> open(CaServerOptions options, Metrics& metrics,
                                                const std::filesystem::path& folder,
                                                const std::vector<std::string>& serverHosts,
                                                const Clock& clock = Clock::system());
    ~CaRole() override;

    /// What the server shows, for other interfaces of the same process.
    const http::ServerTls& tls() const;

    std::string_view name() const override { return "ca"; }
    Status start() override;
    void stop(Deadline deadline) override;
    std::vector<std::string> endpoints() const override;
    std::vector<HealthCheck> healthChecks() const override;

private:
    struct Impl;
    explicit CaRole(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
