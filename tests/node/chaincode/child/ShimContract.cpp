// A contract for tests with the command line of chancery-contract.
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>

#include "fabric/peer/chaincode_support_service.grpc.pb.h"
#include "tests/node/chaincode/FakeContract.h"

namespace {

std::string fileOf(const char* variable) {
    const char* path = std::getenv(variable);
    std::ifstream in(path == nullptr ? "" : path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

int main(int count, char** arguments) {
    std::string address, id;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = arguments[i];
        if (name == "--peer.address") address = arguments[i + 1];
        if (name == "--chaincode-id-name") id = arguments[i + 1];
    }
    // As packages of tests ask for it.
    std::ifstream mode("mode");
    std::string what;
    mode >> what;
    if (what == "crash") {
        std::cerr << "cannot start: no such thing" << std::endl;
        return 7;
    }
    if (what == "impostor") id = "another:0000";

    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = fileOf("CORE_PEER_TLS_ROOTCERT_FILE");
    tls.pem_private_key = fileOf("CORE_TLS_CLIENT_KEY_FILE");
    tls.pem_cert_chain = fileOf("CORE_TLS_CLIENT_CERT_FILE");
    const auto stub =
        protos::ChaincodeSupport::NewStub(grpc::CreateChannel(address, grpc::SslCredentials(tls)));
    grpc::ClientContext context;
    const auto stream = stub->Register(&context);
    std::mutex writing;
    {
        chancery::test::ShimRunner runner([&](const chancery::test::ShimMessage& message) {
            const std::lock_guard lock(writing);
            stream->Write(message);
        });
        runner.begin(id);
        chancery::test::ShimMessage message;
        while (stream->Read(&message)) runner.receive(message);
    }
    return stream->Finish().ok() ? 0 : 1;
}
