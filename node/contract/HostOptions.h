#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/contract/ContractHost.h"
#include "src/base/Status.h"
#include "src/rpc/Tls.h"

namespace chancery::node::contract {

/// How the program was called. Flags and environment are those of the npm shim (fact sheet B §5.4).
struct HostOptions {
    std::string package;    ///< folder or archive
    std::string packageId;  ///< "label:hash"
    std::string localMspId;

    /// Exactly one of the three stands.
    std::optional<int> peerDescriptor;  ///< of a socket that the peer left, which started us
    std::string peerAddress;            ///< "host:port" that is dialled
    std::string serverAddress;          ///< "host:port" at which peers dial

    std::optional<rpc::ClientTls> clientTls;  ///< none: without TLS
    std::optional<rpc::ServerTls> serverTls;

    ContractLimits limits;
    bool optimise = false;  ///< let the engine optimise code at run time
    bool detached = false;  ///< the end of standard input means nothing
    std::string logLevel = "info";
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// INVALID_ARGUMENT (BAD_OPTION) with a sentence for the user; errors of files that flags name.
/// Every flag is also read from CORE_<FLAG> with "-" and "." as "_".
Result<HostOptions> readHostOptions(const std::vector<std::string>& arguments,
                                    const Environment& environment);

/// What `--help` prints.
std::string_view hostUsage();

}  // namespace chancery::node::contract
