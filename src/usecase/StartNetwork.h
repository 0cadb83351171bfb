#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/process/Child.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

/// The nodes and CAs of a network as children of this process: they end with it. One thread at a
/// time.
class RunningNetwork {
public:
    RunningNetwork(NetworkFolder folder, std::filesystem::path nodeProgram);
    ~RunningNetwork();

    NetworkFolder& folder() { return m_folder; }
    const NetworkFolder& folder() const { return m_folder; }

    /// Those that do not run, all at once; returns when all serve. Their addresses stand in the
    /// folder from then on, so that they are the same after every start. The error names the node.
    Status startAll(Deadline deadline);
    /// Only the CAs, without which there are no members to start.
    Status startAuthorities(Deadline deadline);
    Status startNode(const std::string& name, Deadline deadline);
    /// Gracefully: peers, orderers, CAs.
    void stopAll();
    void stopNode(const std::string& name);
    /// SIGKILL.
    void killNode(const std::string& name);
    /// Null when it does not run.
    process::Child* child(const std::string& name);

private:
    Status start(const std::vector<const NetworkNode*>& nodes, Deadline deadline);
    Status launch(const NetworkNode& node);
    Status settle(const std::string& name, Deadline deadline);

    NetworkFolder m_folder;
    const std::filesystem::path m_nodeProgram;
    std::map<std::string, std::unique_ptr<process::Child>> m_children;
};

/// The CAs of a folder of their own as a child of this process; returns when they serve. A port
/// that they have chosen stands in the folder from then on. Errors of CaFolder::read and of the
/// process.
Result<std::unique_ptr<process::Child>> startCas(const CaFolder& folder,
                                                 const std::filesystem::path& nodeProgram,
                                                 Deadline deadline);

/// The chancery-node that belongs to this program: beside it, or in PATH. NOT_FOUND
/// (PROGRAM_NOT_FOUND).
Result<std::filesystem::path> findNodeProgram();

}  // namespace chancery::usecase
