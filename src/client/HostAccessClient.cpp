#include "src/client/HostAccessClient.h"

#include <fmt/format.h>
#include <grpcpp/channel.h>

#include <mutex>

#include "chancery/agent/v1/access_service.grpc.pb.h"
#include "src/client/HostMessages.h"
#include "src/rpc/Call.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::HostRole;
using AccessStub = v1::HostAccess::Stub;

interfaces::AuditEntry entryOf(const v1::AuditEntry& message) {
    return {.number = message.number(),
            .when = timeOf(message.when()),
            .caller = message.caller(),
            .role = roleOf(message.role()),
            .call = message.call(),
            .subject = message.subject(),
            .outcome = message.outcome(),
            .hash = message.hash()};
}

class HostAccessClient final : public interfaces::HostAccess {
public:
    explicit HostAccessClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(v1::HostAccess::NewStub(std::move(channel))) {}

    Result<interfaces::PairingCode> newCode(const std::string& clientName, HostRole role,
                                            Deadline deadline) override {
        v1::NewCodeRequest request;
        request.set_client_name(clientName);
        request.set_role(roleMessage(role));
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &AccessStub::NewCode, request, deadline));
        return interfaces::PairingCode{.code = response.code(),
                                       .ends = timeOf(response.ends()),
                                       .role = roleOf(response.role()),
                                       .endpoint = response.endpoint()};
    }

    Result<std::vector<interfaces::PairedClient>> clients(Deadline deadline) override {
        std::vector<interfaces::PairedClient> all;
        v1::ClientsRequest request;
        do {
            ASSIGN_OR_RETURN(const auto page,
                             rpc::call(*m_stub, &AccessStub::Clients, request, deadline));
            for (const auto& message : page.clients()) {
                interfaces::PairedClient client{.name = message.name(),
                                                .fingerprint = message.fingerprint(),
                                                .role = roleOf(message.role()),
                                                .since = timeOf(message.since()),
                                                .lastSeen = std::nullopt,
                                                .revoked = message.revoked()};
                if (message.has_last_seen()) client.lastSeen = timeOf(message.last_seen());
                all.push_back(std::move(client));
            }
            request.set_page(page.next_page());
        } while (!request.page().empty());
        return all;
    }

    Status setRole(const std::string& fingerprint, HostRole role, Deadline deadline) override {
        v1::SetRoleRequest request;
        request.set_fingerprint(fingerprint);
        request.set_role(roleMessage(role));
        return rpc::call(*m_stub, &AccessStub::SetRole, request, deadline).status();
    }

    Status revoke(const std::string& fingerprint, Deadline deadline) override {
        v1::RevokeRequest request;
        request.set_fingerprint(fingerprint);
        return rpc::call(*m_stub, &AccessStub::Revoke, request, deadline).status();
    }

    Result<std::vector<interfaces::AuditEntry>> audit(std::uint64_t from, std::uint32_t limit,
                                                      Deadline deadline) override {
        v1::AuditRequest request;
        request.set_from(from);
        request.set_limit(limit);
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &AccessStub::Audit, request, deadline));
        RETURN_IF_ERROR(checkHead(response));
        std::vector<interfaces::AuditEntry> entries;
        for (const auto& entry : response.entries()) entries.push_back(entryOf(entry));
        return entries;
    }

private:
    /// A log only grows: one that is shorter than before was cut off.
    Status checkHead(const v1::AuditResponse& response) {
        const std::lock_guard lock(m_mutex);
        const bool isOther = response.head_number() == m_headNumber && m_headNumber != 0 &&
                             response.head_hash() != m_headHash;
        if (response.head_number() < m_headNumber || isOther)
            return makeError(StatusCode::kDataLoss, "AUDIT_BROKEN",
                             fmt::format("the audit log had {} entries and ends at {} now",
                                         m_headNumber, response.head_number()),
                             {{"number", std::to_string(response.head_number() + 1)}});
        m_headNumber = response.head_number();
        m_headHash = response.head_hash();
        return absl::OkStatus();
    }

    const std::unique_ptr<AccessStub> m_stub;
    std::mutex m_mutex;
    std::uint64_t m_headNumber = 0;
    std::string m_headHash;
};

}  // namespace

std::unique_ptr<interfaces::HostAccess> makeHostAccessClient(
    std::shared_ptr<grpc::Channel> channel) {
    return std::make_unique<HostAccessClient>(std::move(channel));
}

}  // namespace chancery::client
