#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/usecase/EnrolIdentity.h"

namespace chancery::usecase {

struct EnrolNodeRequest {
    interfaces::CaAddress identities;
    std::optional<interfaces::CaAddress> tls;  ///< nothing: the same CA
    std::string id;
    std::string secret;
    std::optional<std::filesystem::path> mspFolder;  ///< with its key, see writeMspFolder
    std::optional<std::filesystem::path> tlsFolder;  ///< server.crt, server.key and ca.crt
    std::vector<std::string> hosts;                  ///< in the certificate for TLS
    std::optional<std::vector<interfaces::CaAttributeWish>> attributes;
};

/// Enrols somebody who starts unattended: keys are made here and go into files.
class EnrolNode {
public:
    EnrolNode(interfaces::CaConnector& connector, Deadline deadline)
        : m_connector(connector), m_deadline(deadline) {}

    /// Errors of EnrolIdentity, writeMspFolder and writeTlsFolder.
    Status run(const EnrolNodeRequest& request);

private:
    Status writeIdentity(const EnrolNodeRequest& request);
    Status writeTls(const EnrolNodeRequest& request);

    interfaces::CaConnector& m_connector;
    const Deadline m_deadline;
};

}  // namespace chancery::usecase
