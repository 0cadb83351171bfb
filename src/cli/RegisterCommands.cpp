#include "src/cli/RegisterCommands.h"

#include "src/base/File.h"
#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

const char* const kAsRegistrar =
    " --ca network/nodes/ca.org1.example.com --as registrar --passphrase-fd 3 3<passphrase";

/// RFC 5280, 5.3.1, in Fabric CA's words.
const std::vector<std::string> kReasons = {
    "unspecified",        "keycompromise",      "cacompromise",
    "affiliationchanged", "superseded",         "cessationofoperation",
    "certificatehold",    "privilegewithdrawn", "aacompromise"};

}  // namespace

Help IdentityRegisterCommand::help() const {
    return {
        .summary = "Register somebody at a certificate authority and get the secret to enrol with",
        .about = {"The CA makes the secret, tells it once and keeps its hash only; hand it over "
                  "where nobody else reads along. It gives one certificate of each profile unless "
                  "--max-enrollments says otherwise.",
                  "The type becomes an organisational unit of the certificate, by which nodes know "
                  "roles: client, peer, orderer, admin."},
        .examples = {{.what = "A user whose certificates show an attribute",
                      .arguments = std::string("identity register clerk1 --attribute "
                                               "office=north:ecert") +
                                   kAsRegistrar,
                      .needsNetwork = true},
                     {.what = "A peer, with the secret in a file",
                      .arguments = std::string("identity register peer1.org1.example.com --type "
                                               "peer --secret-out peer1.secret") +
                                   kAsRegistrar,
                      .needsNetwork = true}}};
}

void IdentityRegisterCommand::declare(CommandLine& line) {
    line.value({.names = "ID", .help = "Name of the identity", .required = true}, m_id);
    line.value({.names = "--type",
                .help = "client, peer, orderer, admin or another; default: client",
                .value = "TYPE"},
               m_type);
    line.value({.names = "--affiliation",
                .help = "org1.sales; default: the registrar's own",
                .value = "NAME"},
               m_affiliation);
    line.values({.names = "--attribute",
                 .help = "NAME=VALUE, or NAME=VALUE:ecert to show it in certificates; may be given "
                         "several times",
                 .value = "ATTRIBUTE",
                 .whole = true},
                m_attributes);
    line.value({.names = "--max-enrollments",
                .help = "How many certificates the secret gives in all",
                .kind = ValueKind::Number,
                .value = "N"},
               m_enrolments);
    line.value({.names = "--secret-fd",
                .help = "Read a secret of your own from this descriptor; better let the CA make it",
                .kind = ValueKind::Number,
                .value = "N"},
               m_secret);
    line.value({.names = "--secret-out",
                .help = "Write the secret into a new file that you alone can read",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_secretOut);
    m_access.declare(line);
}

Result<interfaces::CaIdentity> IdentityRegisterCommand::identity() const {
    interfaces::CaIdentity identity;
    identity.id = m_id;
    identity.type = m_type;
    identity.affiliation = m_affiliation;
    if (m_enrolments) identity.maxEnrollments = static_cast<std::int64_t>(*m_enrolments);
    for (const std::string& text : m_attributes) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return makeError(StatusCode::kInvalidArgument, "USAGE",
                             "--attribute is NAME=VALUE or NAME=VALUE:ecert");
        interfaces::CaAttribute attribute{.name = text.substr(0, equals),
                                          .value = text.substr(equals + 1)};
        if (attribute.value.ends_with(":ecert")) {
            attribute.value.resize(attribute.value.size() - 6);
            attribute.inCertificate = true;
        }
        identity.attributes.push_back(std::move(attribute));
    }
    return identity;
}

ExitCode IdentityRegisterCommand::run(Session& session) {
    const auto wanted = identity();
    if (!wanted.ok()) return session.usage(messageOf(wanted.status()));
    if (const Status status = m_access.open(); !status.ok()) return session.fail(status);
    std::string own;
    if (m_secret) {
        const auto read = readSecret(m_secret, "Secret of " + m_id);
        if (!read.ok()) return session.fail(read.status());
        own = std::string(read->view());
    }
    const auto registry = m_access.registry();
    if (!registry.ok()) return session.fail(registry.status());
    if (std::error_code error; m_secretOut && std::filesystem::exists(*m_secretOut, error))
        return session.fail(makeError(StatusCode::kAlreadyExists, "FILE_EXISTS",
                                      m_secretOut->string() + " is there already",
                                      {{"path", m_secretOut->string()}}),
                            ExitCode::CannotWrite);
    const auto secret = (*registry)->registerIdentity(*wanted, own, m_access.deadline());
    if (!secret.ok()) return session.fail(secret.status());
    if (m_secretOut)
        if (const Status written = writeNewFile(*m_secretOut, *secret + "\n", 0600); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        Json json{{"id", bytesToJson(m_id)}};
        if (m_secretOut)
            json["secret_file"] = bytesToJson(m_secretOut->string());
        else
            json["secret"] = bytesToJson(*secret);
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(m_id + " is registered."));
    session.out().fields(
        {{"Type", Text(m_type)},
         {"Secret", m_secretOut ? Text("in " + m_secretOut->string()) : Text(*secret)}},
        2);
    return ExitCode::Ok;
}

Help IdentityRevokeCommand::help() const {
    return {
        .summary = "Revoke an identity's certificates, or one certificate",
        .about = {"An identity whose certificates are revoked cannot enrol any more. The CA "
                  "refuses its requests at once; nodes do so when the revocation list stands in "
                  "the MSP of the channel's configuration (\"ca crl\", \"config sign\")."},
        .examples = {{.what = "Everything of an identity, with a list for the channel",
                      .arguments = std::string("identity revoke User1@org1.example.com --reason "
                                               "keycompromise --crl revoked.pem") +
                                   kAsRegistrar,
                      .needsNetwork = true}}};
}

void IdentityRevokeCommand::declare(CommandLine& line) {
    line.value({.names = "ID", .help = "All certificates of this identity"}, m_id);
    line.value({.names = "--serial",
                .help = "Instead: one certificate, by its serial number in hex",
                .value = "HEX"},
               m_serial);
    line.value({.names = "--aki",
                .help = "With --serial: key identifier of its issuer in hex",
                .value = "HEX"},
               m_aki);
    line.value({.names = "--reason",
                .help = "Why",
                .kind = ValueKind::Choice,
                .value = "REASON",
                .choices = kReasons},
               m_reason);
    line.value({.names = "--crl",
                .help = "Write a fresh revocation list into a new file",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_crl);
    m_access.declare(line);
}

ExitCode IdentityRevokeCommand::run(Session& session) {
    if (m_id.has_value() == !m_serial.empty())
        return session.usage("Give either an identity, or --serial and --aki.");
    if (m_serial.empty() != m_aki.empty())
        return session.usage("--serial and --aki belong together.");
    if (const Status status = m_access.open(); !status.ok()) return session.fail(status);
    const auto authority = m_access.authority();
    if (!authority.ok()) return session.fail(authority.status());
    const auto revocation = (*authority)
                                ->revoke({.id = m_id.value_or(""),
                                          .serial = m_serial,
                                          .authorityKeyId = m_aki,
                                          .reason = m_reason,
                                          .wantsCrl = m_crl.has_value()},
                                         m_access.deadline());
    if (!revocation.ok()) return session.fail(revocation.status());
    std::string crl = revocation->crlPem;
    if (m_crl && crl.empty()) {
        // The CA sends none when it had nothing left to revoke.
        const auto fresh = (*authority)->crl({}, m_access.deadline());
        if (!fresh.ok()) return session.fail(fresh.status());
        crl = *fresh;
    }
    if (m_crl)
        if (const Status written = writeNewFile(*m_crl, crl, 0644); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const auto& one : revocation->revoked)
            array.push_back(
                {{"serial", bytesToJson(one.serial)}, {"aki", bytesToJson(one.authorityKeyId)}});
        Json json{{"revoked", std::move(array)}};
        if (m_crl) json["crl"] = bytesToJson(m_crl->string());
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(counted(revocation->revoked.size(), "certificate") +
                                         " revoked at the CA."));
    for (const auto& one : revocation->revoked)
        session.out().fields({{"Serial number", Text(one.serial)}}, 2);
    if (m_crl) session.out().fields({{"Revocation list", Text(m_crl->string())}}, 2);
    session.out().paragraph(Text("Nodes go on accepting them until the list stands in the MSP of "
                                 "each channel's configuration."),
                            2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
