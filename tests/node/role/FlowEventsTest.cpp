#include "node/role/FlowEvents.h"

#include "tests/support/TestMain.h"

namespace chancery::node {

class FlowEventsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isWantedWhileSomebodyListens() {
        FlowEvents events;
        QVERIFY(!events.isWanted());
        auto first = events.subscribe([](const FlowEvent&) {});
        auto second = events.subscribe([](const FlowEvent&) {});
        first.reset();
        QVERIFY(events.isWanted());
        second.reset();
        QVERIFY(!events.isWanted());
    }

    void tellsEveryListener() {
        FlowEvents events;
        std::vector<std::string> heard;
        const auto first =
            events.subscribe([&](const FlowEvent& event) { heard.push_back(event.txId.str()); });
        const auto second =
            events.subscribe([&](const FlowEvent& event) { heard.push_back(event.outcome); });
        events.publish({.stage = FlowStage::Validate,
                        .channel = ChannelId("trade"),
                        .txId = TxId("ab"),
                        .start = {},
                        .duration = std::chrono::milliseconds(1),
                        .outcome = "MVCC_READ_CONFLICT"});
        QCOMPARE(heard, (std::vector<std::string>{"ab", "MVCC_READ_CONFLICT"}));
    }

    void aListenerMayEndItself() {
        FlowEvents events;
        int heard = 0;
        Subscription subscription;
        subscription = events.subscribe([&](const FlowEvent&) {
            ++heard;
            subscription.reset();
        });
        events.publish({});
        events.publish({});
        QCOMPARE(heard, 1);
    }

    void aSubscriptionMayOutliveTheSource() {
        auto events = std::make_unique<FlowEvents>();
        auto subscription = events->subscribe([](const FlowEvent&) {});
        events.reset();
        subscription.reset();
        QVERIFY(!subscription);
    }

    void namesEveryStage() {
        for (const FlowStage stage : {FlowStage::Propose, FlowStage::Execute, FlowStage::Endorse,
                                      FlowStage::Submit, FlowStage::Broadcast, FlowStage::Order,
                                      FlowStage::Deliver, FlowStage::Validate, FlowStage::Commit})
            QVERIFY(!nameOf(stage).empty());
    }
};

}  // namespace chancery::node

using chancery::node::FlowEventsTest;
CHANCERY_TEST(FlowEventsTest)
#include "FlowEventsTest.moc"
