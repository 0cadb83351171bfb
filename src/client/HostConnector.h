#pragma once

#include <map>
#include <mutex>
#include <string>

#include "src/interfaces/Host.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// Agents over gRPC: by their socket on this machine, or by TLS with both sides pinned. Errors of
/// `host` besides those of the interface: those of rpc::makeChannel.
class HostConnector final : public interfaces::HostConnector {
public:
    ~HostConnector() override;

    Result<std::shared_ptr<interfaces::Host>> host(const interfaces::HostAddress& address,
                                                   const interfaces::TlsIdentity& us) override;
    Result<interfaces::HostAddress> pair(const std::string& endpoint, const std::string& code,
                                         const interfaces::TlsIdentity& us,
                                         Deadline deadline) override;

private:
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<grpc::Channel>> m_channels;
};

}  // namespace chancery::client
