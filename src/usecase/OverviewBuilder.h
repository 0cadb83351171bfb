#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "src/usecase/ConfigDescription.h"
#include "src/usecase/IdentityNames.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/LedgerReplay.h"

namespace common {
class Config;
}

namespace chancery::usecase {

/// Gathers what `LedgerOverview` tells, block by block. One thread at a time.
class OverviewBuilder {
public:
    /// Before the first block, when the state comes from a snapshot.
    void begin(const LedgerReplay& replay);
    /// A block that replay.next() gave, before commit().
    void add(const protocol::SourcedBlock& sourced, LedgerReplay& replay);
    /// At the end of the chain.
    LedgerOverview finish(LedgerReplay& replay);
    bool empty() const { return m_overview.blocks == 0 && !m_overview.snapshot; }

private:
    struct Counts {
        std::size_t writes = 0, reads = 0, conflicts = 0;
    };
    struct Calls {
        std::size_t all = 0, refused = 0;
    };
    using Key = std::pair<std::string, std::string>;

    void addTransaction(const protocol::Block& block, std::size_t index,
                        const protocol::Transaction& transaction, LedgerReplay& replay);
    void addRefused(TransactionSummary summary, LedgerReplay& replay);
    void addConfig(const protocol::Block& block, const protocol::Transaction& transaction);
    void addOrganisations(const ConfigDescription& config, BlockNumber block);
    Counts& countsOf(std::string_view contract, std::string_view key);

    void describeChannel(LedgerOverview& overview) const;
    void describeContracts(LedgerOverview& overview, LedgerReplay& replay) const;
    void describeKeys(LedgerOverview& overview) const;

    LedgerOverview m_overview;
    IdentityNames m_names;
    std::map<Key, Counts> m_keys;
    std::map<std::string, Calls> m_calls;
    std::shared_ptr<const ::common::Config> m_config;  ///< the last one
    ConfigDescription m_configDescription;
};

}  // namespace chancery::usecase
