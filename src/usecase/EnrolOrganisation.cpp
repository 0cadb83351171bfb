#include "src/usecase/EnrolOrganisation.h"

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "src/identity/Issue.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/EnrolIdentity.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/MemberFiles.h"

namespace chancery::usecase {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kAtOnce = 8;  // calls to one CA

struct Member {
    std::string name;  ///< "peer0.org1.example.com", "Admin@org1.example.com"
    std::string type;  ///< becomes its organisational unit
    Path folder;
    std::vector<std::string> hosts;  ///< of nodes
    bool isNode = false;
};

std::vector<Member> membersOf(const OrganisationFolders& at) {
    const OrganisationPlan& plan = at.plan();
    std::vector<Member> members;
    for (const std::string& node : plan.nodes) {
        Member member{.name = at.nodeName(node),
                      .type = plan.kind == OrganisationPlan::Kind::Peers ? "peer" : "orderer",
                      .folder = at.node(node),
                      .hosts = {at.nodeName(node), node},
                      .isNode = true};
        member.hosts.insert(member.hosts.end(), plan.hosts.begin(), plan.hosts.end());
        members.push_back(std::move(member));
    }
    std::vector<std::string> users = plan.users;
    users.insert(users.begin(), "Admin");
    for (const std::string& user : users)
        members.push_back({.name = at.userName(user),
                           .type = user == "Admin" ? "admin" : "client",
                           .folder = at.user(user),
                           .hosts = {},
                           .isNode = false});
    return members;
}

/// A certificate and its key, on the way into a file.
struct Made {
    std::string certificatePem;
    std::string chainPem;
    crypto::PrivateKey key;
};

/// What one CA gives to all members, in their order.
struct Answers {
    std::string chainPem;
    std::vector<Made> members;
};

/// Registers and enrols at one CA.
class Enroller {
public:
    Enroller(interfaces::CaConnector& connector, const interfaces::CaAddress& ca,
             const crypto::Suite& suite, std::string profile, Deadline deadline)
        : m_connector(connector),
          m_ca(ca),
          m_suite(suite),
          m_profile(std::move(profile)),
          m_deadline(deadline) {}

    Result<Answers> run(const OrganisationCas& cas, const std::vector<Member>& members) {
        ASSIGN_OR_RETURN(const auto anyone, m_connector.authority(m_ca, {}));
        ASSIGN_OR_RETURN(const Made registrar,
                         enrol(*anyone, {.name = cas.registrar}, cas.secret, ""));
        ASSIGN_OR_RETURN(auto identity, identity::makeSigningIdentity(
                                            MspId(m_ca.caName), registrar.certificatePem,
                                            std::make_shared<crypto::PrivateKey>(registrar.key)));
        ASSIGN_OR_RETURN(const auto registry,
                         m_connector.registry(m_ca, callerOf(std::move(identity))));
        std::vector<Result<Made>> made(members.size(), absl::UnknownError("not asked"));
        {
            // What waits for the CA's disk at the same time waits once.
            std::atomic<std::size_t> next{0};
            std::vector<std::jthread> workers;
            for (std::size_t i = 0; i < std::min(members.size(), kAtOnce); ++i)
                workers.emplace_back([&] {
                    for (std::size_t at; (at = next++) < members.size();)
                        made[at] = enrolNew(*anyone, *registry, members[at]);
                });
        }
        Answers answers{.chainPem = registrar.chainPem, .members = {}};
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!made[i].ok()) return withContext(made[i].status(), members[i].name);
            answers.members.push_back(*std::move(made[i]));
        }
        return answers;
    }

private:
    Result<Made> enrolNew(interfaces::CertificateAuthority& ca,
                          interfaces::IdentityRegistry& registry, const Member& member) {
        interfaces::CaIdentity identity;
        identity.id = member.name;
        identity.type = member.type;
        identity.maxEnrollments = 1;
        ASSIGN_OR_RETURN(std::string secret, registry.registerIdentity(identity, {}, m_deadline));
        auto made = enrol(ca, member, secret, m_profile);
        crypto::wipe(secret);
        return made;
    }

    Result<Made> enrol(interfaces::CertificateAuthority& ca, const Member& member,
                       const std::string& secret, const std::string& profile) {
        ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::generate(m_suite.key));
        identity::SubjectName subject;
        subject.commonName = member.name;
        const auto hosts = profile.empty() ? std::vector<std::string>() : member.hosts;
        ASSIGN_OR_RETURN(const auto request, identity::makeCertificateRequest(subject, hosts, key));
        ASSIGN_OR_RETURN(
            auto enrolment,
            ca.enrol({.requestPem = request.toPem(), .profile = profile, .hosts = hosts},
                     member.name, secret, m_deadline));
        return Made{std::move(enrolment.certificatePem), std::move(enrolment.ca.chainPem),
                    std::move(key)};
    }

    interfaces::CaConnector& m_connector;
    const interfaces::CaAddress& m_ca;
    const crypto::Suite& m_suite;
    const std::string m_profile;
    const Deadline m_deadline;
};

Status write(const OrganisationFolders& at, const std::vector<Member>& members,
             const Answers& identities, const Answers& tls) {
    RETURN_IF_ERROR(writeFresh(at.caCertificate(), identities.chainPem));
    RETURN_IF_ERROR(writeFresh(at.tlsRoot(), tls.chainPem));
    MemberCertificates shown{
        .certificatePem = {}, .caChainPem = identities.chainPem, .tlsChainPem = tls.chainPem};
    RETURN_IF_ERROR(writeMspFolder(at.msp(), {}, shown, nullptr));
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Member& member = members[i];
        shown.certificatePem = identities.members[i].certificatePem;
        RETURN_IF_ERROR(
            writeMspFolder(member.folder / "msp", member.name, shown, &identities.members[i].key));
        RETURN_IF_ERROR(writeTlsFolder(member.folder / "tls", member.isNode ? "server" : "client",
                                       tls.members[i].certificatePem, tls.chainPem,
                                       tls.members[i].key));
    }
    return absl::OkStatus();
}

}  // namespace

Status EnrolOrganisation::run(const OrganisationFolders& at, const OrganisationCas& cas) {
    const std::vector<Member> members = membersOf(at);
    Result<Answers> identities = absl::UnknownError("not asked");
    Result<Answers> tls = absl::UnknownError("not asked");
    {
        // The two know nothing of each other.
        const std::jthread other([&] {
            tls = Enroller(m_connector, cas.tls, crypto::ecdsaP256(), "tls", m_deadline)
                      .run(cas, members);
        });
        identities =
            Enroller(m_connector, cas.identities, *cas.suite, "", m_deadline).run(cas, members);
    }
    if (!identities.ok()) return withContext(identities.status(), cas.identities.caName);
    if (!tls.ok()) return withContext(tls.status(), cas.tls.caName);
    return write(at, members, *identities, *tls);
}

}  // namespace chancery::usecase
