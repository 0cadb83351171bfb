#include "src/rpc/ByteCalls.h"

#include <QTemporaryDir>
#include <future>

#include "src/rpc/Channel.h"
#include "tests/support/TestMain.h"

using namespace chancery;

class ByteCallsTest : public QObject {
    Q_OBJECT
private slots:
    void outliveTheLastChannel();
};

/// The call holds the last reference to its channel and lets it go on a thread of gRPC, which
/// must not take that thread's own queue of callbacks away from under it.
void ByteCallsTest::outliveTheLastChannel() {
    const QTemporaryDir nobody;
    for (int round = 0; round < 20; ++round) {
        const auto answered = std::make_shared<std::promise<bool>>();
        {
            const auto channel =
                rpc::makeChannel({.socketPath = nobody.filePath("socket").toStdString()}, {});
            VERIFY_OK(channel);
            rpc::UnaryByteCall::start(
                *channel, "/nobody/Nothing", {}, deadlineIn(std::chrono::minutes(1)),
                [answered](const Result<Bytes>& answer) { answered->set_value(answer.ok()); });
        }
        QVERIFY(!answered->get_future().get());
    }
}

CHANCERY_TEST(ByteCallsTest)
#include "ByteCallsTest.moc"
