#pragma once

#include <string>

#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"
#include "src/rpc/Tls.h"

namespace chancery::rpc::test {

/// A CA of a test's own, valid now whatever the date. Throws std::runtime_error when something
/// cannot be made.
class TlsAuthority {
public:
    explicit TlsAuthority(const std::string& name);

    const std::string& rootsPem() const { return m_rootsPem; }
    /// For servers on this machine unless other hosts are given, and for clients.
    TlsIdentity issue(const std::string& name,
                      std::vector<std::string> hosts = {"localhost", "127.0.0.1"}) const;
    TlsIdentity issueExpired(const std::string& name) const;

private:
    TlsIdentity issue(const std::string& name, std::vector<std::string> hosts,
                      absl::Time now) const;

    crypto::PrivateKey m_key;
    identity::Certificate m_certificate;
    std::string m_rootsPem;
};

}  // namespace chancery::rpc::test
