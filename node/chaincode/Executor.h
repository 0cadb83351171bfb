#pragma once

#include <memory>

#include "node/chaincode/ChaincodeOptions.h"
#include "node/chaincode/ContractExecutor.h"

namespace chancery::node {

/// The executor of a peer: packages from `options.folder`, a listener for contracts that it starts,
/// the system contract _lifecycle; others are added. Errors of the disk, of rpc::Server and of
/// making keys.
Result<std::unique_ptr<ContractExecutor>> makeContractExecutor(const ChaincodeOptions& options);

}  // namespace chancery::node
