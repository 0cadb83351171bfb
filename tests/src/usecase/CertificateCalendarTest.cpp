#include "src/usecase/CertificateCalendar.h"

#include <map>
#include <regex>

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;

namespace {

/// A property of RFC 5545, 3.1, unfolded.
struct Property {
    std::string name;
    std::string value;
};

/// Lines as RFC 5545, 3.1 asks for: CRLF, at most 75 octets, folds with one space, characters
/// whole. Throws with what is wrong.
std::vector<Property> readLines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = text.find("\r\n", at);
        if (end == std::string::npos) throw std::runtime_error("no CRLF at the end");
        const std::string line = text.substr(at, end - at);
        at = end + 2;
        if (line.find_first_of("\r\n") != std::string::npos) throw std::runtime_error("bare break");
        if (line.size() > 75) throw std::runtime_error("longer than 75 octets");
        if (!isUtf8(line)) throw std::runtime_error("a fold within a character");
        if (line.starts_with(' ')) {
            if (lines.empty()) throw std::runtime_error("a fold of nothing");
            lines.back() += line.substr(1);
        } else {
            lines.push_back(line);
        }
    }
    std::vector<Property> properties;
    static const std::regex kProperty("([A-Z-]+):(.*)");
    for (const std::string& line : lines) {
        std::smatch parts;
        if (!std::regex_match(line, parts, kProperty)) throw std::runtime_error("no name: " + line);
        for (const char c : line)
            if (static_cast<unsigned char>(c) < 0x20) throw std::runtime_error("control character");
        properties.push_back({parts[1], parts[2]});
    }
    return properties;
}

std::string unescaped(const std::string& value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == ';' || value[i] == ',') throw std::runtime_error("not escaped");
        if (value[i] != '\\') {
            out += value[i];
            continue;
        }
        const char next = value.at(++i);
        if (std::string_view("\\;,nN").find(next) == std::string_view::npos)
            throw std::runtime_error("bad escape");
        out += next == 'n' || next == 'N' ? '\n' : next;
    }
    return out;
}

using Component = std::map<std::string, std::string>;

struct Calendar {
    Component own;
    std::vector<Component> events;
    std::vector<std::vector<Component>> alarms;
};

/// Nesting and the properties that RFC 5545, 3.4, 3.6, 3.6.1 and 3.6.6 ask for.
Calendar readCalendar(const std::string& text) {
    Calendar calendar;
    std::vector<std::string> open;
    for (const Property& property : readLines(text)) {
        if (property.name == "BEGIN") {
            const std::string within = open.empty() ? "" : open.back();
            const std::map<std::string, std::string> parents{
                {"VCALENDAR", ""}, {"VEVENT", "VCALENDAR"}, {"VALARM", "VEVENT"}};
            if (parents.at(property.value) != within) throw std::runtime_error("wrong nesting");
            open.push_back(property.value);
            if (property.value == "VEVENT") {
                calendar.events.emplace_back();
                calendar.alarms.emplace_back();
            }
            if (property.value == "VALARM") calendar.alarms.back().emplace_back();
            continue;
        }
        if (open.empty()) throw std::runtime_error("outside");
        if (property.name == "END") {
            if (open.back() != property.value) throw std::runtime_error("wrong end");
            open.pop_back();
            continue;
        }
        Component& component = open.back() == "VALARM"   ? calendar.alarms.back().back()
                               : open.back() == "VEVENT" ? calendar.events.back()
                                                         : calendar.own;
        if (!component.emplace(property.name, property.value).second)
            throw std::runtime_error("twice: " + property.name);
    }
    if (!open.empty()) throw std::runtime_error("not ended");
    if (calendar.own.at("VERSION") != "2.0" || calendar.own.at("PRODID").empty())
        throw std::runtime_error("no calendar");
    static const std::regex kTime("\\d{8}T\\d{6}Z");
    static const std::regex kTrigger("-P(\\d+D|T\\d+S)");
    for (const Component& event : calendar.events) {
        if (event.at("UID").empty()) throw std::runtime_error("no UID");
        for (const char* name : {"DTSTAMP", "DTSTART"})
            if (!std::regex_match(event.at(name), kTime)) throw std::runtime_error("no time");
    }
    for (const auto& alarms : calendar.alarms)
        for (const Component& alarm : alarms) {
            if (alarm.at("ACTION") != "DISPLAY" || alarm.at("DESCRIPTION").empty() ||
                !std::regex_match(alarm.at("TRIGGER"), kTrigger))
                throw std::runtime_error("bad alarm");
        }
    return calendar;
}

const absl::Time kStamp = absl::FromCivil(absl::CivilDay(2027, 1, 1), absl::UTCTimeZone());

CalendarEvent appointment(const std::string& summary, const std::string& description = {}) {
    return {.uid = "abc@certificates.chancery",
            .at = kStamp + absl::Hours(36),
            .summary = summary,
            .description = description,
            .alarms = {absl::Hours(30 * 24), absl::Minutes(90)}};
}

}  // namespace

class CertificateCalendarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing() { QVERIFY(readCalendar(writeCalendar({}, kStamp)).events.empty()); }

    void oneEvent() {
        const std::string text = writeCalendar({appointment("peer0 ends")}, kStamp);
        const Calendar calendar = readCalendar(text);
        QCOMPARE(calendar.events.size(), std::size_t(1));
        QCOMPARE(calendar.events[0].at("DTSTART"), std::string("20270102T120000Z"));
        QCOMPARE(calendar.events[0].at("DTSTAMP"), std::string("20270101T000000Z"));
        QCOMPARE(calendar.alarms[0].size(), std::size_t(2));
        QCOMPARE(calendar.alarms[0][0].at("TRIGGER"), std::string("-P30D"));
        QCOMPARE(calendar.alarms[0][1].at("TRIGGER"), std::string("-PT5400S"));
        // Made again, nothing differs, so that programs replace what they have.
        QCOMPARE(writeCalendar({appointment("peer0 ends")}, kStamp), text);
    }

    void texts_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("what must be escaped") << QByteArray("a, b; c\\d\ne");
        QTest::newRow("an injected property") << QByteArray("x\nEND:VEVENT\nBEGIN:VEVENT");
        for (int length = 60; length < 90; ++length)
            QTest::addRow("ASCII of %d", length) << QByteArray(length, 'a');
        for (int length = 18; length < 60; ++length)
            QTest::addRow("Chinese of %d", length) << QString(length, QChar(0x8BC1)).toUtf8();
        QTest::newRow("four bytes") << QString::fromUtf8("\xF0\x9F\x94\x91").repeated(50).toUtf8();
        QTest::newRow("long") << QByteArray(5000, 'w');
    }

    void texts() {
        QFETCH(QByteArray, text);
        const Calendar calendar = readCalendar(
            writeCalendar({appointment(text.toStdString(), text.toStdString())}, kStamp));
        QCOMPARE(calendar.events.size(), std::size_t(1));
        QCOMPARE(unescaped(calendar.events[0].at("SUMMARY")), text.toStdString());
        QCOMPARE(unescaped(calendar.events[0].at("DESCRIPTION")), text.toStdString());
    }

    void whatIsNoText() {
        const Calendar calendar =
            readCalendar(writeCalendar({appointment("a\r\x1b[31m\xff b")}, kStamp));
        QVERIFY(calendar.events[0].at("SUMMARY").find('\x1b') == std::string::npos);
    }
};

CHANCERY_TEST(CertificateCalendarTest)
#include "CertificateCalendarTest.moc"
