#pragma once

#include <memory>
#include <string>

#include "node/chaincode/ContractAuthority.h"

namespace chancery::test {

/// The test contract as a service within this process, on a free port of this machine.
class TestContractService {
public:
    /// With TLS on both sides when there is an authority. Throws when it cannot listen.
    explicit TestContractService(const node::ContractAuthority* authority);
    /// Its streams must have ended.
    ~TestContractService();

    int port() const;
    /// Before anybody dials.
    void registerAs(const std::string& packageId);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::test
