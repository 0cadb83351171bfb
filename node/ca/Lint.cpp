#include "node/ca/Lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

namespace oid = identity::oid;

Status csr(std::string_view why) {
    return refuse(400, CaError::CsrRefused, fmt::format("CSR input validation failed: {}", why));
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

Status checkKey(const LintCase& lint) {
    using crypto::KeyAlgorithm;
    const KeyAlgorithm key = lint.request.publicKey().algorithm();
    const bool isNist = key == KeyAlgorithm::EcdsaP256 || key == KeyAlgorithm::EcdsaP384 ||
                        key == KeyAlgorithm::EcdsaP521;
    const bool wantsNist =
        lint.suite.key == KeyAlgorithm::EcdsaP256 || lint.suite.key == KeyAlgorithm::EcdsaP384;
    if (wantsNist ? !isNist : key != lint.suite.key)
        return csr(fmt::format("a key of kind {} is not allowed; this CA's suite is {}",
                               crypto::nameOf(key), lint.suite.name));
    if (lint.request.publicKey() == lint.ca.publicKey()) return csr("the key is the CA's own");
    return absl::OkStatus();
}

/// The only value of a kind of attribute; empty when there is none.
Result<std::string> single(const identity::Name& name, std::string_view type,
                           std::string_view what) {
    const auto values = name.valuesOf(type);
    if (values.size() > 1) return csr(fmt::format("the subject has more than one {}", what));
    if (values.empty()) return std::string();
    const std::string& value = values.front();
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        return csr(fmt::format("the {} has control characters", what));
    return value;
}

Status checkUnits(const LintCase& lint, const std::vector<std::string>& own,
                  const std::function<Result<bool>(const std::string&)>& isMeaningful) {
    for (const std::string& unit : lint.request.name().valuesOf(oid::kOrganizationalUnit)) {
        if (contains(own, unit) || contains(lint.formerUnits, unit)) continue;
        ASSIGN_OR_RETURN(const bool meaningful, isMeaningful(unit));
        if (meaningful)
            return csr(fmt::format("the organisational unit '{}' is not one of '{}'",
                                   printable(unit, 64), lint.owner.id));
    }
    return absl::OkStatus();
}

Status checkCa(const LintCase& lint) {
    if (lint.profile != Profile::Ca) {
        if (lint.request.asksForCa())
            return csr("it asks for a CA certificate (CA:TRUE), which only the profile 'ca' gives");
        return absl::OkStatus();
    }
    const Attribute* right = findAttribute(lint.owner.attributes, attribute::kIntermediateCa);
    if (right == nullptr || !readBoolean(right->value).value_or(false))
        return refuseAuthorization(
            CaError::MissingAttribute,
            fmt::format("'{}' does not have hf.IntermediateCA", printable(lint.owner.id, 64)));
    if (lint.ca.pathLength() == 0) return csr("this CA may not have CAs below it (pathLength 0)");
    return absl::OkStatus();
}

}  // namespace

std::string_view nameOf(Profile profile) {
    switch (profile) {
        case Profile::Identity:
            return "";
        case Profile::Tls:
            return "tls";
        case Profile::Ca:
            return "ca";
    }
    return "";
}

std::optional<Profile> profileNamed(std::string_view name) {
    for (const Profile profile : {Profile::Identity, Profile::Tls, Profile::Ca})
        if (name == nameOf(profile)) return profile;
    return std::nullopt;
}

std::vector<std::string> unitsOf(const IdentityRow& owner) {
    std::vector<std::string> units = affiliationPath(owner.affiliation);
    if (!owner.type.empty()) units.insert(units.begin(), owner.type);
    // A unit stands in a subject once.
    std::vector<std::string> once;
    for (std::string& unit : units)
        if (!contains(once, unit)) once.push_back(std::move(unit));
    return once;
}

bool isLoopback(std::string_view host) {
    return equalsIgnoringCase(host, "localhost") || host == "::1" || host.starts_with("127.");
}

Result<identity::SubjectName> lintRequest(
    const LintCase& lint, const std::function<Result<bool>(const std::string&)>& isMeaningful) {
    if (const Status proof = lint.request.checkSignature(); !proof.ok())
        return refuse(400, CaError::BadCsr,
                      fmt::format("the CSR is not signed by its key: {}", messageOf(proof)));
    const identity::Name& name = lint.request.name();
    const auto commonNames = name.valuesOf(oid::kCommonName);
    if (commonNames.size() != 1 || commonNames.front() != lint.owner.id)
        return refuse(403, CaError::WrongCommonName,
                      "The CSR subject common name must equal the enrollment ID");
    RETURN_IF_ERROR(checkCa(lint));
    RETURN_IF_ERROR(checkKey(lint));
    identity::SubjectName subject;
    subject.commonName = lint.owner.id;
    subject.organizationalUnits = unitsOf(lint.owner);
    RETURN_IF_ERROR(checkUnits(lint, subject.organizationalUnits, isMeaningful));
    ASSIGN_OR_RETURN(subject.country, single(name, oid::kCountry, "country"));
    ASSIGN_OR_RETURN(subject.province, single(name, oid::kProvince, "province"));
    ASSIGN_OR_RETURN(subject.locality, single(name, oid::kLocality, "locality"));
    ASSIGN_OR_RETURN(subject.organization, single(name, oid::kOrganization, "organisation"));
    ASSIGN_OR_RETURN(subject.serialNumber, single(name, oid::kSerialNumber, "serial number"));
    for (const std::string& host : lint.hosts)
        if (host.find('*') != std::string::npos)
            return csr(fmt::format("the host '{}' is a pattern", printable(host, 256)));
    if (const Status form = identity::checkRequested(subject, lint.hosts); !form.ok())
        return csr(messageOf(form));
    return subject;
}

}  // namespace chancery::node
