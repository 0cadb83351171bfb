#include "src/cli/WorkspaceCommands.h"

#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

constexpr const char* kAboutPassphrases =
    "Passphrases and PINs are asked on the terminal or read from a descriptor, one line each; the "
    "command line and the environment, which other users can see, are no places for them.";

std::string stateOf(const crypto::TokenInfo& token) {
    if (token.locked) return "locked by wrong PINs";
    if (token.lastTry) return "one try left";
    if (token.triesAreFew) return "a wrong PIN was given";
    return token.initialised ? "ready" : "not initialised";
}

}  // namespace

Help WorkspaceCreateCommand::help() const {
    return {.summary = "Make a workspace: a folder that keeps keys and identities encrypted",
            .about = {"Everything in it is sealed under one passphrase (scrypt, 128 MiB for each "
                      "guess; AES-256-GCM). Nobody can open it without: keep the passphrase, and a "
                      "copy of the folder.",
                      kAboutPassphrases},
            .examples = {{.what = "In the folder \"mine\", with a passphrase from a file",
                          .arguments = "workspace create --workspace mine --passphrase-fd 3 "
                                       "3<passphrase",
                          .needsWorkspace = true}}};
}

void WorkspaceCreateCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
}

ExitCode WorkspaceCreateCommand::run(Session& session) {
    wallet::hardenProcess();
    const auto passphrase =
        readNewSecret(m_workspace.passphraseDescriptor(), "New passphrase of the workspace");
    if (!passphrase.ok()) return session.fail(passphrase.status());
    const auto made =
        wallet::Wallet::create(m_workspace.folder(), passphrase->view(), m_workspace.options());
    if (!made.ok()) return session.fail(made.status(), ExitCode::CannotWrite);
    const std::string folder = m_workspace.folder().string();
    if (session.wantsJson())
        session.print(Json{{"workspace", bytesToJson(folder)}, {"id", (*made)->id()}});
    else
        session.out().line(good("✓ ") + Text(fmt::format("The workspace {} is made.", folder)));
    return ExitCode::Ok;
}

Help WorkspacePassphraseCommand::help() const {
    return {.summary = "Give the workspace another passphrase",
            .about = {"All files are sealed anew, so that an old copy of the folder and the old "
                      "passphrase say nothing about what is added later. Stopped in the middle, it "
                      "goes on at the next use with the new passphrase.",
                      kAboutPassphrases},
            .examples = {{.what = "Old and new in two lines of one file",
                          .arguments = "workspace passphrase --passphrase-fd 3 "
                                       "--new-passphrase-fd 3 3<two-passphrases",
                          .needsWorkspace = true}}};
}

void WorkspacePassphraseCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
    line.value({.names = "--new-passphrase-fd",
                .help = "Read the new passphrase from this descriptor",
                .kind = ValueKind::Number,
                .value = "N"},
               m_new);
}

ExitCode WorkspacePassphraseCommand::run(Session& session) {
    wallet::hardenProcess();
    if (const Status status = m_workspace.open(); !status.ok()) return session.fail(status);
    const auto old =
        readSecret(m_workspace.passphraseDescriptor(), "Passphrase of the workspace until now");
    if (!old.ok()) return session.fail(old.status());
    const auto fresh = readNewSecret(m_new, "New passphrase");
    if (!fresh.ok()) return session.fail(fresh.status());
    const Status status = m_workspace.wallet().vault().changePassphrase(old->view(), fresh->view());
    if (!status.ok()) return session.fail(status);
    if (session.wantsJson())
        session.print(Json{{"workspace", bytesToJson(m_workspace.folder().string())},
                           {"generation", m_workspace.wallet().vault().header().generation}});
    else
        session.out().line(good("✓ ") + Text("The new passphrase counts from now on."));
    return ExitCode::Ok;
}

Help WorkspaceAuditCommand::help() const {
    return {
        .summary = "Show what was done with a workspace, by whom and when",
        .about = {"Each entry holds the hash of the one before: an entry that was changed or "
                  "taken out is noticed. With --verify the passphrase is asked for, and the "
                  "entries' own seals and the end of the record are checked too."},
        .examples = {
            {.what = "The whole record", .arguments = "workspace audit", .needsWorkspace = true}}};
}

void WorkspaceAuditCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
    line.flag("--verify", "Ask for the passphrase and check the seals", m_unlocked);
}

ExitCode WorkspaceAuditCommand::run(Session& session) {
    const Status status = m_unlocked ? m_workspace.unlock() : m_workspace.open();
    if (!status.ok()) return session.fail(status);
    const auto chain = m_workspace.wallet().vault().audit();
    if (!chain.ok()) return session.fail(chain.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const wallet::AuditEntry& entry : chain->entries)
            array.push_back({{"number", entry.number},
                             {"at", rfc3339(entry.at)},
                             {"who", entry.who},
                             {"what", entry.what},
                             {"subject", entry.subject},
                             {"note", entry.note},
                             {"sealed", entry.sealed}});
        session.print(array);
        return ExitCode::Ok;
    }
    Table table({{"No.", Align::Right},
                 {"When (UTC)"},
                 {"Who", Align::Left, Fit::CutEnd},
                 {"What"},
                 {"With", Align::Left, Fit::CutMiddle},
                 {"Note", Align::Left, Fit::CutMiddle}});
    for (const wallet::AuditEntry& entry : chain->entries)
        table.row({std::to_string(entry.number), utc(entry.at), entry.who, entry.what,
                   entry.subject, entry.note});
    session.out().table(table);
    return ExitCode::Ok;
}

Help TokenAllowCommand::help() const {
    return {.summary = "Approve a PKCS#11 module, the library through which a token is reached",
            .about = {"Such a module is code that runs in this program and sees PINs. Its path and "
                      "SHA-256 are recorded and sealed; another file, or the same one changed, is "
                      "not loaded. A module that others than its owner may write is refused."},
            .examples = {{.what = "SoftHSM, a token in software",
                          .arguments = "token allow /usr/lib/softhsm/libsofthsm2.so "
                                       "--passphrase-fd 3 3<passphrase",
                          .needsWorkspace = true}}};
}

void TokenAllowCommand::declare(CommandLine& line) {
    line.value({.names = "MODULE",
                .help = "The module, a shared library",
                .kind = ValueKind::File,
                .required = true},
               m_module);
    m_workspace.declare(line);
}

ExitCode TokenAllowCommand::run(Session& session) {
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    const auto module = m_workspace.wallet().modules().approve(m_module);
    if (!module.ok()) return session.fail(module.status());
    if (session.wantsJson())
        session.print(
            Json{{"module", bytesToJson(module->path.string())}, {"sha256", module->sha256}});
    else
        session.out().fields(
            {{"Approved", Text(module->path.string())}, {"SHA-256", Text(module->sha256)}});
    return ExitCode::Ok;
}

Help TokenListCommand::help() const {
    return {.summary = "Show the approved PKCS#11 modules and the tokens behind them",
            .about = {"No PIN is asked for; the state of each token's PIN is shown."},
            .examples = {{.what = "All of them",
                          .arguments = "token list --passphrase-fd 3 3<passphrase",
                          .needsWorkspace = true}}};
}

void TokenListCommand::declare(CommandLine& line) {
    m_workspace.declare(line);
}

ExitCode TokenListCommand::run(Session& session) {
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    wallet::TokenModules& modules = m_workspace.wallet().modules();
    const auto approved = modules.list();
    if (!approved.ok()) return session.fail(approved.status());
    Json array = Json::array();
    Table table({{"Module", Align::Left, Fit::CutMiddle},
                 {"Token"},
                 {"Serial"},
                 {"Made by", Align::Left, Fit::CutEnd},
                 {"PIN", Align::Left, Fit::Wrap}});
    for (const crypto::TokenModule& module : *approved) {
        Json tokens = Json::array();
        const auto library = modules.load(module.path);
        const auto found = library.ok() ? (*library)->tokens()
                                        : Result<std::vector<crypto::TokenInfo>>(library.status());
        if (!found.ok())
            table.row({module.path.string(), "", "", "", bad(messageOf(found.status()))});
        if (found.ok())
            for (const crypto::TokenInfo& token : *found) {
                table.row({module.path.string(), token.label, token.serial, token.manufacturer,
                           stateOf(token)});
                tokens.push_back({{"label", bytesToJson(token.label)},
                                  {"serial", bytesToJson(token.serial)},
                                  {"manufacturer", bytesToJson(token.manufacturer)},
                                  {"model", bytesToJson(token.model)},
                                  {"pin", stateOf(token)}});
            }
        Json entry{{"module", bytesToJson(module.path.string())},
                   {"sha256", module.sha256},
                   {"tokens", std::move(tokens)}};
        if (!found.ok()) entry["error"] = reasonOf(found.status());
        array.push_back(std::move(entry));
    }
    if (session.wantsJson())
        session.print(array);
    else if (approved->empty())
        session.out().line("No module is approved; \"token allow\" does that.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
