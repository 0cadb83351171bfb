#include "node/contract/PeerPipe.h"

#include <sys/socket.h>

#include <future>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "tests/node/contract/Eval.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using namespace chancery::node::contract;

namespace {

using Message = protos::ChaincodeMessage;

/// The peer's end of the socket, with calls that wait.
class PeerEnd {
public:
    PeerEnd() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
        m_socket = Descriptor(ends[0]);
        contractsEnd = Descriptor(ends[1]);
    }
    Descriptor contractsEnd;

    void write(const Message& message) { writeBytes(message.SerializeAsString()); }
    void writeBytes(const std::string& bytes) {
        std::string frame(4, '\0');
        for (std::size_t i = 0; i < 4; ++i) frame[i] = static_cast<char>(bytes.size() >> (8 * i));
        frame += bytes;
        QCOMPARE(::send(m_socket.get(), frame.data(), frame.size(), MSG_NOSIGNAL),
                 static_cast<ssize_t>(frame.size()));
    }
    /// UNDEFINED at the end of the stream.
    Message read() {
        Message message;
        unsigned char head[4];
        if (::recv(m_socket.get(), head, sizeof head, MSG_WAITALL) != sizeof head) return message;
        std::string frame(head[0] | head[1] << 8 | head[2] << 16, '\0');
        if (::recv(m_socket.get(), frame.data(), frame.size(), MSG_WAITALL) !=
            static_cast<ssize_t>(frame.size()))
            return message;
        message.ParseFromString(frame);
        return message;
    }
    void close() { m_socket.reset(); }

    void accept() {
        for (const auto type : {Message::REGISTERED, Message::READY}) {
            Message message;
            message.set_type(type);
            write(message);
        }
    }
    void run(const std::string& txId, const std::string& code) {
        protos::ChaincodeInput input;
        input.add_args("Run");
        input.add_args(code);
        Message message;
        message.set_type(Message::TRANSACTION);
        message.set_channel_id("ch");
        message.set_txid(txId);
        message.set_payload(input.SerializeAsString());
        write(message);
    }

private:
    Descriptor m_socket;
};

}  // namespace

class PeerPipeTest : public QObject {
    Q_OBJECT
private slots:
    void runsTransactions() {
        const auto host = startContract(evalFiles());
        PeerEnd peer;
        std::promise<void> ready;
        std::promise<std::string> ended;
        PeerConnection::Events events;
        events.ready = [&] { ready.set_value(); };
        events.ended = [&](const Status& status) { ended.set_value(reasonOf(status)); };
        const PeerPipe pipe(*host, std::move(peer.contractsEnd), events);
        const Message registration = peer.read();
        QCOMPARE(registration.type(), Message::REGISTER);
        protos::ChaincodeID id;
        QVERIFY(id.ParseFromString(registration.payload()));
        QCOMPARE(id.name(), std::string("contract_1:abc"));
        peer.accept();
        ready.get_future().get();
        peer.run("t1", "return (await stub.getState('k')).toString()");
        const Message question = peer.read();
        QCOMPARE(question.type(), Message::GET_STATE);
        QCOMPARE(question.txid(), std::string("t1"));
        peer.write(FakePeer::respond(question, std::string(300'000, 'v')));
        const Message answer = peer.read();
        QCOMPARE(answer.type(), Message::COMPLETED);
        protos::Response response;
        QVERIFY(response.ParseFromString(answer.payload()));
        QCOMPARE(response.payload(), "\"" + std::string(300'000, 'v') + "\"");
        peer.close();
        QCOMPARE(ended.get_future().get(), std::string("CONNECTION_CLOSED"));
    }

    void endsAtWhatIsNoMessage() {
        const auto host = startContract(evalFiles());
        PeerEnd peer;
        std::promise<std::string> ended;
        PeerConnection::Events events;
        events.ended = [&](const Status& status) { ended.set_value(reasonOf(status)); };
        const PeerPipe pipe(*host, std::move(peer.contractsEnd), events);
        QCOMPARE(peer.read().type(), Message::REGISTER);
        peer.writeBytes("\xff\xff\xff");
        QCOMPARE(ended.get_future().get(), std::string("CONNECTION_CLOSED"));
        QCOMPARE(peer.read().type(), Message::UNDEFINED);
    }

    void isGivenUpInTheMiddle() {
        const auto host = startContract(evalFiles());
        PeerEnd peer;
        PeerConnection::Events events;
        events.ended = [](const Status&) { QFAIL("told after the end"); };
        auto pipe = std::make_unique<PeerPipe>(*host, std::move(peer.contractsEnd), events);
        QCOMPARE(peer.read().type(), Message::REGISTER);
        peer.accept();
        peer.run("t1", "await stub.getState('k')");
        QCOMPARE(peer.read().type(), Message::GET_STATE);
        pipe.reset();
        QCOMPARE(peer.read().type(), Message::UNDEFINED);
    }
};

CHANCERY_TEST(PeerPipeTest)
#include "PeerPipeTest.moc"
