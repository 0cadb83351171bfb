#pragma once

#include <filesystem>
#include <vector>

#include "node/agent/NodeName.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::agent {

/// Everything that an agent keeps, in one folder that nobody else may enter:
///
///     agent.sock  agent.pem  agent.key  clients.json  audit.log
///     nodes/<network>/<node>/   a node's own folder: its settings, keys and data
///     kept/<network>/<node>/    what the agent remembers of it: plan, last exit, log, copy
class StateFolder {
public:
    /// Makes it when it is missing, and keeps it for this process alone. FAILED_PRECONDITION:
    /// STATE_IN_USE, STATE_FOLDER_OPEN (others than the user may enter it).
    static Result<StateFolder> open(const std::filesystem::path& path);

    std::filesystem::path file(const char* name) const { return m_root / name; }
    const std::filesystem::path& root() const { return m_root; }
    std::filesystem::path node(const NodeName& name) const;
    std::filesystem::path kept(const NodeName& name) const;
    /// Those that a plan was applied to, wholly or not.
    std::vector<NodeName> nodes() const;
    /// Removes both folders of a node, and its network's when they are empty.
    Status remove(const NodeName& name) const;

private:
    StateFolder(std::filesystem::path root, Descriptor lock)
        : m_root(std::move(root)), m_lock(std::move(lock)) {}

    std::filesystem::path m_root;
    Descriptor m_lock;
};

/// Makes the folder and those above it, 0700. Errors name the path.
Status makeFolder(const std::filesystem::path& path);

}  // namespace chancery::agent
