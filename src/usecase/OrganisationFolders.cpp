#include "src/usecase/OrganisationFolders.h"

namespace chancery::usecase {

using Path = std::filesystem::path;

OrganisationFolders::OrganisationFolders(const Path& root, OrganisationPlan plan)
    : m_plan(std::move(plan)),
      m_folder(root /
               (m_plan.kind == OrganisationPlan::Kind::Peers ? "peerOrganizations"
                                                             : "ordererOrganizations") /
               m_plan.domain) {}

Path OrganisationFolders::caCertificate() const {
    return m_folder / "ca" / (caName() + "-cert.pem");
}

Path OrganisationFolders::tlsRoot() const {
    return m_folder / "tlsca" / (tlsCaName() + "-cert.pem");
}

Path OrganisationFolders::node(const std::string& name) const {
    return m_folder / (m_plan.kind == OrganisationPlan::Kind::Peers ? "peers" : "orderers") /
           nodeName(name);
}

Path OrganisationFolders::user(const std::string& name) const {
    return m_folder / "users" / userName(name);
}

}  // namespace chancery::usecase
