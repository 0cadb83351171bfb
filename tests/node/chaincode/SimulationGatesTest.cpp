#include "node/chaincode/SimulationGates.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;

class SimulationGatesTest : public QObject {
    Q_OBJECT
private slots:
    void othersWaitInOrder();
    void contractsDoNotMeet();
    void failuresInARowNeedNoStack();
};

void SimulationGatesTest::othersWaitInOrder() {
    SimulationGates gates(2);
    std::vector<int> started;
    for (int i = 0; i < 5; ++i) gates.enter("c/a", [&started, i] { started.push_back(i); });
    QCOMPARE(started, (std::vector{0, 1}));
    gates.leave("c/a");
    QCOMPARE(started, (std::vector{0, 1, 2}));
    gates.leave("c/a");
    gates.leave("c/a");
    QCOMPARE(started, (std::vector{0, 1, 2, 3, 4}));
    gates.leave("c/a");
    gates.leave("c/a");
    gates.enter("c/a", [&] { started.push_back(5); });
    QCOMPARE(started.back(), 5);
}

void SimulationGatesTest::contractsDoNotMeet() {
    SimulationGates gates(1);
    bool other = false;
    gates.enter("c/hangs", [] {});
    gates.enter("c/hangs", [] { QFAIL("there is no room"); });
    gates.enter("c/works", [&] { other = true; });
    QVERIFY(other);
}

void SimulationGatesTest::failuresInARowNeedNoStack() {
    SimulationGates gates(1);
    int failed = 0;
    gates.enter("c/a", [] {});
    for (int i = 0; i < 200'000; ++i)
        gates.enter("c/a", [&] {
            ++failed;
            gates.leave("c/a");
        });
    gates.leave("c/a");
    QCOMPARE(failed, 200'000);
}

CHANCERY_TEST(SimulationGatesTest)
#include "SimulationGatesTest.moc"
