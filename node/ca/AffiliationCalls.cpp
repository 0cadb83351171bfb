// affiliations.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr int kAffiliationChanged = 3;
constexpr std::size_t kMostPart = 64;
constexpr std::size_t kMostParts = 16;

/// Affiliations by their parts.
struct Tree {
    std::map<std::string, Tree> children;
    void insert(const std::string& name) {
        Tree* at = this;
        for (const std::string& part : affiliationPath(name)) at = &at->children[part];
    }
};

/// What a change has touched: the answer shows it.
struct Touched {
    std::vector<std::string> affiliations;
    std::vector<IdentityRow> identities;
};

CaJson describe(const Tree& tree, const std::string& name,
                const std::vector<IdentityRow>& identities) {
    CaJson json{{"name", name}};
    CaJson children = CaJson::array();
    for (const auto& [part, child] : tree.children)
        children.push_back(describe(child, name.empty() ? part : name + "." + part, identities));
    if (!children.empty()) json["affiliations"] = std::move(children);
    CaJson members = CaJson::array();
    for (const IdentityRow& row : identities)
        if (!name.empty() && row.affiliation == name) members.push_back(node::describe(row));
    if (!members.empty()) json["identities"] = std::move(members);
    return json;
}

/// Affiliations at and below `name`.
std::string answerTree(const CaCall& call, const std::string& name, const Touched& touched) {
    Tree tree;
    for (const std::string& one : touched.affiliations) tree.insert(one);
    const Tree* at = &tree;
    for (const std::string& part : affiliationPath(name)) {
        const auto child = at->children.find(part);
        if (child == at->children.end()) break;
        at = &child->second;
    }
    CaJson json = describe(*at, name, touched.identities);
    json["caname"] = call.ca.name();
    return textOf(json);
}

Status notThere(const std::string& name) {
    return refuse(404, CaError::NotInDatabase,
                  fmt::format("Failed to get Affiliation: there is no '{}'", printable(name, 256)));
}

/// Every part becomes an organisational unit.
Status checkName(const std::string& name, CaError error) {
    const auto parts = affiliationPath(name);
    bool good = !parts.empty() && parts.size() <= kMostParts;
    for (const std::string& part : parts) good = good && !part.empty() && part.size() <= kMostPart;
    if (good) return absl::OkStatus();
    return refuse(400, error,
                  fmt::format("'{}' is no name of an affiliation: 1 to 16 parts of at most 64 "
                              "bytes with dots between",
                              printable(name, 256)));
}

CaResult listAffiliations(CaCall& call) {
    const std::string& own = call.caller->identity.affiliation;
    Touched all;
    RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(all.affiliations, affiliationsBelow(connection, own));
        return absl::OkStatus();
    }));
    if (all.affiliations.empty())
        return refuse(404, CaError::GettingAffiliation, "No affiliations are configured on the CA");
    // A single root stands for itself.
    Tree tree;
    for (const std::string& one : all.affiliations) tree.insert(one);
    const std::string root = tree.children.size() == 1 ? tree.children.begin()->first : "";
    return answerTree(call, root, all);
}

CaResult addAffiliation(CaCall& call) {
    if (call.body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    const std::string name = call.body.text("name", 1100);
    RETURN_IF_ERROR(call.body.finish());
    RETURN_IF_ERROR(checkName(name, CaError::AddAffiliation));
    RETURN_IF_ERROR(checkAffiliation(*call.caller, name));
    ASSIGN_OR_RETURN(const bool force, call.flag("force"));
    const std::size_t dot = name.rfind('.');
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const bool present, hasAffiliation(connection, name));
        if (present) return refuse(409, CaError::AddAffiliation, "Affiliation already exists");
        if (dot != std::string::npos && !force) {
            ASSIGN_OR_RETURN(const bool hasParent, hasAffiliation(connection, name.substr(0, dot)));
            if (!hasParent) return notThere(name.substr(0, dot));
        }
        return insertAffiliation(connection, name);
    }));
    return textOf({{"name", name}, {"caname", call.ca.name()}});
}

Status checkRemoval(const CaCall& call, const Touched& touched, bool force) {
    const auto no = [](const std::string& why) {
        return refuseAuthorization(CaError::RemoveAffiliation, why);
    };
    if (!touched.identities.empty()) {
        if (registrarRoles(*call.caller).value_or("").empty())
            return no("Removing affiliation affects identities, but caller is not a registrar");
        for (const IdentityRow& row : touched.identities)
            RETURN_IF_ERROR(checkMayManage(*call.caller, row));
        if (!call.ca.options().allowIdentityRemoval)
            return no("Identity removal is not allowed on server");
        if (!force) return no("The affiliation has identities; 'force' is needed to remove them");
    }
    if (touched.affiliations.size() > 1 && !force)
        return no("The affiliation has sub-affiliations; 'force' is needed to remove them");
    return absl::OkStatus();
}

CaResult removeAffiliation(CaCall& call) {
    const std::string& name = call.item;
    if (!call.ca.options().allowAffiliationRemoval)
        return refuseAuthorization(CaError::RemoveAffiliation, "Affiliation removal is disabled");
    if (name == call.caller->identity.affiliation)
        return refuseAuthorization(CaError::RemoveAffiliation,
                                   "Can't remove the caller's own affiliation");
    RETURN_IF_ERROR(checkAffiliation(*call.caller, name));
    ASSIGN_OR_RETURN(const bool force, call.flag("force"));
    Touched touched;
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const bool present, hasAffiliation(connection, name));
        if (!present) return notThere(name);
        ASSIGN_OR_RETURN(touched.affiliations, affiliationsBelow(connection, name));
        ASSIGN_OR_RETURN(touched.identities, identitiesBelow(connection, name));
        RETURN_IF_ERROR(checkRemoval(call, touched, force));
        for (const IdentityRow& row : touched.identities) {
            ASSIGN_OR_RETURN(
                [[maybe_unused]] const auto revoked,
                revokeCertificatesOf(connection, row.id, kAffiliationChanged, call.ca.now()));
            RETURN_IF_ERROR(removeIdentity(connection, row.id));
        }
        return node::removeAffiliation(connection, name);
    }));
    if (!touched.identities.empty()) RETURN_IF_ERROR(call.ca.publishCrl());
    return answerTree(call, name, touched);
}

/// One more affiliation under its new name, and those who belong to it.
Status moveIdentities(CaCall& call, store::Connection& connection, Touched& touched,
                      const std::string& from, const std::string& to, bool force) {
    ASSIGN_OR_RETURN(touched.identities, identitiesBelow(connection, from));
    if (touched.identities.empty()) return absl::OkStatus();
    if (registrarRoles(*call.caller).value_or("").empty())
        return refuseAuthorization(
            CaError::NoRegistrar,
            "Modifying affiliation affects identities, but caller is not a registrar");
    if (!force)
        return refuse(400, CaError::ModifyAffiliation,
                      fmt::format("The request to modify affiliation '{}' has identities "
                                  "associated. Need to use 'force' to modify them, too",
                                  printable(from, 256)));
    for (IdentityRow& row : touched.identities) {
        RETURN_IF_ERROR(checkMayManage(*call.caller, row));
        row.affiliation = to + row.affiliation.substr(from.size());
        row.attributes =
            withFixedAttributes(std::move(row.attributes), row.id, row.type, row.affiliation);
        RETURN_IF_ERROR(updateIdentity(connection, row));
    }
    return absl::OkStatus();
}

CaResult renameAffiliation(CaCall& call) {
    const std::string& from = call.item;
    if (call.body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    const std::string to = call.body.text("name", 1100);
    RETURN_IF_ERROR(call.body.finish());
    RETURN_IF_ERROR(checkName(to, CaError::ModifyAffiliation));
    RETURN_IF_ERROR(checkAffiliation(*call.caller, from));
    RETURN_IF_ERROR(checkAffiliation(*call.caller, to));
    if (isBelow(to, from) || isBelow(from, to))
        return refuse(400, CaError::ModifyAffiliation,
                      "An affiliation cannot become its own part or whole");
    ASSIGN_OR_RETURN(const bool force, call.flag("force"));
    Touched touched;
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const bool present, hasAffiliation(connection, from));
        if (!present) return notThere(from);
        ASSIGN_OR_RETURN(const bool taken, hasAffiliation(connection, to));
        if (taken) return refuse(400, CaError::ModifyAffiliation, "Affiliation already exists");
        RETURN_IF_ERROR(moveIdentities(call, connection, touched, from, to, force));
        ASSIGN_OR_RETURN(const auto old, affiliationsBelow(connection, from));
        RETURN_IF_ERROR(node::removeAffiliation(connection, from));
        for (const std::string& one : old)
            RETURN_IF_ERROR(insertAffiliation(connection, to + one.substr(from.size())));
        ASSIGN_OR_RETURN(touched.affiliations, affiliationsBelow(connection, to));
        return absl::OkStatus();
    }));
    return answerTree(call, to, touched);
}

}  // namespace

CaResult answerAffiliations(CaCall& call) {
    RETURN_IF_ERROR(checkRole(*call.caller, attribute::kAffiliationMgr));
    if (call.request.method == "GET") return listAffiliations(call);
    RETURN_IF_ERROR(refuseWithDirectory(call.ca, "Adding an affiliation"));
    return addAffiliation(call);
}

CaResult answerAffiliation(CaCall& call) {
    RETURN_IF_ERROR(checkRole(*call.caller, attribute::kAffiliationMgr));
    if (call.request.method != "GET")
        RETURN_IF_ERROR(refuseWithDirectory(call.ca, "Changing an affiliation"));
    if (call.request.method == "DELETE") return removeAffiliation(call);
    if (call.request.method == "PUT") return renameAffiliation(call);
    RETURN_IF_ERROR(checkAffiliation(*call.caller, call.item));
    Touched found;
    RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const bool present, hasAffiliation(connection, call.item));
        if (!present) return notThere(call.item);
        ASSIGN_OR_RETURN(found.affiliations, affiliationsBelow(connection, call.item));
        return absl::OkStatus();
    }));
    return answerTree(call, call.item, found);
}

}  // namespace chancery::node
