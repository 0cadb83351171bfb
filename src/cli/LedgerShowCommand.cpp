#include "src/cli/LedgerShowCommand.h"

#include <iostream>

#include "src/cli/BlockRange.h"
#include "src/cli/LedgerText.h"
#include "src/cli/ProgressBar.h"
#include "src/cli/Session.h"
#include "src/cli/TransactionReferenceText.h"
#include "src/cli/Values.h"
#include "src/usecase/DescribeLedger.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
Help LedgerShowCommand::help() const {
    const std::string blocks = "tests/data/vectors/ledger/blocks";
    return {
        .summary = "Tell what a ledger holds: the whole story, one block, one transaction, one key",
        .about = {"Without further options you get the story of the channel: who takes part, how "
                  "it was configured and by "
                  "whom, which contracts there are and who must endorse them, which keys are busy, "
                  "and which "
                  "transactions were refused and why.",
                  "A transaction is told with what it read and wrote (before and after), who "
                  "endorsed it, whether that was "
                  "enough, and the cause of its verdict in plain words. Keys that are not plain "
                  "text can be written with "
                  "\\xNN, the way they are shown.",
                  "The verdicts that the blocks record are believed here; \"ledger verify\" checks "
                  "them."},
        .examples = {{"The whole story", "ledger show " + blocks},
                     {"A list of blocks", "ledger show " + blocks + " --blocks 80-90"},
                     {"One block", "ledger show " + blocks + " --block 85"},
                     {"A transaction by its place: block 40, the first one",
                      "ledger show " + blocks + " --tx 40/0"},
                     {"How a value came about",
                      "ledger show " + blocks + " --key assets/pub:row001 --history"},
                     {"The value as it was after block 60",
                      "ledger show " + blocks + " --key assets/pub:row001 --at 60"},
                     {"All refused transactions, for a program",
                      "ledger show " + blocks + " --refused --output json | head -n 20"}}};
}

void LedgerShowCommand::declare(CommandLine& line) {
    line.values({.names = "PATH",
                 .help = "Block files, ledger files, folders of them, or a snapshot folder",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.value({.names = "--blocks",
                .help = "List blocks: all, 12, 12-20, 12- or -20",
                .kind = ValueKind::Text,
                .value = "RANGE"},
               m_blocks);
    line.value({.names = "--block",
                .help = "Show this block and its transactions",
                .kind = ValueKind::Number,
                .value = "N"},
               m_block);
    line.value({.names = "--tx",
                .help = "Tell this transaction: its id, or BLOCK/INDEX",
                .kind = ValueKind::Text,
                .value = "ID"},
               m_transaction);
    line.value({.names = "--key",
                .help = "Show this key: CONTRACT/KEY",
                .kind = ValueKind::Text,
                .value = "KEY"},
               m_key);
    line.value({.names = "--collection",
                .help = "With --key: a key of this private data collection (its hashes are shown)",
                .kind = ValueKind::Text,
                .value = "NAME"},
               m_collection);
    line.value({.names = "--at",
                .help = "With --key: as it was after this block",
                .kind = ValueKind::Number,
                .value = "N"},
               m_at);
    line.flag("--history", "With --key: every change of it, newest first", m_history);
    line.flag("--refused", "List every refused transaction with its cause", m_refused);
    line.value({.names = "--from-snapshot",
                .help = "Ledger snapshot that the blocks follow",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_snapshot);
}

ExitCode LedgerShowCommand::run(Session& session) {
    const int questions = (m_block ? 1 : 0) + (m_blocks ? 1 : 0) + (m_transaction ? 1 : 0) +
                          (m_key ? 1 : 0) + (m_refused ? 1 : 0);
    if (questions > 1)
        return session.usage(
            "--blocks, --block, --tx, --key and --refused cannot be given together.",
            "Ask for one of them.");
    if (!m_key && (m_at || m_history || m_collection))
        return session.usage("--at, --history and --collection belong to --key.");
    usecase::LedgerLocation location{m_paths, m_snapshot};
    if (!m_snapshot && m_paths.size() == 1 && usecase::isSnapshotFolder(m_paths.front()))
        location = {{}, m_paths.front()};
    ProgressBar progress(std::cerr, session.terminal(), "Reading");
    const usecase::DescribeLedger ledger(location,
                                         [&](const usecase::Progress& at) { progress.show(at); });
    if (m_blocks) return showBlocks(session, ledger);
    if (m_block) return showBlock(session, ledger);
    if (m_transaction) return showTransaction(session, ledger, progress);
    if (m_key) return showKey(session, ledger, progress);
    return showOverview(session, ledger, progress);
}

ExitCode LedgerShowCommand::showOverview(Session& session, const usecase::DescribeLedger& ledger,
                                         ProgressBar& progress) const {
    const auto overview = ledger.overview();
    progress.erase();
    if (!overview.ok()) return session.fail(overview.status());
    if (session.wantsJson())
        session.print(m_refused ? toJson(overview->refused) : toJson(*overview));
    else if (m_refused)
        printRefused(session.out(), overview->refused, 0);
    else
        printOverview(session.out(), *overview);
    if (overview->damage.empty()) return ExitCode::Ok;
    return session.fail(makeError(StatusCode::kDataLoss, "DAMAGED_LEDGER", overview->damage));
}

ExitCode LedgerShowCommand::showBlocks(Session& session,
                                       const usecase::DescribeLedger& ledger) const {
    const auto range = blockRangeFromText(*m_blocks);
    if (!range)
        return session.usage(fmt::format("\"{}\" is no range of blocks.", *m_blocks),
                             "Write all, 12, 12-20, 12- or -20.");
    const auto blocks = ledger.blocks(range->first, range->second);
    if (!blocks.ok()) return session.fail(blocks.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const usecase::BlockSummary& block : *blocks) array.push_back(toJson(block));
        session.print(array);
    } else {
        printBlocks(session.out(), *blocks);
    }
    return ExitCode::Ok;
}

ExitCode LedgerShowCommand::showBlock(Session& session,
                                      const usecase::DescribeLedger& ledger) const {
    const auto block = ledger.block(*m_block);
    if (!block.ok()) return session.fail(block.status());
    if (session.wantsJson())
        session.print(toJson(*block));
    else
        printBlock(session.out(), *block);
    return ExitCode::Ok;
}

ExitCode LedgerShowCommand::showTransaction(Session& session, const usecase::DescribeLedger& ledger,
                                            ProgressBar& progress) const {
    const auto transaction = ledger.transaction(transactionFromText(*m_transaction));
    progress.erase();
    if (!transaction.ok()) return session.fail(transaction.status());
    if (session.wantsJson())
        session.print(toJson(*transaction));
    else
        printTransaction(session.out(), *transaction);
    return ExitCode::Ok;
}

ExitCode LedgerShowCommand::showKey(Session& session, const usecase::DescribeLedger& ledger,
                                    ProgressBar& progress) const {
    const std::size_t slash = m_key->find('/');
    if (slash == std::string::npos || slash == 0)
        return session.usage(fmt::format("\"{}\" names no key.", *m_key),
                             "Write CONTRACT/KEY, for example assets/a1.");
    const auto key = keyFromText(std::string_view(*m_key).substr(slash + 1));
    if (!key)
        return session.usage(
            fmt::format("\"{}\" has a backslash that means nothing.", *m_key),
            "Write \\\\ for a backslash, \\xNN for a byte, \\u{N} for a character.");
    const auto description =
        ledger.key({m_key->substr(0, slash), m_collection.value_or(""), *key}, m_at);
    progress.erase();
    if (!description.ok()) return session.fail(description.status());
    if (session.wantsJson())
        session.print(toJson(*description));
    else
        printKey(session.out(), *description, m_history);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
