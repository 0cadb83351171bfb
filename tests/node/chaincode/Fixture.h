#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "node/chaincode/Executor.h"
#include "src/verify/ChainState.h"
#include "tests/node/chaincode/FakeChannel.h"

namespace chancery::test {

/// The golden ledger before its last block, made once.
const verify::ChainState& goldenEnd();
FakeState goldenState();

/// Puts a definition into a state, approved by AlphaMSP for this package; with the version of the
/// state's height.
void define(FakeState& state, const std::string& contract, const std::string& packageId,
            bool initRequired = false, std::uint64_t sequence = 1);

/// A proposal by a client of the golden network, with an id of its own.
std::shared_ptr<const protocol::UnpackedProposal> proposalFor(const std::string& contract,
                                                              std::vector<std::string> args,
                                                              bool isInit = false);

/// A package with these files.
Bytes packageOf(const std::string& label, const std::string& type,
                const std::vector<std::pair<std::string, std::string>>& files);

/// Executes and waits.
Result<node::ExecutionResult> execute(node::ContractExecutor& executor,
                                      std::shared_ptr<node::ExecutionChannel> channel,
                                      const std::string& contract, std::vector<std::string> args,
                                      bool isInit = false);
std::future<Result<node::ExecutionResult>> executeLater(
    node::ContractExecutor& executor, std::shared_ptr<node::ExecutionChannel> channel,
    const std::string& contract, std::vector<std::string> args, bool isInit = false);
/// Installs through _lifecycle; gives the package id, or throws.
std::string install(node::ContractExecutor& executor, const Bytes& package);

}  // namespace chancery::test
