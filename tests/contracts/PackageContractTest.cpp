#include "src/usecase/PackageContract.h"

#include <QTemporaryDir>

#include "node/contract/ContractPackage.h"
#include "src/base/File.h"
#include "src/protocol/ChaincodePackage.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;
namespace fs = std::filesystem;

class PackageContractTest : public QObject {
    Q_OBJECT

private slots:
    void allSamples_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("type");
        for (const char* name : {"wallet", "poe", "supplychain", "digitalid"})
            for (const char* type : {"chancery", "node"})
                QTest::addRow("%s as %s", name, type) << QByteArray(name) << QByteArray(type);
    }
    // What is packed is what runs, and a peer of either kind can read it.
    void allSamples() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        const fs::path folder = fs::path(CHANCERY_CONTRACTS) / name.toStdString();
        const ContractToPackage wanted{folder, name.toStdString() + "_1.0", type.toStdString()};
        const auto packaged = PackageContract().run(wanted);
        VERIFY_OK(packaged);
        QCOMPARE(PackageContract().run(wanted)->packageId, packaged->packageId);
        const auto read = protocol::readChaincodePackage(packaged->bytes);
        VERIFY_OK(read);
        QCOMPARE(read->packageId, packaged->packageId);
        QCOMPARE(read->type, type.toStdString());
        QTemporaryDir place;
        const fs::path file = fs::path(place.path().toStdString()) / "package.tar.gz";
        VERIFY_OK(writeNewFile(file, packaged->bytes));
        const auto unpacked = node::contract::loadContractPackage(file);
        VERIFY_OK(unpacked);
        const auto original = node::contract::loadContractPackage(folder);
        VERIFY_OK(original);
        QVERIFY(unpacked->files == original->files);
        QCOMPARE(unpacked->files.size(), packaged->files);
        QCOMPARE(unpacked->name, name.toStdString());
    }

    void whatIsLeftOut() {
        QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        fs::create_directories(root / "node_modules/x");
        fs::create_directories(root / "META-INF/statedb/couchdb/indexes");
        fs::create_directories(root / ".git");
        for (const char* name :
             {"package.json", "index.js", "node_modules/x/index.js", ".git/config", ".npmrc",
              "META-INF/statedb/couchdb/indexes/i.json"})
            VERIFY_OK(writeNewFile(root / name, "{}"));
        fs::create_symlink("/etc/passwd", root / "passwd");
        const auto packaged = PackageContract().run({root, "a_1", "node"});
        VERIFY_OK(packaged);
        const auto read = protocol::readChaincodePackage(packaged->bytes);
        VERIFY_OK(read);
        std::string names;
        for (const auto& entry : read->codeEntries) names += entry.name + " ";
        QCOMPARE(
            names,
            std::string("META-INF/statedb/couchdb/indexes/i.json src/index.js src/package.json "));
    }

    void refused() {
        QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        const auto reason = [&](const char* label, const char* type) {
            return reasonOf(PackageContract().run({root, label, type}).status());
        };
        QCOMPARE(reason("a_1", "chancery"), std::string("NO_CONTRACT"));
        VERIFY_OK(writeNewFile(root / "package.json", "{}"));
        QCOMPARE(reason("", "chancery"), std::string("BAD_LABEL"));
        QCOMPARE(reason("../a", "chancery"), std::string("BAD_LABEL"));
        QCOMPARE(reason("a_1", "golang"), std::string("BAD_TYPE"));
    }
};

CHANCERY_TEST(PackageContractTest)
#include "PackageContractTest.moc"
