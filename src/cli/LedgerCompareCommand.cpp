#include "src/cli/LedgerCompareCommand.h"

#include "src/base/Encoding.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {

Help LedgerCompareCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/";
    return {
        .summary = "Compare two copies of a channel: do they hold the same blocks and states?",
        .about = {"Compares the hashes of the blocks and the fingerprints of the state that "
                  "peers write behind every block, up to the last block that both have.",
                  "Each copy is read, verified and indexed first."},
        .examples = {{"A peer's ledger file and fetched blocks",
                      "ledger compare " + ledger + "peer_blockfile_000000 " + ledger + "blocks"},
                     {"Up to a height, for a program", "ledger compare " + ledger +
                                                           "peer_blockfile_000000 " + ledger +
                                                           "blocks --at 100 --output json"}}};
}

void LedgerCompareCommand::declare(CommandLine& line) {
    line.value({.names = "A",
                .help = "Block file, ledger file or folder of them",
                .kind = ValueKind::Path,
                .required = true},
               m_left);
    line.value({.names = "B", .help = "The other copy", .kind = ValueKind::Path, .required = true},
               m_right);
    line.value(
        {.names = "--at", .help = "Only up to this block", .kind = ValueKind::Number, .value = "N"},
        m_at);
    m_ledger.declare(line);
}

ExitCode LedgerCompareCommand::run(Session& session) {
    const auto left = m_ledger.open(session, {m_left});
    if (!left.ok()) return session.fail(left.status());
    const auto right = m_ledger.open(session, {m_right});
    if (!right.ok()) return session.fail(right.status());
    const auto result = usecase::compareLedgers(**left, **right, m_at);
    if (!result.ok()) return session.fail(result.status());
    const bool same = !result->firstDifferent && !result->damaged;
    if (session.wantsJson()) {
        session.print(
            Json{{"channel", bytesToJson(result->channel)},
                 {"equal", same},
                 {"compared_to_block", result->height},
                 {"first_different_block",
                  result->firstDifferent ? Json(*result->firstDifferent) : Json()},
                 {"damaged_block", result->damaged ? Json(*result->damaged) : Json()},
                 {"block_hash", {{"a", toHex(result->leftHash)}, {"b", toHex(result->rightHash)}}},
                 {"commit_hash",
                  {{"a", toHex(result->leftCommitHash)}, {"b", toHex(result->rightCommitHash)}}},
                 {"sentence", result->sentence.english}});
    } else {
        session.out().line((same ? good("✓ ") : bad("✗ ")) + strong(result->sentence.english));
        session.out().fields({{"Channel", result->channel},
                              {"Compared", "to block " + number(result->height)},
                              {"Block hash of A", toHex(result->leftHash)},
                              {"Block hash of B", toHex(result->rightHash)},
                              {"State of A", toHex(result->leftCommitHash)},
                              {"State of B", toHex(result->rightCommitHash)}},
                             2);
    }
    return same ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
