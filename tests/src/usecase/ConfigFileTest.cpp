#include "src/usecase/ConfigFile.h"

#include <filesystem>

#include "fabric/common/configtx.pb.h"
#include "src/usecase/CompareConfigs.h"
#include "src/usecase/ComputeConfigUpdate.h"
#include "src/usecase/DescribeConfig.h"
#include "src/usecase/ExplainConfigBlock.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;

class ConfigFileTest : public QObject {
    Q_OBJECT
private slots:
    void formsAreTold_data();
    void formsAreTold();
    void everyCaseIsRead();
    void jsonIsTheTools();
    void updatesAreTheTools();
    void ordinaryBlocksAreRefused();
    void cutFilesAreRefused();
    void whatDiffersAndWhoMustAgree();
    void stories();
};

namespace {

/// Folder of a case below tests/data/vectors/config.
std::string folderOf(const json& row) {
    return "config/" + row["case"].get<std::string>() + "/";
}

bool exists(const std::string& file) {
    return std::filesystem::exists(vectorPath(file));
}

}  // namespace

void ConfigFileTest::formsAreTold_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("message");
    QTest::newRow("block") << "config/genesis_cfglab.block"
                           << "common.Block";
    QTest::newRow("block as JSON") << "config/genesis_cfglab.json"
                                   << "common.Block";
    QTest::newRow("configuration") << "config/cfglab/01_batch_size/modified.pb"
                                   << "common.Config";
    QTest::newRow("update") << "config/cfglab/01_batch_size/update.pb"
                            << "common.ConfigUpdate";
    QTest::newRow("update as JSON") << "config/cfglab/01_batch_size/update.json"
                                    << "common.ConfigUpdate";
    QTest::newRow("signed update") << "config/cfglab/01_batch_size/envelope.pb"
                                   << "common.Envelope";
    QTest::newRow("organisation") << "config/org_Alpha.json"
                                  << "common.ConfigGroup";
    QTest::newRow("BFT") << "bft/genesis.block"
                         << "common.Block";
}

void ConfigFileTest::formsAreTold() {
    QFETCH(QString, file);
    QFETCH(QString, message);
    const auto config = readConfigFile(vectorPath(file.toStdString()));
    VERIFY_OK(config);
    QCOMPARE(QString::fromStdString(config->messageName), message);
}

void ConfigFileTest::everyCaseIsRead() {
    for (const json& row : facts()["config_cases"]) {
        const std::string folder = folderOf(row);
        if (exists(folder + "modified.pb"))
            VERIFY_OK(readWholeConfig(vectorPath(folder + "modified.pb")));
        if (!exists(folder + "result_block.pb")) continue;
        const auto block = readWholeConfig(vectorPath(folder + "result_block.pb"));
        VERIFY_OK(block);
        QCOMPARE(*block->block, row["block_number"].get<BlockNumber>());
        QCOMPARE(block->channel.str(), row["channel"].get<std::string>());
        QCOMPARE(block->config->sequence(), row["sequence_after"].get<std::uint64_t>());
        QVERIFY(block->lastUpdate != nullptr);
    }
}

void ConfigFileTest::jsonIsTheTools() {
    for (const char* name : {"config/genesis_cfglab", "config/genesis_tradechannel"}) {
        const auto ours = DescribeConfig().json(vectorPath(std::string(name) + ".block"), false);
        VERIFY_OK(ours);
        QVERIFY(json::parse(*ours, nullptr, false) ==
                json::parse(vectorFile(std::string(name) + ".json"), nullptr, false));
        // And back: the same file in its JSON form says the same.
        const auto again = DescribeConfig().json(vectorPath(std::string(name) + ".json"), true);
        const auto config = DescribeConfig().json(vectorPath(std::string(name) + ".block"), true);
        VERIFY_OK(again);
        QCOMPARE(*again, *config);
    }
}

void ConfigFileTest::updatesAreTheTools() {
    std::size_t compared = 0;
    for (const json& row : facts()["config_cases"]) {
        const std::string folder = folderOf(row);
        const std::string original =
            "config/" + row["channel"].get<std::string>() + "/" + row.value("original", "");
        if (!exists(folder + "update.json") || !exists(folder + "modified.pb") ||
            !row.contains("original") || !exists(original))
            continue;
        const auto update =
            ComputeConfigUpdate().run(ChannelId(row["channel"].get<std::string>()),
                                      vectorPath(original), vectorPath(folder + "modified.pb"));
        if (row.contains("error") &&
            row["error"].get<std::string>().starts_with("compute_update")) {
            QVERIFY2(!update.ok(), folder.c_str());
            continue;
        }
        // The refusal came later, at the orderer, for an update that changes nothing.
        if (reasonOf(update.status()) == "NO_DIFFERENCE") {
            QVERIFY2(!row["accepted"].get<bool>(), folder.c_str());
            continue;
        }
        VERIFY_OK(update);
        json expected = json::parse(vectorFile(folder + "update.json"), nullptr, false);
        // Some refused cases were edited by hand after they had been computed.
        if (!row["accepted"].get<bool>() && json::parse(update->json, nullptr, false) != expected)
            continue;
        QVERIFY(json::parse(update->json, nullptr, false) == expected);
        QVERIFY(!update->changedElements.empty());
        ++compared;
    }
    QVERIFY2(compared >= 23, std::to_string(compared).c_str());
}

void ConfigFileTest::ordinaryBlocksAreRefused() {
    const auto config = readConfigFile(vectorPath("ledger/blocks/block_40.pb"));
    QCOMPARE(reasonOf(config.status()), std::string("NO_CONFIG_BLOCK"));
    QCOMPARE(argumentOf(config.status(), "block"), std::string("40"));
    QCOMPARE(reasonOf(readConfigFile(vectorPath("README.md")).status()), std::string("NOT_CONFIG"));
    QCOMPARE(reasonOf(readConfigFile(vectorPath("facts.json")).status()),
             std::string("NOT_CONFIG"));
    QCOMPARE(
        reasonOf(readWholeConfig(vectorPath("config/cfglab/01_batch_size/update.pb")).status()),
        std::string("NO_CONFIG"));
    QCOMPARE(reasonOf(readConfig("{\"channel_group\": [}", "text").status()),
             std::string("BAD_JSON"));
    QCOMPARE(reasonOf(readConfig("", "text").status()), std::string("NOT_CONFIG"));
}

void ConfigFileTest::cutFilesAreRefused() {
    const Bytes whole = vectorFile("config/genesis_cfglab.block");
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        const auto config = readConfig(whole.substr(0, size), "cut");
        QVERIFY2(!config.ok() && !reasonOf(config.status()).empty(), std::to_string(size).c_str());
    }
}

void ConfigFileTest::whatDiffersAndWhoMustAgree() {
    const auto same = CompareConfigs().run(vectorPath("config/genesis_cfglab.block"),
                                           vectorPath("config/genesis_cfglab.json"));
    VERIFY_OK(same);
    QVERIFY(same->changes.empty() && same->agreements.empty());
    const auto batch = CompareConfigs().run(vectorPath("config/genesis_cfglab.block"),
                                            vectorPath("config/cfglab/01_batch_size/modified.pb"));
    VERIFY_OK(batch);
    QCOMPARE(batch->agreements.size(), std::size_t{1});
    QCOMPARE(batch->agreements[0].policy, std::string("/Channel/Orderer/Admins"));
    QCOMPARE(batch->agreements[0].text, std::string("MAJORITY Admins"));
    QCOMPARE(batch->agreements[0].elements.size(), std::size_t{2});
}

void ConfigFileTest::stories() {
    const auto stories = ExplainConfigBlock().run({vectorPath("ledger/blocks")});
    VERIFY_OK(stories);
    QCOMPARE(stories->size(), facts()["chain"]["type_counts"]["CONFIG"].get<std::size_t>());
    for (std::size_t i = 0; i < stories->size(); ++i) {
        QCOMPARE((*stories)[i].sequence, std::uint64_t{i});
        QCOMPARE((*stories)[i].comparedWith.has_value(), i > 0);
        QVERIFY(!(*stories)[i].changes.empty());
        QCOMPARE((*stories)[i].signers.empty(), i == 0);
    }
    const auto alone =
        ExplainConfigBlock().run({vectorPath("config/last_config_tradechannel.block")});
    VERIFY_OK(alone);
    QVERIFY(!alone->front().comparedWith);
    QCOMPARE(reasonOf(ExplainConfigBlock().run({vectorPath("ledger/crafted")}).status()),
             std::string("NO_CONFIG_BLOCK"));
}

CHANCERY_TEST(ConfigFileTest)
#include "ConfigFileTest.moc"
