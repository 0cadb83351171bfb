#include "src/store/Connection.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <limits>
#include <thread>

#include "tests/src/store/StoreFixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::store;
using namespace chancery::store::test;

class ConnectionTest : public QObject {
    Q_OBJECT
private slots:
    void opensAsPromised();
    void valuesRoundTrip();
    void numbersTooLargeAreRefused();
    void wrongTypesAreErrors();
    void statementsAreCachedAndNest();
    void badStatements_data();
    void badStatements();
    void constraints_data();
    void constraints();
    void whatCannotBeOpened();
    void readOnly();
    void interrupted();
};

void ConnectionTest::opensAsPromised() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    const std::vector<std::pair<const char*, std::int64_t>> pragmas = {
        {"PRAGMA synchronous", 2},   {"PRAGMA foreign_keys", 1},    {"PRAGMA trusted_schema", 0},
        {"PRAGMA secure_delete", 1}, {"PRAGMA cell_size_check", 1}, {"PRAGMA busy_timeout", 5000},
        {"PRAGMA fullfsync", 1},     {"PRAGMA mmap_size", 0}};
    for (const auto& [pragma, value] : pragmas) {
        const auto found = numbers(*connection, pragma);
        VERIFY_OK(found);
        QVERIFY2(*found == Numbers{value}, pragma);
    }
    auto mode = connection->prepare("PRAGMA journal_mode");
    VERIFY_OK(mode);
    const auto name = mode->first([](Row& row) { return std::string(row.text(0)); });
    VERIFY_OK(name);
    QCOMPARE(name->value(), std::string("wal"));
    for (const char* file : {"a.db", "a.db-wal"}) {
        struct stat facts {};
        VERIFY_OK(connection->execute("CREATE TABLE IF NOT EXISTS t(a)"));
        QCOMPARE(::stat((folder / file).c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777U, 0600U);
    }
}

void ConnectionTest::valuesRoundTrip() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute("CREATE TABLE t(i, u, r, s, b, n, o, p)"));
    const std::string text = "ü\n\"';--";
    const Bytes bytes("\0\xFF\0", 3);
    VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?,?,?,?,?,?,?,?)",
                  std::numeric_limits<std::int64_t>::min(), std::uint64_t(7), 0.5, text,
                  Blob(bytes), nullptr, std::optional<int>(), std::optional<std::string>("x")));
    VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?,?,?,?,?,?,?,?)", true, 8U, -1.0, "",
                  Blob(""), nullptr, std::optional<bool>(false), std::string_view()));
    QCOMPARE(connection->changes(), 1);
    QCOMPARE(connection->lastRowId(), 2);
    auto statement = connection->prepare("SELECT * FROM t ORDER BY rowid");
    VERIFY_OK(statement);
    int rows = 0;
    VERIFY_OK(statement->each([&](Row& row) {
        const bool first = rows++ == 0;
        QCOMPARE(row.integer(0), first ? std::numeric_limits<std::int64_t>::min() : 1);
        QCOMPARE(row.unsignedInteger(1), std::uint64_t(first ? 7 : 8));
        QCOMPARE(row.real(2), first ? 0.5 : -1.0);
        QCOMPARE(std::string(row.text(3)), first ? text : "");
        QCOMPARE(Bytes(row.blob(4)), first ? bytes : "");
        QVERIFY(row.isNull(5));
        QCOMPARE(row.isNull(6), first);
        QCOMPARE(std::string(row.text(7)), std::string(first ? "x" : ""));
    }));
    QCOMPARE(rows, 2);
    auto none = connection->prepare("SELECT 1 WHERE 0");
    VERIFY_OK(none);
    const auto nothing = none->first([](Row& row) { return row.integer(0); });
    VERIFY_OK(nothing);
    QVERIFY(!nothing->has_value());
}

void ConnectionTest::numbersTooLargeAreRefused() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute("CREATE TABLE t(a)"));
    constexpr std::uint64_t kMost = std::uint64_t(1) << 63;
    auto statement = connection->prepare("INSERT INTO t VALUES(?)");
    VERIFY_OK(statement);
    QCOMPARE(reasonOf(statement->bind(kMost).run()), std::string("NUMBER_TOO_LARGE"));
    VERIFY_OK(statement->bind(kMost - 1).run());  // an error does not stick to the statement
    QCOMPARE(*numbers(*connection, "SELECT a FROM t"),
             Numbers{std::numeric_limits<std::int64_t>::max()});
}

void ConnectionTest::wrongTypesAreErrors() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    const auto reading = [&](auto read) {
        auto statement = connection->prepare("SELECT 'text', -1, x'00', NULL");
        return reasonOf(statement->each([&](Row& row) { read(row); }));
    };
    const std::string wrong = "WRONG_COLUMN_TYPE";
    QCOMPARE(reading([](Row& row) { row.integer(0); }), wrong);
    QCOMPARE(reading([](Row& row) { row.blob(0); }), wrong);
    QCOMPARE(reading([](Row& row) { row.unsignedInteger(1); }), wrong);
    QCOMPARE(reading([](Row& row) { row.real(1); }), wrong);
    QCOMPARE(reading([](Row& row) { row.text(2); }), wrong);
    QCOMPARE(reading([](Row& row) { row.text(3); }), wrong);
    QCOMPARE(reading([](Row& row) { row.integer(4); }), wrong);  // there is no such column
    QCOMPARE(reading([](Row& row) { row.integer(1); }), std::string());
    auto statement = connection->prepare("SELECT 'text' UNION ALL SELECT 'more'");
    int rows = 0;
    const Status status = statement->each([&](Row& row) {
        ++rows;
        row.integer(0);
    });
    QCOMPARE(reasonOf(status), wrong);
    QCOMPARE(rows, 1);
    QCOMPARE(reasonOf(statement->first([](Row& row) { return row.integer(0); }).status()), wrong);
    QCOMPARE(reasonOf(statement->each(
                 [](Row&) { return makeError(StatusCode::kAborted, "ENOUGH", "enough"); })),
             std::string("ENOUGH"));
}

void ConnectionTest::statementsAreCachedAndNest() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)"));
    auto outer = connection->prepare("SELECT a FROM t ORDER BY a");
    VERIFY_OK(outer);
    Numbers pairs;
    VERIFY_OK(outer->each([&](Row& row) -> Status {
        const std::int64_t first = row.integer(0);
        ASSIGN_OR_RETURN(Statement inner, connection->prepare("SELECT a FROM t ORDER BY a"));
        return inner.each([&](Row& other) { pairs.push_back(10 * first + other.integer(0)); });
    }));
    QCOMPARE(pairs, Numbers({11, 12, 13, 21, 22, 23, 31, 32, 33}));
    // Nothing of a former use shows: neither its values nor where it stood.
    {
        auto used = connection->prepare("SELECT ?1");
        VERIFY_OK(used->bind(5).run());
    }
    auto again = connection->prepare("SELECT ?1");
    const auto value = again->first([](Row& row) { return row.isNull(0); });
    QVERIFY(value.ok() && value->value());
    // More texts than the cache keeps.
    for (int i = 0; i < 200; ++i)
        QCOMPARE(*numbers(*connection, "SELECT " + std::to_string(i)), Numbers{i});
    Statement moved = std::move(*again);
    VERIFY_OK(moved.bind(1).run());
}

void ConnectionTest::badStatements_data() {
    QTest::addColumn<QString>("sql");
    QTest::newRow("syntax") << "SELEKT 1";
    QTest::newRow("no table") << "SELECT * FROM nowhere";
    QTest::newRow("empty") << "";
    QTest::newRow("comment") << "-- nothing";
    QTest::newRow("two") << "SELECT 1; SELECT 2";
    QTest::newRow("too many values") << "SELECT 1";
    QTest::newRow("too few values") << "SELECT ?, ?";
    QTest::newRow("text in double quotes") << "SELECT \"text\", ?";
    QTest::newRow("the schema itself") << "UPDATE sqlite_schema SET sql = ?";
}

void ConnectionTest::badStatements() {
    QFETCH(QString, sql);
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    QCOMPARE(reasonOf(run(*connection, sql.toStdString(), 1)), std::string("BAD_SQL"));
}

void ConnectionTest::constraints_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("reason");
    QTest::newRow("same key") << "INSERT INTO a VALUES(1, 'y')"
                              << "DUPLICATE_ROW";
    QTest::newRow("same value") << "INSERT INTO a VALUES(2, 'x')"
                                << "DUPLICATE_ROW";
    QTest::newRow("missing") << "INSERT INTO a VALUES(2, NULL)"
                             << "CONSTRAINT";
    QTest::newRow("rule") << "INSERT INTO a VALUES(-1, 'y')"
                          << "CONSTRAINT";
    QTest::newRow("type") << "INSERT INTO a VALUES('word', 'y')"
                          << "CONSTRAINT";
    QTest::newRow("reference") << "INSERT INTO b VALUES(7)"
                               << "CONSTRAINT";
    QTest::newRow("fine") << "INSERT INTO b VALUES(1)"
                          << "";
}

void ConnectionTest::constraints() {
    QFETCH(QString, sql);
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(connection->execute(
        "CREATE TABLE a(id INTEGER PRIMARY KEY CHECK(id > 0), name TEXT NOT NULL UNIQUE) STRICT;"
        "CREATE TABLE b(a INTEGER REFERENCES a(id)) STRICT; INSERT INTO a VALUES(1, 'x')"));
    const Status status = run(*connection, sql.toStdString());
    QTEST(QString::fromStdString(reasonOf(status)), "reason");
    if (!status.ok()) QCOMPARE(argumentOf(status, "path"), connection->path().string());
}

void ConnectionTest::whatCannotBeOpened() {
    const Folder folder;
    const auto reason = [&](const char* name, OpenMode mode) {
        return reasonOf(Connection::open(folder / name, {.mode = mode}).status());
    };
    std::filesystem::create_directory(folder / "folder");
    QCOMPARE(reason("folder", OpenMode::Create), std::string("CANNOT_OPEN"));
    QCOMPARE(reason("missing", OpenMode::ReadWrite), std::string("CANNOT_OPEN"));
    QCOMPARE(reason("missing", OpenMode::ReadOnly), std::string("CANNOT_OPEN"));
    QVERIFY(!std::filesystem::exists(folder / "missing"));
    QCOMPARE(reason("missing/a.db", OpenMode::Create), std::string("CANNOT_OPEN"));
    std::filesystem::create_symlink(folder / "target.db", folder / "link.db");
    QCOMPARE(reason("link.db", OpenMode::Create), std::string("CANNOT_OPEN"));
    QVERIFY(!std::filesystem::exists(folder / "target.db"));
    std::ofstream(folder / "letter") << std::string(5000, 'x');
    QCOMPARE(reason("letter", OpenMode::Create), std::string("NOT_A_DATABASE"));
    QCOMPARE(reason("letter", OpenMode::ReadOnly), std::string("NOT_A_DATABASE"));
    // A link on the way is fine.
    std::filesystem::create_directory_symlink(folder / "folder", folder / "way");
    VERIFY_OK(Connection::open(folder / "way/a.db"));
}

void ConnectionTest::readOnly() {
    const Folder folder;
    {
        auto writer = Connection::open(folder / "a.db");
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute("CREATE TABLE t(a); INSERT INTO t VALUES (1)"));
    }
    auto reader = Connection::open(folder / "a.db", {.mode = OpenMode::ReadOnly});
    VERIFY_OK(reader);
    QCOMPARE(*numbers(*reader, "SELECT a FROM t"), Numbers{1});
    QCOMPARE(reasonOf(reader->execute("INSERT INTO t VALUES (2)")),
             std::string("DATABASE_READ_ONLY"));
}

void ConnectionTest::interrupted() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    std::atomic<bool> done = false;
    std::thread stopper([&] {
        while (!done) connection->interrupt();
    });
    const Status status = run(*connection,
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                              "SELECT count(*) FROM n");
    done = true;
    stopper.join();
    QCOMPARE(reasonOf(status), std::string("INTERRUPTED"));
}

CHANCERY_TEST(ConnectionTest)
#include "ConnectionTest.moc"
