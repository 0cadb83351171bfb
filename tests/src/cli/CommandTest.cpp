#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using chancery::Bytes;
using chancery::readFile;
using chancery::test::chanceryctl;
using chancery::test::facts;
using chancery::test::kVectors;
using chancery::test::Run;
using chancery::test::vectorFile;
using nlohmann::json;

/// Every command, run as a user runs it, on real files; what it tells as JSON is compared with the
/// facts.
class CommandTest : public QObject {
    Q_OBJECT
private slots:
    void tables_data();
    void tables();
    void ledgerVerify();
    void ledgerShow();
    void ledgerShowBlocks();
    void ledgerShowTransactions();
    void ledgerShowKey();
    void ledgerExport();
    void configShow();
    void configExplain();
    void configDiff();
    void configComputeUpdate();
    void policyParse();
    void policyExplain();
    void policySimulate();
    void mspCheck();
    void certShow();
};

namespace {

const QString kBlocks = kVectors + "ledger/blocks";
const QString kLastConfig = kVectors + "config/last_config_tradechannel.block";
const QString kCase = kVectors + "config/cfglab/01_batch_size/";

/// The JSON of a run that must end with `code` and say nothing on standard error.
json jsonOf(QStringList arguments, int code = 0) {
    arguments << "--output"
              << "json";
    const Run run = chanceryctl(arguments);
    if (run.exitCode != code || !run.err.empty()) return {{"unexpected", run.told()}};
    return run.json();
}

const json& chain() {
    return facts()["chain"];
}

}  // namespace

void CommandTest::tables_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("told");
    const QString msp = kVectors + "msp/";
    const QString alpha = msp + "peerOrganizations/alpha.pub.test/";
    const auto row = [](const char* name, const QString& words, const QStringList& more, int code,
                        const QStringList& told) {
        QTest::newRow(name) << words.split(' ') + more << code << told;
    };
    const QString hash = QString::fromStdString(chain()["chain_info"]["current_block_hash"]);
    row("verify", "ledger verify", {kBlocks}, 0, {"tradechannel verified to block 277", hash});
    row("verify a snapshot", "ledger verify", {kVectors + "ledger/snapshot_277"}, 0,
        {"The snapshot is intact", hash});
    row("show", "ledger show", {kBlocks}, 0, {"411: 324 valid, 87 refused", hash, "Gamma"});
    row("show SmartBFT", "ledger show", {kVectors + "bft/blocks"}, 0, {"SmartBFT"});
    row("show a snapshot", "ledger show", {kVectors + "ledger/snapshot_277"}, 0, {"tradechannel"});
    row("show a key", "ledger show", {kBlocks, "--key", "assets/pub:first"}, 0, {"reset the end"});
    row("config", "config show", {kLastConfig}, 0, {"Channel tradechannel", "GammaMSP"});
    row("config as sentences", "config explain", {kLastConfig}, 0, {"Block 270 of tradechannel"});
    row("difference", "config diff",
        {kVectors + "config/genesis_cfglab.block", kCase + "modified.pb"}, 1,
        {"transactions per block", "/Channel/Orderer/Admins"});
    row("no difference", "config diff", {kLastConfig, kLastConfig}, 0, {"are the same"});
    row("policy text", "policy parse", {"AND('A.peer','B.admin')"}, 0, {"both of these"});
    row("policies", "policy explain", {kLastConfig}, 0, {"/Channel/Application/Endorsement"});
    row("satisfied", "policy simulate", {"OR('A.peer')", "--signers", "A.peer"}, 0,
        {"✓ satisfied"});
    row("not satisfied", "policy simulate", {"AND('A.peer','B.peer')", "--signers", "A.peer"}, 1,
        {"✗ not satisfied"});
    row("good folder", "msp check", {"--msp-id", "AlphaMSP", alpha + "msp"}, 0, {"All is well."});
    row("bad folder", "msp check", {"--msp-id", "AlphaMSP", msp + "badmsp/root_without_ski"}, 1,
        {"Not all is well."});
    row("certificate", "cert show",
        {alpha + "users/User1@alpha.pub.test/msp/signcerts/User1@alpha.pub.test-cert.pem"}, 0,
        {"User1@alpha.pub.test", "digitalSignature", "client"});
    row("completion", "completion", {"bash"}, 0, {"chanceryctl"});
    row("version", "version", {}, 0, {"chanceryctl"});
}

void CommandTest::tables() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QStringList, told);
    const Run run = chanceryctl(arguments);
    QVERIFY2(run.exitCode == code, run.told().c_str());
    QCOMPARE(run.err, std::string());
    for (const QString& part : told)
        QVERIFY2(run.out.find(part.toStdString()) != std::string::npos, run.out.c_str());
    QVERIFY(!run.out.empty() && run.out.back() == '\n');
    QVERIFY(arguments.front() == "completion" || !chancery::test::misleads(run.out));
}

void CommandTest::ledgerVerify() {
    const json report = jsonOf({"ledger", "verify", kVectors + "ledger/peer_blockfile_000000"});
    QCOMPARE(report.value("channel", report.dump()), chain()["channel"].get<std::string>());
    QVERIFY(report["good"] == true && report["findings"].empty());
    QVERIFY(report["verified_to"] == 277 && report["blocks"] == chain()["chain_info"]["height"]);
    QVERIFY(report["current_block_hash"] == chain()["chain_info"]["current_block_hash"]);
    QCOMPARE(report["code_counts"].dump(), chain()["code_counts"].dump());
    QVERIFY(report["last_config_block"] == chain()["last_config_block"]);
    QVERIFY(report["last_config_sequence"] == chain()["last_config_sequence"]);
}

void CommandTest::ledgerShow() {
    const json story = jsonOf({"ledger", "show", kBlocks});
    QCOMPARE(story.value("channel", story.dump()), chain()["channel"].get<std::string>());
    QVERIFY(story["height"] == chain()["chain_info"]["height"]);
    QVERIFY(story["current_block_hash"] == chain()["chain_info"]["current_block_hash"]);
    QVERIFY(story["valid"] == chain()["code_counts"]["VALID"]);
    QVERIFY(story["damage"].is_null());
    const json& definitions = chain()["lifecycle"]["querycommitted"]["chaincode_definitions"];
    for (const json& definition : definitions) {
        const auto& contracts = story["contracts"];
        const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const json& one) {
            return one["name"] == definition["name"];
        });
        QVERIFY2(found != contracts.end(), definition.dump().c_str());
        QVERIFY((*found)["version"] == definition["version"]);
        QVERIFY((*found)["sequence"] == definition["sequence"]);
    }
    const json refused = jsonOf({"ledger", "show", kBlocks, "--refused"});
    std::size_t at = 0;
    for (const json& block : chain()["blocks"]) {
        for (const json& transaction : block["txs"]) {
            if (transaction["validation_code"] == 0) continue;
            const json& row = refused.at(at++);
            QVERIFY(row["block"] == block["number"] && row["index"] == transaction["index"]);
            QVERIFY(row["validation_name"] == transaction["validation_name"]);
            QVERIFY(row["cause"]["sentence"].is_string());
        }
    }
    QCOMPARE(refused.size(), at);
}

void CommandTest::ledgerShowBlocks() {
    const json blocks = jsonOf({"ledger", "show", kBlocks, "--blocks", "all"});
    QCOMPARE(blocks.size(), chain()["blocks"].size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const json& row = chain()["blocks"][i];
        for (const char* name : {"number", "header_hash", "tx_count", "size"})
            QVERIFY2(blocks[i][name] == row[name], (name + blocks[i].dump()).c_str());
        QCOMPARE(blocks[i]["is_config"].get<bool>(), row.value("is_config", false));
    }
    for (const int number : {85, 100}) {
        const json block = jsonOf({"ledger", "show", kBlocks, "--block", QString::number(number)});
        const json& row = chain()["blocks"][static_cast<std::size_t>(number)];
        for (const char* name : {"header_hash", "previous_hash", "data_hash", "commit_hash",
                                 "last_config_block", "data_hash_recomputed_equal"})
            QVERIFY2(block[name] == row[name], (name + block.dump()).c_str());
        QVERIFY(block["raft"]["raft_index"] == row["raft"]["raft_index"]);
        const json& signer = block["orderer_signatures"][0];
        for (const auto& [name, value] : signer.items())
            QVERIFY2(row["orderer_signatures"][0][name] == value, name.c_str());
    }
}

void CommandTest::ledgerShowTransactions() {
    // One by its id, one of each interesting verdict by its place.
    std::set<std::string> seen;
    for (const json& block : chain()["blocks"]) {
        for (const json& row : block["txs"]) {
            if (!seen.insert(row["validation_name"]).second) continue;
            const bool byId = seen.size() % 2 == 1 && !row.value("txid", "").empty() &&
                              row["validation_name"] != "DUPLICATE_TXID";
            const QString reference =
                byId
                    ? QString::fromStdString(row["txid"])
                    : QString("%1/%2").arg(block["number"].get<int>()).arg(row["index"].get<int>());
            const json told = jsonOf({"ledger", "show", kBlocks, "--tx", reference});
            QVERIFY2(told["block"] == block["number"], told.dump().c_str());
            for (const char* name :
                 {"txid", "type_name", "validation_code", "validation_name", "nonce"})
                QVERIFY2(told[name] == row[name], (name + told.dump()).c_str());
            for (const auto& [name, value] : told["creator"].items())
                if (row["creator"].contains(name)) QVERIFY(row["creator"][name] == value);
            QCOMPARE(told["endorsers"].size(), row.value("endorsers", json::array()).size());
            if (block["number"] != 0) QVERIFY(told["recomputed_code"] == row["validation_code"]);
        }
    }
    QCOMPARE(seen.size(), chain()["code_counts"].size());
}

void CommandTest::ledgerShowKey() {
    std::size_t compared = 0;
    for (const json& row : chain()["history_answers"]) {
        if (!row.contains("key") || ++compared > 4) continue;
        const json key = jsonOf({"ledger", "show", kBlocks, "--history", "--key",
                                 "assets/" + QString::fromStdString(row["key"])});
        QCOMPARE(key["history"].size(), row["entries"].size());
        for (std::size_t i = 0; i < row["entries"].size(); ++i) {
            QVERIFY(key["history"][i]["txid"] == row["entries"][i]["txid"]);
            QVERIFY(key["history"][i]["deleted"] == row["entries"][i]["is_delete"]);
        }
    }
    QVERIFY(compared > 4);
    const Run none = chanceryctl({"ledger", "show", kBlocks, "--key", "assets/never"});
    QCOMPARE(none.exitCode, 0);
    QVERIFY(none.out.find("does not exist") != std::string::npos);
}

void CommandTest::ledgerExport() {
    const QTemporaryDir folder;
    const auto run = [&](const char* format, const QString& name) {
        return jsonOf({"ledger", "export", kVectors + "ledger/peer_blockfile_000000", "--format",
                       format, "--out", folder.filePath(name)});
    };
    const json result = run("json", "ledger.json");
    QVERIFY2(result.value("blocks", 0) == 278, result.dump().c_str());
    const json exported =
        json::parse(*readFile(folder.filePath("ledger.json").toStdString()), nullptr, false);
    std::size_t transactions = 0;
    for (std::size_t i = 0; i < chain()["blocks"].size(); ++i) {
        const json& block = chain()["blocks"][i];
        QVERIFY(exported[i]["header_hash"] == block["header_hash"]);
        for (std::size_t j = 0; j < block["txs"].size(); ++j, ++transactions)
            for (const char* name : {"txid", "validation_code", "type_name"})
                if (block["txs"][j].contains(name))
                    QVERIFY(exported[i]["txs"][j][name] == block["txs"][j][name]);
    }
    QVERIFY(result["transactions"] == transactions);
    QVERIFY(run("csv", "ledger.csv")["transactions"] == transactions);
    const Bytes csv = *readFile(folder.filePath("ledger.csv").toStdString());
    QCOMPARE(std::size_t(std::count(csv.begin(), csv.end(), '\n')), transactions + 1);
    QVERIFY(run("blocks", "blocks")["files"] == 278);
    QVERIFY(*readFile(folder.filePath("blocks/block_100.pb").toStdString()) ==
            vectorFile("ledger/blocks/block_100.pb"));
    for (const char* name : {"ledger.json", "ledger.csv", "blocks/block_0.pb"}) {
        struct stat made {};
        QCOMPARE(::stat(qPrintable(folder.filePath(name)), &made), 0);
        QCOMPARE(made.st_mode & 0777U, 0600U);
    }
}

void CommandTest::configShow() {
    for (const char* name : {"genesis_tradechannel", "genesis_cfglab"}) {
        const QString file = kVectors + "config/" + name;
        const json told = jsonOf({"config", "show", file + ".block"});
        const json tool = json::parse(vectorFile(std::string("config/") + name + ".json"));
        QVERIFY2(told == tool, name);
        const json config = jsonOf({"config", "show", "--config-only", file + ".json"});
        QVERIFY(config == tool["data"]["data"][0]["payload"]["data"]["config"]);
    }
}

void CommandTest::configExplain() {
    const json stories = jsonOf({"config", "explain", kBlocks});
    std::vector<int> told;
    std::vector<int> real;
    for (const json& story : stories) told.push_back(story["block"]);
    for (const json& block : chain()["blocks"])
        if (block.value("is_config", false)) real.push_back(block["number"]);
    QCOMPARE(told, real);
    QVERIFY(stories.back()["sequence"] == chain()["last_config_sequence"]);
}

void CommandTest::configDiff() {
    const json difference = jsonOf(
        {"config", "diff", kVectors + "config/genesis_cfglab.block", kCase + "modified.pb"}, 1);
    QVERIFY2(difference.value("same", true) == false, difference.dump().c_str());
    QVERIFY(difference["agreements"][0]["policy"] == "/Channel/Orderer/Admins");
    QVERIFY(jsonOf({"config", "diff", kLastConfig, kLastConfig})["same"] == true);
}

void CommandTest::configComputeUpdate() {
    const QStringList files{kVectors + "config/genesis_cfglab.block", kCase + "modified.pb"};
    const QStringList words{"config", "compute-update", "--channel", "cfglab"};
    const json update = jsonOf(words + files);
    QVERIFY2(update == json::parse(vectorFile("config/cfglab/01_batch_size/update.json")),
             update.dump().c_str());
    const QTemporaryDir folder;
    const QString out = folder.filePath("update.pb");
    QCOMPARE(chanceryctl(words + files + QStringList{"--out", out}).exitCode, 0);
    // The program itself reads what it wrote as the same update.
    QVERIFY(jsonOf({"config", "show", out}) == update);
    QCOMPARE(chanceryctl(words + files + QStringList{"--out", out}).exitCode, 5);
    // Nothing to be agreed on is an answer, too.
    const Run same = chanceryctl(words + QStringList{kCase + "modified.pb", kCase + "modified.pb"});
    QCOMPARE(same.exitCode, 1);
}

void CommandTest::policyParse() {
    const json& rows = facts()["policies"]["dsl"];
    for (std::size_t i = 0; i < rows.size(); i += 4) {
        const QString text = QString::fromStdString(rows[i]["dsl"]);
        if (text.isEmpty() || text.startsWith('-')) continue;  // a shell would not hand it on
        if (rows[i].contains("error")) {
            const Run run = chanceryctl({"policy", "parse", text});
            QVERIFY2(run.exitCode == 3 && run.out.empty(), qPrintable(text));
            QVERIFY2(run.err.find("\n    ") != std::string::npos, run.err.c_str());
            continue;
        }
        const json policy = jsonOf({"policy", "parse", text});
        QVERIFY2(policy["bytes_hex"] == rows[i]["envelope_hex"], qPrintable(text));
    }
}

void CommandTest::policyExplain() {
    const json policies = jsonOf({"policy", "explain", kLastConfig});
    std::set<std::string> told;
    for (const json& policy : policies) told.insert(policy["path"]);
    for (const json& row : facts()["policies"]["channel_policies"]) {
        if (row["config"] != "last_config_tradechannel.block") continue;
        const std::string path = row["path"];  // one is told from the channel on
        QCOMPARE(told.contains(path.starts_with('/') ? path : "/Channel/" + path),
                 row["exists"].get<bool>());
    }
    const json one = jsonOf({"policy", "explain", kLastConfig, "/Channel/Application/Admins"});
    QVERIFY(one["tree"]["needed"] == 2 && one["tree"]["parts"].size() == 3);
    QCOMPARE(chanceryctl({"policy", "explain", kLastConfig, "/Channel/Nothing"}).exitCode, 3);
}

void CommandTest::policySimulate() {
    const json down = jsonOf({"policy", "simulate", kLastConfig, "--down", "AlphaMSP,BetaMSP"}, 1);
    QVERIFY2(down["stopped"].is_array(), down.dump().c_str());
    const auto stops = [&](const char* path) {
        return std::find(down["stopped"].begin(), down["stopped"].end(), path) !=
               down["stopped"].end();
    };
    QVERIFY(stops("/Channel/Application/Admins") && !stops("/Channel/Orderer/BlockValidation"));
    const json admins = jsonOf({"policy", "simulate", kLastConfig, "/Channel/Application/Admins",
                                "--signers", "AlphaMSP.admin", "--signers", "BetaMSP.admin"});
    QVERIFY2(admins.value("satisfied", false), admins.dump().c_str());
    QCOMPARE(chanceryctl({"policy", "simulate", "OR('A.peer')", "--signers", "A.boss"}).exitCode,
             2);
}

void CommandTest::mspCheck() {
    for (const auto& [mspId, row] : facts()["msp"]["organisations"].items()) {
        const QString folder = kVectors + "msp/" + QString::fromStdString(row["dir"]);
        const json report = jsonOf({"msp", "check", "--msp-id", mspId.c_str(), folder});
        QVERIFY2(report.value("good", false) && report["mspid"] == mspId, report.dump().c_str());
    }
    for (const json& row : facts()["msp"]["bad_msp_folders"]) {
        if (row["setup_error"].is_null()) continue;
        const QString folder = kVectors + "msp/" + QString::fromStdString(row["dir"]);
        const json report = jsonOf({"msp", "check", "--msp-id", "AlphaMSP", folder}, 1);
        QVERIFY2(!report.value("good", true), report.dump().c_str());
    }
}

void CommandTest::certShow() {
    QStringList arguments{"cert", "show"};
    std::vector<const json*> rows;
    for (const json& row : facts()["msp"]["identities"]) {
        if (!row.contains("subject") || row["cert"] == "extra/pem_two_certs/cert.pem") continue;
        arguments << kVectors + "msp/" + QString::fromStdString(row["cert"]);
        rows.push_back(&row);
    }
    const json certificates = jsonOf(arguments);
    QVERIFY2(certificates.size() == rows.size(), certificates.dump().substr(0, 2000).c_str());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QVERIFY(certificates[i]["subject"] == (*rows[i])["subject"]);
        QVERIFY(certificates[i]["cert_sha256"] == (*rows[i])["cert_der_sha256"]);
        QVERIFY(certificates[i]["key_usage"].is_array());
    }
}

CHANCERY_TEST(CommandTest)
#include "CommandTest.moc"
