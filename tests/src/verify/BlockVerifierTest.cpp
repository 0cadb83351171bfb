#include "src/verify/BlockVerifier.h"

#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;

class BlockVerifierTest : public QObject {
    Q_OBJECT

private:
    /// Our reason for what a peer says.
    static std::string reasonFor(const std::string& error) {
        const std::pair<const char*, const char*> table[] = {
            {"Header must be different from nil", "NO_HEADER"},
            {"Claimed seqNum", "NUMBER_DIFFERS"},
            {"block is empty", "EMPTY_BLOCK"},
            {"Invalid block's channel id", "OTHER_CHANNEL"},
            {"does not have metadata", "NO_METADATA"},
            {"malformed transactions", "NOT_WELL_FORMED"},
            {"Header.DataHash is different", "DATA_HASH_DIFFERS"},
            {"policy evaluation failed", "POLICY_NOT_SATISFIED"},
        };
        for (const auto& [text, reason] : table)
            if (error.find(text) != std::string::npos) return reason;
        return "a text that this test does not know: " + error;
    }

private slots:
    void verdictsAreThoseOfAPeer_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<quint64>("claimed");
        QTest::addColumn<QString>("reason");
        for (const auto& row : facts()["block_verification"]["cases"]) {
            const auto& error = row["error"];
            QTest::newRow(row["file"].get<std::string>().c_str())
                << QString::fromStdString(row["file"].get<std::string>())
                << row["claimed_number"].get<quint64>()
                << QString::fromStdString(error.is_null() ? ""
                                                          : reasonFor(error.get<std::string>()));
        }
    }
    void verdictsAreThoseOfAPeer() {
        QFETCH(QString, file);
        QFETCH(quint64, claimed);
        QFETCH(QString, reason);
        const auto block =
            protocol::Block::parse(vectorFile("ledger/blockcheck/" + file.toStdString()));
        VERIFY_OK(block);
        const Status status = verify::verifyBlock(*block, claimed, *after277().bundle);
        QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
        QCOMPARE(status.ok(), reason.isEmpty());
    }

    void whatTheCasesStandOn() {
        const auto& cases = facts().at("block_verification");
        QCOMPARE(after277().configBlock.value_or(0), cases.at("config_block").get<BlockNumber>());
        QCOMPARE(after277().next(), cases.at("follows_block").get<BlockNumber>() + 1);
    }

    void theFaultyTransactionIsNamed() {
        const auto block =
            protocol::Block::parse(vectorFile("ledger/blockcheck/tx_undecodable.pb"));
        VERIFY_OK(block);
        const Status status = verify::verifyBlock(*block, 278, *after277().bundle);
        QCOMPARE(argumentOf(status, "transaction"), std::string("1"));
    }
};

CHANCERY_TEST(BlockVerifierTest)
#include "BlockVerifierTest.moc"
