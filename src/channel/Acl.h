#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chancery::channel {

/// Who may use a resource of a peer when the channel's ACLs do not say otherwise (fact sheet A
/// §3.5).
enum class DefaultAccess {
    LocalAdmins,     ///< administrators of the node's own organisation; ACLs cannot change it
    LocalMembers,    ///< members of the node's own organisation; ACLs cannot change it
    Writers,         ///< /Channel/Application/Writers
    Readers,         ///< /Channel/Application/Readers
    CoveredByOther,  ///< nothing of its own: checked with peer/Propose
    Unknown,         ///< no such resource
};

DefaultAccess defaultAccess(std::string_view resource);

/// All resources whose policy a channel can choose, sorted ("_lifecycle/CheckCommitReadiness", …).
const std::vector<std::string>& channelResources();

/// The policy path that a reference in the ACLs value means: relative ones stand below
/// /Channel/Application. Empty for an empty reference, which means the default.
std::string absolutePolicyOf(std::string_view reference);

}  // namespace chancery::channel
