#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/ca/CaKeys.h"
#include "node/ca/IdentityTable.h"
#include "src/identity/Issue.h"

namespace chancery::node {

/// What a certificate is for.
enum class Profile { Identity, Tls, Ca };
/// "", "tls", "ca": as requests and rows say it.
std::string_view nameOf(Profile profile);
std::optional<Profile> profileNamed(std::string_view name);

/// The organisational units that an identity's certificates carry: its type and the parts of its
/// affiliation.
std::vector<std::string> unitsOf(const IdentityRow& owner);

/// A request, and what it is held against.
struct LintCase {
    const identity::CertificateRequest& request;
    const IdentityRow& owner;
    Profile profile = Profile::Identity;
    std::vector<std::string> hosts;        ///< that the certificate would have
    std::vector<std::string> formerUnits;  ///< of the certificate that is being renewed
    const identity::Certificate& ca;
    const crypto::Suite& suite;
};

/// Everything about a request that can be judged without the table of certificates, before anything
/// is signed: signature, name, rights, kind of key, units, hosts. Gives the subject that the
/// certificate shall have. Refusals: BAD_CSR, WRONG_COMMON_NAME, CSR_REFUSED, MISSING_ATTRIBUTE.
/// Units that are not the owner's are left out when they mean nothing here (clients' defaults);
/// what `isMeaningful` says yes to (a role, a part of an affiliation) is refused.
Result<identity::SubjectName> lintRequest(
    const LintCase& lint, const std::function<Result<bool>(const std::string&)>& isMeaningful);

/// Hosts that everybody may have in a certificate: this machine's names for itself.
bool isLoopback(std::string_view host);

}  // namespace chancery::node
