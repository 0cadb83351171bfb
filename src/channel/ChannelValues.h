#pragma once

#include "fabric/common/configuration.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/channel/Elements.h"

namespace common {
class ConfigGroup;
class Policy;
}  // namespace common

namespace chancery::channel {

/// An error about an element of the tree, with its path.
Status elementError(std::string_view path, std::string_view reason, std::string_view sentence);

/// Decodes the values of a group by what such a group may hold.
class GroupValues {
public:
    /// INVALID_ARGUMENT: UNEXPECTED_VALUE for a key that has no place in such a group, BAD_VALUE.
    static Result<GroupValues> decode(const ::common::ConfigGroup& group, GroupKind kind,
                                      std::string path);

    /// The value under a key; its default when the group has none. `M` must be what such a group
    /// holds there.
    template <class M>
    const M& get(std::string_view key) const {
        const auto found = m_messages.find(key);
        return found == m_messages.end() ? M::default_instance()
                                         : static_cast<const M&>(*found->second);
    }
    bool has(std::string_view key) const { return m_messages.contains(key); }
    const std::string& path() const { return m_path; }
    std::string pathOf(std::string_view key) const { return m_path + "/" + std::string(key); }

private:
    std::string m_path;
    std::map<std::string, std::unique_ptr<google::protobuf::Message>, std::less<>> m_messages;
};

/// Range checks of /Channel's own values.
Status checkChannelValues(const GroupValues& values, const Capabilities& capabilities);
/// /Channel/Orderer's own values, checked.
Result<OrdererSettings> readOrdererSettings(const GroupValues& values);

}  // namespace chancery::channel
