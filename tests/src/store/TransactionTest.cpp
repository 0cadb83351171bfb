#include "src/store/Transaction.h"

#include <future>

#include "tests/src/store/StoreFixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::store;
using namespace chancery::store::test;

class TransactionTest : public QObject {
    Q_OBJECT
private slots:
    void allOrNothing();
    void partsCanBeUndone();
    void endedTransactions();
    void committedSurvivesACopyOfTheFiles();
    void readersSeeOneMoment();
    void writersWaitForEachOther();
    void busyHasAnEnd();
};

namespace {

Result<Connection> openWithTable(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(Connection connection, Connection::open(path));
    RETURN_IF_ERROR(connection.execute("CREATE TABLE IF NOT EXISTS t(a INTEGER) STRICT"));
    return connection;
}

Result<Numbers> rows(Connection& connection) {
    return numbers(connection, "SELECT a FROM t ORDER BY a");
}

}  // namespace

void TransactionTest::allOrNothing() {
    const Folder folder;
    auto connection = openWithTable(folder / "a.db");
    VERIFY_OK(connection);
    {
        auto transaction = Transaction::begin(*connection);
        VERIFY_OK(transaction);
        VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", 1));
        VERIFY_OK(transaction->commit());
    }
    {
        auto transaction = Transaction::begin(*connection);
        VERIFY_OK(transaction);
        VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", 2));
        QVERIFY(connection->inTransaction());
    }
    QVERIFY(!connection->inTransaction());
    QCOMPARE(*rows(*connection), Numbers{1});
}

void TransactionTest::partsCanBeUndone() {
    const Folder folder;
    auto connection = openWithTable(folder / "a.db");
    VERIFY_OK(connection);
    QCOMPARE(reasonOf(Savepoint::begin(*connection).status()), std::string("NO_TRANSACTION"));
    auto transaction = Transaction::begin(*connection);
    VERIFY_OK(transaction);
    for (int part = 1; part <= 4; ++part) {
        auto outer = Savepoint::begin(*connection);
        VERIFY_OK(outer);
        VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", part));
        {
            auto inner = Savepoint::begin(*connection);
            VERIFY_OK(inner);
            VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", 10 * part));
            if (part == 1 || part == 2) VERIFY_OK(inner->release());
        }
        if (part != 2) VERIFY_OK(outer->release());
    }
    VERIFY_OK(transaction->commit());
    QCOMPARE(*rows(*connection), Numbers({1, 3, 4, 10}));
}

void TransactionTest::endedTransactions() {
    const Folder folder;
    auto connection = openWithTable(folder / "a.db");
    VERIFY_OK(connection);
    auto transaction = Transaction::begin(*connection);
    VERIFY_OK(transaction);
    QCOMPARE(reasonOf(Transaction::begin(*connection).status()), std::string("BAD_SQL"));
    VERIFY_OK(transaction->commit());
    QCOMPARE(reasonOf(transaction->commit()), std::string("NO_TRANSACTION"));
}

void TransactionTest::committedSurvivesACopyOfTheFiles() {
    const Folder folder;
    auto connection = openWithTable(folder / "a.db");
    VERIFY_OK(connection);
    for (int i = 0; i < 20; ++i) {
        VERIFY_OK(run(*connection, "INSERT INTO t VALUES(?)", i));
        // What a power cut would leave behind: the files as they are, the connection still open.
        const auto copy = folder / ("copy" + std::to_string(i) + ".db").c_str();
        std::filesystem::copy_file(folder / "a.db", copy);
        std::filesystem::copy_file(folder / "a.db-wal", copy.string() + "-wal");
        auto copied = Connection::open(copy);
        VERIFY_OK(copied);
        QCOMPARE(rows(*copied)->size(), std::size_t(i + 1));
        if (i == 10) VERIFY_OK(connection->checkpoint());
    }
}

void TransactionTest::readersSeeOneMoment() {
    const Folder folder;
    const auto path = folder / "a.db";
    auto writer = openWithTable(path);
    VERIFY_OK(writer);
    // Each transaction adds a number and its opposite: at any moment the sum is 0.
    auto reading = std::async(std::launch::async, [&]() -> Status {
        ASSIGN_OR_RETURN(Connection reader, Connection::open(path, {.mode = OpenMode::ReadOnly}));
        for (std::int64_t seen = 0; seen < 400;) {
            ASSIGN_OR_RETURN(const auto view, Transaction::begin(reader, Transaction::Kind::Read));
            ASSIGN_OR_RETURN(const Numbers before, numbers(reader, "SELECT count(*) FROM t"));
            ASSIGN_OR_RETURN(const Numbers sum, numbers(reader, "SELECT ifnull(sum(a), 0) FROM t"));
            ASSIGN_OR_RETURN(const Numbers after, numbers(reader, "SELECT count(*) FROM t"));
            if (before != after || sum != Numbers{0} || before.front() % 2 != 0)
                return makeError(StatusCode::kInternal, "TORN", "a reader saw half a transaction");
            seen = after.front();
        }
        return absl::OkStatus();
    });
    for (int i = 1; i <= 200; ++i) {
        auto transaction = Transaction::begin(*writer);
        VERIFY_OK(transaction);
        VERIFY_OK(run(*writer, "INSERT INTO t VALUES(?)", i));
        VERIFY_OK(run(*writer, "INSERT INTO t VALUES(?)", -i));
        VERIFY_OK(transaction->commit());
    }
    VERIFY_OK(reading.get());
}

void TransactionTest::writersWaitForEachOther() {
    const Folder folder;
    const auto path = folder / "a.db";
    constexpr int kEach = 50;
    std::vector<std::future<Status>> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.push_back(std::async(std::launch::async, [&, writer]() -> Status {
            ASSIGN_OR_RETURN(Connection connection, openWithTable(path));
            for (int i = 0; i < kEach; ++i) {
                ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(connection));
                RETURN_IF_ERROR(run(connection, "INSERT INTO t VALUES(?)", writer * kEach + i));
                RETURN_IF_ERROR(transaction.commit());
            }
            return absl::OkStatus();
        }));
    for (auto& writer : writers) VERIFY_OK(writer.get());
    auto reader = Connection::open(path, {.mode = OpenMode::ReadOnly});
    VERIFY_OK(reader);
    QCOMPARE(rows(*reader)->size(), std::size_t(4 * kEach));
}

void TransactionTest::busyHasAnEnd() {
    const Folder folder;
    auto first = openWithTable(folder / "a.db");
    VERIFY_OK(first);
    auto second = Connection::open(folder / "a.db", {.busyTimeout = std::chrono::milliseconds(0)});
    VERIFY_OK(second);
    const auto held = Transaction::begin(*first);
    VERIFY_OK(held);
    QCOMPARE(reasonOf(Transaction::begin(*second).status()), std::string("DATABASE_BUSY"));
    VERIFY_OK(rows(*second));  // readers never wait
}

CHANCERY_TEST(TransactionTest)
#include "TransactionTest.moc"
