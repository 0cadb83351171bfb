#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/protocol/Block.h"
#include "tests/src/protocol/FactShape.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
using nlohmann::json;

namespace {

/// A row of facts as our description can equal it. What a transaction was made for is not in its
/// bytes; the texts of Go's decoder say *that* something cannot be decoded, and `undecodable` which
/// layer it is.
json comparable(json row) {
    for (json& transaction : row["txs"]) {
        transaction.erase("intent");
        for (const char* name :
             {"action_undecodable", "rwset_undecodable", "transaction_undecodable"})
            if (transaction.contains(name))
                transaction[name] = !transaction[name].empty() && transaction[name] != "";
        if (transaction.contains("undecodable")) {
            const std::string text = transaction["undecodable"];
            transaction["undecodable"] = text.substr(0, text.find(':'));
        }
    }
    return row;
}

/// Facts of a block of which a fact file tells more than bytes do; those are judged where
/// identities are.
json bftComparable(json row) {
    row.erase("consenters");       // channel configuration
    row.erase("config_sequence");  // checked below
    row.erase("subsets");          // verdicts on signatures
    row.erase("verifies");
    return row;
}

}  // namespace

/// Every row of the fact files against what the decoder tells, whole rows at once.
class LedgerFactsTest : public QObject {
    Q_OBJECT

    void rows(const json& blocks, const std::string& folder) {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const std::string number = blocks[i]["number"].dump();
            QTest::newRow(number.c_str())
                << QString::fromStdString(fmt::format("{}/block_{}.pb", folder, number))
                << static_cast<int>(i);
        }
    }

    void compareRow(const json& blocks) {
        QFETCH(QString, file);
        QFETCH(int, row);
        const Bytes bytes = test::vectorFile(file.toStdString());
        const auto block = Block::parse(bytes);
        VERIFY_OK(block);
        const auto found = test::differences(comparable(blocks[static_cast<std::size_t>(row)]),
                                             test::describeBlock(*block, bytes.size()));
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

private slots:
    void ledger_data() { rows(test::facts()["chain"]["blocks"], "ledger/blocks"); }
    void ledger() { compareRow(test::facts()["chain"]["blocks"]); }

    void crafted_data() { rows(test::facts()["crafted_blocks"]["blocks"], "ledger/crafted"); }
    void crafted() { compareRow(test::facts()["crafted_blocks"]["blocks"]); }

    void bft_data() { rows(test::bftFacts()["blocks"], "bft/blocks"); }
    void bft() {
        QFETCH(QString, file);
        QFETCH(int, row);
        const auto block = Block::parse(test::vectorFile(file.toStdString()));
        VERIFY_OK(block);
        const json& facts = test::bftFacts()["blocks"][static_cast<std::size_t>(row)];
        const auto found = test::differences(bftComparable(facts), test::describeBftBlock(*block));
        QVERIFY2(found.empty(), test::summary(found).c_str());
        QCOMPARE(block->computedDataHash(), Bytes(block->header().dataHash));
        if (!facts.contains("config_sequence")) return;
        QCOMPARE(block->transaction(0).config.value().sequence,
                 facts["config_sequence"].get<std::uint64_t>());
    }

    void countsOfTypesAndCodes() {
        std::map<std::string, int> codes;
        std::map<std::string, int> types;
        for (const json& row : test::facts()["chain"]["blocks"]) {
            const auto block = Block::parse(
                test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", row["number"].dump())));
            VERIFY_OK(block);
            for (const ValidationCode code : block->validationCodes()) ++codes[nameOf(code)];
            for (const Transaction& transaction : block->transactions())
                ++types[nameOf(transaction.channelHeader.type)];
        }
        const auto found = test::differences(test::facts()["chain"]["code_counts"], json(codes));
        QVERIFY2(found.empty(), test::summary(found).c_str());
        const auto others = test::differences(test::facts()["chain"]["type_counts"], json(types));
        QVERIFY2(others.empty(), test::summary(others).c_str());
    }

    void blocksAreLinked() {
        Bytes previous;
        for (const json& row : test::facts()["chain"]["blocks"]) {
            const auto block = Block::parse(
                test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", row["number"].dump())));
            VERIFY_OK(block);
            QCOMPARE(Bytes(block->header().previousHash), previous);
            previous = block->header().hash();
        }
        const json& info = test::facts()["chain"]["chain_info"];
        QCOMPARE(toHex(previous), info["current_block_hash"].get<std::string>());
    }
};

CHANCERY_TEST(LedgerFactsTest)
#include "LedgerFactsTest.moc"
