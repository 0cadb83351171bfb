#include "node/role/FlowTail.h"

#include <map>
#include <set>
#include <thread>

#include "tests/support/TestMain.h"

namespace chancery::node {

class FlowTailTest : public QObject {
    Q_OBJECT

    FlowTail::Clock::time_point m_now = FlowTail::Clock::time_point(std::chrono::hours(1));

    FlowTail::Options options(std::uint32_t most) {
        return {.mostPerSecond = most, .now = [this] { return m_now; }};
    }
    static FlowEvent eventOf(std::size_t number, FlowStage stage = FlowStage::Commit) {
        return {.stage = stage,
                .channel = ChannelId("trade"),
                .txId = TxId(fmt::format("{:064x}", number * 0x9e3779b97f4a7c15U)),
                .start = {},
                .duration = {},
                .outcome = {}};
    }

private Q_SLOTS:
    void init() { m_now = FlowTail::Clock::time_point(std::chrono::hours(1)); }

    void tellsEverythingBelowTheCap() {
        FlowEvents events;
        FlowTail tail(events, options(1000));
        for (int second = 0; second < 5; ++second) {
            for (std::size_t i = 0; i < 900; ++i) events.publish(eventOf(i));
            const auto batch = tail.take();
            QCOMPARE(batch.events.size(), std::size_t(900));
            QCOMPARE(batch.seen, std::uint64_t(900));
            QCOMPARE(batch.oneIn, 1U);
            m_now += std::chrono::seconds(1);
        }
    }

    void thinsOutWholeTransactions() {
        FlowEvents events;
        FlowTail tail(events, options(1000));
        std::map<std::string, int> stages;
        for (std::size_t i = 0; i < 3000; ++i)
            for (const FlowStage stage : {FlowStage::Deliver, FlowStage::Validate})
                events.publish(eventOf(i, stage));
        const auto batch = tail.take();
        QCOMPARE(batch.seen, std::uint64_t(6000));
        QCOMPARE(batch.oneIn, 8U);
        QVERIFY(batch.events.size() <= 1000 && batch.events.size() > 500);
        for (const FlowEvent& event : batch.events) {
            ++stages[event.txId.str()];
            QCOMPARE(flowSampleOf(event.txId.str()) % batch.oneIn, 0U);
        }
        for (const auto& [id, count] : stages) QCOMPARE(count, 2);
    }

    /// A slower one tells a part of what a quicker one tells.
    void choosesTheSameAtAllNodes() {
        FlowEvents few, many;
        FlowTail slow(few, options(200)), quick(many, options(2000));
        for (std::size_t i = 0; i < 4000; ++i) {
            few.publish(eventOf(i));
            many.publish(eventOf(i));
        }
        const auto fromSlow = slow.take(), fromQuick = quick.take();
        QVERIFY(fromSlow.oneIn > fromQuick.oneIn);
        std::set<std::string> told;
        for (const FlowEvent& event : fromQuick.events) told.insert(event.txId.str());
        QVERIFY(!fromSlow.events.empty());
        for (const FlowEvent& event : fromSlow.events) QVERIFY(told.contains(event.txId.str()));
    }

    void tellsMoreWhenItIsQuietAgain() {
        FlowEvents events;
        FlowTail tail(events, options(100));
        for (std::size_t i = 0; i < 5000; ++i) events.publish(eventOf(i));
        const std::uint32_t before = tail.take().oneIn;
        QVERIFY(before >= 32);
        std::uint32_t after = before;
        for (int second = 0; second < 40 && after > 1; ++second) {
            m_now += std::chrono::milliseconds(1100);
            for (std::size_t i = 0; i < 10; ++i) events.publish(eventOf(i));
            const auto batch = tail.take();
            QVERIFY(batch.oneIn <= after);
            after = batch.oneIn;
        }
        QCOMPARE(after, 1U);
    }

    /// What is told of a steady flow stays below the cap and does not fall to a small part of it.
    void keepsToTheCap() {
        FlowEvents events;
        FlowTail tail(events, options(1000));
        std::size_t told = 0, number = 0;
        for (int tick = 0; tick < 2000; ++tick) {  // 100 seconds
            for (int i = 0; i < 250; ++i) events.publish(eventOf(number++));
            told += tail.take().events.size();
            m_now += std::chrono::milliseconds(50);
        }
        QVERIFY2(told <= 101'000, std::to_string(told).c_str());
        QVERIFY2(told >= 30'000, std::to_string(told).c_str());
    }

    /// Nobody takes anything: a bounded number waits.
    void aReaderWhoSleepsCostsLittle() {
        FlowEvents events;
        FlowTail tail(events, options(1000));
        for (std::size_t i = 0; i < 200'000; ++i) {
            if (i % 100 == 0) m_now += std::chrono::milliseconds(50);
            events.publish(eventOf(i));
        }
        const auto batch = tail.take();
        QCOMPARE(batch.seen, std::uint64_t(200'000));
        QVERIFY(batch.events.size() <= 1000);
    }

    void oneTransactionCannotFillIt() {
        FlowEvents events;
        FlowTail tail(events, options(100));
        FlowEvent same = eventOf(1);
        for (std::size_t i = 0; i < 10'000; ++i) events.publish(same);
        const auto batch = tail.take();
        QCOMPARE(batch.seen, std::uint64_t(10'000));
        QVERIFY(batch.events.size() <= 100);
    }

    void manyThreadsPublish() {
        FlowEvents events;
        auto tail = std::make_unique<FlowTail>(events, FlowTail::Options{.mostPerSecond = 5000});
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < 20'000; ++i) events.publish(eventOf(t * 20'000 + i));
            });
        std::uint64_t seen = 0;
        while (seen < 40'000) seen += tail->take().seen;
        tail.reset();  // while they publish
        for (auto& thread : threads) thread.join();
        QVERIFY(!events.isWanted());
    }

    void theSampleIsWhatTheDocumentSays() {
        // FNV-1a, 64 bits: the published values of "" and "a".
        QCOMPARE(flowSampleOf(""), 0xcbf29ce4U + 0x84222325U);
        QCOMPARE(flowSampleOf("a"), 0xaf63dc4cU + 0x8601ec8cU);
    }
};

}  // namespace chancery::node

using chancery::node::FlowTailTest;
CHANCERY_TEST(FlowTailTest)
#include "FlowTailTest.moc"
