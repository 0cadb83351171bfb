#include "src/audit/AuditLog.h"

#include <QTemporaryDir>
#include <QtTest>

#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;

namespace {

constexpr int kEntries = 12;

std::vector<std::string> linesOf(const Bytes& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

Bytes textOf(const std::vector<std::string>& lines) {
    Bytes text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace

class AuditLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chainsEntries();
    void goesOnAfterAnUnfinishedLine();
    void findsTampering_data();
    void findsTampering();
    void findsEveryChangedByte();
    void storesForeignTextEscaped();

private:
    std::filesystem::path fill(const QTemporaryDir& folder) {
        const std::filesystem::path path = folder.filePath("audit.log").toStdString();
        auto log = audit::AuditLog::open(path);
        for (int i = 0; i < kEntries; ++i)
            if (!(*log)->append({"local", "administrator", "a/B", "net/n", i % 2 ? "OK" : ""}).ok())
                return {};
        return path;
    }
};

void AuditLogTest::chainsEntries() {
    const QTemporaryDir folder;
    const auto path = fill(folder);
    auto log = audit::AuditLog::open(path);
    VERIFY_OK(log.status());
    QCOMPARE((*log)->head().number, std::uint64_t(kEntries));
    const auto some = (*log)->read(5, 3);
    VERIFY_OK(some.status());
    QCOMPARE(some->size(), std::size_t(3));
    QCOMPARE(some->front().number, std::uint64_t(5));
    const auto last = (*log)->read(kEntries, 100);
    QCOMPARE(last->back().hash, (*log)->head().hash);
    QCOMPARE(last->back().event.outcome, std::string("OK"));
    VERIFY_OK(audit::verify(path).status());
}

void AuditLogTest::goesOnAfterAnUnfinishedLine() {
    const QTemporaryDir folder;
    const auto path = fill(folder);
    const Bytes whole = *readFile(path);
    VERIFY_OK(writeFileAtomically(path, whole + "{\"number\":13,\"ti", 0600));
    auto log = audit::AuditLog::open(path);
    VERIFY_OK(log.status());
    const auto entry = (*log)->append({"local", "administrator", "a/B", "", "OK"});
    QCOMPARE(entry->number, std::uint64_t(kEntries + 1));
    VERIFY_OK(audit::verify(path).status());
}

void AuditLogTest::findsTampering_data() {
    QTest::addColumn<int>("row");
    QTest::addColumn<QString>("what");
    for (int row = 0; row < kEntries; ++row)
        for (const char* what : {"edit", "remove", "double", "swap", "cut"})
            if (QString(what) != "swap" || row + 1 < kEntries)
                QTest::addRow("%s %d", what, row + 1) << row << what;
}

void AuditLogTest::findsTampering() {
    QFETCH(const int, row);
    QFETCH(const QString, what);
    const QTemporaryDir folder;
    const auto path = fill(folder);
    const audit::Head head = (*audit::AuditLog::open(path))->head();
    auto lines = linesOf(*readFile(path));
    QCOMPARE(lines.size(), std::size_t(kEntries));
    const auto at = lines.begin() + row;
    if (what == "edit")
        at->replace(at->find("local"), 5, "other");
    else if (what == "remove")
        lines.erase(at);
    else if (what == "double")
        lines.insert(at, *at);
    else if (what == "swap")
        std::iter_swap(at, at + 1);
    else
        lines.erase(at, lines.end());
    VERIFY_OK(writeFileAtomically(path, textOf(lines), 0600));
    const auto verified = audit::verify(path, &head);
    QCOMPARE(verified.status().code(), StatusCode::kDataLoss);
    QCOMPARE(reasonOf(verified.status()), std::string("AUDIT_BROKEN"));
    const bool isLater = what == "double";
    QCOMPARE(argumentOf(verified.status(), "number"), std::to_string(row + (isLater ? 2 : 1)));
    QCOMPARE(reasonOf(audit::AuditLog::open(path).status()), std::string("AUDIT_BROKEN"));
}

void AuditLogTest::findsEveryChangedByte() {
    const QTemporaryDir folder;
    const auto path = fill(folder);
    const audit::Head head = (*audit::AuditLog::open(path))->head();
    const Bytes whole = *readFile(path);
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        Bytes changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x20);
        VERIFY_OK(writeFileAtomically(path, changed, 0600));
        QCOMPARE(audit::verify(path, &head).status().code(), StatusCode::kDataLoss);
    }
}

void AuditLogTest::storesForeignTextEscaped() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("audit.log").toStdString();
    auto log = audit::AuditLog::open(path);
    const std::string hostile =
        "a\r\n{\"number\":99}\x1b[31m\xe2\x80\xae\"\\" + std::string(1 << 20, 'x');
    VERIFY_OK((*log)->append({hostile, hostile, hostile, hostile, hostile}).status());
    const Bytes text = *readFile(path);
    QCOMPARE(std::ranges::count(text, '\n'), 1);
    QVERIFY(text.size() < 20'000);
    QCOMPARE(text.find('\x1b'), Bytes::npos);
    VERIFY_OK(audit::verify(path).status());
}

CHANCERY_TEST(AuditLogTest)
#include "AuditLogTest.moc"
