#include "src/cli/KeyCommands.h"

#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using wallet::KeyInfo;

const std::vector<std::string> kSuites = {"ECDSA-P256", "ECDSA-P384", "ED25519", "SM2"};

std::string placeOf(const KeyInfo& key) {
    if (key.inKeychain) return "keychain of the desktop";
    return key.token ? "token " + key.token->token : "workspace";
}

Json toJson(const KeyInfo& key) {
    Json json{{"id", key.id},
              {"label", key.label},
              {"algorithm", wallet::nameOf(key)},
              {"made", rfc3339(key.made)},
              {"place", key.token        ? "token"
                        : key.inKeychain ? "keychain"
                                         : "file"}};
    if (key.token)
        json["token"] = {{"module", bytesToJson(key.token->module.string())},
                         {"label", bytesToJson(key.token->token)},
                         {"serial", bytesToJson(key.token->serial)},
                         {"key", bytesToJson(key.token->key)}};
    return json;
}

ExitCode tell(Session& session, std::string_view done, const Result<KeyInfo>& key) {
    if (!key.ok()) return session.fail(key.status());
    if (session.wantsJson()) {
        session.print(toJson(*key));
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(done));
    session.out().fields({{"Label", Text(key->label)},
                          {"Algorithm", Text(wallet::nameOf(*key))},
                          {"Kept in", Text(placeOf(*key))},
                          {"Id", Text(key->id)}},
                         2);
    return ExitCode::Ok;
}

}  // namespace

Help KeyListCommand::help() const {
    return {
        .summary = "List the keys of a workspace, or of a token",
        .about = {"What is listed is public, so no passphrase is asked for; with --token the "
                  "token's keys are listed, and both passphrase and PIN are needed."},
        .examples = {
            {.what = "The keys of the workspace", .arguments = "key list", .needsWorkspace = true},
            {.what = "For a script", .arguments = "key list -o json", .needsWorkspace = true}}};
}

void KeyListCommand::declare(CommandLine& line) {
    m_workspace.declare(line, true);
    m_token.declare(line, "List a token's keys");
}

ExitCode KeyListCommand::run(Session& session) {
    if (m_token.given()) return listToken(session);
    if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
    const auto keys = m_workspace.wallet().keys().list();
    if (!keys.ok()) return session.fail(keys.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const KeyInfo& key : *keys) array.push_back(toJson(key));
        session.print(array);
        return ExitCode::Ok;
    }
    Table table({{"Label", Align::Left, Fit::CutEnd},
                 {"Algorithm"},
                 {"Kept in", Align::Left, Fit::CutEnd},
                 {"Made (UTC)"},
                 {"Id", Align::Left, Fit::Id, 12}});
    for (const KeyInfo& key : *keys)
        table.row({key.label, wallet::nameOf(key), placeOf(key), utc(key.made), key.id});
    if (keys->empty())
        session.out().line("The workspace has no keys yet.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

ExitCode KeyListCommand::listToken(Session& session) {
    const auto target = m_token.target();
    if (!target.ok()) return session.usage(messageOf(target.status()));
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    const auto keys = m_workspace.wallet().keys().inToken(*target);
    if (!keys.ok()) return session.fail(keys.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const wallet::KeyInToken& key : *keys)
            array.push_back({{"label", bytesToJson(key.label)},
                             {"id", key.id},
                             {"algorithm", key.algorithm},
                             {"extractable", key.extractable},
                             {"known_as", key.knownAs}});
        session.print(array);
        return ExitCode::Ok;
    }
    Table table({{"Label in the token", Align::Left, Fit::CutEnd},
                 {"Algorithm"},
                 {"Known here as", Align::Left, Fit::CutEnd},
                 {"Leaves the token"},
                 {"Id", Align::Left, Fit::Id, 12}});
    for (const wallet::KeyInToken& key : *keys)
        table.row({key.label, key.algorithm, key.knownAs,
                   key.extractable ? bad("may leave") : Text("never"), key.id});
    if (keys->empty())
        session.out().line("The token has no keys of the kinds that are used here.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help KeyGenerateCommand::help() const {
    return {.summary = "Make a new private key, in the workspace or in a token",
            .about = {"In the workspace it is sealed in a file; in a token it is made inside and "
                      "never leaves it. Tokens hold ECDSA keys: PKCS#11 has no mechanism for SM2.",
                      "Real Fabric nodes understand ECDSA-P256 and ECDSA-P384, from version 3 on "
                      "ED25519 too; SM2 is understood by Chancery's own nodes only."},
            .examples = {{.what = "A key for a new administrator",
                          .arguments = "key generate new-admin --passphrase-fd 3 3<passphrase",
                          .needsWorkspace = true},
                         {.what = "For a network that uses SM2",
                          .arguments = "key generate boss --algorithm SM2 --passphrase-fd 3 "
                                       "3<passphrase",
                          .needsWorkspace = true}}};
}

void KeyGenerateCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL", .help = "Its name in the workspace", .required = true}, m_label);
    line.value({.names = "--algorithm",
                .help = "Which kind of key",
                .kind = ValueKind::Choice,
                .value = "SUITE",
                .choices = kSuites},
               m_algorithm);
    m_workspace.declare(line, true);
    m_token.declare(line, "Make it in a token");
}

ExitCode KeyGenerateCommand::run(Session& session) {
    const auto algorithm = wallet::algorithmNamed(m_algorithm);
    if (!algorithm.ok()) return session.fail(algorithm.status());
    if (!m_token.given()) {
        if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
        return tell(session, "The key is made.",
                    m_workspace.wallet().keys().generate(m_label, *algorithm));
    }
    const auto target = m_token.target();
    if (!target.ok()) return session.usage(messageOf(target.status()));
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    return tell(session, "The key is made, and stays in the token.",
                m_workspace.wallet().keys().generateInToken(m_label, *algorithm, *target));
}

Help KeyImportCommand::help() const {
    const std::string key =
        "tests/data/vectors/msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp/"
        "keystore/priv_sk";
    return {
        .summary = "Bring a private key into the workspace",
        .about = {"From a PEM file (PKCS#8, encrypted or not, or SEC1), as Fabric's tools "
                  "write it; the file itself stays where it is, so remove it afterwards. With "
                  "--token the key goes on into a token.",
                  "Without a file, --token makes a key known that the token has already."},
        .examples = {{.what = "From a keystore folder",
                      .arguments = "key import user1 " + key + " --passphrase-fd 3 3<passphrase",
                      .needsWorkspace = true}}};
}

void KeyImportCommand::declare(CommandLine& line) {
    line.value({.names = "LABEL", .help = "Its name in the workspace", .required = true}, m_label);
    line.value({.names = "FILE", .help = "The key in PEM", .kind = ValueKind::File}, m_file);
    line.value({.names = "--key-passphrase-fd",
                .help = "Read the passphrase of the file from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_filePassphrase);
    line.value({.names = "--token-key",
                .help = "Without a file: label of the key in the token; default: LABEL",
                .value = "NAME"},
               m_tokenKey);
    m_workspace.declare(line, true);
    m_token.declare(line, "Put it into a token");
}

ExitCode KeyImportCommand::run(Session& session) {
    if (!m_file && !m_token.given())
        return session.usage("\"key import\" needs a file or a token.",
                             "See \"chanceryctl key import --help\".");
    Result<wallet::TokenTarget> target{wallet::TokenTarget{}};
    if (m_token.given()) target = m_token.target();
    if (!target.ok()) return session.usage(messageOf(target.status()));
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    wallet::KeyStore& keys = m_workspace.wallet().keys();
    if (!m_file)
        return tell(session, "The token's key is known now.",
                    keys.adopt(m_label, *target, m_tokenKey.value_or(m_label)));
    auto key = wallet::readKeyFile(*m_file, {});
    if (reasonOf(key.status()) == "KEY_ENCRYPTED") {
        const auto passphrase = readSecret(m_filePassphrase, "Passphrase of the key file");
        if (!passphrase.ok()) return session.fail(passphrase.status());
        key = wallet::readKeyFile(*m_file, passphrase->view());
    }
    if (!key.ok()) return session.fail(key.status());
    auto info = keys.add(m_label, *key);
    if (info.ok() && m_token.given()) info = keys.moveToToken(m_label, *target);
    return tell(session, "The key is here now; remove its file.", info);
}

Help KeyMoveCommand::help() const {
    return {.summary = "Move a key from the workspace's files into a token",
            .about = {"The token has to sign with it before the file is given up. There is no way "
                      "back: what is in a token does not come out.",
                      "Into the keychain of a desktop and out of it only the console moves keys: "
                      "see its settings."},
            .examples = {{.what = "A token that is not approved is refused",
                          .arguments = "key move admin --token /usr/lib/softhsm/libsofthsm2.so "
                                       "--token-label safe --passphrase-fd 3 3<passphrase",
                          .ends = ExitCode::UnreadableInput,
                          .needsWorkspace = true}}};
}

void KeyMoveCommand::declare(CommandLine& line) {
    line.value({.names = "KEY", .help = "Label or id of the key", .required = true}, m_key);
    m_workspace.declare(line, true);
    m_token.declare(line, "Where it goes");
    line.flag("--keychain", "Refused: the console alone can ask a keychain", m_keychain);
}

ExitCode KeyMoveCommand::run(Session& session) {
    if (m_keychain) {
        if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
        const auto key = m_workspace.wallet().keys().find(m_key);
        if (!key.ok()) return session.fail(key.status());
        return session.fail(m_workspace.wallet().vault().keychain(key->label).status());
    }
    const auto target = m_token.target();
    if (!target.ok())
        return session.usage(m_token.given() ? messageOf(target.status())
                                             : "\"key move\" needs --token and --token-label.");
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    return tell(session, "The key is in the token now, and nowhere else.",
                m_workspace.wallet().keys().moveToToken(m_key, *target));
}

Help KeyExportCommand::help() const {
    return {.summary = "Write a private key into a file of its own, encrypted",
            .about = {"The only way by which a key leaves a workspace: into a new file (PKCS#8 in "
                      "PEM, PBKDF2 and AES-256), under a passphrase of its own, which is asked "
                      "for. It is written down in the workspace's record. Keys in tokens do not "
                      "come out."},
            .examples = {{.what = "Workspace's and file's passphrase in two lines",
                          .arguments = "key export admin --out admin.pem --passphrase-fd 3 "
                                       "--export-passphrase-fd 3 3<two-passphrases",
                          .needsWorkspace = true}}};
}

void KeyExportCommand::declare(CommandLine& line) {
    line.value({.names = "KEY", .help = "Label or id of the key", .required = true}, m_key);
    line.value({.names = "--out",
                .help = "File to create",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_out);
    line.value({.names = "--export-passphrase-fd",
                .help = "Read the passphrase of the new file from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_exportPassphrase);
    m_workspace.declare(line);
}

ExitCode KeyExportCommand::run(Session& session) {
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    wallet::KeyStore& keys = m_workspace.wallet().keys();
    const auto info = keys.find(m_key);
    if (!info.ok()) return session.fail(info.status());
    const auto passphrase = readNewSecret(m_exportPassphrase, "Passphrase of the new file");
    if (!passphrase.ok()) return session.fail(passphrase.status());
    const Status status = keys.exportKey(m_key, m_out, passphrase->view());
    if (!status.ok())
        return session.fail(status, reasonOf(status) == "FILE_ERROR" ? ExitCode::CannotWrite
                                                                     : ExitCode::UnreadableInput);
    if (session.wantsJson())
        session.print(Json{{"file", bytesToJson(m_out.string())}, {"id", info->id}});
    else
        session.out().line(good("✓ ") + Text(fmt::format("{} holds the key \"{}\", encrypted.",
                                                         m_out.string(), info->label)));
    return ExitCode::Ok;
}

Help KeyLockCommand::help() const {
    return {
        .summary = "Lock the workspace in every program that has it unlocked",
        .about = {"Consoles and commands that run now ask for the passphrase again before they "
                  "use another key; logins to tokens end with it. No passphrase is needed."},
        .examples = {
            {.what = "At the end of the day", .arguments = "key lock", .needsWorkspace = true}}};
}

void KeyLockCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
}

ExitCode KeyLockCommand::run(Session& session) {
    if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
    if (const Status status = m_workspace.wallet().vault().askAllToLock(); !status.ok())
        return session.fail(status, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print(
            Json{{"workspace", bytesToJson(m_workspace.folder().string())}, {"locked", true}});
    else
        session.out().line(good("✓ ") + Text("The workspace is locked everywhere."));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
