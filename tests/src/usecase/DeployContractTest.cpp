#include "src/usecase/DeployContract.h"

#include <QTemporaryDir>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fabric/peer/collection.pb.h"
#include "src/protocol/ChaincodePackage.h"
#include "src/usecase/CollectionsText.h"
#include "tests/support/TestMain.h"

namespace chancery::usecase {

class DeployContractTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void packagesAService() {
        const auto bytes = PackageContract().ofService(
            "wallet_1", {.endpoint = "127.0.0.1:9999", .tlsRootsPem = "ROOT"});
        VERIFY_OK(bytes);
        const auto package = protocol::readChaincodePackage(*bytes);
        VERIFY_OK(package);
        QCOMPARE(package->type, std::string("ccaas"));
        QCOMPARE(package->packageId, PackageContract::idOf("wallet_1", *bytes));
        QCOMPARE(package->codeEntries.size(), std::size_t(1));
        QCOMPARE(package->codeEntries[0].name, std::string("connection.json"));
        QCOMPARE(*bytes, *PackageContract().ofService(
                             "wallet_1", {.endpoint = "127.0.0.1:9999", .tlsRootsPem = "ROOT"}));
    }

    void packagesAFolder() {
        const QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        std::filesystem::create_directories(root / "lib");
        std::filesystem::create_directories(root / "META-INF/statedb/couchdb/indexes");
        std::ofstream(root / "package.json") << "{}";
        std::ofstream(root / "lib/a.js") << "a";
        std::ofstream(root / "META-INF/statedb/couchdb/indexes/i.json") << "{}";
        std::filesystem::create_symlink("/etc/passwd", root / "lib/link.js");
        const auto bytes = PackageContract().ofFolder("w", "chancery", root);
        VERIFY_OK(bytes);
        const auto package = protocol::readChaincodePackage(*bytes);
        VERIFY_OK(package);
        std::vector<std::string> names;
        for (const auto& file : package->codeEntries) names.push_back(file.name);
        QCOMPARE(names, (std::vector<std::string>{"META-INF/statedb/couchdb/indexes/i.json",
                                                  "src/lib/a.js", "src/package.json"}));
        QCOMPARE(reasonOf(PackageContract().ofFolder("w", "chancery", root / "none").status()),
                 std::string("NO_SUCH_FOLDER"));
    }

    void readsCollections() {
        ::protos::CollectionConfigPackage package;
        VERIFY_OK(readCollectionsJson(
            "[{\"name\":\"c\",\"policy\":\"OR('Org1MSP.member','Org2MSP.member')\","
            "\"requiredPeerCount\":0,\"maxPeerCount\":3,\"blockToLive\":100,"
            "\"memberOnlyRead\":true,"
            "\"endorsementPolicy\":{\"signaturePolicy\":\"OR('Org1MSP.peer')\"}}]",
            package));
        QCOMPARE(package.config_size(), 1);
        const auto& collection = package.config(0).static_collection_config();
        QCOMPARE(collection.name(), std::string("c"));
        QCOMPARE(collection.maximum_peer_count(), 3);
        QCOMPARE(collection.block_to_live(), std::uint64_t(100));
        QVERIFY(collection.member_only_read());
        QVERIFY(!collection.member_only_write());
        QCOMPARE(collection.member_orgs_policy().signature_policy().identities_size(), 2);
        QVERIFY(collection.endorsement_policy().has_signature_policy());
    }

    void refusesBadCollections_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("no list") << QByteArray("{}") << QByteArray("BAD_COLLECTIONS");
        QTest::newRow("no object") << QByteArray("[1]") << QByteArray("BAD_COLLECTIONS");
        QTest::newRow("no name") << QByteArray("[{\"policy\":\"OR('A.member')\"}]")
                                 << QByteArray("BAD_COLLECTIONS");
        QTest::newRow("no policy")
            << QByteArray("[{\"name\":\"c\"}]") << QByteArray("BAD_POLICY_TEXT");
        QTest::newRow("below zero")
            << QByteArray("[{\"name\":\"c\",\"policy\":\"OR('A.member')\",\"maxPeerCount\":-1}]")
            << QByteArray("BAD_COLLECTIONS");
        QTest::newRow("two endorsement policies")
            << QByteArray(
                   "[{\"name\":\"c\",\"policy\":\"OR('A.member')\",\"endorsementPolicy\":"
                   "{\"signaturePolicy\":\"OR('A.peer')\",\"channelConfigPolicy\":\"/x\"}}]")
            << QByteArray("BAD_COLLECTIONS");
    }
    void refusesBadCollections() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, reason);
        ::protos::CollectionConfigPackage package;
        QCOMPARE(reasonOf(readCollectionsJson(json.toStdString(), package)), reason.toStdString());
    }
};

}  // namespace chancery::usecase

using chancery::usecase::DeployContractTest;
CHANCERY_TEST(DeployContractTest)
#include "DeployContractTest.moc"
