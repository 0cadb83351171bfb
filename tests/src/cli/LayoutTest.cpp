#include <sstream>

#include "src/cli/CellWidth.h"
#include "src/cli/Printer.h"
#include "src/cli/Terminal.h"
#include "tests/support/TestMain.h"

using namespace chancery::cli;

class LayoutTest : public QObject {
    Q_OBJECT
private slots:
    void columnsAlign();
    void columnsShrinkToTheWidth();
    void sentencesGoOnInTheirColumn();
    void titlesGoOnAboveTheRule();
    void idsGiveWayFirstButNeverInAPipe();
    void hashesStandBelowTheirLabel();
    void treeLines();
    void fieldsAlign();
    void coloursFollowTheTerminal_data();
    void coloursFollowTheTerminal();
    void columnsVariable();
};

namespace {

Table sample() {
    Table table({{"Organisation", Align::Left, Fit::CutEnd, 6},
                 {"Height", Align::Right},
                 {"Id", Align::Left, Fit::CutMiddle, 9}});
    table.row({"银行银行银行", "12", "0123456789abcdef"});
    table.row({"RiverBank", "1,024", ""});
    return table;
}

std::string printed(const std::function<void(Printer&)>& print, Printer::Options options = {}) {
    std::ostringstream out;
    Printer printer(out, options);
    print(printer);
    return out.str();
}

}  // namespace

void LayoutTest::columnsAlign() {
    const std::string text = printed([](Printer& out) { out.table(sample(), 2); });
    QCOMPARE(text, std::string("  Organisation  Height  Id\n"
                               "  ────────────  ──────  ────────────────\n"
                               "  银行银行银行      12  0123456789abcdef\n"
                               "  RiverBank      1,024  –\n"));
}

void LayoutTest::columnsShrinkToTheWidth() {
    for (const std::size_t width : {25U, 30U, 38U, 80U})
        for (const Text& line : sample().lines(width))
            QVERIFY2(line.cells() <= width, line.plain().c_str());
    const auto lines = sample().lines(28);
    QCOMPARE(lines[2].plain(), std::string("银行银行…      12  012345…ef"));
}

void LayoutTest::sentencesGoOnInTheirColumn() {
    Table table({{"A"}, {"What", Align::Left, Fit::Wrap, 8}, {"B"}});
    table.row({"1", "several words here", "x"});
    const auto lines = table.lines(16);
    QCOMPARE(lines[2].plain(), std::string("1  several     x"));
    QCOMPARE(lines[3].plain(), std::string("   words here"));
}

void LayoutTest::titlesGoOnAboveTheRule() {
    Table table({{"Name"}, {"How many there are", Align::Right}});
    table.row({"first", "7"});
    const auto lines = table.lines(16);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[0].plain(), std::string("        How many"));
    QCOMPARE(lines[1].plain(), std::string("Name   there are"));
    QCOMPARE(lines[3].plain(), std::string("first          7"));
}

void LayoutTest::idsGiveWayFirstButNeverInAPipe() {
    Table table({{"Name", Align::Left, Fit::CutEnd, 4}, {"Id", Align::Left, Fit::Id, 7}});
    table.row({"a longer name", "0123456789abcdef"});
    QCOMPARE(table.lines(24)[2].plain(), std::string("a longer name  012345…ef"));
    QVERIFY(table.shortens(24));
    QCOMPARE(table.lines(31)[2].plain(), std::string("a longer name  0123456789abcdef"));
    QVERIFY(!table.shortens(31));
    const auto piped = table.lines(24, false);
    QCOMPARE(piped.size(), std::size_t{4});
    QCOMPARE(piped[2].plain(), std::string("a longer name"));
    QCOMPARE(piped[3].plain(), std::string("    Id 0123456789abcdef"));
    // Names go on in the next line.
    QCOMPARE(table.lines(8, false)[2].plain(), std::string("a longer"));
    QCOMPARE(table.lines(8, false)[3].plain(), std::string("name"));
}

void LayoutTest::hashesStandBelowTheirLabel() {
    const auto fields = [](std::size_t width) {
        return printed(
            [](Printer& out) {
                out.fields({{"Hash", "0123456789"}, {"A", "b c"}}, 2);
            },
            {.width = width});
    };
    QCOMPARE(fields(18), std::string("  Hash  0123456789\n  A     b c\n"));
    QCOMPARE(fields(17), std::string("  Hash\n    0123456789\n  A     b c\n"));
}

void LayoutTest::treeLines() {
    const TreeNode root{"2 of 2", {{"any of", {{"A.peer", {}}, {"B.peer", {}}}}, {"C.peer", {}}}};
    QCOMPARE(printed([&](Printer& out) { out.tree(root); }), std::string("2 of 2\n"
                                                                         "├─ any of\n"
                                                                         "│  ├─ A.peer\n"
                                                                         "│  └─ B.peer\n"
                                                                         "└─ C.peer\n"));
}

void LayoutTest::fieldsAlign() {
    const std::string text = printed([](Printer& out) {
        out.heading("First");
        out.fields({{"Channel", "trade"}, {"链", "x"}, {"Nothing", ""}}, 2);
        out.heading("Second");
    });
    QCOMPARE(text, std::string("First\n  Channel  trade\n  链       x\n\nSecond\n"));
}

void LayoutTest::coloursFollowTheTerminal_data() {
    QTest::addColumn<int>("choice");
    QTest::addColumn<bool>("terminal");
    QTest::addColumn<QByteArray>("noColor");
    QTest::addColumn<QByteArray>("term");
    QTest::addColumn<bool>("colours");
    QTest::newRow("terminal") << 0 << true << QByteArray() << QByteArray("xterm") << true;
    QTest::newRow("pipe") << 0 << false << QByteArray() << QByteArray("xterm") << false;
    QTest::newRow("NO_COLOR") << 0 << true << QByteArray("1") << QByteArray("xterm") << false;
    QTest::newRow("empty NO_COLOR means nothing")
        << 0 << true << QByteArray("") << QByteArray("xterm") << true;
    QTest::newRow("dumb terminal") << 0 << true << QByteArray() << QByteArray("dumb") << false;
    QTest::newRow("always overrules")
        << 1 << false << QByteArray("1") << QByteArray("dumb") << true;
    QTest::newRow("never overrules") << 2 << true << QByteArray() << QByteArray("xterm") << false;
}

void LayoutTest::coloursFollowTheTerminal() {
    QFETCH(int, choice);
    QFETCH(bool, terminal);
    QFETCH(QByteArray, noColor);
    QFETCH(QByteArray, term);
    const auto environment = [&](const char* name) -> const char* {
        const std::string_view wanted(name);
        if (wanted == "NO_COLOR" && !noColor.isNull()) return noColor.constData();
        return wanted == "TERM" ? term.constData() : nullptr;
    };
    const Terminal found =
        Terminal::from(static_cast<ColourChoice>(choice), terminal, terminal, 90, environment);
    QTEST(found.outColours, "colours");
    QTEST(found.errColours, "colours");
    const std::string text =
        printed([](Printer& out) { out.line(bad("x")); }, {.colours = found.outColours});
    QCOMPARE(text, std::string(found.outColours ? "\x1b[31mx\x1b[0m\n" : "x\n"));
}

void LayoutTest::columnsVariable() {
    const auto with = [](const char* columns, std::size_t window, bool terminal) {
        return Terminal::from(ColourChoice::Auto, terminal, terminal, window,
                              [columns](const char* name) -> const char* {
                                  return std::string_view(name) == "COLUMNS" ? columns : nullptr;
                              });
    };
    QCOMPARE(with("72", 90, true).width, std::size_t{72});
    QCOMPARE(with(nullptr, 90, true).width, std::size_t{90});
    QCOMPARE(with("7x", 0, false).width, std::size_t{120});
    QVERIFY(!with(nullptr, 0, false).cuts);
    QVERIFY(with("80", 0, false).cuts);
    QVERIFY(with("1", 0, false).width >= 40);
}

CHANCERY_TEST(LayoutTest)
#include "LayoutTest.moc"
