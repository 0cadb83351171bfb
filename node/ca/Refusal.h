#pragma once

#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::node {

/// Of log lines.
inline constexpr std::string_view kCaRoom = "ca";

/// Fabric CA's error codes, as far as they are given here; clients see these numbers.
enum class CaError {
    Unknown = 0,
    MethodNotAllowed = 1,
    NoAuthorization = 2,
    EmptyBody = 4,
    BadBody = 5,
    NotRevoker = 7,
    CertificateNotFound = 8,
    CertificateOfOther = 9,
    RevokedIdentityNotFound = 10,
    RevokeFailed = 12,
    MissingRevokeArguments = 15,
    GettingAffiliation = 16,
    CaNotFound = 19,
    Authentication = 20,
    NoUserAndPassword = 21,
    EnrollDisabled = 22,
    InvalidUser = 23,
    InvalidPassword = 24,
    InvalidToken = 25,
    UntrustedCertificate = 26,
    CertificateExpired = 27,
    CertificateRevoked = 28,
    BadCsr = 31,
    MayNotGenerateCrl = 35,
    BadRevokedAfter = 36,
    BadExpireAfter = 37,
    MayNotRegisterAttribute = 42,
    NoRegistrar = 43,
    NotAffiliated = 44,
    MayNotSignCrl = 46,
    GettingUser = 48,
    AddIdentity = 52,
    RemoveIdentity = 56,
    ModifyIdentity = 58,
    MissingRole = 59,
    AddAffiliation = 60,
    RemoveAffiliation = 61,
    NotInDatabase = 63,
    ModifyAffiliation = 64,
    AlreadyRevoked = 66,
    GettingCertificates = 67,
    RevokedIdentity = 70,
    Authorization = 71,
    InvalidLdapAction = 72,
    PasswordAttempts = 73,
    AlreadyRegistered = 74,
    RegisterIdentity = 75,
    MayNotRegister = 76,
    WrongCommonName = 77,
    MissingAttribute = 78,
    BadBoolean = 79,
    CsrRefused = 80,
    AttributeExtension = 81,
    BadMaxEnrollments = 82,
};

/// UPPER_SNAKE_CASE; what logs and tests call it.
std::string_view nameOf(CaError error);

/// An error that a client is told with this HTTP status, code and sentence. The reason is nameOf.
Status refuse(int httpStatus, CaError error, std::string_view sentence);
/// 401; the client only hears "Authentication failure" (20), the log all of it.
Status refuseAuthentication(CaError error, std::string_view sentence);
/// 403; the client only hears "Authorization failure" (71).
Status refuseAuthorization(CaError error, std::string_view sentence);

/// What a client is told of an error.
struct Refusal {
    int httpStatus = 500;
    int code = 0;
    std::string message;
};
/// An error that was not made by the functions above is a fault of the CA: 500, code 0, no details;
/// 503 when what the CA needs (a directory, a token) does not answer.
Refusal refusalOf(const Status& status);

}  // namespace chancery::node
