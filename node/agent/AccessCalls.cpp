#include "node/agent/AccessCalls.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "chancery/agent/v1/access.pb.h"
#include "chancery/agent/v1/pairing.pb.h"
#include "node/agent/Messages.h"
#include "src/base/Encoding.h"

namespace chancery::agent {
namespace {

constexpr std::uint32_t kMaxPage = 1000;
constexpr std::size_t kMaxName = 200;
constexpr int kMaxPairings = 8;

std::uint32_t pageOf(std::uint32_t asked) {
    return asked == 0 ? kMaxPage : std::min(asked, kMaxPage);
}

Result<v1::NewCodeResponse> newCode(Call& call, const v1::NewCodeRequest& request,
                                    PairingCodes& codes, const std::string& endpoint) {
    const std::string& name = request.client_name();
    if (name.empty() || name.size() > kMaxName || printable(name, 2 * kMaxName) != name)
        return makeError(StatusCode::kInvalidArgument, "BAD_CLIENT_NAME",
                         fmt::format("a client's name has 1 to {} visible characters", kMaxName));
    ASSIGN_OR_RETURN(const rpc::Role role, fromMessage(request.role()));
    RETURN_IF_ERROR(call.begin(fmt::format("{} as {}", name, rpc::nameOf(role))));
    ASSIGN_OR_RETURN(const auto given, codes.give(name, role));
    v1::NewCodeResponse response;
    response.set_code(given.code);
    toMessage(given.ends, *response.mutable_ends());
    response.set_role(request.role());
    response.set_endpoint(endpoint);
    return response;
}

v1::ClientsResponse list(const v1::ClientsRequest& request, const Clients& clients) {
    const std::uint32_t most = pageOf(request.page_size());
    v1::ClientsResponse response;
    for (const Client& client : clients.list()) {
        if (client.fingerprint <= request.page()) continue;
        if (response.clients_size() == static_cast<int>(most)) {
            response.set_next_page(response.clients(response.clients_size() - 1).fingerprint());
            break;
        }
        auto& message = *response.add_clients();
        message.set_name(client.name);
        message.set_fingerprint(client.fingerprint);
        message.set_role(toMessage(client.role));
        toMessage(client.since, *message.mutable_since());
        if (client.lastSeen) toMessage(*client.lastSeen, *message.mutable_last_seen());
        message.set_revoked(client.isRevoked);
    }
    return response;
}

Result<v1::AuditResponse> readAudit(const v1::AuditRequest& request, const audit::AuditLog& log) {
    ASSIGN_OR_RETURN(const auto entries, log.read(request.from(), pageOf(request.limit())));
    v1::AuditResponse response;
    for (const audit::Entry& entry : entries) {
        auto& message = *response.add_entries();
        message.set_number(entry.number);
        toMessage(entry.when, *message.mutable_when());
        message.set_caller(entry.event.caller);
        if (const auto role = rpc::roleNamed(entry.event.role)) message.set_role(toMessage(*role));
        message.set_call(entry.event.call);
        message.set_subject(entry.event.subject);
        message.set_outcome(entry.event.outcome);
        message.set_hash(entry.hash);
    }
    const audit::Head head = log.head();
    response.set_head_number(head.number);
    response.set_head_hash(head.hash);
    return response;
}

Status badPairing(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_PAIRING", why);
}

}  // namespace

Status AccessCalls::pair(Call& call) {
    if (!call.facts().certificate)
        return badPairing("a client that pairs shows a certificate of its own");
    ASSIGN_OR_RETURN(const auto hello, call.read<v1::PairRequest>());
    if (!hello.has_hello() || hello.hello().client_nonce().size() != rpc::kPairingNonceBytes)
        return badPairing("the first message is no hello with a nonce");
    rpc::PairingView view;
    view.clientNonce = hello.hello().client_nonce();
    view.serverNonce = Random::system().bytes(rpc::kPairingNonceBytes);
    view.clientFingerprint = call.facts().certificate->bindingHash;
    view.serverFingerprint = m_settings.fingerprint;
    v1::PairResponse challenge;
    challenge.mutable_challenge()->set_server_nonce(view.serverNonce);
    RETURN_IF_ERROR(call.write(challenge));
    ASSIGN_OR_RETURN(const auto answer, call.read<v1::PairRequest>());
    if (!answer.has_proof()) return badPairing("the second message is no proof");
    const std::string fingerprint = toHex(view.clientFingerprint);
    RETURN_IF_ERROR(call.begin(fingerprint));
    ASSIGN_OR_RETURN(const auto used, m_codes.use(answer.proof().proof(), view));
    // Paired again it may have fewer rights than in calls that still run.
    m_settings.cut(fingerprint);
    RETURN_IF_ERROR(m_clients.add(fingerprint, used.clientName, used.role));
    v1::PairResponse welcome;
    welcome.mutable_welcome()->set_proof(used.proof);
    welcome.mutable_welcome()->set_role(toMessage(used.role));
    welcome.mutable_welcome()->set_host_name(m_settings.hostName);
    return call.write(welcome);
}

Handlers AccessCalls::handlers() {
    const std::string service = "chancery.agent.v1.HostAccess/";
    Handlers all;
    all[service + "NewCode"] =
        unary<v1::NewCodeRequest, v1::NewCodeResponse>([this](Call& call, const auto& request) {
            return newCode(call, request, m_codes, m_settings.endpoint());
        });
    all[service + "Clients"] = unary<v1::ClientsRequest, v1::ClientsResponse>(
        [this](Call&, const auto& request) -> Result<v1::ClientsResponse> {
            return list(request, m_clients);
        });
    all[service + "SetRole"] = unary<v1::SetRoleRequest, v1::SetRoleResponse>(
        [this](Call& call, const auto& request) -> Result<v1::SetRoleResponse> {
            ASSIGN_OR_RETURN(const rpc::Role role, fromMessage(request.role()));
            RETURN_IF_ERROR(
                call.begin(fmt::format("{} becomes {}", request.fingerprint(), rpc::nameOf(role))));
            RETURN_IF_ERROR(m_clients.setRole(request.fingerprint(), role));
            // What it may not begin any more it shall not go on with.
            if (request.fingerprint() != call.caller().fingerprint)
                m_settings.cut(request.fingerprint());
            return v1::SetRoleResponse();
        });
    all[service + "Revoke"] = unary<v1::RevokeRequest, v1::RevokeResponse>(
        [this](Call& call, const auto& request) -> Result<v1::RevokeResponse> {
            RETURN_IF_ERROR(call.begin(request.fingerprint()));
            RETURN_IF_ERROR(m_clients.revoke(request.fingerprint()));
            if (request.fingerprint() != call.caller().fingerprint)
                m_settings.cut(request.fingerprint());
            return v1::RevokeResponse();
        });
    all[service + "Audit"] = unary<v1::AuditRequest, v1::AuditResponse>(
        [this](Call&, const auto& request) { return readAudit(request, m_audit); });
    all["chancery.agent.v1.Pairing/Pair"] = [this](Call& call) -> Status {
        struct Count {
            explicit Count(std::atomic<int>& count) : m_count(count), m_before(count++) {}
            ~Count() { --m_count; }
            std::atomic<int>& m_count;
            const int m_before;
        } const count(m_pairings);
        if (count.m_before >= kMaxPairings)
            return makeError(StatusCode::kResourceExhausted, "TOO_MANY_PAIRINGS",
                             "too many clients pair at the same time");
        return pair(call);
    };
    return all;
}

}  // namespace chancery::agent
