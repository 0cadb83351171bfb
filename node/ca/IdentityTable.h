#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/ca/Attributes.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Somebody who may have certificates.
struct IdentityRow {
    std::string id;
    std::string type;
    std::string affiliation;  ///< "org1.department1"; empty: the root of all
    Attributes attributes;
    std::string secret;               ///< as crypto::hashPassword wrote it
    std::int64_t maxEnrollments = 1;  ///< how often the secret may be used; -1: without limit, 0:
                                      ///< never
    /// Whether maxEnrollments holds for identity and for TLS certificates apart, so that one secret
    /// gives a node both.
    bool perProfile = false;
    std::int64_t uses = 0;
    std::int64_t tlsUses = 0;
    bool revoked = false;
    std::int64_t failures = 0;  ///< wrong secrets since the last right one
};

/// "org1", "department1": the parts of an affiliation.
std::vector<std::string> affiliationPath(std::string_view affiliation);
/// Whether `affiliation` is `root` or below it.
bool isBelow(std::string_view affiliation, std::string_view root);

// Rows of the table; errors of the store.
Result<std::optional<IdentityRow>> findIdentity(store::Connection& connection,
                                                const std::string& id);
/// ALREADY_EXISTS (DUPLICATE_ROW).
Status insertIdentity(store::Connection& connection, const IdentityRow& row);
/// Everything but uses, and failures only when they are 0.
Status updateIdentity(store::Connection& connection, const IdentityRow& row);
Status removeIdentity(store::Connection& connection, const std::string& id);
Status revokeIdentity(store::Connection& connection, const std::string& id);
Status countFailure(store::Connection& connection, const std::string& id);
Status clearFailures(store::Connection& connection, const std::string& id);
Status countUse(store::Connection& connection, const std::string& id, bool isTls);
/// Those at and below an affiliation (empty: all), sorted by id.
Result<std::vector<IdentityRow>> identitiesBelow(store::Connection& connection,
                                                 const std::string& affiliation);

Result<bool> hasAffiliation(store::Connection& connection, const std::string& name);
/// It and all that it stands under. OK when it is there already.
Status insertAffiliation(store::Connection& connection, const std::string& name);
/// It and what is below it (empty: all), sorted.
Result<std::vector<std::string>> affiliationsBelow(store::Connection& connection,
                                                   const std::string& name);
Status removeAffiliation(store::Connection& connection, const std::string& name);
/// Whether some affiliation has this part.
Result<bool> isAffiliationPart(store::Connection& connection, const std::string& part);

}  // namespace chancery::node
