#include "src/cli/CaListCommands.h"

#include "src/base/Encoding.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/identity/Certificate.h"

namespace chancery::cli {
namespace {

using interfaces::CaAttribute;
using interfaces::CaIdentity;

const char* const kExampleCa = "--ca network/nodes/ca.org1.example.com --as registrar";
const char* const kExamplePassphrase = " --passphrase-fd 3 3<passphrase";

/// Those that the CA sets itself say nothing new.
bool isFixed(const CaAttribute& attribute) {
    return attribute.name == "hf.EnrollmentID" || attribute.name == "hf.Type" ||
           attribute.name == "hf.Affiliation";
}

std::string enrolmentsOf(const CaIdentity& identity) {
    if (!identity.maxEnrollments) return {};
    return *identity.maxEnrollments < 0 ? "any number" : std::to_string(*identity.maxEnrollments);
}

Json toJson(const CaIdentity& identity) {
    Json attributes = Json::array();
    for (const CaAttribute& one : identity.attributes)
        attributes.push_back({{"name", bytesToJson(one.name)},
                              {"value", bytesToJson(one.value)},
                              {"in_certificate", one.inCertificate}});
    return {{"id", bytesToJson(identity.id)},
            {"type", bytesToJson(identity.type)},
            {"affiliation", bytesToJson(identity.affiliation)},
            {"max_enrollments", identity.maxEnrollments ? Json(*identity.maxEnrollments) : Json()},
            {"attributes", std::move(attributes)}};
}

Json toJson(const interfaces::Affiliation& affiliation) {
    Json below = Json::array();
    for (const auto& one : affiliation.below) below.push_back(toJson(one));
    return {{"name", bytesToJson(affiliation.name)}, {"affiliations", std::move(below)}};
}

TreeNode treeOf(const interfaces::Affiliation& affiliation) {
    TreeNode node{.text = affiliation.name.empty() ? quiet("all") : Text(affiliation.name),
                  .children = {}};
    for (const auto& one : affiliation.below) node.children.push_back(treeOf(one));
    return node;
}

/// A moment, or the beginning of a day in UTC.
Result<absl::Time> momentOf(const std::string& text) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) ||
        absl::ParseTime("%Y-%m-%d", text, absl::UTCTimeZone(), &time, &error))
        return time;
    return makeError(StatusCode::kInvalidArgument, "BAD_TIME",
                     fmt::format("'{}' is neither a date such as 2027-01-31 nor a time such as "
                                 "2027-01-31T12:00:00Z",
                                 text));
}

}  // namespace

Help CaIdentitiesCommand::help() const {
    return {.summary = "List who is registered at a certificate authority",
            .about = {"What a registrar may see: those of its own affiliation and below, of the "
                      "types that it may register. Secrets are not shown; the CA has only their "
                      "hashes."},
            .examples = {
                {.what = "All of them",
                 .arguments = std::string("ca identities ") + kExampleCa + kExamplePassphrase,
                 .needsNetwork = true},
                {.what = "One, with its attributes",
                 .arguments = std::string("ca identities admin ") + kExampleCa + kExamplePassphrase,
                 .needsNetwork = true}}};
}

void CaIdentitiesCommand::declare(CommandLine& line) {
    line.value({.names = "ID", .help = "Only this one, in detail"}, m_id);
    m_access.declare(line);
}

ExitCode CaIdentitiesCommand::run(Session& session) {
    if (const Status status = m_access.open(); !status.ok()) return session.fail(status);
    const auto registry = m_access.registry();
    if (!registry.ok()) return session.fail(registry.status());
    if (m_id) {
        const auto identity = (*registry)->identity(*m_id, m_access.deadline());
        if (!identity.ok()) return session.fail(identity.status());
        if (session.wantsJson()) {
            session.print(toJson(*identity));
            return ExitCode::Ok;
        }
        session.out().line(strong(identity->id));
        std::vector<Printer::Field> fields = {
            {"Type", Text(identity->type)},
            {"Affiliation", Text(identity->affiliation)},
            {"Enrolments allowed", Text(enrolmentsOf(*identity))}};
        for (const CaAttribute& one : identity->attributes)
            if (!isFixed(one))
                fields.emplace_back(
                    one.name,
                    Text(one.value) + (one.inCertificate ? quiet("  in certificates") : Text()));
        session.out().fields(fields, 2);
        return ExitCode::Ok;
    }
    const auto identities = (*registry)->identities(m_access.deadline());
    if (!identities.ok()) return session.fail(identities.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const CaIdentity& identity : *identities) array.push_back(toJson(identity));
        session.print(array);
        return ExitCode::Ok;
    }
    Table table({{"Name", Align::Left, Fit::CutEnd},
                 {"Type", Align::Left, Fit::CutEnd},
                 {"Affiliation", Align::Left, Fit::CutEnd},
                 {"Enrolments allowed"},
                 {"Attributes", Align::Left, Fit::Wrap}});
    for (const CaIdentity& identity : *identities) {
        std::vector<std::string> names;
        for (const CaAttribute& one : identity.attributes)
            if (!isFixed(one)) names.push_back(one.name);
        table.row({identity.id, identity.type, identity.affiliation, enrolmentsOf(identity),
                   list(names)});
    }
    session.out().table(table);
    return ExitCode::Ok;
}

Help CaCertificatesCommand::help() const {
    return {.summary = "List the certificates that a certificate authority has issued",
            .about = {"Those of identities that the registrar may see, the revoked and the ended "
                      "ones included unless --living is given."},
            .examples = {{.what = "All that still count",
                          .arguments = std::string("ca certificates --living ") + kExampleCa +
                                       kExamplePassphrase,
                          .needsNetwork = true},
                         {.what = "What ends before 2028",
                          .arguments = std::string("ca certificates --ends-before 2028-01-01 ") +
                                       kExampleCa + kExamplePassphrase,
                          .needsNetwork = true}}};
}

void CaCertificatesCommand::declare(CommandLine& line) {
    line.value({.names = "--id", .help = "Only those of this identity", .value = "ID"}, m_id);
    line.value({.names = "--ends-before",
                .help = "Only those that end before this date or time (UTC)",
                .value = "TIME"},
               m_before);
    line.flag("--living", "Neither revoked nor ended", m_living);
    line.flag("--pem", "With -o json: the certificates themselves as well", m_withPem);
    m_access.declare(line);
}

ExitCode CaCertificatesCommand::run(Session& session) {
    interfaces::CertificateQuery query;
    query.id = m_id;
    const absl::Time now = session.clock().now();
    if (m_before) {
        const auto until = momentOf(*m_before);
        if (!until.ok()) return session.fail(until.status(), ExitCode::Usage);
        query.expiresUntil = *until;
        // Together with a time the CA takes no "not ended".
        if (m_living) query.expiresFrom = now;
    }
    query.notRevoked = m_living;
    query.notExpired = m_living && !m_before;
    if (const Status status = m_access.open(); !status.ok()) return session.fail(status);
    const auto authority = m_access.authority();
    if (!authority.ok()) return session.fail(authority.status());
    Json array = Json::array();
    Table table({{"Name", Align::Left, Fit::CutEnd},
                 {"Units", Align::Left, Fit::CutEnd},
                 {"Ends (UTC)"},
                 {"Serial number", Align::Left, Fit::Id, 12}});
    const Status listed =
        (*authority)
            ->certificates(
                query,
                [&](BytesView pem) -> Status {
                    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(pem));
                    if (session.wantsJson()) {
                        Json json{{"common_name", bytesToJson(certificate.commonName())},
                                  {"units", certificate.organizationalUnits()},
                                  {"serial", certificate.serialHex()},
                                  {"aki", toHex(certificate.authorityKeyId())},
                                  {"not_before", rfc3339(certificate.notBefore())},
                                  {"not_after", rfc3339(certificate.notAfter())},
                                  {"cert_sha256", certificate.fingerprint()}};
                        if (m_withPem) json["pem"] = certificate.toPem();
                        array.push_back(std::move(json));
                        return absl::OkStatus();
                    }
                    const absl::Time end = certificate.notAfter();
                    table.row({certificate.commonName(), list(certificate.organizationalUnits()),
                               end < now ? bad("ended " + utc(end)) : Text(utc(end)),
                               certificate.serialHex()});
                    return absl::OkStatus();
                },
                m_access.deadline());
    if (!listed.ok()) return session.fail(listed);
    if (session.wantsJson())
        session.print(array);
    else if (table.rows() == 0)
        session.out().line("There are no such certificates.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help CaAffiliationsCommand::help() const {
    const std::string access = std::string(" ") + kExampleCa + kExamplePassphrase;
    return {.summary = "Show and change the affiliations that a certificate authority knows",
            .about = {"Affiliations are departments with dots between, org1.sales; their parts "
                      "become organisational units of certificates. Without an option all are "
                      "shown."},
            .examples = {{.what = "A new one, with what is above it",
                          .arguments = "ca affiliations --add org1.sales --force" + access,
                          .needsNetwork = true}}};
}

void CaAffiliationsCommand::declare(CommandLine& line) {
    line.value({.names = "--add", .help = "A new affiliation", .value = "NAME"}, m_add);
    line.value({.names = "--remove", .help = "An affiliation and those below", .value = "NAME"},
               m_remove);
    line.value(
        {.names = "--rename", .help = "An affiliation that gets a new name", .value = "NAME"},
        m_rename);
    line.value({.names = "--to", .help = "With --rename: the new name", .value = "NAME"}, m_to);
    line.flag("--force",
              "Add those above as well; rename or remove even if identities belong to it", m_force);
    m_access.declare(line);
}

Result<interfaces::Affiliation> CaAffiliationsCommand::work() {
    using Kind = interfaces::AffiliationChange::Kind;
    RETURN_IF_ERROR(m_access.open());
    ASSIGN_OR_RETURN(const auto registry, m_access.registry());
    if (!m_add && !m_remove && !m_rename) return registry->affiliations({}, m_access.deadline());
    interfaces::AffiliationChange change;
    change.force = m_force;
    change.kind = m_add ? Kind::Add : m_remove ? Kind::Remove : Kind::Rename;
    change.name = m_add ? *m_add : m_remove ? *m_remove : *m_rename;
    change.newName = m_to.value_or("");
    return registry->changeAffiliation(change, m_access.deadline());
}

ExitCode CaAffiliationsCommand::run(Session& session) {
    const int changes =
        int(m_add.has_value()) + int(m_remove.has_value()) + int(m_rename.has_value());
    if (changes > 1) return session.usage("One of --add, --remove and --rename at a time.");
    if (m_rename.has_value() != m_to.has_value())
        return session.usage("--rename and --to belong together.");
    const auto result = work();
    if (!result.ok()) return session.fail(result.status());
    if (session.wantsJson()) {
        session.print(toJson(*result));
        return ExitCode::Ok;
    }
    if (m_add) session.out().line(good("✓ ") + Text(*m_add + " is there."));
    if (m_remove) session.out().line(good("✓ ") + Text(*m_remove + " is removed."));
    if (m_rename) session.out().line(good("✓ ") + Text(*m_rename + " is " + *m_to + " now."));
    if (changes == 0) session.out().tree(treeOf(*result));
    if (changes > 0 && !result->identities.empty())
        session.out().line(Text(counted(result->identities.size(), "member") + " touched"), 2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
