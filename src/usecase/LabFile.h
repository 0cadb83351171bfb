#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/interfaces/Nodes.h"
#include "src/usecase/BackupArchive.h"
#include "src/usecase/Scenario.h"
#include "src/usecase/StartNetwork.h"
#include "src/usecase/Topology.h"

namespace chancery::usecase {

/// A lab: a backup of a network (see BackupArchive.h) that says how the network was made, with a
/// scenario to be played on it. In the archive:
///   console/crypto, console/nodes, console/channels   the console's side of the network
///   nodes/<node>/                                     what each node's host has of it
///   lab/scenario.json                                 if there is one
/// and facts with "kind": "lab". Who has no passphrase can make one that is open: its header
/// states the least cost of scrypt, and the passphrase is empty.
struct LabContent {
    std::string name;
    absl::Time made;
    Topology topology;
    std::string logSpec;
    struct NodeContent {
        std::string name, kind;
        std::map<std::string, std::string> endpoints;
        std::map<std::string, std::uint64_t> heights;  ///< blocks by channel
        std::uint64_t bytes = 0;
    };
    std::vector<NodeContent> nodes;
    std::map<std::string, std::string> formerAddresses;  ///< as of NetworkFolder
    std::optional<Scenario> scenario;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    bool isOpen = false;  ///< anybody can read it, keys included
};

inline constexpr crypto::ScryptCost kOpenLabCost{.log2N = 1, .r = 1, .p = 1};

/// Whether a lab says of itself that it has no passphrase. INVALID_ARGUMENT (NOT_A_BACKUP).
Result<bool> isOpenLab(const std::filesystem::path& file);

/// Reads and checks all of it; files go into `folder`, which is made (0700), when it is not empty.
/// Errors of readBackup; INVALID_ARGUMENT (NOT_A_LAB, BAD_LAB); RESOURCE_EXHAUSTED (LAB_TOO_LARGE);
/// errors of readScenario and readTopology. `folder` is gone again after an error.
Result<LabContent> readLab(const std::filesystem::path& file, BytesView passphrase,
                           const std::filesystem::path& folder = {});

struct ExportLabRequest {
    std::filesystem::path out;
    bool isOpen = false;  ///< then the passphrase is empty
    crypto::ScryptCost cost = {};
    std::optional<Scenario> scenario = {};
    absl::Time now;
    Deadline deadline;
    std::stop_token stop = {};
    std::function<void(const std::string& node)> progress = {};
};

/// Puts a network into a lab file while it goes on.
class ExportLab {
public:
    /// Nodes that order come last, so that no peer has a block that they do not have. Errors of
    /// HostFiles::copyOut and BackupWriter; FAILED_PRECONDITION (SCENARIO_DOES_NOT_FIT);
    /// INVALID_ARGUMENT (NO_PASSPHRASE). Nothing is left of a file that failed.
    Result<LabContent> run(RunningNetwork& network, const ExportLabRequest& request,
                           BytesView passphrase) const;
};

/// A port that is somebody else's now.
struct MovedEndpoint {
    std::string node, endpoint, from, to;
};
struct ImportedLab {
    std::unique_ptr<RunningNetwork> network;  ///< all its nodes serve
    LabContent content;
    std::vector<MovedEndpoint> moved;
};
struct ImportLabRequest {
    std::filesystem::path file;
    std::filesystem::path folder;  ///< of the new network; no network may be there
    std::string name;              ///< of the new network; empty: the old one's
    Deadline deadline;
    std::stop_token stop = {};
};

/// Gives the network of a lab file back, on this machine.
class ImportLab {
public:
    explicit ImportLab(interfaces::Connector& connector) : m_connector(connector) {}

    using HostsOpener =
        std::function<Result<std::unique_ptr<NetworkHosts>>(const NetworkFolder& network)>;

    /// The whole file is checked before anything is made. What is taken from it is data: settings
    /// of nodes are made anew. Nodes listen where they did, or at free ports. Errors of readLab;
    /// ALREADY_EXISTS (NETWORK_EXISTS); FAILED_PRECONDITION (PORT_TAKEN): Fabric's own nodes cannot
    /// move; DATA_LOSS (LAB_DIFFERS): a node has other heights than the file says. After an error
    /// nothing is left.
    Result<ImportedLab> run(const ImportLabRequest& request, const HostsOpener& open,
                            BytesView passphrase) const;

private:
    interfaces::Connector& m_connector;
};

}  // namespace chancery::usecase
