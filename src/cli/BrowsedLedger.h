#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/cli/Command.h"
#include "src/usecase/BrowseLedger.h"

namespace chancery::cli {

/// What the commands that ask an indexed ledger have in common: where the index lives, and bringing
/// it up to date before the question.
class BrowsedLedger {
public:
    void declare(CommandLine& line);

    /// Opens and reads what is new, with a progress bar. What is wrong with the ledger is told on
    /// standard error; the questions are answered nevertheless. INVALID_ARGUMENT (NO_CACHE_FOLDER);
    /// errors of BrowseLedger.
    Result<std::unique_ptr<usecase::BrowseLedger>> open(
        Session& session, const std::vector<std::filesystem::path>& paths) const;

    /// $XDG_CACHE_HOME/chancery/index, else ~/.cache/chancery/index; nothing without either.
    static std::optional<std::filesystem::path> defaultFolder();

private:
    std::optional<std::filesystem::path> m_folder;
    std::optional<std::filesystem::path> m_snapshot;
    std::optional<std::filesystem::path> m_anchor;
};

/// A key as it is written on the command line, of a contract or one of its private collections;
/// nothing after a usage error, which is told.
std::optional<usecase::KeyReference> keyReference(Session& session, const std::string& contract,
                                                  const std::optional<std::string>& collection,
                                                  const std::string& key);

}  // namespace chancery::cli
