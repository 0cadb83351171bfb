#pragma once

// For the sources of this folder.
#include <memory>
#include <string>

#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::rpc {

/// The path of a unix socket as the system's addresses can hold it. What is longer than 107 bytes
/// goes by a descriptor of its folder, which stays open as long as this object: networks in deep
/// folders are reached like others.
class SocketPath {
public:
    /// INVALID_ARGUMENT (BAD_ENDPOINT) when the file's own name is too long; NOT_FOUND
    /// (SOCKET_NOT_FOUND) when the folder of a long path is not there.
    static Result<SocketPath> make(const std::string& path);

    const std::string& usable() const { return m_usable; }

private:
    std::shared_ptr<const Descriptor> m_folder;
    std::string m_usable;
};

}  // namespace chancery::rpc
