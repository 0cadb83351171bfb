#include "node/contract/ContractPackage.h"

#include <QTemporaryDir>

#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "src/protocol/ChaincodePackage.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node::contract;
namespace fs = std::filesystem;

namespace {

std::string namesOf(const ContractPackage& package) {
    std::string names;
    for (const auto& [name, content] : package.files) names += name + "=" + content + " ";
    return names;
}

const Bytes kFacts = R"({"name": "n", "version": "1", "main": "m.js"})";

Bytes chaincodePackage(std::vector<protocol::PackageSource::File> files) {
    return protocol::writeChaincodePackage(
               {.label = "l_1", .type = "chancery", .path = "", .files = std::move(files)})
        .value();
}

}  // namespace

class ContractPackageTest : public QObject {
    Q_OBJECT

private slots:
    void aFolder() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        fs::create_directories(root / "lib");
        VERIFY_OK(writeNewFile(root / "package.json", kFacts));
        VERIFY_OK(writeNewFile(root / "lib/a.js", "A"));
        fs::create_symlink("/etc/passwd", root / "passwd");
        fs::create_directory_symlink("/etc", root / "etc");
        const auto package = loadContractPackage(root);
        VERIFY_OK(package);
        QCOMPARE(namesOf(*package), "lib/a.js=A package.json=" + kFacts + " ");
        QCOMPARE(package->name + package->version + package->main, std::string("n1m.js"));
        QCOMPARE(reasonOf(loadContractPackage(root, {.maxBytes = 10}).status()),
                 std::string("FILE_TOO_LARGE"));
        QCOMPARE(reasonOf(loadContractPackage(root, {.maxBytes = kFacts.size()}).status()),
                 std::string("PACKAGE_TOO_LARGE"));
        QCOMPARE(reasonOf(loadContractPackage(root, {.maxFiles = 1}).status()),
                 std::string("TOO_MANY_ENTRIES"));
        QCOMPARE(reasonOf(loadContractPackage(root / "none").status()), std::string("NO_PACKAGE"));
    }

    void archives() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        const Bytes whole = chaincodePackage({{"src/package.json", kFacts},
                                              {"src/m.js", "M"},
                                              {"META-INF/statedb/couchdb/indexes/i.json", "{}"},
                                              {"META-INF/metadata.json", R"({"info": {}})"}});
        VERIFY_OK(writeNewFile(root / "whole.tar.gz", whole));
        const auto package = loadContractPackage(root / "whole.tar.gz");
        VERIFY_OK(package);
        QCOMPARE(namesOf(*package), "m.js=M package.json=" + kFacts + " ");
        QCOMPARE(package->metadata, std::string(R"({"info": {}})"));

        VERIFY_OK(
            writeNewFile(root / "code.tar.gz", protocol::writeTarGz({{"index.js", "I"}}).value()));
        const auto code = loadContractPackage(root / "code.tar.gz");
        VERIFY_OK(code);
        QCOMPARE(namesOf(*code), std::string("index.js=I "));

        VERIFY_OK(writeNewFile(root / "noise.tar.gz", "no archive"));
        QCOMPARE(reasonOf(loadContractPackage(root / "noise.tar.gz").status()),
                 std::string("NOT_GZIP"));
        VERIFY_OK(
            writeNewFile(root / "bad.tar.gz", protocol::writeTarGz({{"../out.js", "I"}}).value()));
        QVERIFY(!loadContractPackage(root / "bad.tar.gz").ok());
        VERIFY_OK(writeNewFile(root / "bomb.tar.gz",
                               protocol::writeTarGz({{"a.js", Bytes(1 << 20, 'a')}}).value()));
        QCOMPARE(loadContractPackage(root / "bomb.tar.gz", {.maxBytes = 1 << 19}).status().code(),
                 StatusCode::kResourceExhausted);
    }

    void facts() {
        QCOMPARE(reasonOf(makeContractPackage({{"package.json", "[]"}}).status()),
                 std::string("BAD_PACKAGE_JSON"));
        QCOMPARE(reasonOf(makeContractPackage({{"package.json", "{"}}).status()),
                 std::string("BAD_PACKAGE_JSON"));
        const auto odd = makeContractPackage(
            {{"package.json", R"({"name": 5, "main": null, "type": "module"})"}});
        VERIFY_OK(odd);
        QCOMPARE(odd->name + odd->main, std::string());
        QVERIFY(odd->isEcmaScriptModule);
        QCOMPARE(reasonOf(makeContractPackage({{"META-INF/metadata.json", "nothing"}}).status()),
                 std::string("BAD_CONTRACT_METADATA"));
    }
};

CHANCERY_TEST(ContractPackageTest)
#include "ContractPackageTest.moc"
