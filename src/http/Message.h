#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/base/Bytes.h"

namespace chancery::http {

/// One part of a multipart/form-data body.
struct Part {
    std::string name;
    std::string fileName;
    std::string contentType;
    Bytes content;
};

struct Request {
    std::string method;                          ///< "GET"
    std::string target;                          ///< path and query as they were sent
    std::string path;                            ///< percent signs resolved, without the query
    std::map<std::string, std::string> query;    ///< the last value of each name
    std::map<std::string, std::string> headers;  ///< names in lower case; the last value of each
    Bytes body;                                  ///< unpacked; empty when it came in parts
    std::vector<Part> parts;
    /// The certificate that the caller showed in the handshake; empty when it showed none. What is
    /// here was verified, unless the server does not ask for certificates at all.
    Bytes clientCertificateDer;

    /// Empty when it is not there. `name` in lower case.
    std::string header(const std::string& name) const;
};

struct Response {
    int status = 200;
    std::map<std::string, std::string> headers;  ///< Content-Length is added
    Bytes body;
};

}  // namespace chancery::http
