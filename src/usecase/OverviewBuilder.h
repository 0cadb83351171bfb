#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
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

inline constexpr std::size_t kBusiestKeys = 10;
// some 150 MiB; rarely used ones are dropped then
inline constexpr std::size_t kMaxRefused = 100'000;

/// Gathers what `LedgerOverview` tells, block by block. One thread at a time.
class OverviewBuilder {
public:
    /// Before the first block, when the state comes from a snapshot: its last block and the
    /// configuration in force.
    void begin(BlockNumber last, const std::string& channel, const ::common::Config& config);
    /// A block that replay.next() gave, before commit().
    void add(const protocol::SourcedBlock& sourced, LedgerReplay& replay);
    /// A valid configuration alone, for those who count the rest otherwise.
    void addConfig(const protocol::Block& block, const protocol::Transaction& transaction);
    void addCalls(const std::string& contract, std::size_t all, std::size_t refused);
    /// Counted elsewhere.
    LedgerOverview& overview() { return m_overview; }

    /// At the end of the chain: the state and configuration there. `keysOf` counts the public keys
    /// of a contract.
    LedgerOverview finish(const verify::StateReader& state, const channel::BundlePtr& bundle,
                          const std::function<std::size_t(const std::string&)>& keysOf);
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
    void addOrganisations(const ConfigDescription& config, BlockNumber block);
    Counts& countsOf(std::string_view contract, std::string_view key);

    void describeChannel(LedgerOverview& overview) const;
    void describeContracts(LedgerOverview& overview, const verify::StateReader& state,
                           const channel::BundlePtr& bundle,
                           const std::function<std::size_t(const std::string&)>& keysOf) const;
    std::set<std::string> contractNames(const verify::StateReader& state) const;
    void describeKeys(LedgerOverview& overview) const;

    LedgerOverview m_overview;
    IdentityNames m_names;
    std::map<Key, Counts> m_keys;
    std::map<std::string, Calls> m_calls;
    std::shared_ptr<const ::common::Config> m_config;  ///< the last one
    ConfigDescription m_configDescription;
};

}  // namespace chancery::usecase
