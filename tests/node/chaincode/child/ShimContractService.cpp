// A contract for tests with the command lines of chancery-contract and of Fabric's shims.
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>

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

/// The form of frames, written down a second time so that it is tested.
class SocketStream {
public:
    explicit SocketStream(int socket) : m_socket(socket) {}
    bool Write(const chancery::test::ShimMessage& message) {
        const std::string bytes = message.SerializeAsString();
        std::string frame;
        for (int i = 0; i < 4; ++i) frame += static_cast<char>(bytes.size() >> (8 * i));
        frame += bytes;
        std::string_view rest = frame;
        while (!rest.empty()) {
            const ssize_t sent = ::send(m_socket, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool Read(chancery::test::ShimMessage* message) {
        unsigned char head[4];
        if (::recv(m_socket, head, 4, MSG_WAITALL) != 4) return false;
        std::string frame(head[0] | head[1] << 8 | head[2] << 16 | head[3] << 24, '\0');
        return ::recv(m_socket, frame.data(), frame.size(), MSG_WAITALL) ==
                   static_cast<ssize_t>(frame.size()) &&
               message->ParseFromString(frame);
    }

private:
    int m_socket;
};

template <class Stream>
void converse(Stream& stream, const std::string& id) {
    std::mutex writing;
    chancery::test::ShimRunner runner([&](const chancery::test::ShimMessage& message) {
        const std::lock_guard lock(writing);
        stream.Write(message);
    });
    runner.begin(id);
    chancery::test::ShimMessage message;
    while (stream.Read(&message)) runner.receive(message);
}

}  // namespace

int main(int count, char** arguments) {
    const char* given = std::getenv("CORE_CHAINCODE_ID_NAME");
    std::string address, descriptor, id = given == nullptr ? "" : given;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = arguments[i];
        if (name == "--peer.address") address = arguments[i + 1];
        if (name == "--peer.descriptor") descriptor = arguments[i + 1];
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

    if (what == "junk" || what == "long") {
        const std::string frame = what == "junk" ? std::string("\x02\0\0\0\xff\xff", 6)
                                                 : std::string("\xff\xff\xff\x7f and so on", 14);
        ::send(std::atoi(descriptor.c_str()), frame.data(), frame.size(), MSG_NOSIGNAL);
        std::cin.get();
        return 0;
    }
    if (!descriptor.empty()) {
        SocketStream stream(std::atoi(descriptor.c_str()));
        converse(stream, id);
        return 0;
    }
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = fileOf("CORE_PEER_TLS_ROOTCERT_FILE");
    tls.pem_private_key = fileOf("CORE_TLS_CLIENT_KEY_FILE");
    tls.pem_cert_chain = fileOf("CORE_TLS_CLIENT_CERT_FILE");
    const auto stub =
        protos::ChaincodeSupport::NewStub(grpc::CreateChannel(address, grpc::SslCredentials(tls)));
    grpc::ClientContext context;
    const auto stream = stub->Register(&context);
    converse(*stream, id);
    return stream->Finish().ok() ? 0 : 1;
}
