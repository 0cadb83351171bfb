#include "node/contract/Conversation.h"

#include "fabric/peer/chaincode.pb.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using node::contract::Conversation;
using Message = Conversation::Message;

namespace {

Message message(Message::Type type, const std::string& payload = {}) {
    Message out;
    out.set_type(type);
    out.set_payload(payload);
    out.set_channel_id("ch");
    out.set_txid("tx");
    return out;
}

struct Fixture {
    std::vector<Message> sent;
    int ready = 0;
    Conversation conversation{[this](Message m) { sent.push_back(std::move(m)); },
                              [this] { ++ready; }};
};

}  // namespace

class ConversationTest : public QObject {
    Q_OBJECT

private slots:
    void registers() {
        Fixture f;
        f.conversation.registerAs("label:hash");
        QCOMPARE(f.sent.size(), std::size_t(1));
        QCOMPARE(f.sent[0].type(), Message::REGISTER);
        protos::ChaincodeID id;
        QVERIFY(id.ParseFromString(f.sent[0].payload()));
        QCOMPARE(id.name(), std::string("label:hash"));
        QVERIFY(!f.conversation.receive(message(Message::REGISTERED)));
        QCOMPARE(f.ready, 0);
        QVERIFY(!f.conversation.receive(message(Message::READY)));
        QCOMPARE(f.ready, 1);
        for (const auto type :
             {Message::TRANSACTION, Message::INIT, Message::RESPONSE, Message::ERROR})
            QCOMPARE(f.conversation.receive(message(type))->type(), type);
        QCOMPARE(f.sent.size(), std::size_t(1));
    }

    void outOfTurn() {
        Fixture f;
        QVERIFY(!f.conversation.receive(message(Message::TRANSACTION, "12345")));
        QCOMPARE(f.sent.at(0).type(), Message::ERROR);
        QCOMPARE(
            f.sent[0].payload(),
            std::string(
                "[ch-tx] Chaincode handler FSM cannot handle message (5) with payload size (5) "
                "while in state: created"));
        QCOMPARE(f.sent[0].txid(), std::string("tx"));
        f.conversation.receive(message(Message::REGISTERED));
        QVERIFY(!f.conversation.receive(message(Message::REGISTERED)));
        QVERIFY(f.sent.at(1).payload().ends_with(
            "(2) with payload size (0) while in state: established"));
        QCOMPARE(f.ready, 0);
    }

    void keepAlive() {
        Fixture f;
        QVERIFY(!f.conversation.receive(message(Message::KEEPALIVE)));
        QCOMPARE(f.sent.at(0).type(), Message::KEEPALIVE);
    }

    void unknownTypes() {
        Fixture f;
        f.conversation.receive(message(Message::REGISTERED));
        f.conversation.receive(message(Message::READY));
        for (const int type : {0, 2, 4, 6, 8, 12, 99})
            QVERIFY(!f.conversation.receive(message(static_cast<Message::Type>(type))));
        QVERIFY(f.sent.empty());
        QCOMPARE(f.ready, 1);
    }

    void silentAfterTheEnd() {
        Fixture f;
        QVERIFY(f.conversation.close());
        QVERIFY(!f.conversation.close());
        f.conversation.send(message(Message::COMPLETED));
        f.conversation.receive(message(Message::KEEPALIVE));
        QVERIFY(f.sent.empty());
    }
};

CHANCERY_TEST(ConversationTest)
#include "ConversationTest.moc"
