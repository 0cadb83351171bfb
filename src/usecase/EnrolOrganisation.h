#pragma once

#include <string>

#include "src/base/Deadline.h"
#include "src/crypto/Suite.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/usecase/OrganisationFolders.h"

namespace chancery::usecase {

/// The CAs of an organisation, and how to register there.
struct OrganisationCas {
    interfaces::CaAddress identities;
    interfaces::CaAddress tls;
    const crypto::Suite* suite = &crypto::ecdsaP256();  ///< of identities; TLS is always ECDSA
    std::string registrar;
    std::string secret;
};

/// Registers an organisation's nodes, its administrator and its users at its two CAs, each with a
/// secret that the CA makes and that one enrolment uses up, and enrols them all. Certificates and
/// keys stand in the organisation's folders afterwards, as cryptogen lays them out; secrets and the
/// registrar's key are gone.
class EnrolOrganisation {
public:
    EnrolOrganisation(interfaces::CaConnector& connector, Deadline deadline)
        : m_connector(connector), m_deadline(deadline) {}

    /// Errors of the CAs name the member; ALREADY_EXISTS, FILE_ERROR.
    Status run(const OrganisationFolders& at, const OrganisationCas& cas);

private:
    interfaces::CaConnector& m_connector;
    const Deadline m_deadline;
};

}  // namespace chancery::usecase
