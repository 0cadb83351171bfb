#include "node/chaincode/PackageStore.h"

#include <QTemporaryDir>
#include <fstream>

#include "node/chaincode/ConnectionFile.h"
#include "node/chaincode/ContractCommand.h"
#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "tests/node/chaincode/Fixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;
namespace fs = std::filesystem;

namespace {

/// A package whose code.tar.gz is given as it is.
Bytes rawPackage(const std::string& type, const Bytes& code) {
    const Bytes metadata = R"({"type":")" + type + R"(","label":"raw"})";
    return *protocol::writeTarGz({{"metadata.json", metadata}, {"code.tar.gz", code}});
}

}  // namespace

class PackageStoreTest : public QObject {
    Q_OBJECT
private slots:
    void keepsPackages() {
        const Bytes bytes = packageOf("basic_1", "node", {{"package.json", "{}"}});
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "keeps";
        std::string id;
        {
            const auto store = *PackageStore::open(folder);
            const auto saved = store->save(bytes);
            QVERIFY2(saved.ok(), saved.status().ToString().c_str());
            id = saved->packageId;
            QVERIFY(id.starts_with("basic_1:"));
            const auto again = store->save(bytes);
            QCOMPARE(std::string(messageOf(again.status())),
                     "chaincode already successfully installed (package ID '" + id + "')");
        }
        const auto store = *PackageStore::open(folder);
        QCOMPARE(store->list().size(), 1U);
        QCOMPARE(*store->load(id), bytes);
        QCOMPARE(reasonOf(store->load("basic_1:00").status()), std::string("NO_SUCH_PACKAGE"));
        QCOMPARE(reasonOf(store->load("../x:00").status()), std::string("NO_SUCH_PACKAGE"));
        // A file that is not what its name says is left out.
        for (const auto& file : fs::directory_iterator(folder)) {
            std::fstream out(file.path(), std::ios::in | std::ios::out | std::ios::binary);
            out.seekp(30);
            out.put('\x55');
        }
        QCOMPARE((*PackageStore::open(folder))->list().size(), 0U);
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("package");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const Bytes& bytes, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(reason);
        };
        row("no archive", "this is no archive at all", "NOT_GZIP");
        row("golang", packageOf("a", "golang", {{"main.go", ""}}), "UNSUPPORTED_TYPE");
        row("no connection", packageOf("a", "ccaas", {{"x", ""}}), "NO_CODE");
        row("bad index",
            packageOf("a", "node",
                      {{"META-INF/statedb/couchdb/indexes/i.json", R"({"index":{},"x":1})"}}),
            "BAD_INDEX");
        row("traversal", rawPackage("node", *protocol::writeTarGz({{"../../outside", "x"}})),
            "UNSAFE_PATH");
        row("absolute", rawPackage("node", *protocol::writeTarGz({{"/tmp/outside", "x"}})),
            "UNSAFE_PATH");
        row("twice", rawPackage("node", *protocol::writeTarGz({{"a", "x"}, {"a", "y"}})),
            "DUPLICATE_ENTRY");
        row("bomb", rawPackage("node", *protocol::writeTarGz({{"a", Bytes(20U << 20, '0')}})),
            "UNPACKS_TOO_LARGE");
        row("code is no archive", rawPackage("node", "this is no archive at all"), "NOT_GZIP");
    }
    void refuses() {
        QFETCH(QByteArray, package);
        QFETCH(QString, reason);
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "refuses";
        const auto store = *PackageStore::open(folder);
        QCOMPARE(QString::fromStdString(reasonOf(store->save(package.toStdString()).status())),
                 reason);
        QVERIFY(fs::is_empty(folder));
    }

    void unpacksIntoAFolderOfItsOwn() {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "unpacks";
        const auto store = *PackageStore::open(folder / "packages");
        const auto saved = *store->save(
            packageOf("u", "node",
                      {{"package.json", "{}"},
                       {"lib/a/index.js", "x"},
                       {"META-INF/statedb/couchdb/indexes/b.json", R"({"index":{"fields":["a"]}})"},
                       {"META-INF/statedb/couchdb/collections/c/indexes/d.json",
                        R"({"index":{"fields":["b"]},"ddoc":"x","name":"n","type":"json"})"}}));
        const auto code = store->unpack(saved.packageId, folder / "code");
        QVERIFY2(code.ok(), code.status().ToString().c_str());
        QCOMPARE(*readFile(*code / "lib/a/index.js"), Bytes("x"));
        QCOMPARE(*store->unpack(saved.packageId, folder / "code"), *code);
        const auto indexes = *store->indexes(saved.packageId);
        QCOMPARE(indexes.size(), 2U);
        QCOMPARE(indexes[0].collection, std::string("c"));
        QCOMPARE(indexes[1].name, std::string("b.json"));
    }

    void readsConnections_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("result");
        QTest::newRow("plain") << R"({"address":"{{.peername}}_cc:99","dial_timeout":"10s"})"
                               << "p0_cc:99 10000 0";
        QTest::newRow("number") << R"({"address":"a:1","dial_timeout":2000000})"
                                << "a:1 2 0";
        QTest::newRow("default") << R"({"address":"a:1","dial_timeout":""})"
                                 << "a:1 3000 0";
        QTest::newRow("tls") << R"({"address":"a:1","tls_required":true,"root_cert":"pem"})"
                             << "a:1 3000 1";
        QTest::newRow("no root") << R"({"address":"a:1","tls_required":true})"
                                 << "connection.json: tls root cert not provided";
        QTest::newRow("no key")
            << R"({"address":"a","tls_required":true,"root_cert":"x","client_auth_required":true})"
            << "connection.json: client key not provided";
        QTest::newRow("no address") << "{}"
                                    << "connection.json: chaincode address not provided";
        QTest::newRow("no object") << "[1]"
                                   << "connection.json: is not a JSON object";
        QTest::newRow("template") << R"({"address":"{{.other}}:1"})"
                                  << "connection.json: unknown template in '{{.other}}:1'";
        QTest::newRow("timeout") << R"({"address":"a","dial_timeout":"soon"})"
                                 << "dial_timeout";
    }
    void readsConnections() {
        QFETCH(QString, json);
        QFETCH(QString, result);
        const auto file = parseConnectionFile(json.toStdString(), "p0");
        const QString got = file.ok()
                                ? QString("%1 %2 %3")
                                      .arg(QString::fromStdString(file->address))
                                      .arg(file->dialTimeout.count() / 1'000'000)
                                      .arg(file->tlsRequired)
                                : QString::fromStdString(std::string(messageOf(file.status())));
        QVERIFY2(got.contains(result), qPrintable(got));
    }

    void makesCommands() {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "command";
        fs::create_directories(folder / "code/src/node_modules/fabric-shim");
        const auto write = [](const fs::path& path, const std::string& text) {
            std::ofstream(path) << text;
        };
        const auto script = [&](const std::string& start) {
            write(folder / "code/src/package.json", R"({"scripts":{"start":")" + start + R"("}})");
        };
        write(folder / "code/src/node_modules/fabric-shim/cli.js", "");
        ChaincodeOptions options;
        options.mspId = MspId("AlphaMSP");
        options.nodeProgram = "/usr/bin/node";
        const InstalledPackage package{"l:1", "l", "node", PackageKind::Node};
        const ContractCredentials credentials{"127.0.0.1:7052", "roots", {"cert", "key"}};
        const auto make = [&] {
            return nodeCommand(package, folder / "code", folder / "run", credentials, options);
        };
        script("fabric-chaincode-node start");
        auto command = make();
        QVERIFY2(command.ok(), command.status().ToString().c_str());
        QCOMPARE(command->folder, folder / "code/src");
        QCOMPARE(command->arguments.size(), 5U);
        QCOMPARE(command->arguments[1],
                 (folder / "code/src/node_modules/fabric-shim/cli.js").string());
        QCOMPARE(command->arguments[2], std::string("start"));
        QCOMPARE(command->arguments[4], std::string("127.0.0.1:7052"));
        QCOMPARE(command->environment["CORE_CHAINCODE_ID_NAME"], std::string("l:1"));
        QCOMPARE(*readFile(command->environment["CORE_TLS_CLIENT_KEY_PATH"]), Bytes("a2V5"));
        QCOMPARE(*readFile(command->environment["CORE_TLS_CLIENT_KEY_FILE"]), Bytes("key"));
        script("node lib/main.js --x");
        QCOMPARE(make()->arguments[1], std::string("lib/main.js"));
        script("fabric-chaincode-node start; rm -rf /");
        QCOMPARE(reasonOf(make().status()), std::string("BAD_PACKAGE_JSON"));
        script("sh -c x");
        QCOMPARE(reasonOf(make().status()), std::string("BAD_PACKAGE_JSON"));
        script("fabric-chaincode-node start");
        fs::remove_all(folder / "code/src/node_modules");
        QCOMPARE(reasonOf(make().status()), std::string("NO_SHIM"));

        // Ours talks by a socket: no keys and no address.
        const InstalledPackage ours{"l:2", "l", "chancery", PackageKind::Script};
        options.scriptProgram = folder / "code/src/package.json";
        command = scriptCommand(ours, folder / "code", options);
        VERIFY_OK(command);
        QVERIFY(command->talks);
        QCOMPARE(command->arguments.at(0), std::string("--peer.descriptor"));
        QCOMPARE(command->arguments.at(1), std::string("3"));
        QVERIFY(!command->environment.contains("CORE_TLS_CLIENT_KEY_FILE"));
        options.scriptProgram = folder / "nothing";
        QCOMPARE(reasonOf(scriptCommand(ours, folder / "code", options).status()),
                 std::string("NO_CONTRACT_HOST"));
    }

private:
    QTemporaryDir m_folder;
};

CHANCERY_TEST(PackageStoreTest)
#include "PackageStoreTest.moc"
