#include "node/ca/Refusal.h"

#include <fmt/format.h>

#include <charconv>

namespace chancery::node {
namespace {

constexpr std::string_view kHttpStatus = "httpStatus";
constexpr std::string_view kCode = "code";
constexpr std::string_view kTold = "told";

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
    switch (error) {
        case CaError::Unknown:
            return "CA_REQUEST_REFUSED";
        case CaError::MethodNotAllowed:
            return "METHOD_NOT_ALLOWED";
        case CaError::NoAuthorization:
            return "NO_AUTHORIZATION";
        case CaError::EmptyBody:
            return "EMPTY_BODY";
        case CaError::BadBody:
            return "BAD_BODY";
        case CaError::NotRevoker:
            return "NOT_REVOKER";
        case CaError::CertificateNotFound:
            return "CERTIFICATE_NOT_FOUND";
        case CaError::CertificateOfOther:
            return "CERTIFICATE_OF_OTHER";
        case CaError::RevokedIdentityNotFound:
            return "REVOKED_IDENTITY_NOT_FOUND";
        case CaError::RevokeFailed:
            return "REVOKE_FAILED";
        case CaError::MissingRevokeArguments:
            return "MISSING_REVOKE_ARGUMENTS";
        case CaError::GettingAffiliation:
            return "NO_AFFILIATION";
        case CaError::CaNotFound:
            return "CA_NOT_FOUND";
        case CaError::Authentication:
            return "AUTHENTICATION_FAILED";
        case CaError::NoUserAndPassword:
            return "NO_USER_AND_PASSWORD";
        case CaError::EnrollDisabled:
            return "ENROLL_DISABLED";
        case CaError::InvalidUser:
            return "INVALID_USER";
        case CaError::InvalidPassword:
            return "INVALID_PASSWORD";
        case CaError::InvalidToken:
            return "INVALID_TOKEN";
        case CaError::UntrustedCertificate:
            return "UNTRUSTED_CERTIFICATE";
        case CaError::CertificateExpired:
            return "CERTIFICATE_EXPIRED";
        case CaError::CertificateRevoked:
            return "CERTIFICATE_REVOKED";
        case CaError::BadCsr:
            return "BAD_CSR";
        case CaError::MayNotGenerateCrl:
            return "MAY_NOT_GENERATE_CRL";
        case CaError::BadRevokedAfter:
            return "BAD_REVOKED_AFTER";
        case CaError::BadExpireAfter:
            return "BAD_EXPIRE_AFTER";
        case CaError::MayNotRegisterAttribute:
            return "MAY_NOT_REGISTER_ATTRIBUTE";
        case CaError::NoRegistrar:
            return "NO_REGISTRAR";
        case CaError::NotAffiliated:
            return "NOT_AFFILIATED";
        case CaError::MayNotSignCrl:
            return "MAY_NOT_SIGN_CRL";
        case CaError::GettingUser:
            return "GETTING_USER";
        case CaError::AddIdentity:
            return "ADD_IDENTITY";
        case CaError::RemoveIdentity:
            return "REMOVE_IDENTITY";
        case CaError::ModifyIdentity:
            return "MODIFY_IDENTITY";
        case CaError::MissingRole:
            return "MISSING_ROLE";
        case CaError::AddAffiliation:
            return "ADD_AFFILIATION";
        case CaError::RemoveAffiliation:
            return "REMOVE_AFFILIATION";
        case CaError::NotInDatabase:
            return "NOT_IN_DATABASE";
        case CaError::ModifyAffiliation:
            return "MODIFY_AFFILIATION";
        case CaError::AlreadyRevoked:
            return "ALREADY_REVOKED";
        case CaError::GettingCertificates:
            return "GETTING_CERTIFICATES";
        case CaError::RevokedIdentity:
            return "REVOKED_IDENTITY";
        case CaError::Authorization:
            return "AUTHORIZATION_FAILED";
        case CaError::PasswordAttempts:
            return "PASSWORD_ATTEMPTS";
        case CaError::AlreadyRegistered:
            return "ALREADY_REGISTERED";
        case CaError::RegisterIdentity:
            return "REGISTER_IDENTITY";
        case CaError::MayNotRegister:
            return "MAY_NOT_REGISTER";
        case CaError::WrongCommonName:
            return "WRONG_COMMON_NAME";
        case CaError::MissingAttribute:
            return "MISSING_ATTRIBUTE";
        case CaError::BadBoolean:
            return "BAD_BOOLEAN";
        case CaError::CsrRefused:
            return "CSR_REFUSED";
        case CaError::AttributeExtension:
            return "ATTRIBUTE_EXTENSION";
        case CaError::BadMaxEnrollments:
            return "BAD_MAX_ENROLLMENTS";
    }
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
    if (httpStatus.empty())
        return {.httpStatus = 500,
                .code = 0,
                .message = "The CA could not do what was asked; its log says why"};
    return {.httpStatus = number(httpStatus),
            .code = number(argumentOf(status, kCode)),
            .message = argumentOf(status, kTold)};
}

}  // namespace chancery::node
