#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

/// The contracts that are installed on this peer, as _lifecycle speaks of them. Thread-safe.
class InstalledPackages {
public:
    virtual ~InstalledPackages() = default;

    struct Entry {
        std::string packageId;
        std::string label;
        /// Channel → name and version of the definitions that run on it.
        std::map<std::string, std::vector<std::pair<std::string, std::string>>> references;
    };
    /// Checks and keeps a package. Blocks while it is unpacked and written. Errors as
    /// protocol::readChaincodePackage, ALREADY_EXISTS (INSTALLED), and those of the disk.
    virtual Result<Entry> install(BytesView package) = 0;
    /// NOT_FOUND (NO_SUCH_PACKAGE).
    virtual Result<Bytes> package(const std::string& packageId) const = 0;
    /// Sorted by package id.
    virtual std::vector<Entry> list() const = 0;
};

}  // namespace chancery::node
