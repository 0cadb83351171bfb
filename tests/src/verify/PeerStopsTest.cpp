#include <map>

#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using verify::Severity;

/// Blocks at which a real peer stops or crashes.
class PeerStopsTest : public QObject {
    Q_OBJECT

private:
    static const verify::ChainState& after285() {
        static const verify::ChainState state = [] {
            BlockList source(blocksOf("ledger/crafted"));
            verify::ChainVerifier verifier(after277());
            verifier.verify(source);
            return verifier.state();
        }();
        return state;
    }

    /// What a peer's last words mean.
    static std::string reasonFor(const std::string& file, const std::string& message) {
        const std::pair<const char*, const char*> table[] = {
            {"could not be found", "UNKNOWN_COLLECTION"},
            {"nil pointer dereference", "PAYLOAD_WITHOUT_HEADER"},
            {"cannot validate config at sequence", "CONFIG_AMONG_OTHERS"},
            {"has no signature", "NOT_WELL_FORMED"},
            {"unexpected Previous block hash", "PREVIOUS_HASH_DIFFERS"},
        };
        for (const auto& [text, reason] : table)
            if (message.find(text) != std::string::npos) return reason;
        return "a message that this test does not know, of " + file;
    }

private slots:
    void theFactsAgree() {
        for (const auto& row : facts()["blocks_that_stop_a_peer"]) {
            const auto peer = row.at("peer").get<std::string>();
            QVERIFY(peer == "stopped" || peer == "running");
            QCOMPARE(row.at("message").get<std::string>().starts_with("panic: "),
                     peer == "stopped");
            const auto before = row.at("height_before").get<BlockNumber>();
            QCOMPARE(before, after285().next());
            // Who stopped cannot be asked; who goes on has not taken the block.
            QCOMPARE(row.at("height_after").get<std::string>(),
                     peer == "stopped" ? std::string() : std::to_string(before));
        }
    }

    void theFindingSaysSo_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<bool>("stops");
        for (const auto& row : facts()["blocks_that_stop_a_peer"]) {
            const auto file = row["file"].get<std::string>();
            QTest::newRow(file.c_str())
                << QString::fromStdString(file)
                << QString::fromStdString(reasonFor(file, row["message"].get<std::string>()))
                << (row["peer"].get<std::string>() == "stopped");
        }
    }
    void theFindingSaysSo() {
        QFETCH(QString, file);
        QFETCH(QString, reason);
        QFETCH(bool, stops);
        QCOMPARE(after285().next(), BlockNumber{286});
        const auto report =
            verified({blockOf("ledger/peer_stops/" + file.toStdString())}, after285());
        QVERIFY2(has(report, reason.toStdString()), listed(report, Severity::Note).c_str());
        QVERIFY(!report.good());
        QVERIFY(!report.verifiedTo);
        // A peer that comes to the block stops at it; or it never gets that far.
        bool saysSo = false;
        for (const auto& finding : report.findings)
            saysSo = saysSo || finding.sentence.find("eers stop") != std::string::npos ||
                     finding.sentence.find("eers crash") != std::string::npos;
        QVERIFY2(saysSo == stops, listed(report, Severity::Note).c_str());
        // Nothing but that is wrong with them.
        QCOMPARE(report.count(Severity::Error), std::size_t{1});
    }
};

CHANCERY_TEST(PeerStopsTest)
#include "PeerStopsTest.moc"
