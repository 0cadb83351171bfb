#include "src/cli/BrowsedLedger.h"

#include <cstdlib>
#include <iostream>

#include "src/cli/ProgressBar.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

void tellErrors(Session& session, const usecase::LedgerStatus& status) {
    if (status.errors == 0) return;
    Text text = warning("Warning: ") + Text(fmt::format("this ledger does not verify, {}.",
                                                        counted(status.errors, "error")));
    if (status.firstError) {
        text.add(status.firstError->block
                     ? fmt::format(" The first is in block {}: ", number(*status.firstError->block))
                     : std::string(" The first: "));
        text.add(status.firstError->sentence);
    }
    session.err().paragraph(text);
    session.err().paragraph("\"ledger verify\" tells all of it.");
}

}  // namespace

void BrowsedLedger::declare(CommandLine& line) {
    line.value({.names = "--index",
                .help = "Folder for the index, which makes the next question quick; your cache "
                        "folder unless you say otherwise",
                .kind = ValueKind::Folder,
                .value = "FOLDER"},
               m_folder);
    line.value({.names = "--from-snapshot",
                .help = "Ledger snapshot that the blocks follow",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_snapshot);
    line.value({.names = "--trust-anchor",
                .help = "Config block to start from, for chains that do not begin with block 0",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_anchor);
}

std::optional<std::filesystem::path> BrowsedLedger::defaultFolder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    // The specification says that what is not absolute is to be ignored.
    if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "chancery/index";
    if (home != nullptr && *home == '/')
        return std::filesystem::path(home) / ".cache/chancery/index";
    return std::nullopt;
}

Result<std::unique_ptr<usecase::BrowseLedger>> BrowsedLedger::open(
    Session& session, const std::vector<std::filesystem::path>& paths) const {
    const auto folder = m_folder ? m_folder : defaultFolder();
    if (!folder)
        return makeError(StatusCode::kInvalidArgument, "NO_CACHE_FOLDER",
                         "there is no cache folder, for neither XDG_CACHE_HOME nor HOME is set; "
                         "give --index");
    std::error_code ignored;  // the folder itself tells what is wrong
    std::filesystem::create_directories(folder->parent_path(), ignored);
    ASSIGN_OR_RETURN(auto ledger, usecase::BrowseLedger::open({.location = {paths, m_snapshot},
                                                               .indexes = *folder,
                                                               .anchor = m_anchor}));
    ProgressBar progress(std::cerr, session.terminal(), "Indexing");
    const auto changed = ledger->onChanged([&] {
        const usecase::LedgerStatus status = ledger->status();
        progress.show({.bytesDone = status.bytesDone,
                       .bytesTotal = status.bytesTotal,
                       .blocks = status.blocks,
                       .block = status.lastBlock});
    });
    const Status status = ledger->sync({});
    progress.erase();
    RETURN_IF_ERROR(status);
    tellErrors(session, ledger->status());
    return ledger;
}

std::optional<usecase::KeyReference> keyReference(Session& session, const std::string& contract,
                                                  const std::optional<std::string>& collection,
                                                  const std::string& key) {
    const auto bytes = keyFromText(key);
    if (bytes) return usecase::KeyReference{contract, collection.value_or(""), *bytes};
    session.usage(fmt::format("\"{}\" has a backslash that means nothing.", key),
                  "Write \\\\ for a backslash, \\xNN for a byte, \\u{N} for a character.");
    return std::nullopt;
}

}  // namespace chancery::cli
