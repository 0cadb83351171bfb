#pragma once

#include <string>
#include <string_view>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace google::protobuf {
class Message;
}

namespace chancery::channel {

/// Where a group stands in the configuration tree; it decides which values and sub-groups it may
/// have (fact sheet A §4.2).
enum class GroupKind {
    Unknown,
    Channel,
    Application,
    ApplicationOrg,
    Orderer,
    OrdererOrg,
    Consortiums,
    Consortium,
    ConsortiumOrg,
};

/// The kind of a sub-group; Unknown when Fabric has no such group there.
GroupKind childKind(GroupKind parent, std::string_view name);
bool isOrganisation(GroupKind kind);

/// The message that the bytes of a value hold (a default instance of it), or null when Fabric knows
/// no such value in such a group.
const google::protobuf::Message* valueMessage(GroupKind group, std::string_view key);

/// INVALID_ARGUMENT (BAD_CHANNEL_NAME) unless `[a-z][a-z0-9.-]*`, at most 249 characters.
Status checkChannelName(const ChannelId& channel);
/// INVALID_ARGUMENT (BAD_NAME) unless `[a-zA-Z0-9.-]+`, at most 249 characters, not "." or "..".
Status checkElementName(std::string_view name);
/// INVALID_ARGUMENT (BAD_MOD_POLICY): empty, or an element of the path is no element name.
Status checkModPolicy(std::string_view modPolicy);

/// Path of the root group.
inline constexpr std::string_view kRootPath = "/Channel";

}  // namespace chancery::channel
