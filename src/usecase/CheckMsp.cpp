#include "src/usecase/CheckMsp.h"

#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/base/File.h"
#include "src/identity/Certificate.h"
#include "src/identity/Crl.h"
#include "src/identity/Msp.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Envelope.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

using Outcome = MspCheck::Outcome;

constexpr absl::Duration kSoon = absl::Hours(30 * 24);

std::string day(absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

std::string nameOf(const identity::Certificate& certificate) {
    return certificate.commonName().empty() ? certificate.subject() : certificate.commonName();
}

class Checker {
public:
    Checker(const CheckMspRequest& request, MspReport& report)
        : m_request(request), m_report(report) {}

    void parts(const ::msp::FabricMSPConfig& config) {
        for (const std::string& pem : config.root_certs()) authority("Root certificate", pem);
        for (const std::string& pem : config.intermediate_certs())
            authority("Intermediate certificate", pem);
        for (const std::string& pem : config.tls_root_certs())
            authority("TLS root certificate", pem);
        for (const std::string& pem : config.tls_intermediate_certs())
            authority("TLS intermediate certificate", pem);
        if (config.tls_root_certs().empty())
            add(Outcome::Warning, "TLS root certificates",
                "there are none, so nobody can check this organisation's nodes on TLS");
        for (const std::string& bytes : config.revocation_list()) revocationList(bytes);
        for (const std::string& pem : config.admins()) administrator(pem);
        roles(config);
    }

    void setUp(const Status& status) {
        if (status.ok())
            add(Outcome::Passed, "Set-up as a node does it", "a node accepts this MSP");
        else
            add(status, "Set-up as a node does it");
    }

    /// The folder's own identity, where it is one of a node or a user.
    void signer(const identity::Msp* msp) {
        std::error_code ignored;
        if (!std::filesystem::exists(m_request.folder / "signcerts", ignored)) return;
        const auto signer = identity::loadSigningIdentity(m_request.folder, m_request.mspId);
        if (!signer.ok()) {
            add(signer.status(), "Own identity (signcerts, keystore)");
            return;
        }
        const identity::Certificate& certificate = (*signer)->certificate();
        const std::string what = "Own identity " + nameOf(certificate);
        if (m_request.now > certificate.notAfter())
            add(Outcome::Failed, what,
                fmt::format("its certificate expired on {}; a node does not start with it",
                            day(certificate.notAfter())),
                "CERTIFICATE_EXPIRED");
        else
            add(certificate.notAfter() - m_request.now < kSoon ? Outcome::Warning : Outcome::Passed,
                what,
                fmt::format("its key is in the keystore and belongs to the certificate, which is "
                            "valid until {}",
                            day(certificate.notAfter())));
        if (msp != nullptr)
            m_report.members.push_back(judge(*msp, (*signer)->serialized(), nameOf(certificate),
                                             m_request.folder / "signcerts"));
    }

    void others(const identity::Msp& msp) {
        for (const auto& file : m_request.identities) {
            MspMember member{.file = file, .name = file.filename().string()};
            const auto pem = readFile(file, 1U << 20);
            if (!pem.ok()) {
                member.why = messageOf(pem.status());
                m_report.members.push_back(std::move(member));
                continue;
            }
            if (const auto certificate = identity::Certificate::fromPem(*pem); certificate.ok())
                member.name = nameOf(*certificate);
            const protocol::SerializedIdentity serialized{.mspId = m_request.mspId.str(),
                                                          .idBytes = *pem};
            m_report.members.push_back(
                judge(msp, protocol::encodeSerializedIdentity(serialized), member.name, file));
        }
    }

private:
    void add(Outcome outcome, std::string what, std::string detail, std::string reason = {}) {
        m_report.checks.push_back({outcome, std::move(what), std::move(detail), std::move(reason)});
    }

    void add(const Status& failure, std::string what) {
        add(Outcome::Failed, std::move(what), std::string(messageOf(failure)), reasonOf(failure));
    }

    void authority(std::string_view kind, BytesView pem) {
        const auto certificate = identity::Certificate::fromPem(pem);
        if (!certificate.ok()) {
            add(certificate.status(), std::string(kind));
            return;
        }
        const std::string what = fmt::format("{} {}", kind, nameOf(*certificate));
        if (!certificate->isCa())
            add(Outcome::Failed, what,
                "it is not the certificate of an authority (CA is not true in it)", "NOT_A_CA");
        else if (certificate->subjectKeyId().empty())
            add(Outcome::Failed, what,
                "it has no subject key identifier, which Fabric needs to find the issuer of others",
                "CA_WITHOUT_SUBJECT_KEY_ID");
        else if (m_request.now > certificate->notAfter())
            add(Outcome::Warning, what,
                fmt::format("it expired on {}: what it issued before stays valid in the ledger, "
                            "but it can issue nothing new",
                            day(certificate->notAfter())));
        else
            add(certificate->notAfter() - m_request.now < kSoon ? Outcome::Warning
                                                                : Outcome::Passed,
                what, fmt::format("an authority, valid until {}", day(certificate->notAfter())));
    }

    void revocationList(BytesView bytes) {
        const auto list = identity::RevocationList::fromBytes(bytes);
        if (!list.ok()) {
            add(list.status(), "Revocation list");
            return;
        }
        const std::string what = "Revocation list of " + list->issuer();
        const std::string revoked = fmt::format("{} certificate{} revoked", list->entries().size(),
                                                list->entries().size() == 1 ? "" : "s");
        if (!list->authorityKeyId())
            add(Outcome::Failed, what,
                "it does not say whose list it is (no authority key identifier): Fabric then "
                "refuses every identity of the MSP",
                "CRL_WITHOUT_AUTHORITY_KEY_ID");
        else if (list->nextUpdate() && *list->nextUpdate() < m_request.now)
            add(Outcome::Warning, what,
                fmt::format("{}; a newer one was due on {} (Fabric goes on using this one)",
                            revoked, day(*list->nextUpdate())));
        else
            add(Outcome::Passed, what, revoked);
    }

    void administrator(BytesView pem) {
        const auto certificate = identity::Certificate::fromPem(pem);
        if (!certificate.ok())
            add(certificate.status(), "Listed administrator");
        else
            add(Outcome::Passed, "Listed administrator " + nameOf(*certificate), "can be read");
    }

    void roles(const ::msp::FabricMSPConfig& config) {
        auto& rules = m_report.roleRules;
        const auto& units = config.fabric_node_ous();
        const bool enabled = config.has_fabric_node_ous() && units.enable();
        add(enabled ? Outcome::Passed : Outcome::Warning, "Roles by organizational unit (NodeOUs)",
            enabled ? "in use"
                    : "not in use: only members and the listed administrators can be told apart");
        if (!enabled) {
            rules.push_back("Every valid certificate of the organisation is a member.");
            rules.push_back(fmt::format("Administrators are exactly the {} listed in admincerts.",
                                        config.admins_size()));
            rules.push_back(
                "Nobody is a client, peer or orderer, so policies that ask for these roles cannot "
                "be met.");
            return;
        }
        const auto rule = [&](const char* role, bool has, const ::msp::FabricOUIdentifier& unit) {
            if (!has || unit.organizational_unit_identifier().empty()) return;
            std::string issuer;
            if (const auto certificate = identity::Certificate::fromPem(unit.certificate());
                certificate.ok())
                issuer = fmt::format(" and issued by {}", nameOf(*certificate));
            rules.push_back(fmt::format("A certificate with the unit \"{}\"{} is {}.",
                                        unit.organizational_unit_identifier(), issuer, role));
        };
        rule("a client", units.has_client_ou_identifier(), units.client_ou_identifier());
        rule("a peer", units.has_peer_ou_identifier(), units.peer_ou_identifier());
        rule("an administrator", units.has_admin_ou_identifier(), units.admin_ou_identifier());
        rule("an orderer", units.has_orderer_ou_identifier(), units.orderer_ou_identifier());
        rules.push_back(
            "A certificate with none of these units, or with more than one, is refused.");
        if (config.admins_size() > 0)
            rules.push_back(fmt::format("The {} listed in admincerts are administrators as well.",
                                        config.admins_size()));
    }

    MspMember judge(const identity::Msp& msp, BytesView serialized, const std::string& name,
                    const std::filesystem::path& file) const {
        MspMember member{.file = file, .name = name};
        const auto identity = msp.deserialize(serialized);
        const Status status = identity.ok() ? msp.validate(**identity) : identity.status();
        member.valid = status.ok();
        if (!status.ok()) {
            member.why = messageOf(status);
            return member;
        }
        for (const auto& [role, roleName] : {std::pair{::common::MSPRole::MEMBER, "member"},
                                             std::pair{::common::MSPRole::CLIENT, "client"},
                                             std::pair{::common::MSPRole::PEER, "peer"},
                                             std::pair{::common::MSPRole::ADMIN, "admin"},
                                             std::pair{::common::MSPRole::ORDERER, "orderer"}}) {
            ::common::MSPRole asked;
            asked.set_msp_identifier(m_request.mspId.str());
            asked.set_role(role);
            ::common::MSPPrincipal principal;
            principal.set_principal_classification(::common::MSPPrincipal::ROLE);
            principal.set_principal(wire::serialize(asked));
            if (msp.satisfies(**identity, principal).ok()) member.roles.emplace_back(roleName);
        }
        return member;
    }

    const CheckMspRequest& m_request;
    MspReport& m_report;
};

}  // namespace

bool MspReport::good() const {
    return std::none_of(checks.begin(), checks.end(),
                        [](const MspCheck& check) { return check.outcome == Outcome::Failed; }) &&
           std::all_of(members.begin(), members.end(),
                       [](const MspMember& member) { return member.valid; });
}

Result<MspReport> CheckMsp::run(const CheckMspRequest& request) const {
    std::error_code error;
    if (!std::filesystem::is_directory(request.folder, error))
        return makeError(StatusCode::kNotFound, "NO_SUCH_FOLDER",
                         fmt::format("there is no folder {}", request.folder.string()),
                         {{"path", request.folder.string()}});
    MspReport report{.mspId = request.mspId};
    Checker checker(request, report);
    const auto config = identity::readMspFolder(request.folder, request.mspId);
    if (!config.ok()) {
        report.checks.push_back({Outcome::Failed, "Folder", std::string(messageOf(config.status())),
                                 reasonOf(config.status())});
        return report;
    }
    report.checks.push_back({Outcome::Passed, "Folder", "has the parts of an MSP", {}});
    if (const auto content = wire::parse<::msp::FabricMSPConfig>(config->config(), "config");
        content.ok())
        checker.parts(*content);
    const auto msp = identity::Msp::fromConfig(
        *config, request.channelV3 ? identity::MspVersion::V3_0 : identity::MspVersion::V1_4_3);
    checker.setUp(msp.status());
    checker.signer(msp.ok() ? msp->get() : nullptr);
    if (msp.ok()) checker.others(**msp);
    return report;
}

}  // namespace chancery::usecase
