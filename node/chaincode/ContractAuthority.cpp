#include "node/chaincode/ContractAuthority.h"

#include "src/base/Clock.h"
#include "src/identity/Issue.h"

namespace chancery::node {
namespace {

identity::SubjectName named(const std::string& name) {
    // Names of subjects have 64 characters; which package it is stands in our table.
    identity::SubjectName subject;
    subject.commonName = name.substr(0, 64);
    return subject;
}

}  // namespace

ContractAuthority::ContractAuthority(crypto::PrivateKey key, identity::Certificate certificate)
    : m_key(std::move(key)),
      m_certificate(std::move(certificate)),
      m_rootsPem(m_certificate.toPem()) {}

Result<std::unique_ptr<ContractAuthority>> ContractAuthority::make(
    const std::vector<std::string>& hosts) {
    ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(auto certificate,
                     identity::issueSelfSigned(
                         identity::cryptogenCa(named("contracts"), Clock::system().now()), key));
    std::unique_ptr<ContractAuthority> authority(
        new ContractAuthority(std::move(key), std::move(certificate)));
    ASSIGN_OR_RETURN(authority->m_server, authority->issueTo("peer", hosts));
    return authority;
}

Result<rpc::TlsIdentity> ContractAuthority::issueTo(const std::string& name,
                                                    const std::vector<std::string>& hosts) const {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto certificate,
                     identity::issueCertificate(
                         identity::cryptogenTls(named(name), hosts, Clock::system().now()),
                         key.publicKey(), m_certificate, m_key));
    return rpc::TlsIdentity{certificate.toPem(), key.toPem()};
}

Result<rpc::TlsIdentity> ContractAuthority::issue(const std::string& packageId) {
    ASSIGN_OR_RETURN(auto identity, issueTo("contract", {"contract"}));
    ASSIGN_OR_RETURN(const Bytes hash, rpc::bindingHashOf(identity));
    const std::lock_guard lock(m_mutex);
    m_packages[hash] = packageId;
    return identity;
}

bool ContractAuthority::isOf(const Bytes& certificateHash, const std::string& packageId) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_packages.find(certificateHash);
    return found != m_packages.end() && found->second == packageId;
}

}  // namespace chancery::node
