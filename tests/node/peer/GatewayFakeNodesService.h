#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "fabric/peer/endorser_service.grpc.pb.h"
#include "src/rpc/Server.h"
#include "tests/node/peer/GatewayTestNetwork.h"

namespace chancery::node::test {

/// A server of a test's node, over TLS.
class NodeServer {
public:
    NodeServer(const TestOrg& org, grpc::Service& service, std::uint16_t port = 0)
        : NodeServer(org, std::vector<grpc::Service*>{&service}, port) {}
    NodeServer(const TestOrg& org, const std::vector<grpc::Service*>& services,
               std::uint16_t port = 0) {
        rpc::Listener listener{.endpoint = {.host = "127.0.0.1", .port = port, .socketPath = {}},
                               .tls = rpc::ServerTls{.identity = org.tls("node"),
                                                     .clients = rpc::ClientCertificates::Requested,
                                                     .clientRootsPem = {}}};
        auto server = rpc::Server::start({.listeners = {listener}, .limits = {}}, services);
        if (!server.ok()) throw std::runtime_error(server.status().ToString());
        m_server = *std::move(server);
    }
    std::string address() const { return m_server->endpoints().front().toString(); }
    std::uint16_t port() const { return m_server->endpoints().front().port; }

private:
    std::unique_ptr<rpc::Server> m_server;
};

/// An orderer that answers as the test wants; by default it takes everything.
class FakeOrderer final : public ::orderer::AtomicBroadcast::Service {
public:
    using Stream = grpc::ServerReaderWriter<::orderer::BroadcastResponse, ::common::Envelope>;
    /// The status to answer with; 0: end the stream without an answer.
    std::function<std::pair<int, std::string>(const ::common::Envelope&)> handler;
    std::atomic<int> streams{0};
    std::atomic<int> envelopes{0};

    std::vector<std::string> payloads() {
        const std::lock_guard lock(m_mutex);
        return m_payloads;
    }

    grpc::Status Broadcast(grpc::ServerContext*, Stream* stream) override {
        ++streams;
        ::common::Envelope envelope;
        while (stream->Read(&envelope)) {
            ++envelopes;
            const auto [status, info] =
                handler ? handler(envelope) : std::pair<int, std::string>(200, "");
            if (status == 0) return {grpc::StatusCode::UNAVAILABLE, "gone"};
            {
                const std::lock_guard lock(m_mutex);
                m_payloads.push_back(envelope.payload());
            }
            ::orderer::BroadcastResponse response;
            response.set_status(static_cast<::common::Status>(status));
            response.set_info(info);
            stream->Write(response);
            // As Fabric's orderers do.
            if (status != 200) return grpc::Status::OK;
        }
        return grpc::Status::OK;
    }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_payloads;
};

/// Another peer's endorser.
class FakeRemoteEndorser final : public ::protos::Endorser::Service {
public:
    explicit FakeRemoteEndorser(identity::SigningIdentityPtr who) : identity(std::move(who)) {}
    identity::SigningIdentityPtr identity;
    EndorsingBehaviour behaviour;
    std::atomic<int> calls{0};
    grpc::Status refusal = grpc::Status::OK;

    grpc::Status ProcessProposal(grpc::ServerContext*, const ::protos::SignedProposal* request,
                                 ::protos::ProposalResponse* response) override {
        ++calls;
        if (!refusal.ok()) return refusal;
        const auto bytes = endorseAs(*identity, request->SerializeAsString(), behaviour);
        if (!bytes.ok()) return {grpc::StatusCode::UNKNOWN, bytes.status().ToString()};
        response->ParseFromString(*bytes);
        return grpc::Status::OK;
    }
};

}  // namespace chancery::node::test
