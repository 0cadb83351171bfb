#include "node/ca/Refusal.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace chancery::node {
namespace {

constexpr std::string_view kHttpStatus = "httpStatus";
constexpr std::string_view kCode = "code";
constexpr std::string_view kTold = "told";

constexpr std::pair<CaError, std::string_view> kNames[] = {
    {CaError::Unknown, "CA_REQUEST_REFUSED"},
    {CaError::MethodNotAllowed, "METHOD_NOT_ALLOWED"},
    {CaError::NoAuthorization, "NO_AUTHORIZATION"},
    {CaError::EmptyBody, "EMPTY_BODY"},
    {CaError::BadBody, "BAD_BODY"},
    {CaError::NotRevoker, "NOT_REVOKER"},
    {CaError::CertificateNotFound, "CERTIFICATE_NOT_FOUND"},
    {CaError::CertificateOfOther, "CERTIFICATE_OF_OTHER"},
    {CaError::RevokedIdentityNotFound, "REVOKED_IDENTITY_NOT_FOUND"},
    {CaError::RevokeFailed, "REVOKE_FAILED"},
    {CaError::MissingRevokeArguments, "MISSING_REVOKE_ARGUMENTS"},
    {CaError::GettingAffiliation, "NO_AFFILIATION"},
    {CaError::CaNotFound, "CA_NOT_FOUND"},
    {CaError::Authentication, "AUTHENTICATION_FAILED"},
    {CaError::NoUserAndPassword, "NO_USER_AND_PASSWORD"},
    {CaError::EnrollDisabled, "ENROLL_DISABLED"},
    {CaError::InvalidUser, "INVALID_USER"},
    {CaError::InvalidPassword, "INVALID_PASSWORD"},
    {CaError::InvalidToken, "INVALID_TOKEN"},
    {CaError::UntrustedCertificate, "UNTRUSTED_CERTIFICATE"},
    {CaError::CertificateExpired, "CERTIFICATE_EXPIRED"},
    {CaError::CertificateRevoked, "CERTIFICATE_REVOKED"},
    {CaError::BadCsr, "BAD_CSR"},
    {CaError::MayNotGenerateCrl, "MAY_NOT_GENERATE_CRL"},
    {CaError::BadRevokedAfter, "BAD_REVOKED_AFTER"},
    {CaError::BadExpireAfter, "BAD_EXPIRE_AFTER"},
    {CaError::MayNotRegisterAttribute, "MAY_NOT_REGISTER_ATTRIBUTE"},
    {CaError::NoRegistrar, "NO_REGISTRAR"},
    {CaError::NotAffiliated, "NOT_AFFILIATED"},
    {CaError::MayNotSignCrl, "MAY_NOT_SIGN_CRL"},
    {CaError::GettingUser, "GETTING_USER"},
    {CaError::AddIdentity, "ADD_IDENTITY"},
    {CaError::RemoveIdentity, "REMOVE_IDENTITY"},
    {CaError::ModifyIdentity, "MODIFY_IDENTITY"},
    {CaError::MissingRole, "MISSING_ROLE"},
    {CaError::AddAffiliation, "ADD_AFFILIATION"},
    {CaError::RemoveAffiliation, "REMOVE_AFFILIATION"},
    {CaError::NotInDatabase, "NOT_IN_DATABASE"},
    {CaError::ModifyAffiliation, "MODIFY_AFFILIATION"},
    {CaError::AlreadyRevoked, "ALREADY_REVOKED"},
    {CaError::GettingCertificates, "GETTING_CERTIFICATES"},
    {CaError::RevokedIdentity, "REVOKED_IDENTITY"},
    {CaError::Authorization, "AUTHORIZATION_FAILED"},
    {CaError::InvalidLdapAction, "INVALID_LDAP_ACTION"},
    {CaError::PasswordAttempts, "PASSWORD_ATTEMPTS"},
    {CaError::AlreadyRegistered, "ALREADY_REGISTERED"},
    {CaError::RegisterIdentity, "REGISTER_IDENTITY"},
    {CaError::MayNotRegister, "MAY_NOT_REGISTER"},
    {CaError::WrongCommonName, "WRONG_COMMON_NAME"},
    {CaError::MissingAttribute, "MISSING_ATTRIBUTE"},
    {CaError::BadBoolean, "BAD_BOOLEAN"},
    {CaError::CsrRefused, "CSR_REFUSED"},
    {CaError::AttributeExtension, "ATTRIBUTE_EXTENSION"},
    {CaError::BadMaxEnrollments, "BAD_MAX_ENROLLMENTS"},
};

StatusCode canonical(int httpStatus) {
    switch (httpStatus) {
        case 400:
            return StatusCode::kInvalidArgument;
        case 401:
            return StatusCode::kUnauthenticated;
        case 403:
            return StatusCode::kPermissionDenied;
        case 404:
            return StatusCode::kNotFound;
        case 405:
            return StatusCode::kUnimplemented;
        case 409:
            return StatusCode::kAlreadyExists;
        default:
            return StatusCode::kInternal;
    }
}

Status make(int httpStatus, CaError error, std::string_view sentence, CaError toldCode,
            std::string_view told) {
    return makeError(canonical(httpStatus), nameOf(error), sentence,
                     {{std::string(kHttpStatus), std::to_string(httpStatus)},
                      {std::string(kCode), std::to_string(static_cast<int>(toldCode))},
                      {std::string(kTold), std::string(told)}});
}

int number(const std::string& text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string_view nameOf(CaError error) {
    for (const auto& [known, name] : kNames)
        if (known == error) return name;
    return "CA_REQUEST_REFUSED";
}

Status refuse(int httpStatus, CaError error, std::string_view sentence) {
    return make(httpStatus, error, sentence, error, sentence);
}

Status refuseAuthentication(CaError error, std::string_view sentence) {
    return make(401, error, sentence, CaError::Authentication, "Authentication failure");
}

Status refuseAuthorization(CaError error, std::string_view sentence) {
    return make(403, error, sentence, CaError::Authorization, "Authorization failure");
}

Refusal refusalOf(const Status& status) {
    const std::string httpStatus = argumentOf(status, kHttpStatus);
    if (httpStatus.empty() && status.code() == StatusCode::kUnavailable)
        return {.httpStatus = 503,
                .code = 0,
                .message = "What the CA needs for this does not answer now; its log says more"};
    if (httpStatus.empty())
        return {.httpStatus = 500,
                .code = 0,
                .message = "The CA could not do what was asked; its log says why"};
    return {.httpStatus = number(httpStatus),
            .code = number(argumentOf(status, kCode)),
            .message = argumentOf(status, kTold)};
}

}  // namespace chancery::node
