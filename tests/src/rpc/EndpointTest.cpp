#include "src/rpc/Endpoint.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::rpc;

class EndpointTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
};

void EndpointTest::reads_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("printed");
    const auto row = [](const char* text, const char* host, int port, const char* path,
                        const char* printed) {
        QTest::newRow(text) << text << host << port << path << printed;
    };
    row("peer0.a.com:7051", "peer0.a.com", 7051, "", "peer0.a.com:7051");
    row("grpcs://peer0:1", "peer0", 1, "", "peer0:1");
    row("127.0.0.1:0", "127.0.0.1", 0, "", "127.0.0.1:0");
    row("[::1]:65535", "::1", 65535, "", "[::1]:65535");
    row("peer_1:07051", "peer_1", 7051, "", "peer_1:7051");
    row("unix:/run/a.sock", "", 0, "/run/a.sock", "unix:/run/a.sock");
    row("unix:///run/a.sock", "", 0, "/run/a.sock", "unix:/run/a.sock");
}

void EndpointTest::reads() {
    QFETCH(QString, text);
    const auto endpoint = parseEndpoint(text.toStdString());
    VERIFY_OK(endpoint);
    QTEST(QString::fromStdString(endpoint->host), "host");
    QTEST(int(endpoint->port), "port");
    QTEST(QString::fromStdString(endpoint->socketPath), "path");
    QTEST(QString::fromStdString(endpoint->toString()), "printed");
    QVERIFY(*parseEndpoint(endpoint->toString()) == *endpoint);
}

void EndpointTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    for (const QByteArray& text : {QByteArray(),
                                   QByteArray("host"),
                                   QByteArray("host:"),
                                   QByteArray(":7051"),
                                   QByteArray("host:65536"),
                                   QByteArray("host:-1"),
                                   QByteArray("host:7x"),
                                   QByteArray("host:070511"),
                                   QByteArray("ho st:1"),
                                   QByteArray("host/x:1"),
                                   QByteArray("user@host:1"),
                                   QByteArray("::1:7051"),
                                   QByteArray("[::1:7051"),
                                   QByteArray("[host]:1"),
                                   QByteArray("[]:1"),
                                   QByteArray("unix:"),
                                   QByteArray("unix:a"),
                                   QByteArray("unix:/a\0b", 9),
                                   "unix:/" + QByteArray(5000, 'x'),
                                   QByteArray(300, 'x') + ":1",
                                   QByteArray("https://host:1"),
                                   QByteArray("\x1B[31m:1")})
        QTest::addRow("%s", text.toPercentEncoding().left(40).constData())
            << text << "BAD_ENDPOINT";
    QTest::newRow("grpc") << QByteArray("grpc://host:7051") << "PLAINTEXT_REFUSED";
    QTest::newRow("http") << QByteArray("http://host:7051") << "PLAINTEXT_REFUSED";
}

void EndpointTest::refuses() {
    QFETCH(QByteArray, text);
    const Status status = parseEndpoint(text.toStdString()).status();
    QTEST(QString::fromStdString(reasonOf(status)), "reason");
    QVERIFY(messageOf(status).find('\x1B') == std::string_view::npos);
}

CHANCERY_TEST(EndpointTest)
#include "EndpointTest.moc"
