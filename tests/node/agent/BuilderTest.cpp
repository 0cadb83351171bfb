#include "node/agent/Builder.h"

#include <QTemporaryDir>
#include <QtTest>

#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;

class BuilderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void releasesAService();
    void refuses_data();
    void refuses();
    void refusesOtherCalls();
};

void BuilderTest::releasesAService() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString(), output = path + "/output",
                      release = path + "/release";
    VERIFY_OK(writeNewFile(path + "/metadata.json", R"({"type":"ccaas","label":"a"})"));
    const std::string connection =
        R"({"address":"contract.example.com:9999","tls_required":false})";
    VERIFY_OK(writeNewFile(path + "/connection.json", connection));
    VERIFY_OK(runBuilder({"detect", path, path}));
    VERIFY_OK(runBuilder({"build", path, path, output}));
    VERIFY_OK(runBuilder({"release", output, release}));
    QCOMPARE(*readFile(release + "/chaincode/server/connection.json"), connection);
}

void BuilderTest::refuses_data() {
    QTest::addColumn<QString>("metadata");
    QTest::addColumn<QString>("connection");
    QTest::addColumn<QString>("reason");
    for (const char* metadata : {"", "[]", "{}", R"({"type":"node"})", R"({"type":7})", "{"})
        QTest::newRow(metadata) << metadata << ""
                                << "OTHER_CONTRACT";
    const QString service = R"({"type":"ccaas"})";
    for (const char* connection :
         {"", "[]", "{}", R"({"address":7})", R"({"address":"x"})", R"({"address":"x:99999"})",
          R"({"address":"http://x:1"})", R"({"address":"../x:1"})", R"({"address":"x:1")"})
        QTest::addRow("connection %s", connection) << service << connection << "BAD_CONNECTION";
}

void BuilderTest::refuses() {
    QFETCH(const QString, metadata);
    QFETCH(const QString, connection);
    QFETCH(const QString, reason);
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    VERIFY_OK(writeNewFile(path + "/metadata.json", metadata.toStdString()));
    VERIFY_OK(writeNewFile(path + "/connection.json", connection.toStdString()));
    Status status = runBuilder({"detect", path, path});
    if (status.ok()) status = runBuilder({"build", path, path, path + "/output"});
    QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
    QVERIFY(!std::filesystem::exists(path + "/output"));
}

void BuilderTest::refusesOtherCalls() {
    const std::vector<std::vector<std::string_view>> calls{{},
                                                           {"run"},
                                                           {"run", "a", "b"},
                                                           {"detect"},
                                                           {"detect", "a"},
                                                           {"build", "a", "b"},
                                                           {"release", "a"},
                                                           {"Detect", "a", "b"}};
    for (const auto& call : calls)
        QCOMPARE(reasonOf(runBuilder(call)), std::string("BAD_BUILDER_CALL"));
}

CHANCERY_TEST(BuilderTest)
#include "BuilderTest.moc"
