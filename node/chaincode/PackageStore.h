#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/chaincode/ContractExecutor.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/ChaincodePackage.h"

namespace chancery::node {

/// How a package is run.
enum class PackageKind {
    Service,  ///< "ccaas": somebody else runs it, the peer dials (connection.json)
    Node,     ///< "node": Node.js with the npm fabric-shim, started by the peer
    Script    ///< "chancery": our own host for JavaScript, started by the peer
};

struct InstalledPackage {
    std::string packageId;
    std::string label;
    std::string type;  ///< as written
    PackageKind kind = PackageKind::Service;
};

/// The packages that are installed on a peer: one file each, named after its id
/// ("<label>.<hash>.tar.gz", as Fabric names them), so that nothing has to be remembered besides.
/// Thread-safe.
class PackageStore {
public:
    /// Makes the folder when it is missing; checks every file against its name and leaves out those
    /// that do not fit, with a line in the log. Errors are the disk's.
    static Result<std::unique_ptr<PackageStore>> open(const std::filesystem::path& folder,
                                                      const protocol::PackageLimits& limits = {});

    /// Durable when it returns. Errors as protocol::readChaincodePackage; ALREADY_EXISTS
    /// (INSTALLED); FAILED_PRECONDITION (UNSUPPORTED_TYPE); INVALID_ARGUMENT (BAD_INDEX,
    /// BAD_CONNECTION_FILE, NO_CODE).
    Result<InstalledPackage> save(BytesView package);
    /// NOT_FOUND (NO_SUCH_PACKAGE).
    Result<Bytes> load(const std::string& packageId) const;
    std::optional<InstalledPackage> find(const std::string& packageId) const;
    /// Sorted by id.
    std::vector<InstalledPackage> list() const;

    /// The index files of a package, sorted by name.
    Result<std::vector<ContractIndex>> indexes(const std::string& packageId) const;
    /// One file of its code. NOT_FOUND (NO_SUCH_FILE).
    Result<Bytes> codeFile(const std::string& packageId, std::string_view name) const;
    /// Unpacks its code into a folder of its own below `parent` and gives that; what is there
    /// already is used. Only regular files and folders, all inside.
    Result<std::filesystem::path> unpack(const std::string& packageId,
                                         const std::filesystem::path& parent) const;

private:
    PackageStore(std::filesystem::path folder, const protocol::PackageLimits& limits)
        : m_folder(std::move(folder)), m_limits(limits) {}

    std::filesystem::path pathOf(const std::string& packageId) const;

    std::filesystem::path m_folder;
    protocol::PackageLimits m_limits;
    mutable std::mutex m_mutex;
    std::map<std::string, InstalledPackage> m_packages;
};

}  // namespace chancery::node
