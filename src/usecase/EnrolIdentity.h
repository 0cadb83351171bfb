#pragma once

#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/crypto/Suite.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/CertificateAuthority.h"

namespace chancery::usecase {

/// Somebody whose key is at hand as one who asks a CA.
interfaces::CaCaller callerOf(identity::SigningIdentityPtr identity);

/// What a certificate shall say beside what the CA decides.
struct CertificateWishes {
    std::string profile = {};  ///< "" for identities, "tls"
    std::vector<std::string> hosts = {};
    std::string organisation = {};  ///< of the subject
    /// Nothing: those that certificates show by default.
    std::optional<std::vector<interfaces::CaAttributeWish>> attributes = {};
};

/// Turns the secret of a registration into a certificate for a key. The key may live anywhere; it
/// only signs the request.
class EnrolIdentity {
public:
    EnrolIdentity(interfaces::CaConnector& connector, Deadline deadline)
        : m_connector(connector), m_deadline(deadline) {}

    /// Of which kind keys must be there. Errors of CertificateAuthority::info.
    Result<const crypto::Suite*> suiteOf(const interfaces::CaAddress& ca);

    /// INVALID_ARGUMENT (SUITE_MISMATCH) before anything is sent when the key is not of the CA's
    /// suite; BAD_NAME, BAD_HOST; errors of CertificateAuthority::enrol.
    Result<interfaces::Enrolment> run(const interfaces::CaAddress& ca, const std::string& id,
                                      const std::string& secret, const CertificateWishes& wishes,
                                      const crypto::Signer& key);

private:
    interfaces::CaConnector& m_connector;
    const Deadline m_deadline;
};

/// A further certificate for who has one, for its key or another.
class ReenrolIdentity {
public:
    ReenrolIdentity(interfaces::CaConnector& connector, Deadline deadline)
        : m_connector(connector), m_deadline(deadline) {}

    /// The same errors; the subject is that of `present`.
    Result<interfaces::Enrolment> run(const interfaces::CaAddress& ca,
                                      identity::SigningIdentityPtr present,
                                      const CertificateWishes& wishes, const crypto::Signer& key);

private:
    interfaces::CaConnector& m_connector;
    const Deadline m_deadline;
};

}  // namespace chancery::usecase
