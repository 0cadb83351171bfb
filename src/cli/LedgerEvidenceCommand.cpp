#include "src/cli/LedgerEvidenceCommand.h"

#include <iostream>

#include "src/cli/BlockRange.h"
#include "src/cli/EvidenceText.h"
#include "src/cli/Interrupt.h"
#include "src/cli/ProgressBar.h"
#include "src/cli/Session.h"
#include "src/cli/TransactionReferenceText.h"
#include "src/usecase/ExportEvidence.h"

namespace chancery::cli {

Help LedgerEvidenceCommand::help() const {
    const std::string blocks = "tests/data/vectors/ledger/peer_blockfile_000000";
    return {
        .summary =
            "Write evidence about transactions that others can check without any access to the "
            "network",
        .about =
            {"Makes a folder with the blocks of the transactions, every configuration from block 0 "
             "on, the contract definitions that were in force, the certificates of everybody who "
             "signed, what they signed, a report for people (report.html) with a page that tells "
             "how to check all of it by hand, and the same for programs (evidence.json).",
             "\"ledger verify FOLDER\" checks such a folder: every hash, every signature, every "
             "policy, and that each claim is what the blocks say. The folder must not exist yet; "
             "its files are created for you alone (mode 0600)."},
        .examples = {
            {"One transaction by its place: block 40, the first one",
             "ledger evidence " + blocks + " --tx 40/0 --out evidence-40"},
            {"All transactions of some blocks, with the report in Chinese",
             "ledger evidence " + blocks + " --range 80-90 --language zh --out evidence-80-90"},
            {"Write and check", "ledger evidence " + blocks +
                                    " --block 192 --out evidence-192 && chanceryctl ledger "
                                    "verify evidence-192"}}};
}

void LedgerEvidenceCommand::declare(CommandLine& line) {
    line.values({.names = "PATH",
                 .help = "Block files, ledger files or folders of them, from block 0 on",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.values({.names = "--tx",
                 .help = "A transaction: its id, or BLOCK/INDEX; may be given several times",
                 .kind = ValueKind::Text,
                 .value = "ID",
                 .repeats = true},
                m_transactions);
    line.value({.names = "--block",
                .help = "All transactions of this block",
                .kind = ValueKind::Number,
                .value = "N"},
               m_block);
    line.value({.names = "--range",
                .help = "All transactions of these blocks: 12-20",
                .kind = ValueKind::Text,
                .value = "RANGE"},
               m_range);
    line.value({.names = "--out",
                .help = "Folder to make",
                .kind = ValueKind::Path,
                .value = "FOLDER",
                .required = true},
               m_out);
    line.value({.names = "--language",
                .help = "Of the report: en or zh",
                .kind = ValueKind::Choice,
                .value = "LANGUAGE",
                .choices = {"en", "zh"}},
               m_language);
}

ExitCode LedgerEvidenceCommand::run(Session& session) {
    if (m_transactions.empty() && !m_block && !m_range)
        return session.usage("Evidence about what?", "Give --tx, --block or --range.");
    if (m_block && m_range)
        return session.usage("--block and --range cannot be given together.",
                             "A range may be one block.");
    usecase::ExportEvidenceRequest request{.location = {m_paths, {}},
                                           .folder = m_out,
                                           .language = m_language == "zh"
                                                           ? usecase::EvidenceLanguage::Chinese
                                                           : usecase::EvidenceLanguage::English,
                                           .toolVersion = "chanceryctl " CHANCERY_VERSION,
                                           .now = session.clock().now()};
    for (const std::string& text : m_transactions)
        request.transactions.push_back(transactionFromText(text));
    if (m_block) request.blocks = {*m_block, *m_block};
    if (m_range) {
        request.blocks = blockRangeFromText(*m_range);
        if (!request.blocks || m_range == "all" || m_range->ends_with('-'))
            return session.usage(fmt::format("\"{}\" is no range of blocks.", *m_range),
                                 "Write 12 or 12-20.");
    }
    ProgressBar progress(std::cerr, session.terminal(), "Reading");
    request.progress = [&](const usecase::Progress& at) { progress.show(at); };
    const Interrupt interrupt;
    request.stop = interrupt.token();
    const auto result = usecase::ExportEvidence().run(request);
    progress.erase();
    if (result.status().code() == StatusCode::kCancelled)
        return session.fail(result.status(), ExitCode::Interrupted);
    if (!result.ok())
        return session.fail(result.status(), argumentOf(result.status(), "writing").empty()
                                                 ? ExitCode::UnreadableInput
                                                 : ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print(toJson(m_out.string(), *result));
    else
        printEvidence(session.out(), m_out.string(), *result);
    return result->differences.empty() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
