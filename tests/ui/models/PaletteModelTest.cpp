#include "ui/models/PaletteModel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>

#include "tests/support/TestMain.h"
#include "ui/models/CommandRegistry.h"

using namespace chancery::ui;

namespace {

class SlowProvider : public PaletteProvider {
public:
    void ask(quint64 serial, const PaletteQuery& query) override {
        asked.push_back(query);
        serials.push_back(serial);
    }
    void answer(quint64 serial, const QString& title, bool done) {
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::Search;
        entry.title = title;
        Q_EMIT answered(serial, {entry}, done);
    }
    std::vector<PaletteQuery> asked;
    std::vector<quint64> serials;
};

QStringList titles(const PaletteModel& model) {
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        if (model.entry(row) != nullptr) all.append(model.entry(row)->title);
    return all;
}

std::vector<PaletteEntry> objects(int count) {
    std::vector<PaletteEntry> all;
    for (int i = 0; i < count; ++i) {
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::GoTo;
        entry.title = QStringLiteral("peer%1.organisation%2.example").arg(i % 97).arg(i);
        all.push_back(entry);
    }
    return all;
}

}  // namespace

class PaletteModelTest : public QObject {
    Q_OBJECT

    CommandRegistry m_commands;

private Q_SLOTS:
    void initTestCase() {
        const auto add = [&](const char* id, const char* text, const char* page,
                             const QString& blocked = {}) {
            m_commands.add({id, text, "", {}, page, "", [blocked] { return blocked; }, [] {}});
        };
        add("file.open", "Verify a ledger file…", "");
        add("ledger.verify", "Verify again", "ledger");
        add("ledger.export", "Export range…", "ledger");
        add("nodes.restart", "Restart node…", "nodes");
        add("view.rail", "Show rail as icons", "", "Open a ledger first.");
    }

    void scoresAsPeopleExpect_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::newRow("beginning before inside") << "ver"
                                                 << "Verify again"
                                                 << "Show version";
        QTest::newRow("word before middle of a word") << "rail"
                                                      << "Show rail"
                                                      << "Guardrails";
        QTest::newRow("initials") << "va"
                                  << "Verify again"
                                  << "Save as";
        QTest::newRow("piece before letters") << "exp"
                                              << "Export"
                                              << "Verify example";
        QTest::newRow("shorter first") << "peer1"
                                       << "peer1.a"
                                       << "peer1.a, TLS certificate";
        QTest::newRow("two words in any order") << "range exp"
                                                << "Export range"
                                                << "Arrange expert";
    }
    void scoresAsPeopleExpect() {
        QFETCH(QString, query);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        const auto good = fuzzyMatch(folded(better), folded(query));
        const auto bad = fuzzyMatch(folded(worse), folded(query));
        QVERIFY(good.has_value());
        QVERIFY(!bad || good->score > bad->score);
    }

    void matchesAreMarked() {
        const auto match = fuzzyMatch(folded("Show log of peer1.riverbank"), folded("PEER1 log"));
        QVERIFY(match.has_value());
        const QList<TextRange> expected{{5, 3}, {12, 5}};
        QCOMPARE(match->ranges, expected);
        QVERIFY(!fuzzyMatch(folded("Verify"), folded("xyz")));
        QVERIFY(!fuzzyMatch(folded("Verify again"), folded("verify xyz")));
        QVERIFY(fuzzyMatch(folded("anything"), QString())->ranges.isEmpty());
        QVERIFY(fuzzyMatch(folded("重新验证"), folded("验证")).has_value());
    }

    void offersCommandsOfThePageAndOfAll() {
        PaletteModel model(m_commands);
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setPage("ledger");
        model.setQuery("");
        QCOMPARE(titles(model).first(), "Verify again");
        QVERIFY(!titles(model).contains("Restart node…"));
        model.setRecentCommands({"ledger.export", "gone"});
        model.setQuery("");
        QCOMPARE(titles(model).first(), "Export range…");
        model.setQuery("rail");
        QCOMPARE(model.entry(model.next(-1, 1))->blocked, "Open a ledger first.");
        model.setQuery("nothing like that");
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.next(-1, 1), -1);
    }

    void prefixesNarrowTheSearch() {
        QCOMPARE(PaletteModel::parse(" > verify ").scope, PaletteQuery::Scope::Commands);
        QCOMPARE(PaletteModel::parse("#12").scope, PaletteQuery::Scope::Ledger);
        QCOMPARE(PaletteModel::parse("#12").text, "12");
        QCOMPARE(PaletteModel::parse("@AB").scope, PaletteQuery::Scope::Members);
        PaletteModel model(m_commands);
        SlowProvider provider;
        model.addProvider(&provider);
        model.setPage("ledger");
        model.setQuery("> ver");
        QVERIFY(provider.asked.empty());
        QCOMPARE(titles(model).size(), 2);
        model.setQuery("# ver");
        QCOMPARE(provider.asked.size(), 1U);
        QVERIFY(titles(model).isEmpty());
    }

    void lateAnswersAreShownAndOldOnesDropped() {
        PaletteModel model(m_commands);
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        SlowProvider provider;
        model.addProvider(&provider);
        const auto pending = [&] {
            for (int row = 0; row < model.rowCount(); ++row)
                if (model.index(row).data(PaletteModel::PendingRole).toBool()) return true;
            return false;
        };
        model.setQuery("ve");
        model.setQuery("ver");
        QVERIFY(pending());
        provider.answer(provider.serials[0], "old", true);
        QVERIFY(!titles(model).contains("old"));
        provider.answer(provider.serials[1], "part", false);
        QVERIFY(pending() && titles(model).contains("part"));
        provider.answer(provider.serials[1], "whole", true);
        QVERIFY(!pending() && titles(model).contains("whole") && !titles(model).contains("part"));
    }

    void headingsAreSteppedOver() {
        PaletteModel model(m_commands);
        model.setPage("ledger");
        model.setObjects("peers", objects(5));
        model.setQuery("e");
        int row = -1, entries = 0;
        while ((row = model.next(row, 1)) >= 0) {
            QVERIFY(!model.index(row).data(PaletteModel::HeadingRole).toBool());
            ++entries;
        }
        QCOMPARE(entries, titles(model).size());
        QVERIFY(entries > 5);
    }

    void tenThousandEntriesAreSearchedWithinAFrame() {
        PaletteModel model(m_commands);
        model.setObjects("peers", objects(10000));
        for (const char* query : {"p", "peer9 org", "rex", "peer96.organisation9", "zzz"}) {
            QBENCHMARK_ONCE {
                model.setQuery(query);
            }
            QVERIFY(model.rowCount() <= 100);
        }
    }
};

CHANCERY_TEST(PaletteModelTest)
#include "PaletteModelTest.moc"
