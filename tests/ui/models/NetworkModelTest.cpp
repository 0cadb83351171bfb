#include "ui/models/NetworkModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "tests/support/MeridianNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using namespace chancery::ui;

class NetworkModelTest : public QObject {
    Q_OBJECT
private:
    static std::shared_ptr<usecase::WatchNetwork> watched(const MeridianNetwork& meridian) {
        usecase::WatchNetwork::Options options;
        options.every = std::chrono::milliseconds(5);
        options.longestPause = std::chrono::milliseconds(10);
        return std::make_shared<usecase::WatchNetwork>(meridian.network, options);
    }
private Q_SLOTS:
    void aNetworkStandsByOrganisations() {
        MeridianNetwork meridian;
        NetworkModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(!model.isConnected());
        QCOMPARE(model.rowCount(), 0);
        model.setNetwork(watched(meridian));
        QCOMPARE(model.rowCount(), 4);
        QTRY_COMPARE(model.troubled(), 1);
        QCOMPARE(model.nodeCount(), 13);
        QCOMPARE(model.networkName(), "Meridian Clearing");
        const NodeRow* late = model.node("peer1.riverbank");
        QVERIFY(late != nullptr);
        QVERIFY(late->level == LedgerLevel::Warning);
        QCOMPARE(late->channel("settlement")->behind, 41U);
        QCOMPARE(late->channel("loyalty-points")->behind, 0U);
        QVERIFY(late->problem.contains("almost full"));
        QVERIFY(model.node("orderer0.arxanbank")->leads);
        QVERIFY(!model.node("peer0.harborpay")->limits.isEmpty());
        const auto figures = model.figures();
        QCOMPARE(figures[0].value, "12");
        QCOMPARE(figures[3].value, "41");
        const QModelIndex row = model.indexOf("peer1.riverbank");
        QCOMPARE(row.data().toString(), "peer1.riverbank");
        QCOMPARE(row.parent().data().toString(), "RiverBank");
        model.setNetwork(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void whoGoesKeepsItsHeights() {
        MeridianNetwork meridian;
        NetworkModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setNetwork(watched(meridian));
        QTRY_COMPARE(model.troubled(), 1);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        meridian.nodes["peer0.riverbank"]->fail(
            makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "connection refused"));
        QTRY_VERIFY(model.node("peer0.riverbank")->stale);
        QCOMPARE(model.node("peer0.riverbank")->channel("settlement")->height, 1204213U);
        QVERIFY(!model.node("peer0.riverbank")->problem.isEmpty());
        meridian.nodes["peer0.riverbank"]->fail({});
        QTRY_VERIFY(!model.node("peer0.riverbank")->stale);
        QCOMPARE(resets.size(), 0);
    }
};

CHANCERY_TEST(NetworkModelTest)
#include "NetworkModelTest.moc"
