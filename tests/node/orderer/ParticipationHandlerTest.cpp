#include "node/orderer/ParticipationHandler.h"

#include "src/protocol/BlockBuilder.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using nlohmann::json;

/// What osnadmin gets to see (fact sheet A §6.4).
class ParticipationHandlerTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void joinListRemove();
    void answers_data();
    void answers();
    void badBlocks_data();
    void badBlocks();
    void otherConsenters();
    void followers();
    void blocksOfFabric();
    void severalChannelsAfterARestart();

private:
    http::Response call(const std::string& method, const std::string& path,
                        std::vector<http::Part> parts = {},
                        std::map<std::string, std::string> headers = {}) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.parts = std::move(parts);
        if (method == "POST" && !headers.contains("content-type"))
            headers["content-type"] = "multipart/form-data; boundary=x";
        request.headers = std::move(headers);
        return m_handler->handle(request);
    }
    http::Response post(const Bytes& block) {
        return call("POST", kChannels, {{"config-block", "config.block", "", block}});
    }
    void open() {
        m_registrar = std::make_unique<Registrar>(m_network.context(),
                                                  Registrar::Options{m_folder->path(), {}});
        VERIFY_OK(m_registrar->start());
        m_handler = std::make_unique<ParticipationHandler>(*m_registrar);
    }

    static constexpr const char* kChannels = "/participation/v1/channels";
    OrderingNetwork m_network;
    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Registrar> m_registrar;
    std::unique_ptr<ParticipationHandler> m_handler;
};

void ParticipationHandlerTest::init() {
    m_folder = std::make_unique<TestFolder>();
    open();
}

void ParticipationHandlerTest::cleanup() {
    m_handler.reset();
    m_registrar.reset();
    m_folder.reset();
}

void ParticipationHandlerTest::joinListRemove() {
    auto response = call("GET", kChannels);
    QCOMPARE(response.status, 200);
    QCOMPARE(response.body, std::string("{\"systemChannel\":null,\"channels\":null}\n"));
    QCOMPARE(response.headers["Cache-Control"], std::string("no-store"));
    QCOMPARE(response.headers["Content-Type"], std::string("application/json"));

    const Bytes block = m_network.genesis().serialize();
    response = post(block);
    const std::string info =
        "{\"name\":\"trade\",\"url\":\"/participation/v1/channels/trade\","
        "\"consensusRelation\":\"consenter\",\"status\":\"active\",\"height\":1}\n";
    QCOMPARE(response.body, info);
    QCOMPARE(response.status, 201);
    QCOMPARE(response.headers["Location"], std::string("/participation/v1/channels/trade"));
    QCOMPARE(call("GET", "/participation/v1/channels/trade").body, info);
    QCOMPARE(call("GET", kChannels).body,
             std::string("{\"systemChannel\":null,\"channels\":[{\"name\":\"trade\",\"url\":"
                         "\"/participation/v1/channels/trade\"}]}\n"));
    response = post(block);
    QCOMPARE(response.status, 405);
    QCOMPARE(response.headers["Allow"], std::string("GET, DELETE"));
    QCOMPARE(response.body, std::string("{\"error\":\"cannot join: channel already exists\"}\n"));

    response = call("DELETE", "/participation/v1/channels/trade");
    QCOMPARE(response.status, 204);
    QVERIFY(response.body.empty());
    QCOMPARE(call("DELETE", "/participation/v1/channels/trade").status, 404);
    QCOMPARE(call("GET", "/participation/v1/channels/trade").status, 404);
    QCOMPARE(post(block).status, 201);
}

void ParticipationHandlerTest::answers_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("accept");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("allow");
    const auto row = [](const char* method, const char* path, int status, const char* allow = "",
                        const char* accept = "") {
        QTest::newRow(fmt::format("{} {} {}", method, path, accept).c_str())
            << method << path << accept << status << allow;
    };
    row("GET", "/participation/v1/", 302);
    row("GET", "/participation/v1/channels", 200);
    row("GET", "/participation/v1/channels", 200, "", "text/html, */*;q=0.1");
    row("GET", "/participation/v1/channels", 200, "", "application/json");
    row("GET", "/participation/v1/channels", 200, "", "application/*");
    row("GET", "/participation/v1/channels", 406, "", "text/html");
    row("GET", "/participation/v1/channels/x", 406, "", "text/html");
    row("DELETE", "/participation/v1/channels/x", 406, "", "text/html");
    row("POST", "/participation/v1/channels", 406, "", "text/html");
    row("PUT", "/participation/v1/channels", 405, "GET, POST");
    row("DELETE", "/participation/v1/channels", 405, "GET, POST");
    row("POST", "/participation/v1/channels/x", 405, "GET, DELETE");
    row("PATCH", "/participation/v1/channels/x", 405, "GET, DELETE");
    row("GET", "/participation/v1/channels/none", 404);
    row("DELETE", "/participation/v1/channels/none", 404);
    row("GET", "/participation/v1/channels/NONE", 400);
    row("GET", "/participation/v1/channels/..", 400);
    row("DELETE", "/participation/v1/channels/no_underscore", 400);
    row("GET", "/participation/v1/channels/a/b", 404);
    row("GET", "/participation/v1/channels/", 404);
    row("GET", "/participation/v1/other", 404);
    row("POST", "/participation/v1/", 404);
}

void ParticipationHandlerTest::answers() {
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, accept);
    QFETCH(int, status);
    QFETCH(QString, allow);
    std::map<std::string, std::string> headers;
    if (!accept.isEmpty()) headers["accept"] = accept.toStdString();
    auto response = call(method.toStdString(), path.toStdString(), {}, headers);
    QCOMPARE(response.status, status);
    QCOMPARE(response.headers["Allow"], allow.toStdString());
    if (status >= 400) QVERIFY(json::parse(response.body, nullptr, false)["error"].is_string());
}

void ParticipationHandlerTest::badBlocks_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("error");
    QTest::newRow("content type") << "type"
                                  << "unsupported Content-Type: [text/plain]";
    QTest::newRow("no part") << "none"
                             << "form does not contains part key: config-block";
    QTest::newRow("other part") << "other"
                                << "form does not contains part key: config-block";
    QTest::newRow("value, not file") << "value"
                                     << "form does not contains part key: config-block";
    QTest::newRow("two parts") << "two"
                               << "form contains too many parts";
    QTest::newRow("too large") << "large"
                               << "http: request body too large";
    QTest::newRow("not a block") << "nonsense"
                                 << "cannot unmarshal file part config-block";
    QTest::newRow("empty") << "empty"
                           << "invalid join block: block is not a config block";
    QTest::newRow("transactions") << "normal"
                                  << "invalid join block: block is not a config block";
    QTest::newRow("data hash") << "hash"
                               << "Header.DataHash is different";
    QTest::newRow("no metadata") << "metadata"
                                 << "does not have metadata";
}

void ParticipationHandlerTest::badBlocks() {
    QFETCH(QString, what);
    QFETCH(QString, error);
    const protocol::Block good = m_network.genesis();
    std::vector<http::Part> parts{{"config-block", "b", "", good.serialize()}};
    std::map<std::string, std::string> headers;
    if (what == "type") headers["content-type"] = "text/plain";
    if (what == "none") parts.clear();
    if (what == "other") parts[0].name = "config";
    if (what == "value") parts[0].fileName.clear();
    if (what == "two") parts.push_back({"more", "", "", "x"});
    if (what == "large") parts[0].content.resize(2 << 20);
    if (what == "nonsense") parts[0].content = "\xff\xff nonsense";
    if (what == "empty") parts[0].content.clear();
    if (what == "normal")
        parts[0].content =
            protocol::buildBlock(1, "x", {m_network.envelope(*m_network.client, "x")}).serialize();
    if (what == "hash") {
        auto header = good.header();
        header.dataHash = header.previousHash;
        parts[0].content =
            protocol::Block(good.owner(), header, good.envelopes(), good.metadataEntries())
                .serialize();
    }
    if (what == "metadata")
        parts[0].content =
            protocol::Block(good.owner(), good.header(), good.envelopes(), {}).serialize();
    const auto response = call("POST", kChannels, parts, headers);
    QCOMPARE(response.status, 400);
    QVERIFY2(response.body.find(error.toStdString()) != std::string::npos, response.body.c_str());
    QVERIFY(m_registrar->list().empty());
    const auto channels = m_folder->path() / "channels";
    QVERIFY(std::filesystem::is_empty(channels));
}

void ParticipationHandlerTest::otherConsenters() {
    // Two would each write blocks of their own.
    channel::Consenter other = m_network.channel.orderers.consenters[0];
    other.clientTlsPem = other.serverTlsPem = m_network.orderers.tls("orderer1").certificatePem;
    OrderingNetwork& network = m_network;
    const auto kept = network.channel.orderers.consenters;
    network.channel.orderers.consenters.push_back(other);
    const auto response = post(network.genesis().serialize());
    network.channel.orderers.consenters = kept;
    QCOMPARE(response.status, 400);
    QVERIFY(m_registrar->list().empty());
}

void ParticipationHandlerTest::followers() {
    const auto kept = m_network.channel.orderers.consenters;
    auto& consenter = m_network.channel.orderers.consenters[0];
    consenter.clientTlsPem = consenter.serverTlsPem =
        m_network.orderers.tls("orderer1").certificatePem;
    const auto response = post(m_network.genesis().serialize());
    m_network.channel.orderers.consenters = kept;
    QCOMPARE(response.status, 201);
    const auto info = json::parse(response.body);
    QCOMPARE(info["consensusRelation"].get<std::string>(), std::string("follower"));
    QCOMPARE(info["status"].get<std::string>(), std::string("active"));
    QCOMPARE(info["height"].get<int>(), 1);
}

void ParticipationHandlerTest::blocksOfFabric() {
    using chancery::test::vectorFile;
    const std::string node =
        "msp/ordererOrganizations/orderers.pub.test/orderers/orderer.orderers.pub.test/";
    m_handler.reset();
    m_registrar.reset();
    auto context = m_network.context();
    context->tls.certificatePem = vectorFile(node + "tls/server.crt");
    m_registrar = std::make_unique<Registrar>(context, Registrar::Options{m_folder->path(), {}});
    VERIFY_OK(m_registrar->start());
    m_handler = std::make_unique<ParticipationHandler>(*m_registrar);
    const auto response = post(vectorFile("ledger/blocks/block_0.pb"));
    QCOMPARE(response.body,
             std::string("{\"name\":\"tradechannel\",\"url\":\"/participation/v1/channels/"
                         "tradechannel\",\"consensusRelation\":\"consenter\",\"status\":"
                         "\"active\",\"height\":1}\n"));
    QCOMPARE(response.status, 201);
    // A later block, not a configuration.
    QCOMPARE(post(vectorFile("ledger/blocks/block_5.pb")).status, 400);
}

void ParticipationHandlerTest::severalChannelsAfterARestart() {
    for (const char* name : {"trade", "another", "third.one"}) {
        m_network.channel.channel = ChannelId(name);
        QCOMPARE(post(m_network.genesis().serialize()).status, 201);
    }
    m_network.channel.channel = ChannelId("trade");
    QCOMPARE(call("DELETE", "/participation/v1/channels/another").status, 204);
    // One that cannot be opened keeps no other from running.
    std::filesystem::create_directories(m_folder->path() / "channels" / "broken");
    m_handler.reset();
    m_registrar.reset();
    open();
    Registrar second(m_network.context(), {m_folder->path(), {}});
    QCOMPARE(reasonOf(second.start()), std::string("IN_USE"));
    std::string names;
    for (const ChannelInfo& info : m_registrar->list())
        names += info.channel.str() + " " + std::string(nameOf(info.status)) + " ";
    QCOMPARE(names, std::string("broken failed third.one active trade active "));
    QVERIFY(!m_registrar->health().ok());
    QCOMPARE(call("DELETE", "/participation/v1/channels/broken").status, 204);
    VERIFY_OK(m_registrar->health());
}

CHANCERY_TEST(ParticipationHandlerTest)
#include "ParticipationHandlerTest.moc"
