#include "src/cli/FlowTable.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using cli::FlowTable;

/// Events of several nodes as lines of transactions.
class FlowTableTest : public QObject {
    Q_OBJECT

    const absl::Time m_begin = absl::FromUnixSeconds(1'700'000'000);
    const FlowTable::Time m_now = FlowTable::Time(std::chrono::hours(1));

    interfaces::NodeFlowEvent event(const std::string& txId, const std::string& stage, int ms,
                                    int takes, const std::string& outcome = {}) const {
        return {.stage = stage,
                .channel = ChannelId("trade"),
                .txId = TxId(txId),
                .start = m_begin + absl::Milliseconds(ms),
                .duration = std::chrono::milliseconds(takes),
                .outcome = outcome};
    }

private Q_SLOTS:
    void putsNodesTogether() {
        FlowTable table;
        table.add("peer1", event("a", "commit", 50, 5), m_now);
        table.add("orderer", event("a", "order", 20, 3), m_now);
        table.add("peer2", event("a", "commit", 52, 9), m_now);
        table.add("peer1", event("a", "propose", 0, 1), m_now);
        QVERIFY(table.takeFinished(m_now + std::chrono::milliseconds(299)).empty());
        const auto rows = table.takeFinished(m_now + std::chrono::milliseconds(300));
        QCOMPARE(rows.size(), std::size_t(1));
        QCOMPARE(rows[0].txId, TxId("a"));
        QCOMPARE(rows[0].nodes.size(), std::size_t(3));
        QVERIFY(rows[0].stages.at("commit") == std::chrono::milliseconds(9));
        QVERIFY(rows[0].isCommitted);
        QCOMPARE(rows[0].begun, m_begin);
        QCOMPARE(rows[0].ended, m_begin + absl::Milliseconds(61));
        QVERIFY(table.takeAll().empty());
    }

    void givesUpWhatIsNeverCommitted() {
        FlowTable table;
        table.add("peer1", event("late", "propose", 5, 1), m_now);
        table.add("peer1", event("early", "propose", 1, 1, "POLICY_NOT_SATISFIED"), m_now);
        table.add("peer1", event("early", "execute", 2, 1, "second"), m_now);
        QVERIFY(table.takeFinished(m_now + std::chrono::milliseconds(4'999)).empty());
        const auto rows = table.takeFinished(m_now + std::chrono::seconds(5));
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].txId, TxId("early"));
        QCOMPARE(rows[0].outcome, std::string("POLICY_NOT_SATISFIED"));
        QVERIFY(!rows[0].isCommitted);
    }

    void holdsABoundedNumber() {
        FlowTable table({.most = 3});
        for (const std::string id : {"a", "b", "c", "d", "e"})
            table.add("peer1", event(id, "propose", 0, 1), m_now);
        table.add("peer1", event("a", "commit", 1, 1), m_now);
        QCOMPARE(table.takeAll().size(), std::size_t(3));
    }
};

CHANCERY_TEST(FlowTableTest)
#include "FlowTableTest.moc"
