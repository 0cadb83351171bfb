#include "src/cli/CaCommands.h"

#include "src/base/File.h"
#include "src/cli/Interruption.h"
#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/identity/Crl.h"
#include "src/usecase/StartNetwork.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::seconds kStartPatience{60};
const std::vector<std::string> kCaSuites = {"ECDSA-P256", "ECDSA-P384", "SM2"};

std::string tlsNameOf(const std::string& name) {
    return name.starts_with("ca.") ? "tls" + name : "tls-" + name;
}

}  // namespace

Help CaInitCommand::help() const {
    return {
        .summary = "Make the folder of an organisation's certificate authorities",
        .about = {"One process serves two: NAME certifies identities, a second one keys for TLS. "
                  "The folder gets settings (ca.yaml) and the secret of the identity \"admin\", "
                  "which may register others at both (registrar.secret, readable by you only). "
                  "Keys and certificates are made at the first start.",
                  "SM2 is understood by Chancery's own nodes only: real Fabric refuses such "
                  "certificates. Keys for TLS are ECDSA in any case."},
        .examples = {{.what = "For an organisation, on this machine only",
                      .arguments = "ca init ca.org1.example.com --organisation org1.example.com"},
                     {.what = "For a network that uses SM2",
                      .arguments = "ca init ca.org2.example.com --suite SM2"}}};
}

void CaInitCommand::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "Name of the CA for identities", .required = true},
               m_name);
    line.value({.names = "--ca",
                .help = "Folder to make; default: ca",
                .kind = ValueKind::Path,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--organisation",
                .help = "Organisation in the CAs' own certificates; default: NAME",
                .value = "TEXT"},
               m_organisation);
    line.value({.names = "--suite",
                .help = "Keys of identities",
                .kind = ValueKind::Choice,
                .value = "SUITE",
                .choices = kCaSuites},
               m_suite);
    line.value({.names = "--listen",
                .help = "Where it listens; default: 127.0.0.1:7054; port 0: any that is free",
                .value = "HOST:PORT"},
               m_listen);
    line.values(
        {.names = "--host",
         .help = "Name at which clients reach it, for its certificate; may be given several "
                 "times; default: localhost and 127.0.0.1",
         .value = "NAME"},
        m_hosts);
    line.value({.names = "--secret-fd",
                .help = "Read the registrar's secret from this descriptor; without, a random one",
                .kind = ValueKind::Number,
                .value = "N"},
               m_secret);
}

ExitCode CaInitCommand::run(Session& session) {
    usecase::CaSettings settings{.name = m_name,
                                 .tlsName = tlsNameOf(m_name),
                                 .organisation = m_organisation.empty() ? m_name : m_organisation,
                                 .listen = m_listen};
    if (!m_hosts.empty()) settings.hosts = m_hosts;
    const auto suite = crypto::suiteNamed(m_suite);
    if (!suite.ok()) return session.fail(suite.status());
    settings.suite = *suite;
    if (const auto place = interfaces::splitEndpoint(m_listen); !place.ok())
        return session.usage("--listen is not HOST:PORT.");
    std::string secret;
    if (m_secret) {
        const auto read = readSecret(m_secret, "Secret of the registrar");
        if (!read.ok()) return session.fail(read.status());
        secret = std::string(read->view());
    }
    const usecase::CaFolder folder(m_folder);
    const Status made = folder.create(settings, secret);
    crypto::wipe(secret);
    if (!made.ok()) return session.fail(made, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        session.print({{"folder", bytesToJson(m_folder.string())},
                       {"ca", settings.name},
                       {"tls_ca", settings.tlsName},
                       {"suite", std::string(settings.suite->name)},
                       {"registrar", usecase::kRegistrar},
                       {"secret_file", bytesToJson(folder.secretFile().string())}});
        return ExitCode::Ok;
    }
    session.out().item(good("✓"),
                       "\"chanceryctl ca start --ca " + m_folder.string() + "\" starts the CAs");
    session.out().fields(
        {{"Identities", Text(fmt::format("{} ({})", settings.name, settings.suite->name))},
         {"TLS", Text(fmt::format("{} ({})", settings.tlsName, crypto::ecdsaP256().name))},
         {"Settings", Text(folder.config().string())},
         {"Registrar", Text(fmt::format("{}, whose secret is in {}", usecase::kRegistrar,
                                        folder.secretFile().string()))}},
        2);
    if (!settings.suite->fabricCompatible)
        session.out().line(warning("Real Fabric does not understand certificates of this suite."),
                           2);
    return ExitCode::Ok;
}

Help CaStartCommand::help() const {
    return {.summary = "Start the certificate authorities of a folder and serve until Ctrl-C",
            .about = {"They end with this command. For a service of the system, let it run "
                      "\"chancery-node ca --config DIR/ca.yaml --detached\"."},
            .examples = {{.what = "Does it start?",
                          .arguments = "ca start --ca ca --once",
                          .needsNetwork = true}}};
}

void CaStartCommand::declare(CommandLine& line) {
    line.value({.names = "--ca",
                .help = "Folder that \"ca init\" has made; default: ca",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.flag("--once", "Stop as soon as they serve", m_once);
}

ExitCode CaStartCommand::run(Session& session) {
    const Interruption interruption;
    const usecase::CaFolder folder(m_folder);
    const auto program = usecase::findNodeProgram();
    if (!program.ok()) return session.fail(program.status());
    const auto running = usecase::startCas(folder, *program, deadlineIn(kStartPatience));
    if (!running.ok()) return session.fail(running.status());
    const auto settings = folder.read();
    if (!settings.ok()) return session.fail(settings.status());
    session.out().item(good("✓"), Text("the CAs serve at https://" + settings->listen));
    session.out().fields({{"Identities", Text(settings->name)},
                          {"TLS", Text(settings->tlsName)},
                          {"TLS roots", Text(folder.tlsRoot(*settings).string())}},
                         2);
    if (!m_once) interruption.wait();
    return ExitCode::Ok;
}

Help CaInfoCommand::help() const {
    return {.summary = "Show what a certificate authority says of itself",
            .about = {"Everybody may ask; that its certificates lead to a root is checked."},
            .examples = {{.what = "The CA of an organisation of a network",
                          .arguments = "ca info --ca network/nodes/ca.org1.example.com",
                          .needsNetwork = true}}};
}

ExitCode CaInfoCommand::run(Session& session) {
    if (const Status status = m_ca.open(); !status.ok()) return session.fail(status);
    const auto authority = m_ca.connector().authority(m_ca.identities(), {});
    if (!authority.ok()) return session.fail(authority.status());
    const auto info = (*authority)->info(m_ca.deadline());
    if (!info.ok()) return session.fail(info.status());
    const auto own = identity::Certificate::fromPem(info->chainPem);
    if (!own.ok()) return session.fail(own.status());
    const std::string key(crypto::nameOf(own->publicKey().algorithm()));
    if (session.wantsJson()) {
        session.print({{"ca", bytesToJson(info->name)},
                       {"url", "https://" + m_ca.identities().endpoint},
                       {"version", bytesToJson(info->version)},
                       {"suite", info->suite.empty() ? Json() : bytesToJson(info->suite)},
                       {"key", key},
                       {"subject", bytesToJson(own->subject())},
                       {"not_after", rfc3339(own->notAfter())},
                       {"cert_sha256", own->fingerprint()},
                       {"chain", bytesToJson(info->chainPem)}});
        return ExitCode::Ok;
    }
    session.out().line(strong(info->name.empty() ? own->commonName() : info->name));
    session.out().fields({{"Address", Text("https://" + m_ca.identities().endpoint)},
                          {"Version", Text(info->version)},
                          {"Key", Text(key)},
                          {"Subject", Text(own->subject())},
                          {"Certificate ends", Text(utc(own->notAfter()) + " UTC")},
                          {"Fingerprint", Text(own->fingerprint())}},
                         2);
    return ExitCode::Ok;
}

Help CaCrlCommand::help() const {
    return {.summary = "Have a certificate authority sign a fresh revocation list",
            .about = {"Nodes refuse revoked identities when the list stands in the MSP of the "
                      "channel's configuration; the CA alone does not reach them."},
            .examples = {{.what = "All revoked certificates that have not ended yet",
                          .arguments = "ca crl --ca network/nodes/ca.org1.example.com --as "
                                       "registrar --out crl.pem --passphrase-fd 3 3<passphrase",
                          .needsNetwork = true}}};
}

void CaCrlCommand::declare(CommandLine& line) {
    line.value({.names = "--out",
                .help = "File to create, PEM",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_out);
    m_access.declare(line);
}

ExitCode CaCrlCommand::run(Session& session) {
    if (const Status status = m_access.open(); !status.ok()) return session.fail(status);
    const auto authority = m_access.authority();
    if (!authority.ok()) return session.fail(authority.status());
    const auto pem = (*authority)->crl({}, m_access.deadline());
    if (!pem.ok()) return session.fail(pem.status());
    const auto list = identity::RevocationList::fromBytes(*pem);
    if (!list.ok()) return session.fail(list.status());
    if (const Status written = writeNewFile(m_out, *pem, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    const auto next = list->nextUpdate();
    if (session.wantsJson()) {
        session.print({{"file", bytesToJson(m_out.string())},
                       {"issuer", bytesToJson(list->issuer())},
                       {"revoked", list->entries().size()},
                       {"next_update", next ? Json(rfc3339(*next)) : Json()}});
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") +
                       Text(fmt::format("{} written: {}.", m_out.string(),
                                        counted(list->entries().size(), "revoked certificate"))));
    session.out().fields({{"Signed by", Text(list->issuer())},
                          {"Next one due", next ? Text(utc(*next) + " UTC") : Text()}},
                         2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
