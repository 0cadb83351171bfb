#pragma once

#include <map>
#include <set>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Status.h"
#include "src/identity/Certificate.h"

namespace chancery::identity {

/// From the certificate itself to the root.
using Chain = std::vector<Certificate>;

/// Certificates to be found by subject; the same bytes count once.
class CertificatePool {
public:
    void add(const Certificate& certificate);
    bool contains(const Certificate& certificate) const {
        return m_known.contains(certificate.der());
    }
    /// Those whose subject is the issuer of `child`: matching key identifiers first, differing ones
    /// last.
    std::vector<Certificate> possibleParents(const Certificate& child) const;

private:
    std::set<Bytes> m_known;
    std::map<Bytes, std::vector<Certificate>> m_bySubject;
};

/// Whether `parent` signed `child` and was allowed to: CA flag, keyUsage certSign, signature.
/// UNAUTHENTICATED: CA_MAY_NOT_SIGN, INSECURE_ALGORITHM, UNSUPPORTED_ALGORITHM, BAD_SIGNATURE.
Status checkSignedBy(const Certificate& child, const Certificate& parent);

/// What a certificate is presented for. Each certificate of the chain that lists extended key
/// usages must list this or any.
enum class ChainUsage {
    Server,  ///< serverAuth: what Go asks for when nothing is said, so identities of MSPs too
    ClientOrServer,  ///< clientAuth or serverAuth, one of them in the whole chain: consenters' TLS
};

/// Every chain from the certificate to a root, by the rules of Go's x509.Verify without a host
/// name, for the given usage, at the instant `at`. Refusals are
/// UNAUTHENTICATED and name the certificate at fault in the argument `certificate`: UNKNOWN_CA,
/// CA_MAY_NOT_SIGN, BAD_CHAIN, NOT_YET_VALID, CERTIFICATE_EXPIRED, UNKNOWN_CRITICAL_EXTENSION,
/// WRONG_KEY_USAGE, PATH_TOO_LONG, NAME_CONSTRAINT, INSECURE_ALGORITHM, BAD_SIGNATURE.
Result<std::vector<Chain>> buildChains(const Certificate& certificate, const CertificatePool& roots,
                                       const CertificatePool& intermediates, absl::Time at,
                                       ChainUsage usage = ChainUsage::Server);

/// The one chain as of NotBefore + 1 s; also the rule about names that older Go versions had and
/// Fabric kept. As buildChains, and SEVERAL_CHAINS.
Result<Chain> uniqueChain(const Certificate& certificate, const CertificatePool& roots,
                          const CertificatePool& intermediates);

}  // namespace chancery::identity
