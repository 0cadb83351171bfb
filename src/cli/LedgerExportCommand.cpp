#include "src/cli/LedgerExportCommand.h"

#include <iostream>

#include "src/cli/BlockRange.h"
#include "src/cli/Interrupt.h"
#include "src/cli/ProgressBar.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/ExportLedger.h"

namespace chancery::cli {

Help LedgerExportCommand::help() const {
    const std::string blocks = "tests/data/vectors/ledger/peer_blockfile_000000";
    return {
        .summary =
            "Write a ledger for other programs: JSON, a table for spreadsheets, or single blocks",
        .about = {"json: one file, an array of blocks with everything decoded, and the values "
                  "before and after each change. "
                  "csv: one file, a line per transaction; cells that a spreadsheet would run as a "
                  "formula begin with an "
                  "apostrophe. blocks: a folder with one file per block, as \"peer channel fetch\" "
                  "writes them.",
                  "Files are created for you alone (mode 0600) and an existing file is never "
                  "overwritten. What is written "
                  "is what stands in the blocks; \"ledger verify\" checks it."},
        .examples = {
            {"A table of all transactions",
             "ledger export " + blocks + " --format csv --out transactions.csv"},
            {"Some blocks with everything in them",
             "ledger export " + blocks + " --format json --blocks 80-90 --out blocks.json"},
            {"Single blocks out of a peer's ledger file",
             "ledger export " + blocks + " --format blocks --out blocks"}}};
}

void LedgerExportCommand::declare(CommandLine& line) {
    line.values({.names = "PATH",
                 .help = "Block files, ledger files or folders of them",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.value({.names = "--format",
                .help = "What to write",
                .kind = ValueKind::Choice,
                .value = "FORMAT",
                .choices = {"json", "csv", "blocks"},
                .required = true},
               m_format);
    line.value({.names = "--out",
                .help = "File to create; for blocks a folder",
                .kind = ValueKind::Path,
                .value = "PATH",
                .required = true},
               m_out);
    line.value({.names = "--blocks",
                .help = "Only these blocks: 12, 12-20, 12- or -20",
                .kind = ValueKind::Text,
                .value = "RANGE"},
               m_range);
    line.value({.names = "--from-snapshot",
                .help = "Ledger snapshot that the blocks follow",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_snapshot);
}

ExitCode LedgerExportCommand::run(Session& session) {
    usecase::ExportLedgerRequest request{.location = {m_paths, m_snapshot}, .out = m_out};
    request.format = m_format == "csv"      ? usecase::ExportFormat::Csv
                     : m_format == "blocks" ? usecase::ExportFormat::Blocks
                                            : usecase::ExportFormat::Json;
    if (m_range) {
        const auto range = blockRangeFromText(*m_range);
        if (!range)
            return session.usage(fmt::format("\"{}\" is no range of blocks.", *m_range),
                                 "Write 12, 12-20, 12- or -20.");
        std::tie(request.first, request.last) = *range;
    }
    ProgressBar progress(std::cerr, session.terminal(), "Writing");
    request.progress = [&](const usecase::Progress& at) { progress.show(at); };
    const Interrupt interrupt;
    request.stop = interrupt.token();
    const auto result = usecase::ExportLedger().run(request);
    progress.erase();
    if (result.status().code() == StatusCode::kCancelled)
        return session.fail(result.status(), ExitCode::Interrupted);
    if (!result.ok())
        return session.fail(result.status(), argumentOf(result.status(), "writing").empty()
                                                 ? ExitCode::UnreadableInput
                                                 : ExitCode::CannotWrite);
    if (session.wantsJson()) {
        session.print(Json{{"out", bytesToJson(m_out.string())},
                           {"blocks", result->blocks},
                           {"transactions", result->transactions},
                           {"files", result->files},
                           {"bytes", result->bytes}});
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") +
                       Text(fmt::format("{}: {} with {} in {}, {}.", m_out.string(),
                                        counted(result->blocks, "block"),
                                        counted(result->transactions, "transaction"),
                                        counted(result->files, "file"), size(result->bytes))));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
