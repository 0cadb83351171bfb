#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace common {
class ConfigGroup;
class ConfigPolicy;
class ConfigValue;
}  // namespace common

namespace chancery::channel {

/// What a configuration or an update may have before it is refused as hostile: elements, levels of
/// groups below the root (Fabric's own trees have three), and bytes in all paths together.
inline constexpr std::size_t kMaxElements = 100'000;
inline constexpr std::size_t kMaxGroupDepth = 8;
inline constexpr std::size_t kMaxPathBytes = 16u << 20;

/// One group, value or policy of a tree; points into the message it was taken from.
struct Element {
    const ::common::ConfigGroup* group = nullptr;
    const ::common::ConfigValue* value = nullptr;
    const ::common::ConfigPolicy* policy = nullptr;

    std::uint64_t version() const;
    const std::string& modPolicy() const;
};

/// What an element is, as the first part of its key.
enum class ElementKind : char { Group = 'G', Policy = 'P', Value = 'V' };

/// Names one element; ordered by path.
struct ElementKey {
    std::string path;  ///< "/Channel/Orderer/BatchSize"
    ElementKind kind = ElementKind::Group;
    friend auto operator<=>(const ElementKey&, const ElementKey&) = default;

    /// The group whose policies a relative mod_policy means: of a group the group itself.
    std::string_view rulingGroup() const;
};

/// "[Value] /Channel/Orderer/BatchSize", for sentences.
std::string printKey(const ElementKey& key);

using ConfigMap = std::map<ElementKey, Element>;

/// A tree with the root group "Channel" as a flat map (fact sheet A §4.5.1). INVALID_ARGUMENT:
/// BAD_NAME with `path`; RESOURCE_EXHAUSTED: TOO_MANY_ELEMENTS, TOO_DEEP.
Result<ConfigMap> flatten(const ::common::ConfigGroup& root);

/// Whether a tree keeps to the bounds above, whatever its elements are called. RESOURCE_EXHAUSTED:
/// TOO_MANY_ELEMENTS, TOO_DEEP.
Status checkBounds(const ::common::ConfigGroup& root);

/// The tree again: each group gets the children it lists itself, taken from the map, so that an
/// element which no group lists is gone (§4.5.6). With /Channel/Orderer/Capabilities in the map an
/// empty mod_policy becomes "Admins" (§4.5.7). INVALID_ARGUMENT (MISSING_ELEMENT) with `path` when
/// a group lists what the map does not have.
Result<::common::ConfigGroup> rebuild(const ConfigMap& elements);

}  // namespace chancery::channel
