#include "src/cli/LedgerCompareCommand.h"

#include "src/base/Encoding.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/ComparePeers.h"

namespace chancery::cli {

Help LedgerCompareCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/";
    return {
        .summary = "Compare two copies of a channel: do they hold the same blocks and states?",
        .about =
            {"With --live: what do the peers of a channel hold now? Each is asked for its "
             "newest block, and all are compared at the height that everybody has reached; of "
             "one that differs the first such block is told.",
             "Without: compares the hashes of the blocks and the fingerprints of the state that "
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
                .kind = ValueKind::Path},
               m_left);
    line.value({.names = "B", .help = "The other copy", .kind = ValueKind::Path}, m_right);
    line.flag("--live", "In place of A and B: the peers of a network", m_live);
    line.value(
        {.names = "--at", .help = "Only up to this block", .kind = ValueKind::Number, .value = "N"},
        m_at);
    m_ledger.declare(line);
    m_access.declare(line);
}

ExitCode LedgerCompareCommand::compareLive(Session& session) {
    if (const Status opened = m_access.open(); !opened.ok()) return session.fail(opened);
    const auto result =
        usecase::ComparePeers().run(m_access.context(), {.channel = m_access.channel(),
                                                         .peers = m_access.allPeers(),
                                                         .at = m_at,
                                                         .deadline = m_access.deadline()});
    if (!result.ok()) return session.fail(result.status());
    const bool good = result->same() && result->allAnswered();
    if (session.wantsJson()) {
        Json peers = Json::array();
        for (const usecase::PeerStanding& peer : result->peers)
            peers.push_back(
                {{"peer", bytesToJson(peer.name)},
                 {"reachable", peer.reach.ok()},
                 {"why", bytesToJson(std::string(messageOf(peer.reach)))},
                 {"height", peer.height},
                 {"last_hash", toHex(peer.lastHash)},
                 {"last_commit_hash", toHex(peer.lastCommitHash)},
                 {"differs_from_block", peer.differsFrom ? Json(*peer.differsFrom) : Json()},
                 {"only_state_differs", peer.onlyState}});
        session.print(Json{{"channel", bytesToJson(result->channel.str())},
                           {"equal", result->same()},
                           {"compared_to_block", result->comparedTo},
                           {"block_hash", toHex(result->hash)},
                           {"commit_hash", toHex(result->commitHash)},
                           {"peers", peers},
                           {"sentence", result->sentence.english}});
        return good ? ExitCode::Ok : ExitCode::Findings;
    }
    session.out().line((result->same() ? cli::good("✓ ") : bad("✗ ")) +
                       strong(result->sentence.english));
    session.out().fields({{"Channel", result->channel.str()},
                          {"Compared", "to block " + number(result->comparedTo)},
                          {"Block hash", toHex(result->hash)},
                          {"State", toHex(result->commitHash)}},
                         2);
    for (const usecase::PeerStanding& peer : result->peers) {
        Text text = strong(peer.name) + Text(": ");
        if (!peer.reach.ok())
            text.add(bad("cannot be asked, ")).add(std::string(messageOf(peer.reach)));
        else if (peer.differsFrom)
            text.add(bad(fmt::format("{} from block {} on",
                                     peer.onlyState ? "another state or verdicts" : "other blocks",
                                     number(*peer.differsFrom))));
        else
            text.add(fmt::format("{} blocks, the last is {}", number(peer.height),
                                 shortHash(peer.lastHash)));
        session.out().item(peer.reach.ok() && !peer.differsFrom ? cli::good("✓") : bad("✗"), text);
    }
    return good ? ExitCode::Ok : ExitCode::Findings;
}

ExitCode LedgerCompareCommand::run(Session& session) {
    if (m_live && (m_left || m_right)) return session.usage("--live takes no copies in files");
    if (m_live) return compareLive(session);
    if (!m_left || !m_right)
        return session.usage("two copies are needed", "Or say --live for the peers of a network.");
    const auto left = m_ledger.open(session, {*m_left});
    if (!left.ok()) return session.fail(left.status());
    const auto right = m_ledger.open(session, {*m_right});
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
