#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "node/chaincode/PackageStore.h"
#include "node/state/StateView.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::node {

/// A committed definition and what the own organisation has to do with it.
struct RunnableContract {
    protocol::ChaincodeDefinition definition;
    bool isApproved = false;  ///< by the own organisation, exactly so
    /// The installed package that the organisation approved for it; empty when that is unknown or
    /// not installed.
    std::string packageId;
};
using RunnableContractPtr = std::shared_ptr<const RunnableContract>;

/// Which package runs for a definition: the organisation's approval names it, by a hash in its
/// implicit collection that is compared with the installed ones (fact sheet B §4.5). Remembered
/// until definitions change. Thread-safe.
class RunnableContracts {
public:
    RunnableContracts(MspId mspId, std::shared_ptr<const PackageStore> packages)
        : m_mspId(std::move(mspId)), m_packages(std::move(packages)) {}

    /// What the view says; null when the contract is not defined. Nothing of it is recorded.
    Result<RunnableContractPtr> find(const ChannelId& channel, const StateView& view,
                                     const std::string& contract);
    /// Views from this height on may differ from what is remembered.
    void changed(const ChannelId& channel, BlockNumber height);
    /// Another package is installed.
    void forget();

private:
    Result<RunnableContractPtr> read(const StateView& view, const std::string& contract) const;

    const MspId m_mspId;
    const std::shared_ptr<const PackageStore> m_packages;
    std::mutex m_mutex;
    std::uint64_t m_installs = 0;
    std::map<ChannelId, BlockNumber> m_changedAt;
    std::map<std::pair<ChannelId, std::string>, RunnableContractPtr> m_known;
};

}  // namespace chancery::node
