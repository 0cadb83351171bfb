#include "tests/bench/load/Results.h"

#include <unistd.h>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace std::chrono_literals;
using load::Collector;
using load::Outcome;
using load::Stage;

class ResultsTest : public QObject {
    Q_OBJECT

    static Outcome committed(bool measured, protocol::ValidationCode code, std::uint64_t block) {
        Outcome outcome{.measured = measured, .sent = true};
        outcome.code = code;
        outcome.block = block;
        outcome.times[static_cast<std::size_t>(Stage::Total)] = 10ms;
        return outcome;
    }
    static Outcome failed(const std::string& sentence) {
        Outcome outcome{.measured = true, .sent = true};
        outcome.failedIn = Stage::Endorse;
        outcome.status = makeError(StatusCode::kAborted, "X", sentence);
        return outcome;
    }

private Q_SLOTS:
    void everythingIsCounted() {
        Collector collector;
        for (int i = 0; i < 5; ++i) collector.begin(i > 0, i == 4);
        QVERIFY(collector.end(committed(false, protocol::ValidationCode::Valid, 3), true));
        QVERIFY(collector.end(committed(true, protocol::ValidationCode::Valid, 4), true));
        QVERIFY(collector.end(committed(true, protocol::ValidationCode::Valid, 5), false));
        QVERIFY(
            collector.end(committed(true, protocol::ValidationCode::MvccReadConflict, 5), true));
        QVERIFY(collector.end(failed("no"), true));
        load::LoadResults results = collector.take();
        QCOMPARE(results.all.begun, 5U);
        QCOMPARE(results.all.good, 3U);
        QCOMPARE(results.measured.begun, 4U);
        QCOMPARE(results.measured.good, 2U);
        QCOMPARE(results.measured.invalid, 1U);
        QCOMPARE(results.measured.failed, 1U);
        QCOMPARE(results.late, 1U);
        QCOMPARE(results.goodInWindow, 2U);
        QCOMPARE(results.codes.at("VALID"), 3U);
        QCOMPARE(results.codes.at("MVCC_READ_CONFLICT"), 1U);
        QCOMPARE(results.errors.at("endorse ABORTED: no"), 1U);
        QVERIFY(results.blocks == (std::set<std::uint64_t>{4, 5}));
        results.window = 4s;
        QCOMPARE(results.perSecond(), 0.5);
    }

    void errorsThatDifferInIdsAreOne() {
        const std::string id(64, 'a');
        const std::string other(64, '7');
        QCOMPARE(load::describeError(failed("transaction " + id + " was refused")),
                 load::describeError(failed("transaction " + other + " was refused")));
        QVERIFY(load::describeError(failed("transaction 1 was refused")) !=
                load::describeError(failed("transaction 2 was refused")));
    }

    void errorsHaveACap() {
        Collector collector;
        for (int i = 0; i < 100; ++i) {
            collector.begin(true, false);
            collector.end(failed("number " + std::to_string(i)), true);
        }
        const auto results = collector.take();
        QCOMPARE(results.errors.size(), Collector::kMaxErrors + 1);
        QCOMPARE(results.errors.at("other"), 100U - Collector::kMaxErrors);
    }

    void givesUpWhenNothingWorks() {
        Collector collector;
        Outcome unsent = failed("no key");
        unsent.sent = false;
        QVERIFY(!collector.end(unsent, true));
        QVERIFY(collector.take().gaveUp);
        Collector patient;
        int failures = 0;
        while (patient.end(failed("no"), true) && failures < 100'000) ++failures;
        QVERIFY(failures > 1000 && failures < 100'000);
    }

    void tellsProcesses() {
        load::LoadPlan plan;
        plan.processes = {{.name = "peer", .pid = 1}, {.name = "orderer", .pid = 2}};
        load::LoadResults results;
        results.goodInWindow = 10;
        results.window = 1s;
        results.before["peer"] = load::ProcessSample{.cpu = 100ms};
        results.after["peer"] = load::ProcessSample{.cpu = 108ms, .residentBytes = 3U << 20};
        results.before["orderer"] = load::ProcessSample{.cpu = 50ms};
        results.after["orderer"] = load::ProcessSample{.cpu = 52ms};
        auto json = load::toJson(plan, results);
        QCOMPARE(json["per_s"].get<double>(), 10.0);
        QCOMPARE(json["processes"]["peer"]["cpu_ms_per_transaction"].get<double>(), 0.8);
        QCOMPARE(json["processes"]["peer"]["rss_mb"].get<double>(), 3.0);
        QCOMPARE(json["cpu_ms_per_transaction"].get<double>(), 1.0);
        results.after["orderer"].reset();
        json = load::toJson(plan, results);
        QVERIFY(json["processes"]["orderer"]["ended"].get<bool>());
        QVERIFY(json["cpu_ms_per_transaction"].is_null());
    }

    void samplesThisProcess() {
        const auto before = load::sampleProcess(::getpid());
        VERIFY_OK(before);
        QVERIFY(before->residentBytes > 0 && before->peakResidentBytes >= before->residentBytes);
        std::chrono::nanoseconds now = before->cpu;
        while (now <= before->cpu) {
            const auto sample = load::sampleProcess(::getpid());
            VERIFY_OK(sample);
            now = sample->cpu;
        }
        QCOMPARE(reasonOf(load::sampleProcess(0x3fffffff).status()),
                 std::string("NO_SUCH_PROCESS"));
    }
};

CHANCERY_TEST(ResultsTest)
#include "ResultsTest.moc"
