#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::log {

enum class Level { Debug, Info, Warning, Error };

/// Which lines are written: a level for everything, and levels for rooms, in Fabric's form
/// `gossip=debug:node.peer,rpc=warn:info` (fact sheet A §8). A room's level holds for what is below
/// it ("node" for "node.peer"), unless its name ends with a dot.
class LogSpec {
public:
    /// Everything from `level` on.
    explicit LogSpec(Level level = Level::Info);
    /// An empty text means Info. INVALID_ARGUMENT (BAD_LOG_SPEC) with Fabric's sentence.
    static Result<LogSpec> parse(std::string_view text);

    bool isOn(Level level, std::string_view room) const;
    /// Whether any room writes lines of this level.
    bool isOnAnywhere(Level level) const;
    /// Rooms by name, then the level of all others.
    std::string str() const;

private:
    std::string m_default;
    std::map<std::string, std::string, std::less<>> m_rooms;
};

}  // namespace chancery::log
