#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "node/chaincode/ContractExecutor.h"
#include "src/base/Ids.h"

namespace chancery::node {

class Metrics;

/// How a peer runs contracts.
struct ChaincodeOptions {
    MspId mspId;                   ///< of the peer
    std::filesystem::path folder;  ///< for packages, unpacked code and key files; the peer's own
    std::string peerName;          ///< {{.peername}} in connection files
    /// Where contracts that the peer starts dial in; port 0: any free one.
    std::string listenHost = "127.0.0.1";
    std::uint16_t listenPort = 0;
    /// The name by which they reach it; empty: listenHost.
    std::string advertisedHost;

    /// A channel that the peer has joined, or null. For calls between contracts of two channels.
    std::function<std::shared_ptr<ExecutionChannel>(const ChannelId&)> channels;
    /// Whether SerializedIdentity bytes, verified before, are an administrator of the own
    /// organisation.
    std::function<Status(BytesView creator)> checkLocalAdmin;
    Metrics* metrics = nullptr;  ///< outlives the executor, if given

    std::chrono::nanoseconds executeTimeout = std::chrono::seconds(30);
    std::chrono::nanoseconds startupTimeout = std::chrono::seconds(60);
    /// How long a contract that let a transaction time out may take for a sign of life.
    std::chrono::nanoseconds pingTimeout = std::chrono::seconds(5);
    /// Before the second start after a failure; doubles up to a minute.
    std::chrono::nanoseconds firstBackOff = std::chrono::seconds(1);
    std::chrono::nanoseconds memoryCheckInterval = std::chrono::seconds(1);
    std::int64_t memoryLimit = 512LL << 20;  ///< bytes that one contract's process may hold
    std::uint32_t totalQueryLimit = 100'000;
    std::size_t threads = 4;  ///< for system contracts, queries and starting contracts
    bool announcesBatches = true;
    /// Contracts without TLS on other machines may be dialled.
    bool allowPlaintext = false;
    /// Contracts may register that the peer did not start (a developer's debugger), under
    /// "<name>:<version>" or the package id; they need no certificate of ours then.
    bool acceptsUnlaunched = false;

    /// The node program; empty: found in PATH when it is needed.
    std::filesystem::path nodeProgram;
    /// A folder with node_modules for packages that do not bring theirs (fabric-shim above all);
    /// goes into NODE_PATH.
    std::filesystem::path nodeModules;
    /// chancery-contract; empty: beside this program.
    std::filesystem::path scriptProgram;
};

}  // namespace chancery::node
