#include "tests/bench/load/LoadOptions.h"

#include <sstream>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace std::chrono_literals;

class LoadOptionsTest : public QObject {
    Q_OBJECT

    static std::vector<std::string> with(std::vector<std::string> more) {
        std::vector<std::string> all{"submit",   "--profile",  "p.json", "--identity",
                                     "Org1=msp", "--contract", "keys"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

private Q_SLOTS:
    void hasDefaults() {
        const auto options = load::parseOptions(with({}));
        VERIFY_OK(options);
        const auto& plan = options->plan;
        QCOMPARE(plan.arguments.size(), std::size_t{3});
        QCOMPARE(plan.arguments[0].fill({}), Bytes("put"));
        QCOMPARE(plan.arguments[1].fill({.run = plan.run, .number = 5}), plan.run + "-5");
        QCOMPARE(plan.arguments[2].fill({}).size(), std::size_t{256});
        QVERIFY(!plan.run.empty() && !plan.rate && !plan.count);
        QVERIFY(load::parseOptions(with({}))->plan.run != plan.run);
    }

    void takesValues() {
        const auto options = load::parseOptions(with({"--in-flight=7",
                                                      "--rate",
                                                      "12.5",
                                                      "--duration",
                                                      "0.5",
                                                      "--warm-up=0",
                                                      "--count",
                                                      "9",
                                                      "--arg",
                                                      "get",
                                                      "--arg=a=b",
                                                      "--gateway",
                                                      "p0",
                                                      "--gateway",
                                                      "p1",
                                                      "--endorser",
                                                      "Org1MSP",
                                                      "--pids",
                                                      "peer=1,orderer=2",
                                                      "--connections",
                                                      "4"}));
        VERIFY_OK(options);
        const auto& plan = options->plan;
        QVERIFY(plan.kind == load::LoadKind::Submit);
        QCOMPARE(plan.inFlight, std::size_t{7});
        QCOMPARE(plan.rate.value_or(0), 12.5);
        QVERIFY(plan.duration == 500ms && plan.warmUp == 0s);
        QVERIFY(plan.count == std::uint64_t{9});
        QCOMPARE(plan.arguments.at(1).fill({}), Bytes("a=b"));
        QCOMPARE(options->gateways, (std::vector<std::string>{"p0", "p1"}));
        QCOMPARE(plan.endorsers, std::vector<std::string>{"Org1MSP"});
        QCOMPARE(plan.processes.at(1).name, std::string("orderer"));
        QCOMPARE(plan.processes.at(1).pid, 2);
        QCOMPARE(plan.connections, std::size_t{4});
    }

    void refusesOthers_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* name, const QStringList& more) {
            QStringList all;
            for (const auto& word : with({})) all << QString::fromStdString(word);
            QTest::newRow(name) << all + more;
        };
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("no kind") << QStringList{"--profile", "p"};
        QTest::newRow("no profile") << QStringList{"submit", "--identity", "a=b"};
        row("unknown", {"--speed", "1"});
        row("no value", {"--rate"});
        row("no number", {"--rate", "fast"});
        row("not a number", {"--rate", "nan"});
        row("zero", {"--in-flight", "0"});
        row("too many", {"--in-flight", "1000000"});
        row("negative", {"--duration", "-1"});
        row("endless", {"--duration", "inf"});
        row("template", {"--arg", "{x}"});
        row("pid", {"--pids", "peer"});
        row("pid zero", {"--pids", "peer=0"});
        row("pid twice", {"--pids", "a=1,b=1"});
        row("no pids", {"--pids", ""});
    }
    void refusesOthers() {
        QFETCH(QStringList, arguments);
        std::vector<std::string> words;
        for (const QString& word : arguments) words.push_back(word.toStdString());
        const auto options = load::parseOptions(words);
        QCOMPARE(static_cast<int>(options.status().code()),
                 static_cast<int>(StatusCode::kInvalidArgument));
        QVERIFY(!messageOf(options.status()).empty());
    }

    void helpNamesEveryOption() {
        std::ostringstream out;
        load::printHelp(out);
        for (const char* name : {"--profile", "--identity", "--gateway", "--endorser", "--arg",
                                 "--in-flight", "--rate", "--pids", "--timeout"})
            QVERIFY2(out.str().find(name) != std::string::npos, name);
        QVERIFY(load::parseOptions({"--help"})->help);
    }
};

CHANCERY_TEST(LoadOptionsTest)
#include "LoadOptionsTest.moc"
