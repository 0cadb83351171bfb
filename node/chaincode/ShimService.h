#pragma once

#include <functional>
#include <memory>

#include "node/chaincode/ConnectionFile.h"
#include "node/chaincode/ContractStream.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// protos.ChaincodeSupport: where contracts that the peer has started dial in.
class ShimService {
public:
    /// Makes the stream for a caller; `certificateHash` is the SHA-256 of its TLS certificate,
    /// empty when it showed none.
    using Accept = std::function<ContractStreamPtr(std::shared_ptr<MessagePipe> pipe,
                                                   const Bytes& certificateHash)>;
    explicit ShimService(Accept accept);
    ~ShimService();

    grpc::Service& service();
    /// Ends all streams, and refuses new ones. The server's own stop waits for them.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Dials a contract that runs as a service. The stream's `closed` tells when it ends, also when
/// there is nobody. INVALID_ARGUMENT: BAD_ENDPOINT and those of rpc::checkTls; FAILED_PRECONDITION
/// (PLAINTEXT_REFUSED) without TLS to another machine unless that is allowed.
Result<ContractStreamPtr> dialContract(
    const ConnectionFile& file, bool allowPlaintext,
    const std::function<ContractStreamPtr(std::shared_ptr<MessagePipe>)>& makeStream);

}  // namespace chancery::node
