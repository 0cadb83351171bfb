#include "tests/node/chaincode/TestContractService.h"

#include <grpcpp/grpcpp.h>

#include <mutex>
#include <stdexcept>

#include "fabric/peer/chaincode_service.grpc.pb.h"
#include "src/rpc/Server.h"
#include "tests/node/chaincode/FakeContract.h"

namespace chancery::test {

struct TestContractService::Impl final : public ::protos::Chaincode::Service {
    std::string packageId;
    int port = 0;
    std::unique_ptr<rpc::Server> secure;
    std::unique_ptr<grpc::Server> plain;

    grpc::Status Connect(grpc::ServerContext*,
                         grpc::ServerReaderWriter<ShimMessage, ShimMessage>* stream) override {
        std::mutex writing;
        ShimRunner runner([&](const ShimMessage& message) {
            const std::lock_guard lock(writing);
            stream->Write(message);
        });
        runner.begin(packageId);
        ShimMessage message;
        while (stream->Read(&message)) runner.receive(message);
        return grpc::Status::OK;
    }
};

TestContractService::TestContractService(const node::ContractAuthority* authority)
    : m_impl(std::make_unique<Impl>()) {
    if (authority != nullptr) {
        rpc::Listener listener;
        listener.endpoint = {"127.0.0.1", 0, {}};
        listener.tls = rpc::ServerTls{authority->server(), rpc::ClientCertificates::Required,
                                      authority->rootsPem()};
        auto server = rpc::Server::start({{listener}, {}}, {m_impl.get()});
        if (!server.ok()) throw std::runtime_error(std::string(messageOf(server.status())));
        m_impl->secure = *std::move(server);
        m_impl->port = m_impl->secure->endpoints()[0].port;
        return;
    }
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &m_impl->port);
    builder.RegisterService(m_impl.get());
    m_impl->plain = builder.BuildAndStart();
    if (m_impl->plain == nullptr) throw std::runtime_error("no port to listen at");
}

TestContractService::~TestContractService() = default;

int TestContractService::port() const {
    return m_impl->port;
}

void TestContractService::registerAs(const std::string& packageId) {
    m_impl->packageId = packageId;
}

}  // namespace chancery::test
