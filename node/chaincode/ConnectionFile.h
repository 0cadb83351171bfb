#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::node {

/// connection.json of a package of type ccaas: where the contract listens (fact sheet B §4.6).
struct ConnectionFile {
    std::string address;  ///< "host:port"
    std::chrono::nanoseconds dialTimeout = std::chrono::seconds(3);
    bool tlsRequired = false;
    bool clientAuthRequired = false;
    // PEM
    std::string clientKey;
    std::string clientCertificate;
    std::string rootCertificate;
};

/// `peerName` takes the place of {{.peername}} in the texts, the only template that is known.
/// INVALID_ARGUMENT (BAD_CONNECTION_FILE) says what is wrong.
Result<ConnectionFile> parseConnectionFile(std::string_view json, std::string_view peerName);

}  // namespace chancery::node
