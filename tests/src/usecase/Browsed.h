#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <string>

#include "src/usecase/BrowseLedger.h"

namespace chancery::test {

/// A ledger with an index in a folder of its own.
struct Opened {
    QTemporaryDir folder;
    usecase::OpenLedgerRequest request;
    std::unique_ptr<usecase::BrowseLedger> ledger;

    Status open(usecase::LedgerLocation location) {
        request.location = std::move(location);
        request.indexes = std::filesystem::path(folder.path().toStdString()) / "indexes";
        request.threads = 2;
        return again();
    }
    Status again() {
        ledger.reset();
        ASSIGN_OR_RETURN(ledger, usecase::BrowseLedger::open(request));
        return {};
    }
    std::filesystem::path file(const std::string& name) const {
        return std::filesystem::path(folder.path().toStdString()) / name;
    }
};

/// "raw", "orderer", "crafted", "snapshot", "bft", else the single blocks.
usecase::LedgerLocation locationOf(const std::string& name);

/// One ledger for all tests that only look at it: the chain with the crafted blocks behind it.
usecase::BrowseLedger& crafted();

/// Ends the program when the text is no query.
usecase::LedgerQuery parsed(std::string_view text);

}  // namespace chancery::test
