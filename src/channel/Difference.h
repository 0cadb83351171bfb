#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace common {
class Config;
class ConfigEnvelope;
class ConfigGroup;
}  // namespace common

namespace chancery::channel {

enum class ChangeKind { Added, Removed, Changed };

/// One thing that differs between two configurations, told in the words of the field. All texts
/// are safe to print.
struct Change {
    std::string path;  ///< of the element, "/Channel/Orderer/BatchTimeout"
    ChangeKind kind = ChangeKind::Changed;
    std::string subject;  ///< what it is about, a key into the templates: "BATCH_TIMEOUT"
    /// What the template names, among them `before` and `after` where there is such a text.
    std::vector<std::pair<std::string, std::string>> arguments;
    /// What belongs to it: the policies and certificates of an added organisation.
    std::vector<Change> details;

    /// Empty when the change has no such argument.
    std::string_view argument(std::string_view name) const;
};

/// What differs, in the order of the tree: the channel, its orderers, its applications. Nothing is
/// left out: content that is unknown here or cannot be read is reported as such, with its hash. It
/// works on configurations that no node would accept, too. RESOURCE_EXHAUSTED (TOO_MANY_ELEMENTS,
/// TOO_DEEP).
Result<std::vector<Change>> difference(const ::common::ConfigGroup& before,
                                       const ::common::ConfigGroup& after);

/// The whole configuration, told as additions to nothing.
Result<std::vector<Change>> describe(const ::common::ConfigGroup& root);

/// A configuration transaction in words.
struct ConfigStory {
    std::uint64_t sequence = 0;
    std::string submitter;             ///< "Admin@alpha.pub.test (AlphaMSP)"; empty in a genesis
    std::vector<std::string> signers;  ///< of the update, in order; not verified here
    std::vector<Change> changes;       ///< from the previous configuration
};

/// With `previous` null, or in a genesis block, the configuration is described as a whole.
Result<ConfigStory> tellConfig(const ::common::ConfigEnvelope& envelope,
                               const ::common::Config* previous);

}  // namespace chancery::channel
