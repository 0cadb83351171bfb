#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/base/Ids.h"

namespace chancery::usecase {

/// An organisation whose members are to be made.
struct OrganisationPlan {
    enum class Kind { Peers, Orderers };
    Kind kind = Kind::Peers;
    std::string name;                ///< "Org1"; of its group in channel configurations
    std::string domain;              ///< "org1.example.com"
    MspId mspId;                     ///< "Org1MSP"
    std::vector<std::string> nodes;  ///< "peer0"; full names end with the domain
    std::vector<std::string> users;  ///< "User1"; "Admin" is always made
    /// Names and addresses at which the nodes are reached, besides their own names.
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
};

/// Where an organisation's files are, in the layout of Fabric's cryptogen.
class OrganisationFolders {
public:
    OrganisationFolders(const std::filesystem::path& root, OrganisationPlan plan);

    const OrganisationPlan& plan() const { return m_plan; }
    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path msp() const { return m_folder / "msp"; }
    /// "ca.org1.example.com" for identities, "tlsca.org1.example.com" for TLS.
    std::string caName() const { return "ca." + m_plan.domain; }
    std::string tlsCaName() const { return "tlsca." + m_plan.domain; }
    /// Certificates of the two.
    std::filesystem::path caCertificate() const;
    std::filesystem::path tlsRoot() const;
    /// "peer0" → folder with msp/ and tls/{server.crt,server.key,ca.crt}.
    std::filesystem::path node(const std::string& name) const;
    std::string nodeName(const std::string& name) const { return name + "." + m_plan.domain; }
    /// "Admin" → folder with msp/ and tls/{client.crt,client.key,ca.crt}.
    std::filesystem::path user(const std::string& name) const;
    std::string userName(const std::string& name) const { return name + "@" + m_plan.domain; }

private:
    OrganisationPlan m_plan;
    std::filesystem::path m_folder;
};

}  // namespace chancery::usecase
