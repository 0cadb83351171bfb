#pragma once

#include <functional>
#include <memory>

#include "node/chaincode/ContractExecutor.h"
#include "node/chaincode/InstalledPackages.h"
#include "src/base/Ids.h"

namespace chancery::node {

/// The system contract _lifecycle: packages, approvals and definitions, with all functions of
/// Fabric 2.5 and 3.1, their texts and their read/write sets (fact sheet B §4.4).
class LifecycleContract final : public SystemContract {
public:
    struct Options {
        MspId mspId;  ///< of the peer
        std::shared_ptr<InstalledPackages> packages;
        /// Whether SerializedIdentity bytes, verified before, are an administrator of the peer's
        /// own organisation.
        std::function<Status(BytesView creator)> checkLocalAdmin;
    };
    explicit LifecycleContract(Options options);

    std::string_view name() const override;
    bool usesSimulation() const override { return true; }
    ContractResponse invoke(const SystemCall& call) override;

private:
    Status authorise(const SystemCall& call, std::string_view function) const;

    Options m_options;
};

}  // namespace chancery::node
