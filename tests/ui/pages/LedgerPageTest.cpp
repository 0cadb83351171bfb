#include "ui/pages/LedgerPage.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <filesystem>
#include <fstream>

#include "tests/support/TestMain.h"
#include "tests/ui/pages/LedgerFixture.h"
#include "ui/models/LedgerExports.h"
#include "ui/models/LedgerRoles.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/ErrorState.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SegmentedControl.h"

using namespace chancery;
using namespace chancery::ui;
using namespace chancery::test;

namespace {

/// First transaction with this code in the facts.
usecase::WrittenAt placeOfCode(const std::string& code) {
    for (const auto& block : facts()["chain"]["blocks"])
        for (const auto& tx : block["txs"])
            if (tx["validation_name"] == code)
                return {block["number"].get<std::uint64_t>(), tx["index"].get<std::uint64_t>()};
    return {};
}

void type(QueryEdit* query, const QString& text) {
    query->lineEdit()->setFocus();
    QTest::keyClicks(query->lineEdit(), text);
    QTest::keyClick(query->lineEdit(), Qt::Key_Return);
}

}  // namespace

class LedgerPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRealLedgerIsVerifiedAndBrowsed() {
        LedgerFixture at;
        QAbstractItemModelTester blocks(at.model.blocks(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester transactions(
            at.model.transactions(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester findings(at.model.findings(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(at.openVectors());
        auto* badge = at.find<Badge>("verification");
        QCOMPARE(badge->text(), QStringLiteral("Chain verified, blocks 0 to 277"));
        QCOMPARE(at.model.verification().level, LedgerLevel::Good);
        QCOMPARE(at.model.channel(), QStringLiteral("tradechannel"));
        auto* table = at.find<DataTable>("blockTable");
        QTRY_COMPARE(table->model()->rowCount(), 278);
        QVERIFY(at.shows(277, 0));
        QCOMPARE(at.operations.rowCount(), 1);
        QCOMPARE(at.operations.at(0).state, Operation::State::Succeeded);
    }

    void everyBlockAndTransactionIsAsTheFactsSay() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        auto* table = at.find<DataTable>("transactionTable");
        for (const auto& block : facts()["chain"]["blocks"]) {
            const auto number = block["number"].get<std::uint64_t>();
            if (number % 9 != 0) continue;
            at.page.showBlock(number);
            QVERIFY(at.shows(number, 0));
            QTRY_COMPARE(table->model()->rowCount(), static_cast<int>(block["txs"].size()));
            QCOMPARE(at.page.inspectorModel()->block()->hash.toStdString(),
                     block["header_hash"].get<std::string>());
            QVERIFY(at.page.inspectorModel()->block()->dataHashMatches);
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                const auto& fact = block["txs"][static_cast<std::size_t>(row)];
                QCOMPARE(table->model()
                             ->index(row, TxModel::Id)
                             .data(FullTextRole)
                             .toString()
                             .toStdString(),
                         fact.value("txid", std::string()));
            }
        }
    }

    void aKeyIsSearchedAndTheConflictExplained() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        const usecase::WrittenAt conflict = placeOfCode("MVCC_READ_CONFLICT");
        auto* query = at.find<QueryEdit>("query");
        type(query, QStringLiteral("key:pub:first code:MVCC_READ_CONFLICT"));
        auto* blocks = at.find<DataTable>("blockTable");
        QTRY_VERIFY(blocks->model()->rowCount() > 0 && blocks->model()->rowCount() < 20);
        bool listed = false;
        for (int row = 0; row < blocks->model()->rowCount(); ++row)
            listed |=
                blocks->model()->index(row, 0).data(BlockRole).toULongLong() == conflict.block;
        QVERIFY(listed);
        at.page.showTransaction(conflict.block, conflict.transaction);
        QVERIFY(at.shows(conflict.block, conflict.transaction));
        auto* verdict = at.find<Badge>("verdict");
        QCOMPARE(verdict->text(), QStringLiteral("MVCC_READ_CONFLICT, code 11"));
        auto* cause = at.find<Notice>("cause");
        QVERIFY(cause);
        QVERIFY2(cause->text().contains(QStringLiteral("“pub:first”")), qPrintable(cause->text()));
        const auto other = at.page.inspectorModel()->transaction()->cause->other;
        QVERIFY(other);
        // The link leads to the transaction that wrote the key.
        auto* link = at.find<QPushButton>("causeLink");
        QVERIFY(link);
        QTest::mouseClick(link, Qt::LeftButton);
        QVERIFY(at.shows(other->block, other->transaction));
        bool writes = false;
        const auto* sets = at.page.inspectorModel()->readWrites();
        for (int row = 0; row < sets->rowCount(); ++row)
            writes |= sets->index(row, 0).data(KeyBytesRole).toByteArray() == "pub:first" &&
                      sets->index(row, ReadWriteModel::After).data().toString() !=
                          QStringLiteral("not written");
        QVERIFY(writes);
    }

    void whatAPolicyLackedIsShownAsATree() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        const auto place = placeOfCode("ENDORSEMENT_POLICY_FAILURE");
        at.page.showTransaction(place.block, place.transaction);
        QVERIFY(at.shows(place.block, place.transaction));
        QVERIFY(at.find<Notice>("cause"));
        QVERIFY(!at.page.inspectorModel()->transaction()->cause->missing.empty());
        QVERIFY(at.find<QWidget>("policyTree"));
    }

    void everyRefusedTransactionOpens() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        std::set<std::string> seen;
        for (const auto& block : facts()["chain"]["blocks"])
            for (const auto& tx : block["txs"]) {
                const auto code = tx["validation_name"].get<std::string>();
                if (code == "VALID" || !seen.insert(code).second) continue;
                const auto number = block["number"].get<quint64>();
                const auto index = tx["index"].get<quint64>();
                at.page.showTransaction(number, index);
                QVERIFY2(at.shows(number, index), code.c_str());
                const auto view = at.page.inspectorModel()->transaction();
                QCOMPARE(view->level, LedgerLevel::Bad);
                QVERIFY2(view->verdict.startsWith(QString::fromStdString(code)), code.c_str());
                at.page.inspectorModel()->wantEnvelope();
                at.page.inspectorModel()->wantRaw();
                QTRY_VERIFY(at.page.inspectorModel()->raw().size() > 0);
            }
        QVERIFY(seen.size() > 10);
    }

    void aKeyIsShownThroughTime() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        at.page.showKey(QStringLiteral("assets"), {}, QByteArray("pub:first"));
        auto* dialog = at.page.findChild<QDialog*>(QStringLiteral("keyDialog"));
        QVERIFY(dialog);
        KeyViewModel* keys = at.page.keyModel();
        QTRY_VERIFY(keys->value().known && keys->history()->rowCount() > 1);
        // After each version's block the state is that version's value.
        QAbstractItemModelTester tester(keys->history(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto* height = dialog->findChild<QSpinBox*>(QStringLiteral("height"));
        for (int row = 0; row < keys->history()->rowCount(); ++row) {
            const auto place = *keys->history()->placeAt(row);
            // A later version of the same block would hide this one.
            if (row > 0 && keys->history()->placeAt(row - 1)->block == place.block) continue;
            height->setValue(static_cast<int>(place.block));
            QTRY_COMPARE(height->value(), static_cast<int>(place.block));
            QTRY_VERIFY2(keys->value().at == place,
                         qPrintable(QStringLiteral("%1 after block %2, not %3:%4")
                                        .arg(keys->value().version)
                                        .arg(place.block)
                                        .arg(place.block)
                                        .arg(place.transaction)));
        }
        const auto oldest = *keys->history()->placeAt(keys->history()->rowCount() - 1);
        height->setValue(static_cast<int>(oldest.block) - 1);
        QTRY_VERIFY(keys->height() == oldest.block - 1 && keys->value().known &&
                    !keys->value().exists);
        dialog->close();
    }

    void configurationChangesAreSentences() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        at.page.showBlock(85);
        QVERIFY(at.shows(85, 0));
        auto* changes = at.find<QWidget>("changeList");
        QVERIFY(changes);
        QString all;
        for (const auto* label : changes->findChildren<Label*>())
            all += label->text() + QLatin1Char('|');
        QVERIFY2(all.contains(QStringLiteral("batch timeout")), qPrintable(all));
    }

    void nothingFoundNamesTheFruitlessPart() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        type(at.find<QueryEdit>("query"), QStringLiteral("block>=10 key:nobody-has-this"));
        auto* none = at.find<EmptyState>("noHits");
        QTRY_VERIFY(none->isVisible());
        QTRY_COMPARE(at.model.fruitless(), QStringList{QStringLiteral("key nobody-has-this")});
        at.page.showBlock(40);  // a link makes room for what it names
        QVERIFY(at.shows(40, 0));
        QTRY_COMPARE(at.model.blocks()->rowCount(), 278);
    }

    void hitsAreListedAndThenTheBlockAgain() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        type(at.find<QueryEdit>("query"), QStringLiteral("result:invalid"));
        QTRY_VERIFY(at.model.filtered() && at.model.blocks()->rowCount() < 278);
        at.page.showTransaction(87, 1);
        QVERIFY(at.shows(87, 1));
        auto* scope = at.find<SegmentedControl>("transactionScope");
        scope->setCurrent(1);
        QTRY_VERIFY(at.model.transactions()->showsHits());
        QTRY_VERIFY(at.model.transactions()->rowCount() > 4);
        scope->setCurrent(0);
        QTRY_COMPARE(at.model.transactions()->rowCount(), 4);
        QVERIFY(!at.model.transactions()->showsHits());
        QCOMPARE(at.model.transactions()->index(3, TxModel::Index).data().toString(),
                 QStringLiteral("3"));
    }

    void whatNoPeerJudgedIsJudgedHere() {
        LedgerFixture at;
        at.open(vectorPath("bft/blocks"));
        QVERIFY(at.read());
        at.page.showBlock(16);
        QVERIFY(at.shows(16, 0));
        QTRY_COMPARE(at.model.transactions()->rowCount(), 2);
        const auto result = at.model.transactions()->index(0, TxModel::Result);
        QCOMPARE(result.data().toString(), QStringLiteral("No contract"));
        QVERIFY(result.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Judged here")));
        // The bar of the block says the same as its transactions.
        const auto bar = at.model.blocks()->index(0, BlockModel::Transactions).data(ShareRole);
        QCOMPARE(bar.value<QVector<double>>(), (QVector<double>{2, 2}));
    }

    void keysWalkThroughTransactionsAndBlocks() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        QVERIFY(at.shows(277, 0));
        at.page.showTransaction(87, 0);
        QVERIFY(at.shows(87, 0));
        auto* table = at.find<DataTable>("transactionTable");
        table->setFocus();
        QTest::keyClick(table, Qt::Key_J);
        QVERIFY(at.shows(87, 1));
        QTest::keyClick(table, Qt::Key_K);
        QVERIFY(at.shows(87, 0));
        QTest::keyClick(table, Qt::Key_Down, Qt::AltModifier);
        QVERIFY(at.shows(86, 0));
        QTest::keyClick(table, Qt::Key_Up, Qt::AltModifier);
        QVERIFY(at.shows(87, 0));
        QTest::keyClick(table, Qt::Key_K);
        QVERIFY(at.shows(88, 0));
    }

    void linksLeadThereAndBack() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        QVERIFY(at.shows(277, 0));
        at.page.showTransaction(87, 1);
        QVERIFY(at.shows(87, 1));
        const Link link = at.page.currentLink();
        QCOMPARE(link.id, QStringLiteral("87:1"));
        at.page.showBlock(3);
        QVERIFY(at.shows(3, 0));
        QVERIFY(at.page.reveal(link));
        QVERIFY(at.shows(87, 1));
        const QString id = at.page.inspectorModel()->transaction()->id;
        at.page.showBlock(3);
        QVERIFY(at.shows(3, 0));
        QVERIFY(at.page.reveal({link.network, link.channel, QStringLiteral("tx"), id}));
        QVERIFY(at.shows(87, 1));
        QVERIFY(!at.page.reveal({link.network, QStringLiteral("other"), QStringLiteral("tx"), id}));
        QVERIFY(!at.page.reveal(
            {link.network, link.channel, QStringLiteral("block"), QStringLiteral("x")}));
    }

    void aChangedByteTurnsTheBadgeRedAndJumpsThere() {
        LedgerFixture at;
        const std::filesystem::path copies = (at.folder.path() + "/copy").toStdString();
        std::filesystem::create_directories(copies);
        const std::filesystem::path copy = copies / "blockfile_000000";
        std::string bytes = vectorFile("ledger/peer_blockfile_000000");
        const auto place = placeOfCode("MVCC_READ_CONFLICT");
        // A byte in the middle of a value that this block's first transaction carries.
        const std::string nonce = facts()["chain"]["blocks"][place.block]["txs"][0]["txid"];
        const std::size_t found = bytes.find(nonce);
        QVERIFY(found != std::string::npos);
        bytes[found + 5] = bytes[found + 5] == '0' ? '1' : '0';
        std::ofstream(copy, std::ios::binary) << bytes;
        at.open(copy);
        QVERIFY(at.read());
        QCOMPARE(at.model.verification().level, LedgerLevel::Bad);
        auto* badge = at.find<Badge>("verification");
        QVERIFY2(badge->text().contains(QStringLiteral("does not match")),
                 qPrintable(badge->text()));
        QTRY_VERIFY(at.page.inspectorModel()->block() &&
                    at.page.inspectorModel()->block()->number == place.block);
        QTRY_COMPARE(at.find<DataTable>("blockTable")->currentIndex().data(BlockRole).toULongLong(),
                     place.block);
        QVERIFY(at.find<Notice>("brokenChain"));
        QVERIFY(at.model.findings()->rowCount() > 0);
    }

    void otherLedgersOpen_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("snapshot");
        QTest::newRow("bft") << "bft/blocks"
                             << "";
        QTest::newRow("crafted") << "ledger/crafted"
                                 << "ledger/snapshot_277";
        QTest::newRow("crafted alone") << "ledger/crafted"
                                       << "";
        QTest::newRow("orderer") << "ledger/orderer_blockfile_000000.gz"
                                 << "";
    }

    void otherLedgersOpen() {
        QFETCH(QString, path);
        QFETCH(QString, snapshot);
        LedgerFixture at;
        at.open(vectorPath(path.toStdString()),
                snapshot.isEmpty()
                    ? snapshot
                    : QString::fromStdString(vectorPath(snapshot.toStdString()).string()));
        QVERIFY(at.read());
        QCOMPARE(at.model.state(), LedgerPageModel::State::Open);
        QTRY_VERIFY(at.model.blocks()->rowCount() > 0);
        for (int row = 0; row < at.model.blocks()->rowCount(); ++row) {
            const auto number = *at.model.blocks()->blockAt(row);
            at.page.showBlock(number);
            QVERIFY(at.shows(number, 0));
        }
    }

    void hostileFilesGiveAnErrorPage_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello, this is no ledger\n");
        QTest::newRow("ones") << QByteArray(70000, '\xff');
        QTest::newRow("zeros") << QByteArray(70000, '\0');
        QTest::newRow("length") << QByteArray("\xff\xff\xff\xff\x0f\x0a\x00", 7);
    }

    void hostileFilesGiveAnErrorPage() {
        QFETCH(QByteArray, bytes);
        LedgerFixture at;
        const QString path = at.folder.path() + QStringLiteral("/blockfile_000000");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        at.model.open({path});
        QVERIFY(at.read());
        QTRY_COMPARE(at.model.state(), LedgerPageModel::State::Failed);
        QVERIFY(at.find<ErrorState>("failure")->isVisible());
        QVERIFY(!at.model.failure().isEmpty());
        QVERIFY(at.model.verification().level != LedgerLevel::Good);
    }

    void readingIsPausedAndGoesOn() {
        LedgerFixture at;
        at.open(vectorPath("ledger/peer_blockfile_000000"));
        QTRY_COMPARE(at.model.state(), LedgerPageModel::State::Open);
        at.model.pause();
        QTRY_VERIFY(at.model.verification().fraction < 0);
        at.model.resume();
        QVERIFY(at.read());
        QCOMPARE(at.model.verification().text, QStringLiteral("Chain verified, blocks 0 to 277"));
        at.model.verifyAgain();
        QVERIFY(at.model.verification().fraction >= 0);
        QTRY_VERIFY(at.model.verification().fraction < 0);
        QCOMPARE(at.model.verification().level, LedgerLevel::Good);
    }

    void anExportIsWrittenInTheBackground_data() {
        QTest::addColumn<int>("form");
        QTest::newRow("json") << int(LedgerExports::Form::Json);
        QTest::newRow("csv") << int(LedgerExports::Form::Csv);
        QTest::newRow("blocks") << int(LedgerExports::Form::Blocks);
    }

    void anExportIsWrittenInTheBackground() {
        QFETCH(int, form);
        LedgerFixture at;
        QVERIFY(at.openVectors());
        LedgerExports exports(&at.model, &at.operations);
        QSignalSpy finished(&exports, &LedgerExports::finished);
        LedgerExports::Request request;
        request.form = static_cast<LedgerExports::Form>(form);
        request.first = 80;
        request.last = 90;
        request.out = at.folder.path() + QStringLiteral("/out");
        exports.run(request);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY2(finished.front()[0].toBool(), qPrintable(finished.front()[1].toString()));
        QVERIFY(std::filesystem::exists(request.out.toStdString()));
        QCOMPARE(at.operations.at(0).state, Operation::State::Succeeded);
        exports.run(request);  // never over an existing file
        QTRY_COMPARE(finished.count(), 2);
        QVERIFY(!finished.back()[0].toBool());
    }

    void anExportThatIsLeftEndsAsCancelled() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        auto exports = std::make_unique<LedgerExports>(&at.model, &at.operations);
        LedgerExports::Request request;
        request.form = LedgerExports::Form::Evidence;
        request.first = 0;
        request.last = 277;
        request.out = at.folder.path() + QStringLiteral("/left");
        exports->run(request);
        QCOMPARE(at.operations.at(0).state, Operation::State::Running);
        exports.reset();
        QCOMPARE(at.operations.at(0).state, Operation::State::Cancelled);
        QTRY_VERIFY(GuiExecutor::idle());
        QVERIFY(!std::filesystem::exists(request.out.toStdString()));
    }

    void aJsonExportHoldsTheAskedBlocks() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        LedgerExports exports(&at.model, &at.operations);
        QSignalSpy finished(&exports, &LedgerExports::finished);
        LedgerExports::Request request;
        request.form = LedgerExports::Form::Json;
        request.first = 80;
        request.last = 90;
        request.out = at.folder.path() + QStringLiteral("/ledger.json");
        exports.run(request);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY2(finished.front()[0].toBool(), qPrintable(finished.front()[1].toString()));
        std::ifstream file(request.out.toStdString());
        const auto written = nlohmann::json::parse(file, nullptr, false);
        QVERIFY(written.is_array());
        QCOMPARE(written.size(), std::size_t{11});
        for (std::size_t i = 0; i < written.size(); ++i) {
            const auto& fact = facts()["chain"]["blocks"][80 + i];
            QVERIFY(written[i]["number"] == fact["number"]);
            QVERIFY(written[i]["header_hash"] == fact["header_hash"]);
            QCOMPARE(written[i]["txs"].size(), fact["txs"].size());
            for (std::size_t tx = 0; tx < fact["txs"].size(); ++tx) {
                const auto& row = written[i]["txs"][tx];
                QCOMPARE(row.value("txid", ""), fact["txs"][tx].value("txid", ""));
                QVERIFY(row["validation_name"] == fact["txs"][tx]["validation_name"]);
            }
        }
    }

    void aCancelledExportLeavesNothing_data() {
        anExportIsWrittenInTheBackground_data();
        QTest::newRow("evidence") << int(LedgerExports::Form::Evidence);
    }

    void aCancelledExportLeavesNothing() {
        QFETCH(int, form);
        LedgerFixture at;
        QVERIFY(at.openVectors());
        LedgerExports exports(&at.model, &at.operations);
        QSignalSpy finished(&exports, &LedgerExports::finished);
        LedgerExports::Request request;
        request.form = static_cast<LedgerExports::Form>(form);
        request.last = 277;
        request.out = at.folder.path() + QStringLiteral("/out");
        exports.run(request);
        const quint64 operation = at.operations.at(0).id;
        at.operations.cancel(operation);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!finished.front()[0].toBool());
        QCOMPARE(at.operations.at(at.operations.rowOf(operation)).state,
                 Operation::State::Cancelled);
        QVERIFY(!std::filesystem::exists(request.out.toStdString()));
    }

    void evidenceIsAcceptedAndRefusedAfterOneFlippedByte() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        const usecase::WrittenAt conflict = placeOfCode("MVCC_READ_CONFLICT");
        at.page.showTransaction(conflict.block, conflict.transaction);
        QVERIFY(at.shows(conflict.block, conflict.transaction));
        at.page.openExport(true);
        auto* dialog = at.page.findChild<QDialog*>(QStringLiteral("exportDialog"));
        QVERIFY(dialog);
        const QString out = at.folder.path() + QStringLiteral("/evidence");
        dialog->findChild<QLineEdit*>(QStringLiteral("path"))->setText(out);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("primary")),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(at.operations.rowCount() == 2 && at.operations.runningCount() == 0,
                                 60000);
        QVERIFY2(at.operations.at(0).state == Operation::State::Succeeded,
                 qPrintable(at.operations.at(0).step));
        QCOMPARE(at.operations.at(0).revealPath, out);
        QFile pdf(out + QStringLiteral("/report.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
        QCOMPARE(verify(out), 0);
        // One byte of one block.
        const auto blocks = QDir(out + QStringLiteral("/blocks")).entryInfoList(QDir::Files);
        QVERIFY(!blocks.isEmpty());
        QFile block(blocks.back().filePath());
        QVERIFY(block.open(QIODevice::ReadWrite));
        QByteArray bytes = block.readAll();
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        block.seek(0);
        block.write(bytes);
        block.close();
        QCOMPARE(verify(out), 1);
    }

    void twoSourcesAreCompared() {
        LedgerFixture at;
        QVERIFY(at.openVectors());
        LedgerExports exports(&at.model, nullptr);
        std::optional<LedgerExports::Comparison> result;
        connect(&exports, &LedgerExports::compared, this,
                [&](const LedgerExports::Comparison& one) { result = one; });
        exports.compare({QString::fromStdString(vectorPath("ledger/blocks").string())}, {});
        QTRY_VERIFY_WITH_TIMEOUT(result, 20000);
        QVERIFY2(result->ok && result->equal, qPrintable(result->sentence));
        // Hashes in headers prove nothing where a transaction does not match its block's.
        std::string bytes = vectorFile("ledger/peer_blockfile_000000");
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        const QString copy = at.folder.path() + QStringLiteral("/damaged.block");
        std::ofstream(copy.toStdString(), std::ios::binary) << bytes;
        result.reset();
        exports.compare({copy}, {});
        QTRY_VERIFY_WITH_TIMEOUT(result, 20000);
        QVERIFY2(result->ok && !result->equal && !result->block, qPrintable(result->sentence));
        QCOMPARE(result->damaged, std::optional<quint64>(142));
        result.reset();
        exports.compare({QString::fromStdString(vectorPath("bft/blocks").string())}, {});
        QTRY_VERIFY_WITH_TIMEOUT(result, 20000);
        QVERIFY(!result->ok);
    }

private:
    /// Exit code of the command line's check.
    static int verify(const QString& folder) {
        QProcess program;
        program.start(QStringLiteral(CHANCERYCTL),
                      {QStringLiteral("ledger"), QStringLiteral("verify"), folder});
        return program.waitForFinished(60000) ? program.exitCode() : -1;
    }
};

CHANCERY_TEST(LedgerPageTest)
#include "LedgerPageTest.moc"
