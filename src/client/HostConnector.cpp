#include "src/client/HostConnector.h"

#include <grpcpp/channel.h>

#include "chancery/agent/v1/pairing_service.grpc.pb.h"
#include "src/client/HostClient.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/http/Handshake.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/rpc/PairingProof.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::HostAddress;
using interfaces::TlsIdentity;

/// What every agent is called in its certificate; which one it is, the pin says.
constexpr const char* kAgentTlsName = "chancery-agent";
constexpr std::size_t kMaxMessageBytes = 4 << 20;
/// An agent that was away is looked for soon again.
constexpr std::chrono::milliseconds kReconnect{1000};

rpc::ClientLimits limits() {
    rpc::ClientLimits limits;
    limits.maxMessageBytes = kMaxMessageBytes;
    limits.lastReconnect = kReconnect;
    return limits;
}

Result<std::shared_ptr<grpc::Channel>> pinnedChannel(const std::string& endpointText,
                                                     const std::string& certificatePem,
                                                     const TlsIdentity& us) {
    ASSIGN_OR_RETURN(const auto endpoint, rpc::parseEndpoint(endpointText));
    // The agent's certificate is the only root, and it is no CA: nobody else can be meant.
    const rpc::ClientTls tls{
        .rootsPem = certificatePem,
        .identity = rpc::TlsIdentity{.certificatePem = us.certificatePem, .keyPem = us.keyPem},
        .serverName = kAgentTlsName};
    return rpc::makeChannel(endpoint, tls, limits());
}

Status notProven() {
    return makeError(StatusCode::kUnauthenticated, "AGENT_NOT_PROVEN",
                     "the agent does not know the pairing code: somebody may stand between");
}

Result<Bytes> fingerprintOf(const TlsIdentity& us) {
    return rpc::bindingHashOf({.certificatePem = us.certificatePem, .keyPem = us.keyPem});
}

/// What the agent is called, when both sides have proven that they know the code.
Result<std::string> prove(grpc::ClientReaderWriter<v1::PairRequest, v1::PairResponse>& pipe,
                          rpc::CallContext& context, const crypto::Secret& key,
                          rpc::PairingView view) {
    view.clientNonce = Random::system().bytes(rpc::kPairingNonceBytes);
    v1::PairRequest request;
    request.mutable_hello()->set_client_nonce(view.clientNonce);
    v1::PairResponse response;
    const auto why = [&] {
        const Status ended = context.status(pipe.Finish());
        return ended.ok() ? notProven() : ended;
    };
    if (!pipe.Write(request) || !pipe.Read(&response)) return why();
    view.serverNonce = response.challenge().server_nonce();
    if (view.serverNonce.size() != rpc::kPairingNonceBytes) return notProven();
    request.mutable_proof()->set_proof(rpc::pairingProof(key, rpc::Speaker::Client, view));
    if (!pipe.Write(request) || !pipe.Read(&response)) return why();
    if (!crypto::equalInConstantTime(response.welcome().proof(),
                                     rpc::pairingProof(key, rpc::Speaker::Server, view)))
        return notProven();
    pipe.WritesDone();
    RETURN_IF_ERROR(context.status(pipe.Finish()));
    return response.welcome().host_name();
}

}  // namespace

HostConnector::~HostConnector() = default;

Result<std::shared_ptr<interfaces::Host>> HostConnector::host(const HostAddress& address,
                                                              const TlsIdentity& us) {
    const std::string key = address.socket + '\n' + address.endpoint + '\n' +
                            address.certificatePem + '\n' + us.certificatePem;
    const std::lock_guard lock(m_mutex);
    auto& channel = m_channels[key];
    if (!channel && !address.socket.empty()) {
        ASSIGN_OR_RETURN(const auto endpoint, rpc::parseEndpoint("unix:" + address.socket));
        ASSIGN_OR_RETURN(channel, rpc::makeChannel(endpoint, std::nullopt, limits()));
    } else if (!channel) {
        ASSIGN_OR_RETURN(channel, pinnedChannel(address.endpoint, address.certificatePem, us));
    }
    return makeHostClient(channel);
}

Result<HostAddress> HostConnector::pair(const std::string& endpoint, const std::string& code,
                                        const TlsIdentity& us, Deadline deadline) {
    ASSIGN_OR_RETURN(std::string letters, rpc::readPairingCode(code));
    const crypto::Secret key = rpc::pairingKey(letters);
    crypto::wipe(letters);
    ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(endpoint));
    ASSIGN_OR_RETURN(const auto shown,
                     http::presentedCertificates(place.host, place.port, deadline));
    if (shown.empty()) return notProven();
    const std::string pem = crypto::writePem("CERTIFICATE", shown.front());
    rpc::PairingView view;
    view.serverFingerprint = crypto::sha256(shown.front());
    ASSIGN_OR_RETURN(view.clientFingerprint, fingerprintOf(us));
    ASSIGN_OR_RETURN(const auto channel, pinnedChannel(endpoint, pem, us));
    const auto stub = v1::Pairing::NewStub(channel);
    rpc::CallContext context(deadline);
    const auto pipe = stub->Pair(&context.grpc());
    const auto name = prove(*pipe, context, key, std::move(view));
    if (!name.ok()) {
        context.grpc().TryCancel();
        return name.status();
    }
    return HostAddress{.name = *name, .socket = {}, .endpoint = endpoint, .certificatePem = pem};
}

}  // namespace chancery::client
