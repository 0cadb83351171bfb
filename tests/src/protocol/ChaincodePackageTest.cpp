#include "src/protocol/ChaincodePackage.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/src/protocol/FactShape.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
using nlohmann::json;

namespace {

/// One entry of a hand-made archive.
struct Entry {
    std::string name;
    Bytes content;
    mode_t type = AE_IFREG;
    std::string link;
    bool hard = false;
};

la_ssize_t append(archive*, void* out, const void* bytes, std::size_t count) {
    static_cast<Bytes*>(out)->append(static_cast<const char*>(bytes), count);
    return static_cast<la_ssize_t>(count);
}

Bytes tarGz(const std::vector<Entry>& entries) {
    Bytes out;
    archive* a = archive_write_new();
    archive_write_add_filter_gzip(a);
    archive_write_set_format_pax_restricted(a);
    archive_write_open(a, &out, nullptr, append, nullptr);
    for (const Entry& entry : entries) {
        archive_entry* e = archive_entry_new();
        archive_entry_set_pathname(e, entry.name.c_str());
        archive_entry_set_filetype(e, entry.type);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, static_cast<la_int64_t>(entry.content.size()));
        if (entry.hard)
            archive_entry_set_hardlink(e, entry.link.c_str());
        else if (!entry.link.empty())
            archive_entry_set_symlink(e, entry.link.c_str());
        archive_write_header(a, e);
        archive_write_data(a, entry.content.data(), entry.content.size());
        archive_entry_free(e);
    }
    archive_write_close(a);
    archive_write_free(a);
    return out;
}

const Entry kMetadata{"metadata.json", R"({"path":"p","type":"ccaas","label":"good"})"};

Entry code(const std::vector<Entry>& entries = {{"connection.json", "{}"}}) {
    return {"code.tar.gz", tarGz(entries)};
}

std::string refusal(const std::vector<Entry>& entries, const PackageLimits& limits = {}) {
    return reasonOf(readChaincodePackage(tarGz(entries), limits).status());
}

/// Our reasons in Fabric's words, so far as the fact files quote them.
std::string fabricText(const Status& status) {
    const std::string reason = reasonOf(status);
    const std::string prefix = "could not parse as a chaincode install package: ";
    if (reason == "BAD_LABEL") return prefix + "invalid label";
    if (reason == "NO_CODE") return prefix + "did not find a code package inside the package";
    if (reason == "NO_METADATA") return prefix + "did not find any package metadata";
    if (reason == "METADATA_NOT_JSON") return prefix + "could not unmarshal metadata.json as json";
    if (reason == "NOT_GZIP") return prefix + "error reading as gzip stream: gzip: invalid header";
    if (reason == "TRUNCATED") return prefix + "error reading as gzip stream: unexpected EOF";
    return "no words for " + reason;
}

}  // namespace

class ChaincodePackageTest : public QObject {
    Q_OBJECT

private slots:
    void packagesOfTheVectors_data() {
        QTest::addColumn<QString>("file");
        for (const auto& [name, fact] : test::facts()["packages"].items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void packagesOfTheVectors() {
        QFETCH(QString, file);
        const json& fact = test::facts()["packages"][file.toStdString()];
        const auto path = test::vectorPath("packages/" + file.toStdString());
        const auto package = readChaincodePackageFile(path);
        if (!package.ok()) {
            QCOMPARE(fact.size(), std::size_t{1});
            const std::string words = fabricText(package.status());
            QVERIFY2(fact["error"].get<std::string>().starts_with(words),
                     (fact.dump() + " / " + words).c_str());
            return;
        }
        json ours{
            {"package_id", package->packageId},
            {"sha256", toHex(crypto::sha256(test::vectorFile("packages/" + file.toStdString())))},
            {"metadata", package->metadataJson},
            {"entries", ""},
            {"code_entries", ""}};
        for (const std::string& entry : package->entries)
            ours["entries"] = ours["entries"].get<std::string>() + entry + " ";
        for (const PackageFile& entry : package->codeEntries)
            ours["code_entries"] = ours["code_entries"].get<std::string>() + entry.name + " ";
        const auto found = test::differences(fact, ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
        const json metadata = json::parse(package->metadataJson);
        QCOMPARE(package->label, metadata["label"].get<std::string>());
        QCOMPARE(package->type, metadata["type"].get<std::string>());
        QCOMPARE(package->path, metadata.value("path", ""));
    }

    void allOfThemWereLookedAt() { QCOMPARE(test::facts()["packages"].size(), std::size_t{19}); }

    void hostileEntries_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("outside");
        QTest::addColumn<QString>("inCode");
        const auto row = [](const char* name, mode_t type, const char* link, const char* outside,
                            const char* inCode) {
            QTest::newRow(fmt::format("{} {}", name, type).c_str())
                << name << static_cast<int>(type) << link << outside << inCode;
        };
        row("../escape", AE_IFREG, "", "UNSAFE_PATH", "UNSAFE_PATH");
        row("a/../../escape", AE_IFREG, "", "UNSAFE_PATH", "UNSAFE_PATH");
        row("a/..", AE_IFREG, "", "UNSAFE_PATH", "UNSAFE_PATH");
        row("/etc/passwd", AE_IFREG, "", "UNSAFE_PATH", "UNSAFE_PATH");
        row("a\\b", AE_IFREG, "", "UNSAFE_PATH", "UNSAFE_PATH");
        row("link", AE_IFLNK, "/etc/passwd", "NOT_REGULAR", "NOT_REGULAR");
        row("pipe", AE_IFIFO, "", "NOT_REGULAR", "NOT_REGULAR");
        row("device", AE_IFCHR, "", "NOT_REGULAR", "NOT_REGULAR");
        row("folder/", AE_IFDIR, "", "NOT_REGULAR", "");
        row("..dots/..fine", AE_IFREG, "", "", "");
    }
    void hostileEntries() {
        QFETCH(QString, name);
        QFETCH(int, type);
        QFETCH(QString, link);
        QFETCH(QString, outside);
        QFETCH(QString, inCode);
        const Entry hostile{name.toStdString(), "", static_cast<mode_t>(type), link.toStdString()};
        QCOMPARE(QString::fromStdString(refusal({kMetadata, code(), hostile})), outside);
        QCOMPARE(QString::fromStdString(refusal({kMetadata, code({hostile})})), inCode);
    }

    void hardLinksAndDuplicates() {
        Entry hard{"again.json", "", AE_IFREG, "metadata.json"};
        hard.hard = true;
        QCOMPARE(refusal({kMetadata, hard, code()}), std::string("NOT_REGULAR"));
        QCOMPARE(refusal({kMetadata, code(), kMetadata}), std::string("DUPLICATE_ENTRY"));
        QCOMPARE(refusal({kMetadata, code({{"a", "1"}, {"a", "2"}})}),
                 std::string("DUPLICATE_ENTRY"));
    }

    void bombs() {
        const Entry zeros{"zeros", Bytes(8U << 20, '\0')};
        QCOMPARE(refusal({kMetadata, code({zeros})}), std::string("UNPACKS_TOO_LARGE"));
        QCOMPARE(refusal({kMetadata, zeros}), std::string("UNPACKS_TOO_LARGE"));
        QCOMPARE(refusal({kMetadata, {"code.tar.gz", Bytes(8U << 20, '\0')}}),
                 std::string("UNPACKS_TOO_LARGE"));
        PackageLimits limits;
        limits.maxUnpackedBytes = 1000;
        QCOMPARE(refusal({kMetadata, code({{"big", Bytes(1001, 'x')}})}, limits),
                 std::string("UNPACKS_TOO_LARGE"));
        limits = {};
        limits.maxEntries = 3;
        QCOMPARE(refusal({kMetadata, code(), {"1", ""}, {"2", ""}}, limits),
                 std::string("TOO_MANY_ENTRIES"));
        QCOMPARE(refusal({kMetadata, code({{"1", ""}, {"2", ""}, {"3", ""}, {"4", ""}})}, limits),
                 std::string("TOO_MANY_ENTRIES"));
        limits = {};
        limits.maxPackedBytes = 100;
        QCOMPARE(refusal({kMetadata, code()}, limits), std::string("PACKAGE_TOO_LARGE"));
        QCOMPARE(refusal({{"metadata.json", Bytes(2U << 20, ' ')}, code()}),
                 std::string("UNPACKS_TOO_LARGE"));
    }

    void cutAndGarbledPackages() {
        const Bytes good = test::vectorFile("packages/golang.tar.gz");
        int refused = 0;
        for (std::size_t size = 0; size < good.size(); size += 7)
            if (!readChaincodePackage(good.substr(0, size)).ok()) ++refused;
        // The end of a stream after the last entry is not needed, for Fabric neither.
        QVERIFY(refused > static_cast<int>(good.size() / 7) - 10);
        for (std::size_t at = 0; at < good.size(); at += 5) {
            Bytes bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
            const auto package = readChaincodePackage(bytes);
            if (package.ok()) QVERIFY(package->packageId != packageIdOf("assets-go_1.0", good));
        }
        QCOMPARE(refusal({kMetadata, {"code.tar.gz", "no archive at all"}}),
                 std::string("NOT_GZIP"));
        QCOMPARE(refusal({kMetadata, {"code.tar.gz", ""}}), std::string("TRUNCATED"));
    }

    void metadataThatIsNone() {
        for (const char* text :
             {"", "[]", "1", "\"x\"", "{\"label\": 1}", "{\"type\": {}, \"label\":\"a\"}",
              "{\"label\":\"a\"", "{\"label\":\"\xff\"}"})
            QCOMPARE(refusal({{"metadata.json", text}, code()}), std::string("METADATA_NOT_JSON"));
        for (const char* text : {"null", "{}", "{\"label\": null}", "{\"label\": \"-a\"}",
                                 "{\"label\": \"a b\"}", "{\"label\": \"\\u00e4\"}"})
            QCOMPARE(refusal({{"metadata.json", text}, code()}), std::string("BAD_LABEL"));
        QCOMPARE(refusal({{"metadata.json", "{\"LABEL\": \"upper\", \"more\": [1]}"}, code()}),
                 std::string());
    }

    void writtenPackagesAreReadAndRepeatable() {
        PackageSource source{
            "my.label-1+x", "node", "./src", {{"src/b.js", "b"}, {"src/a.js", ""}}};
        const auto bytes = writeChaincodePackage(source);
        VERIFY_OK(bytes);
        const auto package = readChaincodePackage(*bytes);
        VERIFY_OK(package);
        QCOMPARE(package->label, source.label);
        QCOMPARE(package->type, source.type);
        QCOMPARE(package->path, source.path);
        QCOMPARE(package->entries, (std::vector<std::string>{"metadata.json", "code.tar.gz"}));
        QCOMPARE(package->codeEntries.size(), std::size_t{2});
        QCOMPARE(package->codeEntries[0].name, std::string("src/a.js"));
        QCOMPARE(package->metadataJson,
                 Bytes(R"({"path":"./src","type":"node","label":"my.label-1+x"})"));
        std::swap(source.files[0], source.files[1]);
        QCOMPARE(writeChaincodePackage(source).value(), *bytes);
        QCOMPARE(package->packageId, packageIdOf(source.label, *bytes));
        source.files[0].content = "changed";
        QVERIFY(writeChaincodePackage(source).value() != *bytes);
    }

    void whatCannotBeWritten() {
        QCOMPARE(reasonOf(writeChaincodePackage({"bad label", "", "", {}}).status()),
                 std::string("BAD_LABEL"));
        QCOMPARE(reasonOf(writeChaincodePackage({"a", "", "", {{"../x", ""}}}).status()),
                 std::string("UNSAFE_PATH"));
        QCOMPARE(reasonOf(writeChaincodePackage({"a", "", "", {{"x", ""}, {"x", ""}}}).status()),
                 std::string("DUPLICATE_ENTRY"));
        const std::string longName = std::string(150, 'd') + "/" + std::string(150, 'f');
        const auto bytes = writeChaincodePackage({"a", "", "", {{longName, "x"}}});
        VERIFY_OK(bytes);
        QCOMPARE(readChaincodePackage(*bytes).value().codeEntries.at(0).name, longName);
    }
};

CHANCERY_TEST(ChaincodePackageTest)
#include "ChaincodePackageTest.moc"
