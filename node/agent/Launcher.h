#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "node/agent/Manifest.h"
#include "src/process/ExitReason.h"

namespace chancery::agent {

/// A node's process. Destroying it ends it.
class NodeProcess {
public:
    virtual ~NodeProcess() = default;
    virtual void askToEnd() = 0;
    virtual void kill() = 0;
    virtual pid_t number() const = 0;
    /// Holds it where it is, as one that was killed at this moment; false when that took too long.
    virtual bool pause() = 0;
    virtual void resume() = 0;
};

/// What a process does; called on threads of its own, one at a time, not after `ended`.
struct ProcessEvents {
    std::function<void(std::string_view line)> line;
    /// It serves, there.
    std::function<void(std::map<std::string, std::string> endpoints)> ready;
    std::function<void(const process::ExitReason&)> ended;
};

/// Seam between deciding about processes and having them.
class Launcher {
public:
    virtual ~Launcher() = default;
    /// FAILED_PRECONDITION (ENGINE_MISSING) and what process::Child::start says. Fast.
    virtual Result<std::unique_ptr<NodeProcess>> launch(const Manifest& node,
                                                        ProcessEvents events) = 0;
    /// Whether the code that a process returned says that its settings cannot be used.
    virtual bool isUseless(const Manifest& node, const process::ExitReason& exit) const = 0;
};

}  // namespace chancery::agent
