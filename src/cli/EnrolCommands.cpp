#include "src/cli/EnrolCommands.h"

#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/EnrolNode.h"

namespace chancery::cli {
namespace {

const char* const kOrgCa = "--ca network/nodes/ca.org1.example.com";
const char* const kRegistrarSecret =
    "--secret-fd 4 4<network/nodes/ca.org1.example.com/registrar.secret";

void tell(Session& session, const wallet::IdentityInfo& identity, const std::string& what) {
    const identity::Certificate& certificate = identity.certificate;
    if (session.wantsJson()) {
        session.print({{"label", identity.label},
                       {"mspid", identity.mspId.str()},
                       {"common_name", bytesToJson(certificate.commonName())},
                       {"units", certificate.organizationalUnits()},
                       {"serial", certificate.serialHex()},
                       {"not_after", rfc3339(certificate.notAfter())},
                       {"cert_sha256", certificate.fingerprint()},
                       {"key_id", identity.keyId()}});
        return;
    }
    session.out().line(good("✓ ") + Text(what));
    session.out().fields({{"Name", Text(certificate.commonName())},
                          {"Units", Text(list(certificate.organizationalUnits()))},
                          {"Organisation", Text(identity.mspId.str())},
                          {"Certificate ends", Text(utc(certificate.notAfter()) + " UTC")},
                          {"Serial number", Text(certificate.serialHex())}},
                         2);
}

}  // namespace

Help IdentityEnrollCommand::help() const {
    return {
        .summary = "Turn the secret of a registration into a certificate",
        .about =
            {"For a person: the key is made in the workspace, or in a token, and the certificate "
             "goes to the workspace under LABEL. The key is of the suite that the CA certifies.",
             "For a node: --msp-folder writes the folder that nodes start from, --tls-folder "
             "server.crt, server.key and ca.crt from the CA for TLS. Their keys stand there in "
             "clear, readable by you only, because nodes start unattended.",
             "The secret is asked on the terminal or read from a descriptor, after the "
             "workspace's passphrase when both come from one."},
        .examples = {
            {.what = "The registrar of an organisation, into the workspace",
             .arguments = std::string("identity enroll boss --id admin --msp-id Org1MSP ") +
                          kOrgCa + " --passphrase-fd 3 3<passphrase " + kRegistrarSecret,
             .needsNetwork = true},
            {.what = "Files for a node",
             .arguments = std::string("identity enroll admin --msp-folder node/msp --tls-folder "
                                      "node/tls --host node1.example.com ") +
                          kOrgCa + " " + kRegistrarSecret,
             .needsNetwork = true}}};
}

void IdentityEnrollCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL",
                .help = "Its name in the workspace; for a node its name at the CA",
                .required = true},
               m_label);
    line.value({.names = "--id", .help = "Its name at the CA; default: LABEL", .value = "ID"},
               m_id);
    line.value({.names = "--msp-id",
                .help = "The organisation's MSP id, for the workspace",
                .value = "ID"},
               m_mspId);
    line.value({.names = "--secret-fd",
                .help = "Read the secret from this descriptor; without, the terminal asks",
                .kind = ValueKind::Number,
                .value = "N"},
               m_secret);
    line.value({.names = "--key",
                .help = "A key that the workspace has already; default: a new one",
                .value = "KEY"},
               m_key);
    line.value({.names = "--msp-folder",
                .help = "Instead of the workspace: MSP folder to make",
                .kind = ValueKind::Path,
                .value = "DIR"},
               m_mspFolder);
    line.value({.names = "--tls-folder",
                .help = "A certificate for TLS as well, or only: folder to make",
                .kind = ValueKind::Path,
                .value = "DIR"},
               m_tlsFolder);
    line.values({.names = "--host",
                 .help = "With --tls-folder: name or address of the server; may be given several "
                         "times",
                 .value = "NAME"},
                m_hosts);
    line.values({.names = "--attribute",
                 .help = "Attribute that the certificate shall show, NAME, or NAME:opt when it may "
                         "be missing; default: those of the registration",
                 .value = "NAME"},
                m_attributes);
    m_ca.declare(line);
    m_workspace.declare(line, true);
    m_token.declare(line, "Make the key in a token");
}

usecase::CertificateWishes IdentityEnrollCommand::wishes() const {
    usecase::CertificateWishes wishes;
    if (m_attributes.empty()) return wishes;
    wishes.attributes.emplace();
    for (const std::string& text : m_attributes) {
        const bool optional = text.ends_with(":opt");
        wishes.attributes->push_back({optional ? text.substr(0, text.size() - 4) : text, optional});
    }
    return wishes;
}

Result<std::string> IdentityEnrollCommand::readEnrolmentSecret() const {
    ASSIGN_OR_RETURN(const auto secret,
                     readSecret(m_secret, "Enrolment secret of " + m_id.value_or(m_label)));
    return std::string(secret.view());
}

Result<crypto::SignerPtr> IdentityEnrollCommand::keyFor(const crypto::Suite& suite, bool& isNew) {
    wallet::KeyStore& keys = m_workspace.wallet().keys();
    if (m_key) return keys.signer(*m_key);
    if (m_token.given()) {
        ASSIGN_OR_RETURN(const auto target, m_token.target());
        RETURN_IF_ERROR(keys.generateInToken(m_label, suite.key, target).status());
    } else {
        RETURN_IF_ERROR(keys.generate(m_label, suite.key).status());
    }
    isNew = true;
    return keys.signer(m_label);
}

ExitCode IdentityEnrollCommand::intoWorkspace(Session& session) {
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    usecase::EnrolIdentity enrol(m_ca.connector(), m_ca.deadline());
    bool isNew = false;
    const auto made = [&]() -> Result<wallet::IdentityInfo> {
        wallet::IdentityStore& identities = m_workspace.wallet().identities();
        if (identities.find(m_label).ok())
            return makeError(StatusCode::kAlreadyExists, "IDENTITY_EXISTS",
                             fmt::format("the workspace has an identity '{}' already", m_label),
                             {{"identity", m_label}});
        ASSIGN_OR_RETURN(std::string secret, readEnrolmentSecret());
        const auto enrolled = [&]() -> Result<interfaces::Enrolment> {
            ASSIGN_OR_RETURN(const crypto::Suite* suite, enrol.suiteOf(m_ca.identities()));
            ASSIGN_OR_RETURN(const auto key, keyFor(*suite, isNew));
            return enrol.run(m_ca.identities(), m_id.value_or(m_label), secret, wishes(), *key);
        }();
        std::fill(secret.begin(), secret.end(), '\0');
        if (!enrolled.ok()) return enrolled.status();
        return identities.add(m_label, MspId(*m_mspId), enrolled->certificatePem);
    }();
    if (!made.ok() && isNew)
        session.err().line(
            Text(fmt::format("The new key \"{0}\" is kept; --key {0} uses it for "
                             "another try.",
                             m_label)));
    if (!made.ok()) return session.fail(made.status());
    tell(session, *made, fmt::format("\"{}\" is enrolled.", m_label));
    return ExitCode::Ok;
}

ExitCode IdentityEnrollCommand::intoFiles(Session& session) {
    usecase::EnrolNodeRequest request{.identities = m_ca.identities(),
                                      .tls = m_ca.tls(),
                                      .id = m_id.value_or(m_label),
                                      .secret = {},
                                      .mspFolder = m_mspFolder,
                                      .tlsFolder = m_tlsFolder,
                                      .hosts = m_hosts,
                                      .attributes = wishes().attributes};
    auto secret = readEnrolmentSecret();
    if (!secret.ok()) return session.fail(secret.status());
    request.secret = *std::move(secret);
    const Status done = usecase::EnrolNode(m_ca.connector(), m_ca.deadline()).run(request);
    std::fill(request.secret.begin(), request.secret.end(), '\0');
    if (!done.ok()) return session.fail(done);
    if (session.wantsJson()) {
        Json json{{"id", bytesToJson(request.id)}};
        if (m_mspFolder) json["msp_folder"] = bytesToJson(m_mspFolder->string());
        if (m_tlsFolder) json["tls_folder"] = bytesToJson(m_tlsFolder->string());
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(request.id + " is enrolled."));
    if (m_mspFolder) session.out().fields({{"MSP folder", Text(m_mspFolder->string())}}, 2);
    if (m_tlsFolder) session.out().fields({{"TLS folder", Text(m_tlsFolder->string())}}, 2);
    session.out().line(Text("Keys stand there in clear, readable by you only."), 2);
    return ExitCode::Ok;
}

ExitCode IdentityEnrollCommand::run(Session& session) {
    const bool files = m_mspFolder.has_value() || m_tlsFolder.has_value();
    if (files && (m_key || m_token.given() || m_mspId))
        return session.usage(
            "--msp-folder and --tls-folder make keys of their own: no --key, "
            "--token or --msp-id.");
    if (!files && !m_mspId) return session.usage("An identity of the workspace needs --msp-id.");
    if (!files && !m_hosts.empty()) return session.usage("--host belongs to --tls-folder.");
    if (m_key && m_token.given()) return session.usage("--key and --token exclude each other.");
    if (m_token.given())
        if (const auto target = m_token.target(); !target.ok())
            return session.usage(messageOf(target.status()));
    if (const Status status = m_ca.open(); !status.ok()) return session.fail(status);
    return files ? intoFiles(session) : intoWorkspace(session);
}

Help IdentityReenrollCommand::help() const {
    return {.summary = "Get a new certificate for an identity before the old one ends",
            .about = {"The present certificate vouches for the request, so no secret is needed. "
                      "The new one is for the same key unless --key names another. The old one "
                      "stays valid until it ends or is revoked."},
            .examples = {{.what = "For the same key",
                          .arguments = std::string("identity reenroll registrar ") + kOrgCa +
                                       " --passphrase-fd 3 3<passphrase",
                          .needsNetwork = true}}};
}

void IdentityReenrollCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL", .help = "Which identity of the workspace", .required = true},
               m_label);
    line.value({.names = "--key",
                .help = "For this key of the workspace; \"key generate\" makes one",
                .value = "KEY"},
               m_key);
    m_ca.declare(line);
    m_workspace.declare(line, true);
}

Result<wallet::IdentityInfo> IdentityReenrollCommand::work() {
    RETURN_IF_ERROR(m_ca.open());
    RETURN_IF_ERROR(m_workspace.unlock());
    wallet::Wallet& wallet = m_workspace.wallet();
    ASSIGN_OR_RETURN(const auto info, wallet.identities().find(m_label));
    ASSIGN_OR_RETURN(auto present, wallet.identities().signing(m_label));
    ASSIGN_OR_RETURN(const auto key, wallet.keys().signer(m_key.value_or(info.keyId())));
    ASSIGN_OR_RETURN(const auto enrolled,
                     usecase::ReenrolIdentity(m_ca.connector(), m_ca.deadline())
                         .run(m_ca.identities(), std::move(present), {}, *key));
    return wallet.identities().replace(m_label, enrolled.certificatePem);
}

ExitCode IdentityReenrollCommand::run(Session& session) {
    const auto renewed = work();
    if (!renewed.ok()) return session.fail(renewed.status());
    tell(session, *renewed, fmt::format("\"{}\" has a new certificate.", m_label));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
