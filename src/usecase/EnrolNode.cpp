#include "src/usecase/EnrolNode.h"

#include "src/usecase/MemberFiles.h"

namespace chancery::usecase {

Status EnrolNode::run(const EnrolNodeRequest& request) {
    if (request.mspFolder) RETURN_IF_ERROR(writeIdentity(request));
    return request.tlsFolder ? writeTls(request) : absl::OkStatus();
}

Status EnrolNode::writeIdentity(const EnrolNodeRequest& request) {
    EnrolIdentity enrol(m_connector, m_deadline);
    MemberCertificates member;
    if (request.tls) {
        ASSIGN_OR_RETURN(const auto tls, m_connector.authority(*request.tls, {}));
        ASSIGN_OR_RETURN(const auto about, tls->info(m_deadline));
        member.tlsChainPem = about.chainPem;
    }
    ASSIGN_OR_RETURN(const crypto::Suite* suite, enrol.suiteOf(request.identities));
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(suite->key));
    CertificateWishes wishes;
    wishes.attributes = request.attributes;
    ASSIGN_OR_RETURN(auto enrolled,
                     enrol.run(request.identities, request.id, request.secret, wishes, key));
    member.certificatePem = std::move(enrolled.certificatePem);
    member.caChainPem = std::move(enrolled.ca.chainPem);
    return writeMspFolder(*request.mspFolder, request.id, member, &key);
}

Status EnrolNode::writeTls(const EnrolNodeRequest& request) {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::ecdsaP256().key));
    CertificateWishes wishes;
    wishes.profile = "tls";
    wishes.hosts = request.hosts;
    ASSIGN_OR_RETURN(const auto enrolled, EnrolIdentity(m_connector, m_deadline)
                                              .run(request.tls.value_or(request.identities),
                                                   request.id, request.secret, wishes, key));
    return writeTlsFolder(*request.tlsFolder, "server", enrolled.certificatePem,
                          enrolled.ca.chainPem, key);
}

}  // namespace chancery::usecase
