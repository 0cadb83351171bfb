#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

/// A CA for the streams between a peer and the contracts it starts, made anew at each start of the
/// peer and kept in memory only. Which certificate was given to which package is remembered: a
/// contract cannot register as another one (fact sheet B §5.4). Thread-safe.
class ContractAuthority {
public:
    /// `hosts` are the names under which contracts reach the peer. INTERNAL when keys or
    /// certificates cannot be made.
    static Result<std::unique_ptr<ContractAuthority>> make(const std::vector<std::string>& hosts);

    const std::string& rootsPem() const { return m_rootsPem; }
    const rpc::TlsIdentity& server() const { return m_server; }
    /// A client certificate for a package; those given before stay good.
    Result<rpc::TlsIdentity> issue(const std::string& packageId);
    /// Whether the certificate with this SHA-256 was given to that package.
    bool isOf(const Bytes& certificateHash, const std::string& packageId) const;

private:
    ContractAuthority(crypto::PrivateKey key, identity::Certificate certificate);
    Result<rpc::TlsIdentity> issueTo(const std::string& name,
                                     const std::vector<std::string>& hosts) const;

    crypto::PrivateKey m_key;
    identity::Certificate m_certificate;
    std::string m_rootsPem;
    rpc::TlsIdentity m_server;
    mutable std::mutex m_mutex;
    std::map<Bytes, std::string> m_packages;  // by certificate hash
};

}  // namespace chancery::node
