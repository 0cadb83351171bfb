#pragma once

#include <string_view>

namespace common {
class ConfigGroup;
class ConfigPolicy;
class ConfigValue;
}  // namespace common

namespace chancery::channel {

/// Equality as Go's proto.Equal sees it: presence of sub-messages and unknown fields count.
bool sameValue(const ::common::ConfigValue& a, const ::common::ConfigValue& b);
bool samePolicy(const ::common::ConfigPolicy& a, const ::common::ConfigPolicy& b);
/// The whole tree.
bool sameGroup(const ::common::ConfigGroup& a, const ::common::ConfigGroup& b);

/// Whether the content is the same, whatever the versions: what computing an update looks at.
bool sameContent(const ::common::ConfigValue& a, const ::common::ConfigValue& b);
bool sameContent(const ::common::ConfigPolicy& a, const ::common::ConfigPolicy& b);

}  // namespace chancery::channel
