#include "src/cli/CellWidth.h"
#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using chancery::cli::cellsOf;
using chancery::test::chanceryctl;
using chancery::test::facts;
using chancery::test::kVectors;
using chancery::test::Run;

/// What people read fits their window, and a pipe gets everything in lines of 120 cells.
class WidthTest : public QObject {
    Q_OBJECT
private slots:
    void linesFit_data();
    void linesFit();
    void pipesGetWholeIds();
    void windowsAreToldWhatIsCut();
};

void WidthTest::linesFit_data() {
    QTest::addColumn<QStringList>("arguments");
    const QString ledger = kVectors + "ledger/";
    const QString config = kVectors + "config/last_config_tradechannel.block";
    const auto row = [](const char* name, const QStringList& arguments) {
        QTest::newRow(name) << arguments;
    };
    const QStringList show{"ledger", "show", ledger + "blocks"};
    row("story", show);
    row("story of SmartBFT", {"ledger", "show", kVectors + "bft/blocks"});
    row("refused", show + QStringList{ledger + "crafted", "--refused"});
    row("blocks", show + QStringList{"--blocks", "all"});
    row("config block", show + QStringList{"--block", "187"});
    row("block", show + QStringList{"--block", "120"});
    row("definition", show + QStringList{"--tx", "10/0"});
    row("conflict", show + QStringList{"--tx", "87/1"});
    row("private data", show + QStringList{"--tx", "117/0"});
    row("key", show + QStringList{"--key", "assets/pub:first", "--history"});
    row("verify", {"ledger", "verify", ledger + "peer_blockfile_000000", "--coverage"});
    row("findings", {"ledger", "verify", ledger + "crafted"});
    row("config", {"config", "show", config});
    row("config explained", {"config", "explain", ledger + "blocks"});
    row("policies", {"policy", "explain", config});
    row("outage", {"policy", "simulate", config, "--down", "AlphaMSP,BetaMSP"});
    row("certificate", {"cert", "show", kVectors + "msp/extra/pem_two_certs/cert.pem"});
}

void WidthTest::linesFit() {
    QFETCH(QStringList, arguments);
    for (const int width : {0, 80, 100, 160}) {
        const Run run = chanceryctl(
            arguments, CHANCERY_SOURCE,
            width == 0 ? QStringList{} : QStringList{"COLUMNS=" + QString::number(width)});
        QVERIFY2(run.exitCode < 2, run.told().c_str());
        const std::size_t most = width == 0 ? 120 : static_cast<std::size_t>(width);
        for (const QString& line : QString::fromStdString(run.out).split('\n'))
            QVERIFY2(cellsOf(line.toStdString()) <= most, qPrintable(line));
        // A pipe gets everything.
        if (width == 0 && arguments[0] != "policy")
            QVERIFY2(!QString::fromStdString(run.out).contains("…\n"), run.out.c_str());
    }
}

void WidthTest::pipesGetWholeIds() {
    const auto& blocks = facts()["chain"]["blocks"];
    const Run list = chanceryctl({"ledger", "show", kVectors + "ledger/blocks", "--blocks", "all"});
    for (const auto& block : blocks)
        QVERIFY(list.out.find(block["header_hash"].get<std::string>()) != std::string::npos);
    const Run block = chanceryctl({"ledger", "show", kVectors + "ledger/blocks", "--block", "87"});
    for (const auto& transaction : blocks[87]["txs"])
        QVERIFY2(block.out.find(transaction["txid"].get<std::string>()) != std::string::npos,
                 block.out.c_str());
}

void WidthTest::windowsAreToldWhatIsCut() {
    const QStringList arguments{"ledger", "show", kVectors + "ledger/blocks", "--block", "87"};
    const Run narrow = chanceryctl(arguments, CHANCERY_SOURCE, {"COLUMNS=80"});
    QVERIFY2(narrow.out.find("\n… stands for") != std::string::npos, narrow.out.c_str());
    // A hash that fits into a line is never broken.
    const auto& row = facts()["chain"]["blocks"][87];
    for (const char* name : {"header_hash", "previous_hash", "data_hash", "commit_hash"})
        QVERIFY2(narrow.out.find(row[name].get<std::string>()) != std::string::npos, name);
    const Run wide = chanceryctl(arguments, CHANCERY_SOURCE, {"COLUMNS=200"});
    QVERIFY(wide.out.find("… stands for") == std::string::npos);
    QVERIFY(wide.out.find(row["txs"][1]["txid"].get<std::string>()) != std::string::npos);
}

CHANCERY_TEST(WidthTest)
#include "WidthTest.moc"
