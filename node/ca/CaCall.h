#pragma once

// For the sources of this folder: one request, and what is done for each kind.
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "node/ca/CertificateAuthority.h"
#include "node/ca/RequestBody.h"
#include "src/http/Message.h"

namespace chancery::node {

using CaJson = nlohmann::ordered_json;

/// A request whose sender, where its kind asks for one, was made out.
struct CaCall {
    const http::Request& request;
    CertificateAuthority& ca;
    RequestBody& body;
    const Caller* caller = nullptr;            ///< of a signed request
    const Credentials* credentials = nullptr;  ///< of an enrolment
    std::string item;                          ///< what stands behind "identities/" and the like
    const std::string& version;

    std::string query(const std::string& name) const;
    /// 400 (REMOVE_AFFILIATION, as Fabric CA has it) when it is no boolean.
    Result<bool> flag(const std::string& name) const;
};

/// The text of `result` in the answer.
struct CaAnswer {
    CaAnswer(std::string resultOfThis) : result(std::move(resultOfThis)) {}
    CaAnswer(std::string begin, std::function<bool(const http::Sink&)> more)
        : result(std::move(begin)), rest(std::move(more)) {}

    std::string result;
    std::function<bool(const http::Sink&)> rest;  ///< see http::Response
};
using CaResult = Result<CaAnswer>;

CaResult answerCaInfo(CaCall& call);
CaResult answerEnroll(CaCall& call);
CaResult answerReenroll(CaCall& call);
CaResult answerRegister(CaCall& call);
CaResult answerRevoke(CaCall& call);
CaResult answerGenCrl(CaCall& call);
CaResult answerCertificates(CaCall& call);
CaResult answerIdentities(CaCall& call);
CaResult answerIdentity(CaCall& call);
CaResult answerAffiliations(CaCall& call);
CaResult answerAffiliation(CaCall& call);

std::string textOf(const CaJson& json);

// Rights of the caller, as Fabric CA checks them; refusals of Refusal.h.
/// The types it may register; empty when it is no registrar. PERMISSION_DENIED
/// (MAY_NOT_REGISTER_ATTRIBUTE) without the attribute.
Result<std::string> registrarRoles(const Caller& caller);
Status checkAffiliation(const Caller& caller, const std::string& affiliation);
Status checkType(const Caller& caller, const std::string& type);
Status checkMayManage(const Caller& caller, const IdentityRow& other);
/// MISSING_ATTRIBUTE, BAD_BOOLEAN, MISSING_ROLE.
Status checkRole(const Caller& caller, std::string_view attribute);

/// A registration, checked and done; gives the secret. MAY_NOT_REGISTER and the errors of
/// CertificateAuthority::add.
Result<std::string> registerFor(CaCall& call, NewIdentity identity);
/// 403 (INVALID_LDAP_ACTION) when identities are those of a directory; `what` begins the sentence.
Status refuseWithDirectory(const CertificateAuthority& ca, std::string_view what);
/// 404 (NOT_IN_DATABASE).
Result<IdentityRow> needIdentity(CertificateAuthority& ca, const std::string& id);
CaJson describe(const IdentityRow& row);

}  // namespace chancery::node
