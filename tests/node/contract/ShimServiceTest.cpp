#include "node/contract/ShimService.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/server_builder.h>

#include <future>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_service.grpc.pb.h"
#include "fabric/peer/chaincode_support_service.grpc.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using namespace chancery::node::contract;

namespace {

using Message = protos::ChaincodeMessage;

Message transaction(const std::string& txId, const std::string& code) {
    protos::ChaincodeInput input;
    input.add_args("Run");
    input.add_args(code);
    Message message;
    message.set_type(Message::TRANSACTION);
    message.set_channel_id("ch");
    message.set_txid(txId);
    message.set_payload(input.SerializeAsString());
    return message;
}

Message simple(Message::Type type) {
    Message message;
    message.set_type(type);
    return message;
}

/// The peer's half of a conversation over any kind of stream: registers, runs one transaction that
/// reads a key, and gives its answer.
template <class Stream>
std::string converse(Stream& stream, const std::string& txId) {
    Message message;
    if (!stream.Read(&message) || message.type() != Message::REGISTER) return "no REGISTER";
    protos::ChaincodeID id;
    id.ParseFromString(message.payload());
    stream.Write(simple(Message::REGISTERED));
    stream.Write(simple(Message::READY));
    stream.Write(transaction(txId, "return (await stub.getState('k')).toString()"));
    if (!stream.Read(&message) || message.type() != Message::GET_STATE) return "no GET_STATE";
    stream.Write(FakePeer::respond(message, "value"));
    if (!stream.Read(&message) || message.type() != Message::COMPLETED) return "no COMPLETED";
    protos::Response response;
    response.ParseFromString(message.payload());
    return fmt::format("{} {} {}", id.name(), message.txid(), response.payload());
}

class PeerDoor final : public protos::ChaincodeSupport::Service {
public:
    std::promise<std::string> result;

    grpc::Status Register(grpc::ServerContext* /*context*/,
                          grpc::ServerReaderWriter<Message, Message>* stream) override {
        result.set_value(converse(*stream, "dialled"));
        return grpc::Status::OK;
    }
};

}  // namespace

class ShimServiceTest : public QObject {
    Q_OBJECT

private slots:
    void severalPeersDial() {
        const auto host = startContract(evalFiles());
        const auto server = ContractServer::start(*host, "127.0.0.1:0", std::nullopt);
        VERIFY_OK(server);
        const auto channel =
            grpc::CreateChannel((*server)->address(), grpc::InsecureChannelCredentials());
        const auto stub = protos::Chaincode::NewStub(channel);
        grpc::ClientContext first, second;
        const auto one = stub->Connect(&first);
        const auto two = stub->Connect(&second);
        QCOMPARE(converse(*two, "b"), std::string("contract_1:abc b \"value\""));
        QCOMPARE(converse(*one, "a"), std::string("contract_1:abc a \"value\""));
        one->WritesDone();
        QVERIFY(one->Finish().ok());
        // The other stream does not notice.
        two->Write(transaction("c", "return 1"));
        Message message;
        QVERIFY(two->Read(&message));
        QCOMPARE(message.type(), Message::COMPLETED);
        second.TryCancel();
        two->Finish();
    }

    void theContractDials() {
        PeerDoor door;
        int port = 0;
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(&door);
        const auto server = builder.BuildAndStart();
        const auto host = startContract(evalFiles());
        std::promise<void> ready;
        std::promise<std::string> ended;
        PeerConnection::Events events;
        events.ready = [&] { ready.set_value(); };
        events.ended = [&](const Status& status) { ended.set_value(reasonOf(status)); };
        const auto connection =
            PeerConnection::start(*host, fmt::format("127.0.0.1:{}", port), std::nullopt, events);
        VERIFY_OK(connection);
        ready.get_future().get();
        QCOMPARE(door.result.get_future().get(), std::string("contract_1:abc dialled \"value\""));
        QCOMPARE(ended.get_future().get(), std::string("CONNECTION_CLOSED"));
    }

    void aConnectionIsGivenUp() {
        const auto host = startContract(evalFiles());
        // Nobody listens there; the end comes from here.
        const auto connection = PeerConnection::start(*host, "127.0.0.1:1", std::nullopt, {});
        VERIFY_OK(connection);
    }

    void whatCannotBeServed() {
        const auto host = startContract(evalFiles());
        QCOMPARE(reasonOf(ContractServer::start(*host, "nonsense", std::nullopt).status()),
                 std::string("BAD_ENDPOINT"));
        rpc::ServerTls tls;
        tls.identity = {"no certificate", "no key"};
        QCOMPARE(ContractServer::start(*host, "127.0.0.1:0", tls).status().code(),
                 StatusCode::kInvalidArgument);
    }
};

CHANCERY_TEST(ShimServiceTest)
#include "ShimServiceTest.moc"
