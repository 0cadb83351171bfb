#include <signal.h>
#include <sys/resource.h>

#include <fstream>
#include <set>

#include "src/base/File.h"
#include "src/store/Transaction.h"
#include "tests/src/store/StoreFixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::store;
using namespace chancery::store::test;

/// Files that are not as they were written, and disks without room.
class DamageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void flippedBytes();
    void filesCutShort();
    void foreignTails();
    void damagedLogs();
    void aFullDatabase();
    void aFullDisk();

private:
    /// Opens, reads and writes everything; the reason of the first error, if any.
    static std::string use(const std::filesystem::path& path, bool quickCheck);
    void judge(const Bytes& image, const Bytes& log, bool quickCheck);

    Bytes m_image;  // a database file
    Bytes m_log;    // a write-ahead log that belongs behind it
    std::map<std::string, int> m_reasons;
};

void DamageTest::initTestCase() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(
        connection->execute("CREATE TABLE t(k BLOB PRIMARY KEY, v TEXT NOT NULL, n INTEGER) STRICT;"
                            "CREATE INDEX byNumber ON t(n)"));
    const auto insert = [&](int from, int to) -> Status {
        ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(*connection));
        for (int i = from; i < to; ++i)
            RETURN_IF_ERROR(run(*connection, "INSERT INTO t VALUES(?,?,?)",
                                Blob(std::to_string(i * 7919)), std::string(60, 'v'), i));
        return transaction.commit();
    };
    VERIFY_OK(insert(0, 200));
    VERIFY_OK(connection->checkpoint());
    m_image = *readFile(folder / "a.db");
    VERIFY_OK(insert(200, 220));
    m_log = *readFile(folder / "a.db-wal");
    QVERIFY(m_image.size() > 20'000 && m_log.size() > 4'000);
}

std::string DamageTest::use(const std::filesystem::path& path, bool quickCheck) {
    const Status status = [&]() -> Status {
        ASSIGN_OR_RETURN(Connection connection, Connection::open(path, {.quickCheck = quickCheck}));
        std::size_t bytes = 0;
        for (const char* query : {"SELECT k, v, n FROM t", "SELECT k, v, n FROM t ORDER BY n"}) {
            ASSIGN_OR_RETURN(Statement statement, connection.prepare(query));
            RETURN_IF_ERROR(statement.each([&](Row& row) {
                bytes += row.blob(0).size() + row.text(1).size();
                row.integer(2);
            }));
        }
        ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(connection));
        RETURN_IF_ERROR(run(connection, "UPDATE t SET v = 'w' WHERE n < 50"));
        RETURN_IF_ERROR(run(connection, "DELETE FROM t WHERE n % 2 = 0"));
        return transaction.commit();
    }();
    return status.ok() ? "" : reasonOf(status);
}

void DamageTest::judge(const Bytes& image, const Bytes& log, bool quickCheck) {
    // BAD_SQL: the damage is in the text of the schema. Anything else would be an error that we did
    // not foresee.
    static const std::set<std::string> kTyped = {"",
                                                 "DATABASE_DAMAGED",
                                                 "NOT_A_DATABASE",
                                                 "WRONG_COLUMN_TYPE",
                                                 "DATABASE_READ_ONLY",
                                                 "CANNOT_OPEN",
                                                 "BAD_SQL",
                                                 "CONSTRAINT",
                                                 "DUPLICATE_ROW"};
    const Folder folder;
    std::ofstream(folder / "a.db", std::ios::binary) << image;
    if (!log.empty()) std::ofstream(folder / "a.db-wal", std::ios::binary) << log;
    const std::string reason = use(folder / "a.db", quickCheck);
    QVERIFY2(kTyped.contains(reason), reason.c_str());
    ++m_reasons[reason];
}

void DamageTest::flippedBytes() {
    m_reasons.clear();
    const auto flip = [&](std::size_t at, bool quickCheck) {
        Bytes image = m_image;
        image[at] = static_cast<char>(image[at] ^ (1 + at % 255));
        judge(image, "", quickCheck);
    };
    // The header and the schema byte by byte, the rest in steps that share no divisor with a page.
    for (std::size_t at = 0; at < 200; ++at) flip(at, at % 2 == 0);
    for (std::size_t at = 200; at < m_image.size(); at += 251) flip(at, at % 2 == 0);
    QVERIFY(m_reasons["DATABASE_DAMAGED"] > 0);
    QVERIFY(m_reasons["NOT_A_DATABASE"] > 0);
    QVERIFY(m_reasons[""] > 0);  // text that changed into other text is nobody's to notice here
}

void DamageTest::filesCutShort() {
    m_reasons.clear();
    for (std::size_t size = 1; size < m_image.size(); size += size < 4200 ? 97 : 1021)
        judge(m_image.substr(0, size), "", size % 2 == 0);
    QCOMPARE(m_reasons[""], 0);
    QVERIFY(m_reasons["DATABASE_DAMAGED"] > 0);
}

void DamageTest::foreignTails() {
    for (const char filler : {'\0', '\xFF', 'x'})
        for (const std::size_t page : {1U, 2U, 4U}) {
            Bytes image = m_image;
            std::fill(image.begin() + static_cast<std::ptrdiff_t>(page * 4096), image.end(),
                      filler);
            judge(image, "", false);
            judge(m_image + Bytes(4096, filler), "", true);
        }
}

void DamageTest::damagedLogs() {
    m_reasons.clear();
    for (std::size_t at = 0; at < m_log.size(); at += at < 64 ? 1 : 509) {
        Bytes log = m_log;
        log[at] = static_cast<char>(log[at] ^ 0x55);
        judge(m_image, log, true);
        judge(m_image, m_log.substr(0, at), true);
    }
    // Frames have checksums: the log counts up to the damage, so nothing is ever torn.
    QCOMPARE(m_reasons.size(), std::size_t(1));
    QVERIFY(m_reasons[""] > 0);
}

void DamageTest::aFullDatabase() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db", {.maxPages = 20});
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute("CREATE TABLE t(a BLOB) STRICT"));
    Status status;
    std::int64_t kept = -1;
    while (status.ok()) {
        status = run(*connection, "INSERT INTO t VALUES(?)", Blob(Bytes(1000, 'x')));
        ++kept;
    }
    QCOMPARE(reasonOf(status), std::string("DISK_FULL"));
    QVERIFY(absl::IsResourceExhausted(status));
    QVERIFY(kept > 10);
    QCOMPARE(*numbers(*connection, "SELECT count(*) FROM t"), Numbers{kept});
    VERIFY_OK(connection->execute("DELETE FROM t WHERE rowid % 2 = 0"));
    VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", Blob("room again")));
    VERIFY_OK(connection->quickCheck());
}

void DamageTest::aFullDisk() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute("CREATE TABLE t(a BLOB) STRICT"));
    VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", Blob("first")));
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 64 * 1024;
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const Status status = run(*connection, "INSERT INTO t VALUES(?)", Blob(Bytes(100'000, 'x')));
    const auto readable = numbers(*connection, "SELECT count(*) FROM t");
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    QCOMPARE(reasonOf(status), std::string("DISK_FULL"));
    VERIFY_OK(readable);
    QCOMPARE(*readable, Numbers{1});
    // With room again the same connection goes on.
    VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", Blob(Bytes(100'000, 'x'))));
    VERIFY_OK(connection->quickCheck());
    QCOMPARE(*numbers(*connection, "SELECT count(*) FROM t"), Numbers{2});
}

CHANCERY_TEST(DamageTest)
#include "DamageTest.moc"
