#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/http/Message.h"

namespace chancery::http {

struct ClientTls {
    std::string rootsPem;  ///< the CAs that may vouch for the server; never the system's
    /// Shown to servers that ask; both or none.
    std::string certificatePem;
    std::string keyPem;      ///< secret; unencrypted
    std::string serverName;  ///< expected in its certificate instead of the host; empty: the host
};

/// What to ask for. With `parts` the body is sent as multipart/form-data.
struct Call {
    std::string method = "GET";
    std::string path;  ///< with the query, as it is to be sent
    std::map<std::string, std::string> headers = {};
    Bytes body = {};
    std::vector<Part> parts = {};
    std::size_t maxAnswer = 16U << 20;  ///< bytes
    Sink sink = {};  ///< gets the answer's body while it comes, however long; none is kept
};

/// A connection to one HTTPS server, made when the first call needs it and kept. Follows no
/// redirects and no proxy. Thread-safe; calls run one after the other.
class Client {
public:
    /// INVALID_ARGUMENT: BAD_CERTIFICATE, BAD_KEY, KEY_MISMATCH, NO_ROOTS.
    static Result<std::unique_ptr<Client>> make(std::string host, std::uint16_t port,
                                                const ClientTls& tls);
    ~Client();

    /// Any answer of the server, also one of refusal. UNAVAILABLE: CONNECTION_REFUSED,
    /// TLS_HANDSHAKE_FAILED (also by a server that does not take our certificate),
    /// CONNECTION_CLOSED; DEADLINE_EXCEEDED (TIMED_OUT); RESOURCE_EXHAUSTED (ANSWER_TOO_LARGE).
    /// Blocks.
    Result<Response> send(const Call& call, Deadline deadline);

private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::http
