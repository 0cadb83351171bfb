#pragma once

#include <filesystem>
#include <string>

#include "node/chaincode/ChaincodeOptions.h"
#include "node/chaincode/PackageStore.h"
#include "src/process/Command.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

/// What a started contract needs to dial its peer.
struct ContractCredentials {
    std::string peerAddress;
    std::string rootsPem;
    rpc::TlsIdentity identity;
};

/// The command of a package for Node.js whose code stands in `code`, with the environment that
/// Fabric's shims read (fact sheet B §5.4); key files are written into `folder`.
/// FAILED_PRECONDITION: NO_NODE, NO_SHIM say what is missing and where it was looked for;
/// INVALID_ARGUMENT (BAD_PACKAGE_JSON).
Result<process::Command> nodeCommand(const InstalledPackage& package,
                                     const std::filesystem::path& code,
                                     const std::filesystem::path& folder,
                                     const ContractCredentials& credentials,
                                     const ChaincodeOptions& options);

/// The command of a package for chancery-contract, which talks by a socket that it inherits.
/// FAILED_PRECONDITION: NO_CONTRACT_HOST.
Result<process::Command> scriptCommand(const InstalledPackage& package,
                                       const std::filesystem::path& code,
                                       const ChaincodeOptions& options);

/// Bounds files, core dumps and descriptors of a process that has just been started; its memory is
/// watched instead, for engines reserve more addresses than they use.
void limitProcess(int pid);
/// Bytes of memory that a process holds; 0 when it is gone.
std::int64_t memoryOf(int pid);

}  // namespace chancery::node
