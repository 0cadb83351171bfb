#pragma once

#include <functional>
#include <map>
#include <optional>
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

/// Takes further bytes of an answer; false when nobody receives them any more.
using Sink = std::function<bool(BytesView)>;

struct Response {
    int status = 200;
    std::map<std::string, std::string> headers;  ///< Content-Length is added
    Bytes body;
    /// Makes what is sent behind `body`, in pieces, for answers that nobody should hold as a whole.
    /// Called on the connection's thread when the handler has returned. False: the rest cannot be
    /// made, and the connection is cut so that nobody takes the answer for complete.
    std::function<bool(const Sink&)> rest = {};
};

/// `body` and the rest; nothing when the rest cannot be made.
std::optional<Bytes> wholeBody(const Response& response);

}  // namespace chancery::http
