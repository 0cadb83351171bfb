#include "ui/models/BlockModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <atomic>

#include "tests/support/TestMain.h"
#include "ui/models/LedgerRoles.h"
#include "ui/models/TxModel.h"

using namespace chancery;
using namespace chancery::ui;

namespace {

/// A list of `total` blocks with the numbers total - 1 … 0; block n has n % 7 + 1 transactions.
struct Synthetic {
    std::shared_ptr<std::atomic<std::uint64_t>> total =
        std::make_shared<std::atomic<std::uint64_t>>(0);
    std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);

    BlockModel::Fetch fetch() const {
        return [total = total, asked = asked](std::uint64_t first, std::size_t count,
                                              std::stop_token) -> Result<usecase::BlockPage> {
            ++*asked;
            usecase::BlockPage page;
            page.total = *total;
            for (std::uint64_t row = first; row < first + count && row < page.total; ++row) {
                usecase::BlockRow block;
                block.number = page.total - 1 - row;
                block.transactions = block.number % 7 + 1;
                block.valid = block.transactions;
                block.check = usecase::BlockRow::Check::Good;
                page.rows.push_back(std::move(block));
            }
            return page;
        };
    }
};

}  // namespace

class BlockModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rowsAreThereAtOnceAndTheirContentComesLater() {
        Synthetic list;
        *list.total = 3'000'000;
        BlockModel model;
        model.setFetch(list.fetch());
        QTRY_COMPARE(model.rowCount(), 3'000'000);
        QCOMPARE(number(model, 0), 2'999'999);
        const QModelIndex far = model.index(1'500'000, 0);
        QVERIFY(far.data(LoadingRole).toBool());
        QVERIFY(!far.data(Qt::DisplayRole).isValid());
        QTRY_VERIFY(!far.data(LoadingRole).toBool());
        QCOMPARE(number(model, 1'500'000), 1'499'999);
        QCOMPARE(number(model, 2'999'999), 0);
    }

    void rowsKeepTheirContentWhileTheListGrows() {
        Synthetic list;
        *list.total = 1200;
        BlockModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFetch(list.fetch());
        QTRY_COMPARE(model.rowCount(), 1200);
        QCOMPARE(number(model, 1100), 99);
        QPersistentModelIndex watched = model.index(1100, 0);
        for (const std::uint64_t total : {1201u, 1700u, 4000u}) {
            *list.total = total;
            model.refresh();
            QTRY_COMPARE(model.rowCount(), static_cast<int>(total));
            QCOMPARE(number(model, 0), total - 1);
            QCOMPARE(watched.data(BlockRole).toULongLong(), 99);
        }
        // Every row says the same as the list, whatever was kept.
        for (int row = 0; row < 4000; row += 37)
            QCOMPARE(number(model, row), 3999u - static_cast<std::uint64_t>(row));
    }

    void aShorterListStartsAnew() {
        Synthetic list;
        *list.total = 900;
        BlockModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFetch(list.fetch());
        QTRY_COMPARE(model.rowCount(), 900);
        *list.total = 3;
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(reset.count(), 1);
        QCOMPARE(number(model, 2), 0);
        model.setFetch({});
        QCOMPARE(model.rowCount(), 0);
    }

    void anErrorIsToldAndLeavesAnEmptyList() {
        BlockModel model;
        QSignalSpy failed(&model, &BlockModel::failed);
        model.setFetch(
            [](std::uint64_t, std::size_t, std::stop_token) -> Result<usecase::BlockPage> {
                return makeError(StatusCode::kDataLoss, "INDEX_DAMAGED", "the index is damaged");
            });
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.front().front().toString(), QStringLiteral("The index is damaged"));
        QCOMPARE(model.rowCount(), 0);
    }

    void whoScrollsFastGetsWhereHeStops() {
        Synthetic list;
        *list.total = 2'000'000;
        BlockModel model;
        model.setFetch(list.fetch());
        QTRY_COMPARE(model.rowCount(), 2'000'000);
        for (int row = 0; row < 2'000'000; row += 1000) model.index(row, 0).data(Qt::DisplayRole);
        QCOMPARE(number(model, 1'999'000), 999);
        // What was passed long ago is not kept.
        QVERIFY(model.index(500'000, 0).data(LoadingRole).toBool());
    }

    void transactionsOfABlockAndHitsShareOneModel() {
        TxModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<usecase::TransactionSummary> block(3);
        for (std::size_t i = 0; i < block.size(); ++i) {
            block[i].block = 9;
            block[i].index = i;
            block[i].txId = "id" + std::to_string(i);
            block[i].code = usecase::RecordedCode{i == 1 ? 11 : 0, "X"};
        }
        block[2].function = "\u202eevil\n";
        block[2].contract = "c";
        model.showBlock(block);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.rowOf({9, 2}), 2);
        QCOMPARE(model.rowOf({8, 2}), -1);
        QCOMPARE(model.index(1, TxModel::Result).data(LevelRole).toInt(),
                 static_cast<int>(LedgerLevel::Bad));
        const QString call = model.index(2, TxModel::Call).data().toString();
        QVERIFY(!call.contains(QChar(0x202e)) && !call.contains(QLatin1Char('\n')));
        QVERIFY(call.contains(QStringLiteral("evil")));

        model.showHits([](std::uint64_t first, std::size_t count,
                          std::stop_token) -> Result<usecase::TransactionPage> {
            usecase::TransactionPage page;
            page.total = 5000;
            for (std::uint64_t row = first; row < first + count && row < 5000; ++row) {
                usecase::TransactionSummary hit;
                hit.block = 5000 - row;
                page.rows.push_back(hit);
            }
            return page;
        });
        QTRY_COMPARE(model.rowCount(), 5000);
        QCOMPARE(model.placeAt(0)->block, 5000);
        model.showBlock(block);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.placeAt(2)->transaction, 2);
    }

private:
    static std::uint64_t number(BlockModel& model, int row) {
        const QModelIndex index = model.index(row, 0);
        if (!QTest::qWaitFor([&] { return !index.data(LoadingRole).toBool(); }, 10000)) return 0;
        return index.data(BlockRole).toULongLong();
    }
};

CHANCERY_TEST(BlockModelTest)
#include "BlockModelTest.moc"
