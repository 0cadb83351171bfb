#include "node/agent/Plan.h"

#include <QTemporaryDir>
#include <QtTest>

#include "chancery/agent/v1/nodes.pb.h"
#include "node/agent/NodeFiles.h"
#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;

namespace {

v1::ApplyRequest request(const std::vector<std::pair<std::string, std::string>>& files) {
    v1::ApplyRequest request;
    request.mutable_plan()->mutable_ref()->set_network("net");
    request.mutable_plan()->mutable_ref()->set_node("node");
    request.mutable_plan()->set_kind("peer");
    request.mutable_plan()->set_engine("builtin");
    for (const auto& [path, content] : files) {
        auto* piece = request.add_pieces();
        piece->set_path(path);
        piece->set_content(content);
    }
    return request;
}

Result<Plan> planOf(const v1::ApplyRequest& request) {
    PlanReader reader;
    RETURN_IF_ERROR(reader.add(request));
    return reader.finish();
}

}  // namespace

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesPaths_data();
    void refusesPaths();
    void refusesPlans_data();
    void refusesPlans();
    void takesPieces();
    void capsFilesAndBytes();
    void followsPlans();
    void finishesWhatACrashLeft();
    void refusesWaysThroughLinks();
};

void PlanTest::refusesPaths_data() {
    QTest::addColumn<QByteArray>("path");
    const std::vector<QByteArray> paths{"",
                                        "/",
                                        "/etc/passwd",
                                        "..",
                                        "../x",
                                        "a/../x",
                                        "a/..",
                                        "./x",
                                        "a/./x",
                                        ".",
                                        "a//b",
                                        "a/",
                                        "//a",
                                        "a\\b",
                                        "..\\x",
                                        "a\nb",
                                        "a\rb",
                                        "a\tb",
                                        QByteArray("a\0b", 3),
                                        "\x1b[31m",
                                        "a\x7f",
                                        "\xff\xfe",
                                        "\xc0\xaf",
                                        "\xe2\x80\xae"
                                        "txt",
                                        "\xe2\x80\x8f",
                                        "\xe2\x81\xa6",
                                        "\xef\xbb\xbf",
                                        QByteArray(256, 'a'),
                                        QByteArray(300, 'a') + "/b",
                                        QByteArray("a/").repeated(16) + "b",
                                        QByteArray("abcdefg/").repeated(200) + "b",
                                        "a/../../b",
                                        "msp/../../../x",
                                        "a/b/../../../c",
                                        "/proc/self/environ",
                                        "\xed\xa0\x80",
                                        "a/\xe2\x80\xaa/b",
                                        "a\x01",
                                        "a\x1f",
                                        "a/\n",
                                        "..//..",
                                        "a/.. /../..",
                                        "\xf8\x88\x80\x80\x80"};
    int number = 0;
    for (const QByteArray& path : paths) QTest::addRow("%d", ++number) << path;
}

void PlanTest::refusesPaths() {
    QFETCH(const QByteArray, path);
    const std::string text(path.constData(), static_cast<std::size_t>(path.size()));
    const Status status = checkPath(text);
    QCOMPARE(status.code(), StatusCode::kInvalidArgument);
    QCOMPARE(reasonOf(status), std::string("BAD_PLAN"));
}

void PlanTest::refusesPlans_data() {
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const char* reason, const v1::ApplyRequest& request) {
        const std::string bytes = request.SerializeAsString();
        QTest::newRow(name) << reason << QByteArray(bytes.data(), int(bytes.size()));
    };
    row("nothing", "BAD_PLAN", {});
    auto changed = [](auto change) {
        auto made = request({{"a", "b"}});
        change(made);
        return made;
    };
    row("same path twice", "BAD_PLAN", request({{"a", "1"}, {"a", "2"}}));
    row("file as folder", "BAD_PLAN", request({{"a", "1"}, {"a/b", "2"}}));
    row("folder as file", "BAD_PLAN", request({{"a/b/c", "1"}, {"a/b", "2"}}));
    row("piece without path", "BAD_PLAN", request({{"", "1"}}));
    row("no plan", "BAD_PLAN", changed([](auto& r) { r.clear_plan(); }));
    for (const char* kind : {"", "Peer", "client", "peer ", "peer\n"})
        row(("kind " + std::string(kind)).c_str(), "BAD_PLAN",
            changed([&](auto& r) { r.mutable_plan()->set_kind(kind); }));
    for (const char* engine : {"", "../x", "Fabric", "a/b", "-x", "."})
        row(("engine " + std::string(engine)).c_str(), "BAD_PLAN",
            changed([&](auto& r) { r.mutable_plan()->set_engine(engine); }));
    for (const char* name :
         {"", ".", "..", "../x", "a/b", "A", "-a", ".a", "a b", "a\n", "ä", "a_b"}) {
        row(("network " + std::string(name)).c_str(), "BAD_NODE_NAME",
            changed([&](auto& r) { r.mutable_plan()->mutable_ref()->set_network(name); }));
        row(("node " + std::string(name)).c_str(), "BAD_NODE_NAME",
            changed([&](auto& r) { r.mutable_plan()->mutable_ref()->set_node(name); }));
    }
    row("long name", "BAD_NODE_NAME",
        changed([](auto& r) { r.mutable_plan()->mutable_ref()->set_node(std::string(129, 'a')); }));
    row("many labels", "BAD_PLAN", changed([](auto& r) {
            for (int i = 0; i < 101; ++i) (*r.mutable_plan()->mutable_labels())[std::to_string(i)];
        }));
    row("long endpoint", "BAD_PLAN", changed([](auto& r) {
            (*r.mutable_plan()->mutable_endpoints())["grpc"] = std::string(2000, 'x');
        }));
}

void PlanTest::refusesPlans() {
    QFETCH(const QString, reason);
    QFETCH(const QByteArray, bytes);
    v1::ApplyRequest request;
    QVERIFY(request.ParseFromArray(bytes.data(), int(bytes.size())));
    QCOMPARE(QString::fromStdString(reasonOf(planOf(request).status())), reason);
}

void PlanTest::takesPieces() {
    PlanReader reader;
    VERIFY_OK(reader.add(request({{"a/b", "one "}})));
    v1::ApplyRequest more;
    more.add_pieces()->set_content("two");
    more.add_pieces()->set_path("empty");
    VERIFY_OK(reader.add(more));
    const auto plan = reader.finish();
    VERIFY_OK(plan.status());
    QCOMPARE(plan->files.at("a/b").content, Bytes("one two"));
    QCOMPARE(plan->files.at("empty").content, Bytes());
    QCOMPARE(reasonOf(reader.add(request({}))), std::string("BAD_PLAN"));
}

void PlanTest::capsFilesAndBytes() {
    PlanReader many;
    VERIFY_OK(many.add(request({})));
    v1::ApplyRequest more;
    for (std::size_t i = 0; i < kMaxPlanFiles; ++i) more.add_pieces()->set_path(std::to_string(i));
    VERIFY_OK(many.add(more));
    more.Clear();
    more.add_pieces()->set_path("one more");
    QCOMPARE(reasonOf(many.add(more)), std::string("PLAN_TOO_LARGE"));

    PlanReader large;
    VERIFY_OK(large.add(request({{"a", ""}})));
    more.Clear();
    more.add_pieces()->set_content(std::string(4 << 20, 'x'));
    for (int i = 0; i < 16; ++i) VERIFY_OK(large.add(more));
    QCOMPARE(reasonOf(large.add(more)), std::string("PLAN_TOO_LARGE"));
}

void PlanTest::followsPlans() {
    const QTemporaryDir folder;
    const auto state = StateFolder::open(folder.filePath("state").toStdString());
    VERIFY_OK(state.status());
    auto plan = *planOf(request({{"a/b", "1"}, {"c", "2"}}));
    QVERIFY(*applyPlan(*state, plan));
    QVERIFY(!*applyPlan(*state, plan));
    const auto node = state->node(plan.name);
    QCOMPARE(*readFile(node / "a/b"), Bytes("1"));
    // Somebody changes a file: the plan is applied again.
    VERIFY_OK(writeFileAtomically(node / "c", "3"));
    QVERIFY(*applyPlan(*state, plan));
    QCOMPARE(*readFile(node / "c"), Bytes("2"));
    VERIFY_OK(writeFileAtomically(node / "own", "of the node"));
    plan.files.erase("a/b");
    QVERIFY(*applyPlan(*state, plan));
    QVERIFY(!std::filesystem::exists(node / "a"));
    QCOMPARE(*readFile(node / "own"), Bytes("of the node"));
    VERIFY_OK(state->remove(plan.name));
    QCOMPARE(state->nodes().size(), std::size_t(0));
}

void PlanTest::finishesWhatACrashLeft() {
    const QTemporaryDir folder;
    const auto state = StateFolder::open(folder.filePath("state").toStdString());
    const auto first = *planOf(request({{"a", "old"}, {"gone", "x"}}));
    const auto second = *planOf(request({{"a", "new"}, {"b/c", "y"}}));
    QVERIFY(*applyPlan(*state, second));
    const auto kept = state->kept(first.name), node = state->node(first.name);
    const Bytes stored = *readFile(kept / "plan");
    VERIFY_OK(state->remove(first.name));
    QVERIFY(*applyPlan(*state, first));
    // As after the plan became durable and before the folder followed it.
    VERIFY_OK(writeFileAtomically(kept / "plan", stored));
    const auto manifest = finishApply(*state, first.name);
    VERIFY_OK(manifest.status());
    QCOMPARE(*readFile(node / "a"), Bytes("new"));
    QCOMPARE(*readFile(node / "b/c"), Bytes("y"));
    QVERIFY(!std::filesystem::exists(node / "gone"));
    // Half a plan is no plan.
    VERIFY_OK(writeFileAtomically(kept / "plan", stored.substr(0, stored.size() / 2)));
    QCOMPARE(reasonOf(finishApply(*state, first.name).status()), std::string("MANIFEST_DAMAGED"));
}

void PlanTest::refusesWaysThroughLinks() {
    const QTemporaryDir folder;
    const auto state = StateFolder::open(folder.filePath("state").toStdString());
    const auto plan = *planOf(request({{"a/b", "1"}}));
    const std::filesystem::path node = state->node(plan.name),
                                outside = folder.filePath("outside").toStdString();
    std::filesystem::create_directories(outside);
    std::filesystem::create_directories(node);
    std::filesystem::create_directory_symlink(outside, node / "a");
    QCOMPARE(reasonOf(applyPlan(*state, plan).status()), std::string("BAD_PLAN"));
    QVERIFY(std::filesystem::is_empty(outside));
    // A link in a file's own place is replaced, not followed.
    std::filesystem::remove(node / "a");
    std::filesystem::create_directories(node / "a");
    std::filesystem::create_symlink(std::filesystem::path(outside) / "file", node / "a/b");
    QVERIFY(*applyPlan(*state, plan));
    QVERIFY(std::filesystem::is_empty(outside));
    QCOMPARE(*readFile(node / "a/b"), Bytes("1"));
}

CHANCERY_TEST(PlanTest)
#include "PlanTest.moc"
