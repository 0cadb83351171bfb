#include "src/cli/LedgerHistoryCommand.h"

#include "src/cli/LedgerText.h"
#include "src/cli/Session.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kUsualChanges = 100;

}  // namespace

Help LedgerHistoryCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/peer_blockfile_000000";
    return {
        .summary = "Tell every change of a key: who wrote what, when, with which function",
        .about = {"Newest first. Keys that are not plain text can be written with \\xNN, the "
                  "way they are shown. Of private data only hashes are in the ledger: give the "
                  "key in clear and --collection.",
                  "The first question reads and verifies the whole ledger and keeps an index; "
                  "the next ones are answered from it."},
        .examples = {{"A key of a contract", "ledger history assets pub:row001 " + ledger},
                     {"As it looked after block 60, for a program",
                      "ledger history assets pub:row001 " + ledger + " --at 60 --output json"}}};
}

void LedgerHistoryCommand::declare(CommandLine& line) {
    line.value({.names = "CONTRACT",
                .help = "Name of the contract",
                .kind = ValueKind::Text,
                .required = true},
               m_contract);
    line.value({.names = "KEY", .help = "The key", .kind = ValueKind::Text, .required = true},
               m_key);
    line.values({.names = "PATH",
                 .help = "Block files, ledger files or folders of them",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.value({.names = "--collection",
                .help = "A key of this private data collection (its hashes are shown)",
                .kind = ValueKind::Text,
                .value = "NAME"},
               m_collection);
    line.value(
        {.names = "--at", .help = "Only up to this block", .kind = ValueKind::Number, .value = "N"},
        m_at);
    line.value({.names = "--limit",
                .help = "Show at most this many changes; 100 unless you say otherwise",
                .kind = ValueKind::Number,
                .value = "N"},
               m_limit);
    m_ledger.declare(line);
}

ExitCode LedgerHistoryCommand::run(Session& session) {
    const auto reference = keyReference(session, m_contract, m_collection, m_key);
    if (!reference) return ExitCode::Usage;
    const auto ledger = m_ledger.open(session, m_paths);
    if (!ledger.ok()) return session.fail(ledger.status());
    const auto key = (*ledger)->key(*reference, m_at, m_limit.value_or(kUsualChanges));
    if (!key.ok()) return session.fail(key.status());
    if (session.wantsJson())
        session.print(toJson(*key));
    else
        printKey(session.out(), *key, true);
    return key->current || !key->history.empty() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
