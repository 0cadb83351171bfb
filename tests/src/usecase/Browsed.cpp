#include "tests/src/usecase/Browsed.h"

#include "tests/support/Vectors.h"

namespace chancery::test {

using namespace usecase;

LedgerLocation locationOf(const std::string& name) {
    if (name == "blocks") return {{vectorPath("ledger/blocks")}, {}};
    if (name == "raw") return {{vectorPath("ledger/peer_blockfile_000000")}, {}};
    if (name == "orderer") return {{vectorPath("ledger/orderer_blockfile_000000.gz")}, {}};
    if (name == "crafted") return {{vectorPath("ledger/blocks"), vectorPath("ledger/crafted")}, {}};
    if (name == "snapshot")
        return {{vectorPath("ledger/crafted")}, vectorPath("ledger/snapshot_277")};
    return {{vectorPath("bft/blocks")}, {}};
}

BrowseLedger& crafted() {
    static Opened opened;
    if (!opened.ledger) {
        const Status status = opened.open(locationOf("crafted"));
        if (!status.ok() || !opened.ledger->sync({}).ok()) qFatal("the ledger cannot be indexed");
    }
    return *opened.ledger;
}

LedgerQuery parsed(std::string_view text) {
    const auto query = parseLedgerQuery(text, 1'795'400'000'000'000'000);
    if (!query.ok()) qFatal("%s", query.status().ToString().c_str());
    return *query;
}

}  // namespace chancery::test
