#include "src/cli/IdentityCommands.h"

#include <map>

#include "src/base/File.h"
#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using wallet::IdentityInfo;

/// Where the key of an identity is, for people: "workspace", "token safe", "not here".
std::map<std::string, std::string> placesOf(const std::vector<wallet::KeyInfo>& keys) {
    std::map<std::string, std::string> places;
    for (const wallet::KeyInfo& key : keys)
        places[key.id] = key.token ? "token " + key.token->token : "workspace";
    return places;
}

Json toJson(const IdentityInfo& identity, const std::string& place) {
    return {{"label", identity.label},
            {"mspid", identity.mspId.str()},
            {"common_name", bytesToJson(identity.certificate.commonName())},
            {"not_before", rfc3339(identity.certificate.notBefore())},
            {"not_after", rfc3339(identity.certificate.notAfter())},
            {"cert_sha256", identity.certificate.fingerprint()},
            {"key_id", identity.keyId()},
            {"key", place.empty() ? Json() : Json(place)}};
}

Text endOf(const IdentityInfo& identity, absl::Time now) {
    const absl::Time end = identity.certificate.notAfter();
    if (end < now) return bad("ended " + utc(end));
    return end - now < absl::Hours(30 * 24) ? warning(utc(end)) : Text(utc(end));
}

}  // namespace

Help IdentityListCommand::help() const {
    return {.summary = "List the identities of a workspace, and where their keys are",
            .about = {"What is listed is public, so no passphrase is asked for."},
            .examples = {
                {.what = "All of them", .arguments = "identity list", .needsWorkspace = true}}};
}

void IdentityListCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
}

ExitCode IdentityListCommand::run(Session& session) {
    if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
    const auto identities = m_workspace.wallet().identities().list();
    if (!identities.ok()) return session.fail(identities.status());
    const auto keys = m_workspace.wallet().keys().list();
    if (!keys.ok()) return session.fail(keys.status());
    auto places = placesOf(*keys);
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const IdentityInfo& identity : *identities)
            array.push_back(toJson(identity, places[identity.keyId()]));
        session.print(array);
        return ExitCode::Ok;
    }
    Table table({{"Label", Align::Left, Fit::CutEnd},
                 {"Organisation", Align::Left, Fit::CutEnd},
                 {"Name", Align::Left, Fit::CutEnd},
                 {"Certificate ends (UTC)"},
                 {"Key", Align::Left, Fit::CutEnd}});
    for (const IdentityInfo& identity : *identities) {
        const std::string place = places[identity.keyId()];
        table.row({identity.label, identity.mspId.str(), identity.certificate.commonName(),
                   endOf(identity, session.clock().now()),
                   place.empty() ? warning("not here") : Text(place)});
    }
    if (identities->empty())
        session.out().line("The workspace has no identities yet.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help IdentityImportCommand::help() const {
    const std::string users = "tests/data/vectors/msp/peerOrganizations/alpha.pub.test/users/";
    return {
        .summary = "Bring an identity into the workspace: certificate, MSP id and key",
        .about = {"From an MSP folder (--msp, as cryptogen and fabric-ca-client make them), "
                  "from the file of an application's wallet (--file, LABEL.id of fabric-network "
                  "and fabric-gateway applications), or only a certificate (--cert) whose key "
                  "is here or in a token.",
                  "Files with keys stay where they are; remove them afterwards."},
        .examples = {{.what = "A user as cryptogen made him",
                      .arguments = "identity import user1 --msp " + users +
                                   "User1@alpha.pub.test --msp-id AlphaMSP --passphrase-fd 3 "
                                   "3<passphrase",
                      .needsWorkspace = true}}};
}

void IdentityImportCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL", .help = "Its name in the workspace", .required = true}, m_label);
    line.value({.names = "--msp",
                .help = "MSP folder with signcerts and keystore",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_msp);
    line.value({.names = "--file",
                .help = "Identity of an application's wallet, JSON",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_file);
    line.value({.names = "--cert",
                .help = "Only a certificate in PEM",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_certificate);
    line.value({.names = "--msp-id",
                .help = "With --msp and --cert: the organisation's MSP id",
                .value = "ID"},
               m_mspId);
    line.value({.names = "--key-passphrase-fd",
                .help = "Read the passphrase of an encrypted key file from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_keyPassphrase);
    m_workspace.declare(line, true);
    m_token.declare(line, "The key is in a token");
}

Result<wallet::ForeignIdentity> IdentityImportCommand::read() {
    if (m_file) return wallet::readWalletIdentity(*m_file);
    if (m_certificate) {
        ASSIGN_OR_RETURN(const Bytes pem, readFile(*m_certificate, 1 << 20));
        return wallet::ForeignIdentity{{}, MspId(*m_mspId), pem, std::nullopt};
    }
    auto found = wallet::readMspFolder(*m_msp, MspId(*m_mspId));
    if (reasonOf(found.status()) != "KEY_ENCRYPTED") return found;
    ASSIGN_OR_RETURN(const auto passphrase,
                     readSecret(m_keyPassphrase, "Passphrase of the key file"));
    return wallet::readMspFolder(*m_msp, MspId(*m_mspId), passphrase.view());
}

ExitCode IdentityImportCommand::run(Session& session) {
    const int sources =
        int(m_msp.has_value()) + int(m_file.has_value()) + int(m_certificate.has_value());
    if (sources != 1)
        return session.usage("\"identity import\" needs one of --msp, --file and --cert.");
    if (!m_file && !m_mspId) return session.usage("--msp and --cert need --msp-id.");
    Result<wallet::TokenTarget> target{wallet::TokenTarget{}};
    if (m_token.given()) target = m_token.target();
    if (!target.ok()) return session.usage(messageOf(target.status()));
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    const auto foreign = read();
    if (!foreign.ok()) return session.fail(foreign.status());
    wallet::Wallet& wallet = m_workspace.wallet();
    if (m_token.given()) {
        const auto adopted = wallet.keys().adoptFor(m_label, *target, foreign->certificatePem);
        if (!adopted.ok()) return session.fail(adopted.status());
    }
    const auto info = wallet::importIdentity(wallet.keys(), wallet.identities(), *foreign, m_label);
    if (!info.ok()) return session.fail(info.status());
    const auto key = wallet.keys().find(info->keyId());
    const std::string place = !key.ok()    ? ""
                              : key->token ? "token " + key->token->token
                                           : "workspace";
    if (session.wantsJson()) {
        session.print(toJson(*info, place));
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(fmt::format("\"{}\" is here now.", info->label)));
    session.out().fields(
        {{"Organisation", Text(info->mspId.str())},
         {"Name", Text(info->certificate.commonName())},
         {"Certificate ends", endOf(*info, session.clock().now()) + Text(" UTC")},
         {"Key", place.empty() ? warning("not here: it cannot sign") : Text(place)}},
        2);
    return ExitCode::Ok;
}

Help IdentityExportCommand::help() const {
    return {.summary = "Write an identity's public part into a file",
            .about = {"The certificate in PEM, or, when the file's name ends in .id, the identity "
                      "as an application's wallet keeps one whose key is elsewhere. The private "
                      "key never comes along: \"key export\" writes it, encrypted."},
            .examples = {{.what = "The certificate",
                          .arguments = "identity export admin --out admin-cert.pem",
                          .needsWorkspace = true},
                         {.what = "For an application that signs with a token",
                          .arguments = "identity export admin --out admin.id",
                          .needsWorkspace = true}}};
}

void IdentityExportCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL", .help = "Which identity", .required = true}, m_label);
    line.value({.names = "--out",
                .help = "File to create; an application's wallet file when it ends in .id",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_out);
    m_workspace.declare(line);
}

ExitCode IdentityExportCommand::run(Session& session) {
    if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
    const auto identity = m_workspace.wallet().identities().find(m_label);
    if (!identity.ok()) return session.fail(identity.status());
    const Bytes text = m_out.extension() == ".id" ? wallet::writeWalletIdentity(*identity)
                                                  : identity->certificate.toPem();
    if (const Status written = writeNewFile(m_out, text, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print(Json{{"file", bytesToJson(m_out.string())},
                           {"cert_sha256", identity->certificate.fingerprint()}});
    else
        session.out().line(good("✓ ") + Text(m_out.string() + " written, without a private key."));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
