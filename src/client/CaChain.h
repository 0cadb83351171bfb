#pragma once

// For the sources of this folder: the certificates of a CA, and whether something is of that CA.
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/identity/ChainBuilder.h"
#include "src/identity/Crl.h"

namespace chancery::client {

/// The certificates that a CA says are its own and those above it.
class CaChain {
public:
    /// DATA_LOSS: CA_CHAIN_BROKEN when one of them does not lead to a root among them;
    /// CA_CHAIN_CHANGED when `known` is not empty and has not all of its roots.
    static Result<CaChain> read(const std::string& pem, const std::string& known);

    /// DATA_LOSS: CERTIFICATE_NOT_OF_CA.
    Status checkIssued(const identity::Certificate& certificate) const;
    /// DATA_LOSS: CRL_NOT_OF_CA.
    Status checkIssued(const identity::RevocationList& list) const;

private:
    std::vector<identity::Certificate> m_all;
    identity::CertificatePool m_roots;
    identity::CertificatePool m_intermediates;
};

}  // namespace chancery::client
