#include "src/usecase/CreateCryptoMaterial.h"

#include <fmt/format.h>

#include "src/crypto/Key.h"
#include "src/identity/Issue.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

using Path = std::filesystem::path;

Result<crypto::PrivateKey> newKey() {
    return crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
}

/// A certificate authority that lives as long as its organisation is being made.
struct Authority {
    crypto::PrivateKey key;
    identity::Certificate certificate;
    std::string fileName;  ///< "ca.org1.example.com-cert.pem"
    Bytes pem;
};

Result<Authority> makeAuthority(const OrganisationFolders& at, const std::string& kind,
                                absl::Time now) {
    identity::SubjectName subject;
    subject.organization = at.plan().domain;
    subject.commonName = kind + "." + at.plan().domain;
    ASSIGN_OR_RETURN(auto key, newKey());
    ASSIGN_OR_RETURN(auto certificate,
                     identity::issueSelfSigned(identity::cryptogenCa(subject, now), key));
    Authority made{.key = key,
                   .certificate = certificate,
                   .fileName = subject.commonName + "-cert.pem",
                   .pem = certificate.toPem()};
    RETURN_IF_ERROR(writeFresh(at.folder() / kind / made.fileName, made.pem));
    RETURN_IF_ERROR(writeFresh(at.folder() / kind / "priv_sk", key.toPem()));
    return made;
}

/// Who is what by the organisational unit in its certificate.
std::string nodeOus(const Authority& authority) {
    std::string text = "NodeOUs:\n  Enable: true\n";
    for (const auto& [name, unit] : {std::pair{"Client", "client"}, std::pair{"Peer", "peer"},
                                     std::pair{"Admin", "admin"}, std::pair{"Orderer", "orderer"}})
        text += fmt::format(
            "  {}OUIdentifier:\n    Certificate: cacerts/{}\n"
            "    OrganizationalUnitIdentifier: {}\n",
            name, authority.fileName, unit);
    return text;
}

/// Makes one organisation.
class Maker {
public:
    Maker(OrganisationFolders at, absl::Time now) : m_at(std::move(at)), m_now(now) {}

    Result<OrganisationFolders> run() {
        ASSIGN_OR_RETURN(const Authority ca, makeAuthority(m_at, "ca", m_now));
        ASSIGN_OR_RETURN(const Authority tlsCa, makeAuthority(m_at, "tlsca", m_now));
        m_ca = &ca;
        m_tlsCa = &tlsCa;
        RETURN_IF_ERROR(writeMsp(m_at.msp()));
        const bool peers = m_at.plan().kind == OrganisationPlan::Kind::Peers;
        for (const std::string& node : m_at.plan().nodes) {
            const std::string name = m_at.nodeName(node);
            RETURN_IF_ERROR(
                writeIdentity(m_at.node(node) / "msp", name, peers ? "peer" : "orderer"));
            std::vector<std::string> hosts{name, node};
            hosts.insert(hosts.end(), m_at.plan().hosts.begin(), m_at.plan().hosts.end());
            RETURN_IF_ERROR(writeTls(m_at.node(node) / "tls", name, hosts, "server"));
        }
        std::vector<std::string> users = m_at.plan().users;
        users.insert(users.begin(), "Admin");
        for (const std::string& user : users) {
            const std::string name = m_at.userName(user);
            RETURN_IF_ERROR(
                writeIdentity(m_at.user(user) / "msp", name, user == "Admin" ? "admin" : "client"));
            RETURN_IF_ERROR(writeTls(m_at.user(user) / "tls", name, {}, "client"));
        }
        return m_at;
    }

private:
    Status writeMsp(const Path& folder) const {
        RETURN_IF_ERROR(writeFresh(folder / "cacerts" / m_ca->fileName, m_ca->pem));
        RETURN_IF_ERROR(writeFresh(folder / "tlscacerts" / m_tlsCa->fileName, m_tlsCa->pem));
        return writeFresh(folder / "config.yaml", nodeOus(*m_ca));
    }

    Status writeIdentity(const Path& msp, const std::string& name, const std::string& unit) const {
        identity::SubjectName subject;
        subject.organizationalUnits = {unit};
        subject.commonName = name;
        ASSIGN_OR_RETURN(const auto key, newKey());
        ASSIGN_OR_RETURN(const auto certificate,
                         identity::issueCertificate(identity::cryptogenIdentity(subject, m_now),
                                                    key.publicKey(), m_ca->certificate, m_ca->key));
        RETURN_IF_ERROR(writeMsp(msp));
        RETURN_IF_ERROR(writeFresh(msp / "signcerts" / (name + "-cert.pem"), certificate.toPem()));
        return writeFresh(msp / "keystore" / "priv_sk", key.toPem());
    }

    Status writeTls(const Path& folder, const std::string& name,
                    const std::vector<std::string>& hosts, const std::string& as) const {
        identity::SubjectName subject;
        subject.commonName = name;
        ASSIGN_OR_RETURN(const auto key, newKey());
        ASSIGN_OR_RETURN(
            const auto certificate,
            identity::issueCertificate(identity::cryptogenTls(subject, hosts, m_now),
                                       key.publicKey(), m_tlsCa->certificate, m_tlsCa->key));
        RETURN_IF_ERROR(writeFresh(folder / (as + ".crt"), certificate.toPem()));
        RETURN_IF_ERROR(writeFresh(folder / (as + ".key"), key.toPem()));
        return writeFresh(folder / "ca.crt", m_tlsCa->pem);
    }

    const OrganisationFolders m_at;
    const absl::Time m_now;
    const Authority* m_ca = nullptr;
    const Authority* m_tlsCa = nullptr;
};

}  // namespace

OrganisationFolders::OrganisationFolders(const Path& root, OrganisationPlan plan)
    : m_plan(std::move(plan)),
      m_folder(root /
               (m_plan.kind == OrganisationPlan::Kind::Peers ? "peerOrganizations"
                                                             : "ordererOrganizations") /
               m_plan.domain) {}

Path OrganisationFolders::tlsRoot() const {
    return m_folder / "tlsca" / ("tlsca." + m_plan.domain + "-cert.pem");
}

Path OrganisationFolders::node(const std::string& name) const {
    return m_folder / (m_plan.kind == OrganisationPlan::Kind::Peers ? "peers" : "orderers") /
           nodeName(name);
}

Path OrganisationFolders::user(const std::string& name) const {
    return m_folder / "users" / userName(name);
}

Result<std::vector<OrganisationFolders>> CreateCryptoMaterial::run(
    const CryptoMaterialRequest& request) const {
    std::vector<OrganisationFolders> made;
    for (const OrganisationPlan& plan : request.organisations) {
        ASSIGN_OR_RETURN(auto folders,
                         Maker(OrganisationFolders(request.folder, plan), request.now).run());
        made.push_back(std::move(folders));
    }
    return made;
}

}  // namespace chancery::usecase
