#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/rpc/Tls.h"

namespace grpc {
class CallbackGenericService;
class Channel;
}  // namespace grpc

namespace chancery::rpc {

/// What is known of a call before its first message.
struct CallFacts {
    std::string method;    ///< "chancery.agent.v1.HostNodes/Start"
    bool isLocal = false;  ///< came by a unix socket
    std::string peer;      ///< "unix:…", "ipv4:192.0.2.1:54321"
    std::optional<PeerCertificate> certificate;
    std::map<std::string, std::string> metadata;  ///< keys in lower case; the first of each
    Deadline deadline = Deadline::max();
};

/// The server's side of one call, on a thread of its own. Messages as they stand on the wire.
class ByteCall {
public:
    virtual ~ByteCall() = default;
    virtual const CallFacts& facts() const = 0;
    /// Waits for the next message; nothing when the caller sends no more. Error: as `write`.
    virtual Result<std::optional<Bytes>> read() = 0;
    /// Waits until the message before has gone. CANCELLED (CALLER_GONE), or why the call was cut.
    virtual Status write(BytesView message) = 0;
    /// Requested as soon as the caller goes, its deadline passes or the call is cut.
    virtual std::stop_token stop() const = 0;
};

/// Where a call is passed on to, message by message and without a thread.
struct Passage {
    std::shared_ptr<grpc::Channel> channel;
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// What shall become of a call; made without waiting for anything.
struct CallPlan {
    /// Not OK: the answer, at once.
    Status refusal;
    /// Whose call it is, for `cut` and for the caps.
    std::string caller;
    /// Runs the call on a thread of its own. Without it `passage` takes over.
    std::function<Status(ByteCall&)> handle;
    /// Asked on a thread of its own; an error is the answer.
    std::function<Result<Passage>()> passage;
    /// The call's outcome, once, just before the caller gets it; not for refusals.
    std::function<void(const Status&)> ended;
};

struct ByteServiceLimits {
    std::size_t maxCalls = 256;  ///< beyond: RESOURCE_EXHAUSTED (TOO_MANY_CALLS)
    std::size_t maxCallsPerCaller = 64;
};

/// Every call of a server through one door. For programs that read messages themselves or pass
/// them on. The server must be gone before this is.
class ByteService {
public:
    using Door = std::function<CallPlan(const CallFacts&)>;
    explicit ByteService(Door door, ByteServiceLimits limits = {});
    /// Waits for the threads of calls.
    ~ByteService();

    /// Ends the running calls of a caller with this error.
    void cut(const std::string& caller, const Status& why);
    void cutAll(const Status& why);

    grpc::CallbackGenericService& service();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::rpc
