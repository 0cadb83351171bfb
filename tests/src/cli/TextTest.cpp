#include "src/cli/Text.h"

#include "src/cli/CellWidth.h"
#include "src/cli/Json.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::cli;

class TextTest : public QObject {
    Q_OBJECT
private slots:
    void widthCountsCells();
    void cutsKeepTheWidth();
    void foreignTextCannotReachTheTerminal();
    void wrappingBreaksAtSpaces();
    void wrappingBreaksLongWords();
    void jsonHidesWhatMisleads();
};

void TextTest::widthCountsCells() {
    QCOMPARE(cellsOf("abc"), std::size_t{3});
    QCOMPARE(cellsOf("链上"), std::size_t{4});
    QCOMPARE(cellsOf("grün"), std::size_t{4});
    QCOMPARE(cellsOf("e\u0301"), std::size_t{1});           // combining acute
    QCOMPARE(cellsOf("\uFF21\U0001F600"), std::size_t{4});  // full-width A, emoji
    QCOMPARE(cellsOf("\u1112\u1161\u11AB"),
             std::size_t{2});  // one Hangul syllable in three letters
    QCOMPARE(cellsOf("─✓…"), std::size_t{3});
}

void TextTest::cutsKeepTheWidth() {
    QCOMPARE(cutAtEnd("settlement", 6), std::string("settl…"));
    QCOMPARE(cutAtEnd("链上数据", 6), std::string("链上…"));
    QCOMPARE(cutInMiddle("0123456789abcdef", 9), std::string("012345…ef"));
    for (std::size_t width = 1; width < 12; ++width) {
        QVERIFY(cellsOf(cutAtEnd("a链b上c数d据e", width)) <= width);
        QVERIFY(cellsOf(cutInMiddle("a链b上c数d据e", width)) <= width);
    }
    QCOMPARE(Text("ab").add("cd", Tone::Good).cutAtEnd(4).plain(), std::string("abcd"));
    QCOMPARE(Text("ab").add("cd", Tone::Good).add("ef").cutAtEnd(4).plain(), std::string("abc…"));
}

void TextTest::foreignTextCannotReachTheTerminal() {
    QCOMPARE(Text("a\x1b[2Jb\nc\u202Ed\xff").plain(), std::string("a\\x1b[2Jb\\nc\\u{202e}d\\xff"));
}

void TextTest::wrappingBreaksAtSpaces() {
    const auto lines = (Text("one two ") + strong("three") + Text(" four")).wrapped(9);
    QCOMPARE(lines.size(), std::size_t{3});
    QCOMPARE(lines[0].plain(), std::string("one two"));
    QCOMPARE(lines[1].plain(), std::string("three"));
    QCOMPARE(lines[1].spans().front().tone, Tone::Strong);
    QCOMPARE(lines[2].plain(), std::string("four"));
}

void TextTest::wrappingBreaksLongWords() {
    const auto lines = Text("x 0123456789").wrapped(4);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[1].plain(), std::string("0123"));
    QCOMPARE(lines[3].plain(), std::string("89"));
    QCOMPARE(Text("链上").wrapped(1).size(),
             std::size_t{2});  // wider than the line: one each, never endless
}

void TextTest::jsonHidesWhatMisleads() {
    const Json json{{"name", "a\u202Eb\U000E0041链"}, {"raw", bytesToJson("\xff\x01")}};
    const std::string text = toText(json);
    QVERIFY(text.find("a\\u202eb\\udb40\\udc41链") != std::string::npos);
    const auto again = nlohmann::json::parse(text, nullptr, false);
    QCOMPARE(again["name"].get<std::string>(), std::string("a\u202Eb\U000E0041链"));
    QCOMPARE(again["raw"]["hex"].get<std::string>(), std::string("ff01"));
}

CHANCERY_TEST(TextTest)
#include "TextTest.moc"
