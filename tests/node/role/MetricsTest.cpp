#include "node/role/Metrics.h"

#include <thread>

#include "tests/support/TestMain.h"

namespace chancery::node {

class MetricsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void printsSortedByNameWithHelpAndType() {
        Metrics metrics;
        metrics.gauge("ledger_blockchain_height", "Height of the chain in blocks.", {"channel"})
            .set(7, {"trade"});
        metrics.counter("deliver_streams_opened", "Streams\nthat were opened.").add();
        QCOMPARE(metrics.text(), std::string("# HELP deliver_streams_opened Streams\\nthat were "
                                             "opened.\n"
                                             "# TYPE deliver_streams_opened counter\n"
                                             "deliver_streams_opened 1\n"
                                             "# HELP ledger_blockchain_height Height of the chain "
                                             "in blocks.\n"
                                             "# TYPE ledger_blockchain_height gauge\n"
                                             "ledger_blockchain_height{channel=\"trade\"} 7\n"));
    }

    void countsBucketsCumulatively() {
        Metrics metrics;
        auto sizes = metrics.histogram("t", "T.", {"channel"}, {1, 0.5});
        for (const double value : {0.25, 0.5, 0.75, 4.0}) sizes.observe(value, {"c"});
        QCOMPARE(metrics.text(), std::string("# HELP t T.\n# TYPE t histogram\n"
                                             "t_bucket{channel=\"c\",le=\"0.5\"} 2\n"
                                             "t_bucket{channel=\"c\",le=\"1\"} 3\n"
                                             "t_bucket{channel=\"c\",le=\"+Inf\"} 4\n"
                                             "t_sum{channel=\"c\"} 5.5\n"
                                             "t_count{channel=\"c\"} 4\n"));
    }

    void usesPrometheusBucketsUnlessTold() {
        Metrics metrics;
        metrics.histogram("t", "T.").observe(0.3);
        const std::string text = metrics.text();
        QVERIFY(text.find("t_bucket{le=\"0.25\"} 0\nt_bucket{le=\"0.5\"} 1\n") != text.npos);
        QVERIFY(text.find("t_bucket{le=\"10\"} 1\nt_bucket{le=\"+Inf\"} 1\n") != text.npos);
    }

    void givesTheSameMetricForTheSameName() {
        Metrics metrics;
        metrics.counter("n", "N.").add(2);
        metrics.counter("n", "N.").add(3);
        QVERIFY(metrics.text().ends_with("\nn 5\n"));
    }

    void neverCountsBackwards() {
        Metrics metrics;
        auto counter = metrics.counter("n", "N.");
        counter.add(2);
        counter.add(-1);
        QVERIFY(metrics.text().ends_with("\nn 2\n"));
    }

    void escapesLabelValues() {
        Metrics metrics;
        metrics.counter("n", "N.", {"l"}).add(1, {"a\"b\\c\nd"});
        QVERIFY(metrics.text().ends_with("\nn{l=\"a\\\"b\\\\c\\nd\"} 1\n"));
    }

    void keepsSeriesApartWhoseValuesJoinEqually() {
        Metrics metrics;
        auto counter = metrics.counter("n", "N.", {"a", "b"});
        counter.add(1, {"xy", "z"});
        counter.add(2, {"x", "yz"});
        QVERIFY(metrics.text().ends_with("n{a=\"x\",b=\"yz\"} 2\nn{a=\"xy\",b=\"z\"} 1\n"));
    }

    void boundsTheNumberOfSeries() {
        Metrics metrics;
        auto counter = metrics.counter("n", "N.", {"name"});
        for (int i = 0; i < 5000; ++i) counter.add(1, {std::to_string(i)});
        counter.add(1, {"0"});
        const std::string text = metrics.text();
        QVERIFY(std::count(text.begin(), text.end(), '\n') < 2100);
        QVERIFY(text.find("n{name=\"0\"} 2\n") != text.npos);
        QVERIFY(text.find("n{name=\"other\"} 3000\n") != text.npos);
    }

    void losesNothingBetweenThreads() {
        Metrics metrics;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&metrics] {
                    auto counter = metrics.counter("n", "N.", {"l"});
                    for (int i = 0; i < 10000; ++i) counter.add(1, {i % 2 == 0 ? "a" : "b"});
                });
        }
        QVERIFY(metrics.text().ends_with("n{l=\"a\"} 20000\nn{l=\"b\"} 20000\n"));
    }
};

}  // namespace chancery::node

using chancery::node::MetricsTest;
CHANCERY_TEST(MetricsTest)
#include "MetricsTest.moc"
