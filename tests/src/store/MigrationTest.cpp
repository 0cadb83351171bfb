#include "src/store/Migration.h"

#include <future>

#include "tests/src/store/StoreFixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::store;
using namespace chancery::store::test;

class MigrationTest : public QObject {
    Q_OBJECT
private slots:
    void stepsRunOnceAndInOrder();
    void newerIsRefused();
    void foreignIsRefused();
    void otherTablesAreRefused();
    void aFailingStepLeavesTheVersionBefore();
    void readOnlyMustBeUpToDate();
    void manyAtOnce();
};

namespace {

constexpr std::int32_t kKind = 0x43485401;
constexpr std::string_view kSteps[] = {
    "CREATE TABLE a(x INTEGER) STRICT; INSERT INTO a VALUES(1)",
    "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1",
    "INSERT INTO a VALUES(10, (SELECT max(y) FROM a))",
};

Schema upTo(std::size_t version, std::int32_t kind = kKind) {
    return {kind, std::span(kSteps).first(version)};
}

}  // namespace

void MigrationTest::stepsRunOnceAndInOrder() {
    const Folder folder;
    for (const std::size_t version : {1U, 1U, 3U, 3U}) {
        auto connection = Connection::open(folder / "a.db");
        VERIFY_OK(connection);
        VERIFY_OK(migrate(*connection, upTo(version)));
        QCOMPARE(*numbers(*connection, "PRAGMA user_version"), Numbers{std::int64_t(version)});
        QCOMPARE(*numbers(*connection, "PRAGMA application_id"), Numbers{kKind});
    }
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    QCOMPARE(*numbers(*connection, "SELECT y FROM a ORDER BY x"), Numbers({2, 2}));
}

void MigrationTest::newerIsRefused() {
    const Folder folder;
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    VERIFY_OK(migrate(*connection, upTo(3)));
    const Status status = migrate(*connection, upTo(2));
    QCOMPARE(reasonOf(status), std::string("NEWER_SCHEMA"));
    QCOMPARE(argumentOf(status, "found"), std::string("3"));
    QCOMPARE(argumentOf(status, "supported"), std::string("2"));
}

void MigrationTest::foreignIsRefused() {
    const Folder folder;
    auto other = Connection::open(folder / "other.db");
    VERIFY_OK(other);
    VERIFY_OK(migrate(*other, upTo(1, kKind + 1)));
    QCOMPARE(reasonOf(migrate(*other, upTo(1))), std::string("FOREIGN_DATABASE"));
    auto unknown = Connection::open(folder / "unknown.db");
    VERIFY_OK(unknown);
    VERIFY_OK(unknown->execute("CREATE TABLE photos(a)"));
    QCOMPARE(reasonOf(migrate(*unknown, upTo(1))), std::string("FOREIGN_DATABASE"));
}

void MigrationTest::otherTablesAreRefused() {
    const Folder folder;
    // Same kind and same version number, but written before a step got its last form.
    constexpr std::string_view kEarlier[] = {"CREATE TABLE a(x TEXT) STRICT"};
    constexpr std::string_view kWithout[] = {"CREATE TABLE b(x INTEGER) STRICT"};
    for (const auto& steps : {std::span(kEarlier), std::span(kWithout)}) {
        const auto file = folder / (std::string(steps[0].substr(13, 1)) + ".db").c_str();
        auto connection = Connection::open(file);
        VERIFY_OK(connection);
        VERIFY_OK(migrate(*connection, {kKind, steps}));
        const Status status = migrate(*connection, upTo(1));
        QCOMPARE(reasonOf(status), std::string("OTHER_SCHEMA"));
        QCOMPARE(argumentOf(status, "table"), std::string("a"));
        QCOMPARE(argumentOf(status, "path"), file.string());
    }
    // What others add beside is theirs.
    auto connection = Connection::open(folder / "more.db");
    VERIFY_OK(connection);
    VERIFY_OK(migrate(*connection, upTo(1)));
    VERIFY_OK(connection->execute("CREATE INDEX more ON a(x)"));
    VERIFY_OK(migrate(*connection, upTo(1)));
}

void MigrationTest::aFailingStepLeavesTheVersionBefore() {
    const Folder folder;
    constexpr std::string_view kBroken[] = {kSteps[0], "INSERT INTO a VALUES(2); BROKEN"};
    auto connection = Connection::open(folder / "a.db");
    VERIFY_OK(connection);
    const Status status = migrate(*connection, {kKind, kBroken});
    QCOMPARE(reasonOf(status), std::string("BAD_SQL"));
    QVERIFY(messageOf(status).starts_with("step to version 2: "));
    QCOMPARE(*numbers(*connection, "PRAGMA user_version"), Numbers{1});
    QCOMPARE(*numbers(*connection, "SELECT x FROM a"), Numbers{1});
    VERIFY_OK(migrate(*connection, upTo(3)));
}

void MigrationTest::readOnlyMustBeUpToDate() {
    const Folder folder;
    {
        auto connection = Connection::open(folder / "a.db");
        VERIFY_OK(connection);
        VERIFY_OK(migrate(*connection, upTo(2)));
    }
    auto reader = Connection::open(folder / "a.db", {.mode = OpenMode::ReadOnly});
    VERIFY_OK(reader);
    VERIFY_OK(migrate(*reader, upTo(2)));
    QCOMPARE(reasonOf(migrate(*reader, upTo(3))), std::string("OLDER_SCHEMA"));
}

void MigrationTest::manyAtOnce() {
    const Folder folder;
    const auto path = folder / "a.db";
    std::vector<std::future<Status>> programs;
    for (int i = 0; i < 8; ++i)
        programs.push_back(std::async(std::launch::async, [&]() -> Status {
            ASSIGN_OR_RETURN(Connection connection, Connection::open(path));
            return migrate(connection, upTo(3));
        }));
    for (auto& program : programs) VERIFY_OK(program.get());
    auto connection = Connection::open(path);
    VERIFY_OK(connection);
    QCOMPARE(*numbers(*connection, "SELECT count(*) FROM a"), Numbers{2});
}

CHANCERY_TEST(MigrationTest)
#include "MigrationTest.moc"
