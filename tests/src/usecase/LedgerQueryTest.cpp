#include "src/usecase/LedgerQuery.h"

#include "absl/time/time.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;
using namespace std::string_literals;

namespace {

// 2026-03-17T14:32:07Z
constexpr std::int64_t kNow = 1'773'757'927'000'000'000;

std::string at(std::int64_t nanoseconds) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", absl::FromUnixNanos(nanoseconds),
                            absl::UTCTimeZone());
}

QByteArray data(const std::string& text) {
    return {text.data(), static_cast<qsizetype>(text.size())};
}

LedgerQuery withoutPlaces(LedgerQuery query) {
    for (LedgerTerm& term : query.terms) term.begin = term.end = 0;
    return query;
}

std::vector<std::string> textsOf(const std::vector<LedgerCompletion>& completions) {
    std::vector<std::string> texts;
    for (const auto& one : completions) texts.push_back(one.text);
    return texts;
}

}  // namespace

class LedgerQueryTest : public QObject {
    Q_OBJECT
private slots:
    void canonicalText_data();
    void canonicalText();
    void refused_data();
    void refused();
    void limits();
    void fieldsAndPlaces();
    void times_data();
    void times();
    void sizes_data();
    void sizes();
    void anyValueCanBeWritten();
    void words();
    void wordsKeepWhatStandsAround();
    void valuesAtTheCursor();
};

void LedgerQueryTest::canonicalText_data() {
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("canonical");
    const auto row = [](const std::string& written, const std::string& canonical) {
        QTest::newRow(written.c_str()) << data(written) << data(canonical);
    };
    row("", "");
    row(" \t\n", "");
    row("block>=1200 size>25KB key:acct/2041 result:invalid",
        "block >= 1200 size > 25KB key:acct/2041 result:invalid");
    row("block ≥ 1,204,000", "block >= 1204000");
    row("BLOCK<=7 Block<8 block=9 block:10 block > 11",
        "block <= 7 block < 8 block:9 block:10 block > 11");
    row("-result:VALID", "-result:valid");
    row("-acct -\"two words\"", "-acct -\"two words\"");
    row("key:\"a b\"", "key:\"a b\"");
    row("key:\"plain\"", "key:plain");
    row("key:a:b=c>d", "key:a:b=c>d");
    row("key:-5", "key:\"-5\"");
    row("\"key:a\"", "\"key:a\"");
    row("acct/2:1", "\"acct/2:1\"");
    row("block", "block");
    row("block blocks", "block blocks");
    row("key:\"\\\"\\\\\\n\\t\\x00\\u{202e}\"", "key:\"\\\"\\\\\\n\\t\\x00\\u{202e}\"");
    row("key:a\\b", "key:a\\b");
    row("key:账户*", "key:账户*");
    row("key：账户　result：valid", "key:账户 result:valid");
    row("\xff", "\"\\xff\"");
    row("tx:097E0CCF", "tx:097e0ccf");
    row("code:11 code:mvcc_read_conflict code:77",
        "code:MVCC_READ_CONFLICT code:MVCC_READ_CONFLICT code:77");
    row("type:Config type:ENDORSER", "type:config type:endorser");
    row("transactions>10 transactions:0", "transactions > 10 transactions:0");
    row("time>=24H time<7d", "time >= 24h time < 7d");
    row("contract:wallet function:Transfer creator:User1@alpha org:AlphaMSP endorser:peer0 event:e",
        "contract:wallet function:Transfer creator:User1@alpha org:AlphaMSP endorser:peer0 "
        "event:e");
}

void LedgerQueryTest::canonicalText() {
    QFETCH(const QByteArray, written);
    QFETCH(const QByteArray, canonical);
    const auto query = parseLedgerQuery(written.toStdString(), kNow);
    VERIFY_OK(query);
    QCOMPARE(textOf(*query), canonical.toStdString());
    const auto again = parseLedgerQuery(textOf(*query), kNow);
    VERIFY_OK(again);
    QCOMPARE(textOf(*again), textOf(*query));
    QVERIFY(withoutPlaces(*again) == withoutPlaces(*query));
}

void LedgerQueryTest::refused_data() {
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<int>("begin");
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("expected");
    const auto row = [](const std::string& written, int begin, int end, const char* expected) {
        QTest::newRow(written.c_str()) << data(written) << begin << end << QString(expected);
    };
    row("block>=", 7, 7, "a value");
    row("key: contract:x", 4, 4, "a value");
    row("a -", 3, 3, "a term");
    row("\"\"", 0, 2, "a term");
    row("key:\"\"", 4, 6, "a value");
    row("x blok>5", 2, 7, "one of the words block, time");
    row(":5", 0, 1, "a word such as");
    row("> 5", 0, 2, "a word such as");
    row("key>5", 3, 4, "\":\" behind key");
    row("\"open", 0, 5, "a closing quote");
    row("key:\"open\\\"", 4, 11, "a closing quote");
    row("\"a\"b", 3, 4, "quotes around the whole value");
    row("ab\"c\"", 2, 5, "quotes around the whole value");
    row("\"\\q\"", 1, 2, "\\xNN");
    row("\"\\u{110000}\"", 1, 2, "\\xNN");
    row("block:x", 6, 7, "a whole number");
    row("block:-1", 6, 8, "a whole number");
    row("block:9223372036854775808", 6, 25, "a whole number");
    row("block:1,", 6, 8, "a whole number");
    row("size>25XB", 5, 9, "a size");
    row("size>.5MB", 5, 9, "a size");
    row("size>1.2345KB", 5, 13, "a size");
    row("size>99999999999GB", 5, 18, "a size");
    row("time:yesterday", 5, 14, "a time in UTC");
    row("time:2026-02-30", 5, 15, "a time in UTC");
    row("time:2026-13", 5, 12, "a time in UTC");
    row("time:2026-03-17T14", 5, 18, "a time in UTC");
    row("time:1969", 5, 9, "a time in UTC");
    row("tx:097", 3, 6, "4 to 64 hex digits");
    row("tx:097g", 3, 7, "4 to 64 hex digits");
    row("code:NO_SUCH_CODE", 5, 17, "a validation code");
    row("code:256", 5, 8, "a validation code");
    row("result:good", 7, 11, "valid, invalid or unjudged");
    row("type:x", 5, 6, "config or endorser");
}

void LedgerQueryTest::refused() {
    QFETCH(const QByteArray, written);
    const auto query = parseLedgerQuery(written.toStdString(), kNow);
    QVERIFY(!query.ok());
    QCOMPARE(query.status().code(), StatusCode::kInvalidArgument);
    QCOMPARE(reasonOf(query.status()), "QUERY_SYNTAX"s);
    QTEST(std::stoi(argumentOf(query.status(), "begin")), "begin");
    QTEST(std::stoi(argumentOf(query.status(), "end")), "end");
    QFETCH(const QString, expected);
    QVERIFY2(
        argumentOf(query.status(), "expected").find(expected.toStdString()) != std::string::npos,
        argumentOf(query.status(), "expected").c_str());
}

void LedgerQueryTest::limits() {
    std::string terms;
    for (int i = 0; i < 32; ++i) terms += "x ";
    VERIFY_OK(parseLedgerQuery(terms, kNow));
    QCOMPARE(argumentOf(parseLedgerQuery(terms + "x", kNow).status(), "expected"),
             "at most 32 terms"s);
    VERIFY_OK(parseLedgerQuery(std::string(4096, 'x'), kNow));
    QCOMPARE(argumentOf(parseLedgerQuery(std::string(4097, 'x'), kNow).status(), "begin"), "4096"s);
}

void LedgerQueryTest::fieldsAndPlaces() {
    const auto query = parseLedgerQuery("free -key:\"a b\"  block >= 1,200", kNow);
    VERIFY_OK(query);
    QCOMPARE(query->terms.size(), std::size_t{3});
    const LedgerTerm& key = query->terms[1];
    QVERIFY(key.field == LedgerField::Key && key.negated);
    QCOMPARE(key.value, "a b"s);
    QCOMPARE(key.begin, std::size_t{5});
    QCOMPARE(key.end, std::size_t{15});
    const LedgerTerm& block = query->terms[2];
    QVERIFY(block.field == LedgerField::Block && !block.negated);
    QVERIFY(block.comparison == LedgerComparison::GreaterOrEqual);
    QCOMPARE(block.number, std::int64_t{1200});
    QCOMPARE(block.value, "1200"s);
    QCOMPARE(block.begin, std::size_t{17});
    QCOMPARE(block.end, std::size_t{31});
    QVERIFY(query->terms[0].field == LedgerField::Any);
    QCOMPARE(parseLedgerQuery("code:PHANTOM_READ_CONFLICT", kNow)->terms[0].number,
             std::int64_t{12});
}

void LedgerQueryTest::times_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("canonical");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    const auto row = [](const char* value, const char* canonical, const char* first,
                        const char* last) {
        QTest::newRow(value) << QString(value) << QString(canonical) << QString(first)
                             << QString(last);
    };
    row("2026", "2026", "2026-01-01T00:00:00", "2026-12-31T23:59:59.999999999");
    row("2024-02", "2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59.999999999");
    row("2026-03-17", "2026-03-17", "2026-03-17T00:00:00", "2026-03-17T23:59:59.999999999");
    row("2026-03-17T14:30", "2026-03-17T14:30", "2026-03-17T14:30:00",
        "2026-03-17T14:30:59.999999999");
    row("2026-12-31t23:59:59z", "2026-12-31T23:59:59", "2026-12-31T23:59:59",
        "2026-12-31T23:59:59.999999999");
    row("90s", "90s", "2026-03-17T14:30:37", "2026-03-17T14:32:07");
    row("2MIN", "2m", "2026-03-17T14:30:07", "2026-03-17T14:32:07");
    row("24h", "24h", "2026-03-16T14:32:07", "2026-03-17T14:32:07");
    row("1w", "1w", "2026-03-10T14:32:07", "2026-03-17T14:32:07");
}

void LedgerQueryTest::times() {
    QFETCH(const QString, value);
    const auto query = parseLedgerQuery("time:" + value.toStdString(), kNow);
    VERIFY_OK(query);
    LedgerTerm term = query->terms[0];
    QTEST(QString::fromStdString(term.value), "canonical");
    QTEST(QString::fromStdString(at(term.number)), "first");
    QTEST(QString::fromStdString(at(term.last)), "last");

    QVERIFY(holds(term, term.number) && holds(term, term.last));
    QVERIFY(!holds(term, term.number - 1) && !holds(term, term.last + 1));
    term.comparison = LedgerComparison::Less;
    QVERIFY(holds(term, term.number - 1) && !holds(term, term.number));
    term.comparison = LedgerComparison::LessOrEqual;
    QVERIFY(holds(term, term.last) && !holds(term, term.last + 1));
    term.comparison = LedgerComparison::Greater;
    QVERIFY(holds(term, term.last + 1) && !holds(term, term.last));
    term.comparison = LedgerComparison::GreaterOrEqual;
    QVERIFY(holds(term, term.number) && !holds(term, term.number - 1));
}

void LedgerQueryTest::sizes_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("canonical");
    const auto row = [](const char* value, qint64 bytes, const char* canonical) {
        QTest::newRow(value) << QString(value) << bytes << QString(canonical);
    };
    row("0", 0, "0B");
    row("800", 800, "800B");
    row("25kb", 25'000, "25KB");
    row("25,000", 25'000, "25KB");
    row("1.5MB", 1'500'000, "1.5MB");
    row("1.25MB", 1'250'000, "1250KB");
    row("0.5GB", 500'000'000, "500MB");
    row("1234567B", 1'234'567, "1234567B");
    row("9223372036854775807", std::numeric_limits<qint64>::max(), "9223372036854775807B");
}

void LedgerQueryTest::sizes() {
    QFETCH(const QString, value);
    const auto query = parseLedgerQuery("size > " + value.toStdString(), kNow);
    VERIFY_OK(query);
    QTEST(static_cast<qint64>(query->terms[0].number), "bytes");
    QTEST(QString::fromStdString(query->terms[0].value), "canonical");
}

// Every one and two bytes, alone and between letters, as free text and as a key.
void LedgerQueryTest::anyValueCanBeWritten() {
    std::vector<std::string> values;
    for (int a = 0; a < 256; ++a) {
        values.push_back(std::string(1, static_cast<char>(a)));
        for (int b = 0; b < 256; b += 3)
            values.push_back("x"s + static_cast<char>(a) + static_cast<char>(b));
    }
    for (const char* value : {"≥", "a≥b", "：", "a：b", "\u3000", "a\u00a0b", "-", "--", "\\",
                              "\\n", "\"\\\"", "block", "block:5", "*", "a*"})
        values.push_back(value);
    for (const LedgerField field : {LedgerField::Any, LedgerField::Key})
        for (const std::string& value : values) {
            LedgerTerm term{.field = field, .value = value};
            const std::string text = "a " + textOf(term) + " b";
            const auto query = parseLedgerQuery(text, kNow);
            QVERIFY2(query.ok(), (text + ": " + test::textOf(query)).c_str());
            QCOMPARE(query->terms.size(), std::size_t{3});
            QVERIFY2(query->terms[1].value == value && query->terms[1].field == field,
                     text.c_str());
        }
}

void LedgerQueryTest::words() {
    const auto all = completeLedgerWords("", 0);
    QCOMPARE(all.size(), std::size_t{15});
    for (const auto& one : all) QVERIFY(!one.detail.empty());
    QCOMPARE(textsOf(completeLedgerWords("c", 1)),
             (std::vector<std::string>{"contract:", "creator:", "code:"}));
    QCOMPARE(textsOf(completeLedgerWords("-RES", 4)), (std::vector<std::string>{"result:"}));
    QCOMPARE(textsOf(completeLedgerWords("result:in", 9)), (std::vector<std::string>{"invalid"}));
    QCOMPARE(textsOf(completeLedgerWords("code:mvcc", 9)),
             (std::vector<std::string>{"MVCC_READ_CONFLICT"}));
    QCOMPARE(textsOf(completeLedgerWords("size > 25", 9)),
             (std::vector<std::string>{"25KB", "25MB"}));
    QCOMPARE(textsOf(completeLedgerWords("time:", 5)),
             (std::vector<std::string>{"1h", "24h", "7d", "30d"}));
    QVERIFY(completeLedgerWords("key:", 4).empty());
    QVERIFY(completeLedgerWords("blok:", 5).empty());
    // What is offered can be read.
    for (const char* text : {"result:", "code:", "type:", "time:", "size:", "size:7"})
        for (const auto& one : completeLedgerWords(text, std::string_view(text).size()))
            VERIFY_OK(parseLedgerQuery(std::string(text).substr(0, one.begin) + one.text, kNow));
}

void LedgerQueryTest::wordsKeepWhatStandsAround() {
    const std::string text = "foo bl size:5";
    const auto completions = completeLedgerWords(text, 6);
    QCOMPARE(textsOf(completions), (std::vector<std::string>{"block >= "}));
    QCOMPARE(completions[0].begin, std::size_t{4});
    QCOMPARE(completions[0].end, std::size_t{6});
    // In a word that has its operator already only the word is replaced.
    const auto word = completeLedgerWords("res:x", 2);
    QCOMPARE(textsOf(word), (std::vector<std::string>{"result"}));
    QCOMPARE(word[0].end, std::size_t{3});
    // Between colon and blank nothing that follows is touched.
    const auto value = completeLedgerWords("result: key:x", 7);
    QCOMPARE(value.size(), std::size_t{3});
    QCOMPARE(value[0].begin, std::size_t{7});
    QCOMPARE(value[0].end, std::size_t{7});
}

void LedgerQueryTest::valuesAtTheCursor() {
    const auto free = ledgerValueAt("ab cd", 4);
    QVERIFY(free && free->field == LedgerField::Any);
    QCOMPARE(free->typed, "c"s);
    QCOMPARE(free->begin, std::size_t{3});
    QCOMPARE(free->end, std::size_t{5});
    const auto key = ledgerValueAt("key:\"a \\\"b", 10);
    QVERIFY(key && key->field == LedgerField::Key);
    QCOMPARE(key->typed, "a \"b"s);
    QCOMPARE(key->begin, std::size_t{4});
    QVERIFY(!ledgerValueAt("key:x", 2));
    QVERIFY(!ledgerValueAt("nokey:x", 7));
    QVERIFY(!ledgerValueAt("block >= 5", 7));
    const auto order = ledgerValueAt("block >= 5", 10);
    QVERIFY(order && order->field == LedgerField::Block);
    QCOMPARE(order->typed, "5"s);
    QCOMPARE(ledgerValueAt("", 99)->end, std::size_t{0});
}

CHANCERY_TEST(LedgerQueryTest)
#include "LedgerQueryTest.moc"
