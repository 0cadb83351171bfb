#include "src/usecase/EnrolIdentity.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/identity/Issue.h"

namespace chancery::usecase {
namespace {

/// Keys on NIST's curves are one family, SM2 and Ed25519 one each.
bool isSameFamily(crypto::KeyAlgorithm a, crypto::KeyAlgorithm b) {
    using crypto::KeyAlgorithm;
    const auto stands = [](KeyAlgorithm one) {
        return one == KeyAlgorithm::EcdsaP384 || one == KeyAlgorithm::EcdsaP521
                   ? KeyAlgorithm::EcdsaP256
                   : one;
    };
    return stands(a) == stands(b);
}

Result<const crypto::Suite*> suiteAt(interfaces::CertificateAuthority& ca, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto info, ca.info(deadline));
    if (!info.suite.empty()) return crypto::suiteNamed(info.suite);
    // Fabric's own CAs do not say; the kind of their own key tells.
    ASSIGN_OR_RETURN(const auto own, identity::Certificate::fromPem(info.chainPem));
    return &crypto::suiteOf(own.publicKey().algorithm());
}

Status checkSuite(interfaces::CertificateAuthority& ca, const crypto::Signer& key,
                  Deadline deadline) {
    ASSIGN_OR_RETURN(const crypto::Suite* suite, suiteAt(ca, deadline));
    if (isSameFamily(key.algorithm(), suite->key)) return absl::OkStatus();
    return makeError(
        StatusCode::kInvalidArgument, "SUITE_MISMATCH",
        fmt::format("this CA certifies keys of the suite {}, and the key is of kind {}: a network "
                    "uses one suite, and mixes none",
                    suite->name, crypto::nameOf(key.algorithm())),
        {{"suite", std::string(suite->name)},
         {"key", std::string(crypto::nameOf(key.algorithm()))}});
}

Result<interfaces::EnrolmentRequest> requestFor(identity::SubjectName subject,
                                                const CertificateWishes& wishes,
                                                const crypto::Signer& key) {
    ASSIGN_OR_RETURN(const auto request,
                     identity::makeCertificateRequest(subject, wishes.hosts, key));
    return interfaces::EnrolmentRequest{.requestPem = request.toPem(),
                                        .profile = wishes.profile,
                                        .hosts = wishes.hosts,
                                        .attributes = wishes.attributes};
}

}  // namespace

interfaces::CaCaller callerOf(identity::SigningIdentityPtr identity) {
    return {.certificatePem = identity->certificate().toPem(),
            .sign = [identity](BytesView message) { return identity->sign(message); }};
}

Result<const crypto::Suite*> EnrolIdentity::suiteOf(const interfaces::CaAddress& ca) {
    ASSIGN_OR_RETURN(const auto authority, m_connector.authority(ca, {}));
    return suiteAt(*authority, m_deadline);
}

Result<interfaces::Enrolment> EnrolIdentity::run(const interfaces::CaAddress& ca,
                                                 const std::string& id, const std::string& secret,
                                                 const CertificateWishes& wishes,
                                                 const crypto::Signer& key) {
    ASSIGN_OR_RETURN(const auto authority, m_connector.authority(ca, {}));
    RETURN_IF_ERROR(checkSuite(*authority, key, m_deadline));
    identity::SubjectName subject;
    subject.organization = wishes.organisation;
    subject.commonName = id;
    ASSIGN_OR_RETURN(const auto request, requestFor(std::move(subject), wishes, key));
    return authority->enrol(request, id, secret, m_deadline);
}

Result<interfaces::Enrolment> ReenrolIdentity::run(const interfaces::CaAddress& ca,
                                                   identity::SigningIdentityPtr present,
                                                   const CertificateWishes& wishes,
                                                   const crypto::Signer& key) {
    identity::SubjectName subject;
    subject.organization = wishes.organisation;
    subject.commonName = present->certificate().commonName();
    ASSIGN_OR_RETURN(const auto authority, m_connector.authority(ca, callerOf(std::move(present))));
    RETURN_IF_ERROR(checkSuite(*authority, key, m_deadline));
    ASSIGN_OR_RETURN(const auto request, requestFor(std::move(subject), wishes, key));
    return authority->reenrol(request, m_deadline);
}

}  // namespace chancery::usecase
