#include "src/cli/LedgerVerifyCommand.h"

#include <iostream>

#include "src/cli/EvidenceText.h"
#include "src/cli/ProgressBar.h"
#include "src/cli/Session.h"
#include "src/cli/VerifyText.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kFindingsShown = 20;

ExitCode verifyEvidence(Session& session, const std::filesystem::path& folder, bool all) {
    const auto report = usecase::VerifyEvidence().run(folder);
    if (!report.ok()) return session.fail(report.status());
    if (session.wantsJson())
        session.print(toJson(*report));
    else
        printEvidence(session.out(), *report, all ? 0 : kFindingsShown);
    return report->good() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace

Help LedgerVerifyCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/";
    return {
        .summary =
            "Check a chain of blocks without any node: is it complete, unchanged and rightly "
            "judged?",
        .about = {"Takes what you have: single blocks and folders of them as \"peer channel "
                  "fetch\" writes them, a peer's or "
                  "orderer's own ledger files (blockfile_000000 …, also compressed by gzip), or a "
                  "ledger snapshot. Several "
                  "paths are put together in the order of their blocks.",
                  "Every link and hash is checked, every signature of orderers, senders and "
                  "endorsers against the channel "
                  "configuration that was in force at that height, every endorsement policy, every "
                  "verdict of the peers and "
                  "the fingerprint of the state after every block.",
                  "A chain that does not begin with block 0 needs somebody to trust: give a "
                  "snapshot of the block before it "
                  "(--from-snapshot) or a config block that you trust (--trust-anchor).",
                  "A folder that \"ledger evidence\" made is recognised and checked as such."},
        .examples = {
            {"A folder of fetched blocks", "ledger verify " + ledger + "blocks"},
            {"A peer's own ledger file, and what covers which bytes",
             "ledger verify " + ledger + "peer_blockfile_000000 --coverage"},
            {"Blocks that follow a snapshot",
             "ledger verify " + ledger + "crafted --from-snapshot " + ledger + "snapshot_277"},
            {"A chain that begins in the middle",
             "ledger verify " + ledger +
                 "crafted --trust-anchor tests/data/vectors/config/last_config_tradechannel.block"},
            {"A snapshot alone", "ledger verify " + ledger + "snapshot_277"}}};
}

void LedgerVerifyCommand::declare(CommandLine& line) {
    line.values({.names = "PATH",
                 .help = "Block files, ledger files, folders of them, or one snapshot folder",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.value({.names = "--from-snapshot",
                .help = "Ledger snapshot of the block before the first one",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_snapshot);
    line.value({.names = "--trust-anchor",
                .help = "Config block to start from, for chains that do not begin with block 0",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_anchor);
    line.flag("--coverage", "Also tell which bytes are covered by what, and which by nothing",
              m_coverage);
    line.flag("--all", "Show all findings, not the first ones only", m_all);
    line.value({.names = "--threads",
                .help = "Processor cores to use; all of them unless you say otherwise",
                .kind = ValueKind::Number,
                .value = "N"},
               m_threads);
}

ExitCode LedgerVerifyCommand::run(Session& session) {
    if (m_snapshot && m_anchor)
        return session.usage("--from-snapshot and --trust-anchor cannot be given together.",
                             "A snapshot brings its own configuration; leave the anchor out.");
    if (m_paths.size() == 1 && usecase::isEvidenceFolder(m_paths.front())) {
        if (m_snapshot || m_anchor || m_coverage)
            return session.usage("An evidence pack is checked by itself.",
                                 "Leave --from-snapshot, --trust-anchor and --coverage out.");
        return verifyEvidence(session, m_paths.front(), m_all);
    }
    ProgressBar progress(std::cerr, session.terminal(), "Verifying");
    const auto report = usecase::VerifyLedger().run(
        {.paths = m_paths,
         .snapshot = m_snapshot,
         .anchor = m_anchor,
         .coverage = m_coverage,
         .threads = m_threads.value_or(0),
         .progress = [&](const usecase::Progress& at) { progress.show(at); }});
    progress.erase();
    if (!report.ok()) return session.fail(report.status());
    if (session.wantsJson())
        session.print(toJson(*report));
    else
        printVerification(session.out(), *report, m_all ? 0 : kFindingsShown);
    if (report->good()) return ExitCode::Ok;
    return report->blocks > 0 ? ExitCode::Findings : ExitCode::UnreadableInput;
}

}  // namespace chancery::cli
