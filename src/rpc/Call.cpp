#include "src/rpc/Call.h"

#include <fmt/format.h>

#include "src/rpc/StatusConversion.h"

namespace chancery::rpc {
namespace {

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

// gRPC tells failures to connect only in words.
std::string_view connectionReason(std::string_view sentence) {
    if (contains(sentence, "andshake") || contains(sentence, "SSL_ERROR") ||
        contains(sentence, "not in peer certificate") || contains(sentence, "ALPN"))
        return "TLS_HANDSHAKE_FAILED";
    if (contains(sentence, "Connection refused") || contains(sentence, "No such file"))
        return "CONNECTION_REFUSED";
    if (contains(sentence, "Socket closed") || contains(sentence, "Connection reset"))
        return "CONNECTION_CLOSED";
    return "UNREACHABLE";
}

std::string_view reasonFor(const Status& status, bool stopped) {
    if (stopped && status.code() == StatusCode::kCancelled) return "STOPPED";
    if (status.code() == StatusCode::kDeadlineExceeded) return "TIMED_OUT";
    if (status.code() == StatusCode::kUnavailable) return connectionReason(messageOf(status));
    return "REMOTE_ERROR";
}

}  // namespace

CallContext::CallContext(Deadline deadline, std::stop_token stop)
    : m_stop(std::move(stop)), m_callback(m_stop, Cancel{&m_context}) {
    if (deadline == Deadline::max()) return;
    const auto left = deadline - std::chrono::steady_clock::now();
    m_context.set_deadline(std::chrono::system_clock::now() +
                           std::chrono::duration_cast<std::chrono::system_clock::duration>(left));
}

Status CallContext::status(const grpc::Status& status) const {
    const Status ours = fromGrpc(status);
    if (ours.ok() || !reasonOf(ours).empty()) return ours;
    const Status reasoned = makeError(ours.code(), reasonFor(ours, m_stop.stop_requested()),
                                      messageOf(ours), {{"peer", m_context.peer()}});
    return withDetails(reasoned, detailsOf(ours));
}

}  // namespace chancery::rpc
