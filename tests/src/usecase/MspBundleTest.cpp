#include "src/usecase/MspBundle.h"

#include <QTemporaryDir>
#include <algorithm>
#include <set>

#include "src/base/File.h"
#include "src/identity/Msp.h"
#include "src/usecase/Json.h"
#include "src/usecase/MspBundleWords.h"
#include "tests/src/usecase/MadeMembers.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::must;
using chancery::test::vectorPath;

namespace {

namespace fs = std::filesystem;

fs::path alphaMsp() {
    return vectorPath("msp/peerOrganizations/alpha.pub.test/msp");
}

MspBundle alphaBundle() {
    return must(ExportMspBundle().run(alphaMsp(), MspId("AlphaMSP"), "Alpha"));
}

/// Letters that have to be changed, added or left out to get from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

/// Soundex with six places: words that sound alike have the same.
std::string soundOf(std::string_view word) {
    static constexpr std::string_view kCodes = "01230120022455012623010202";
    const auto codeOf = [](char c) { return kCodes[static_cast<std::size_t>(c - 'a')]; };
    std::string sound(1, word[0] == 'k' || word[0] == 'q' ? 'c' : word[0] == 'z' ? 's' : word[0]);
    char last = codeOf(word[0]);
    for (const char c : word.substr(1)) {
        const char code = codeOf(c);
        if (code != '0' && code != last) sound += code;
        if (c != 'h' && c != 'w') last = code;
    }
    return (sound + "00000").substr(0, 6);
}

}  // namespace

class MspBundleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wordsAreToldApart() {
        const auto& words = fingerprintWordList();
        QVERIFY(std::is_sorted(words.begin(), words.end()));
        std::set<std::string> sounds;
        std::set<std::string_view> beginnings;
        for (std::size_t i = 0; i < words.size(); ++i) {
            QVERIFY(words[i].size() >= 5 && words[i].size() <= 11);
            QVERIFY(std::all_of(words[i].begin(), words[i].end(),
                                [](char c) { return c >= 'a' && c <= 'z'; }));
            QVERIFY2(sounds.insert(soundOf(words[i])).second, std::string(words[i]).c_str());
            QVERIFY2(beginnings.insert(words[i].substr(0, 4)).second,
                     std::string(words[i]).c_str());
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY2(distance(words[i], words[j]) >= 3, std::string(words[i]).c_str());
        }
    }

    void wordsOfBytes() {
        const auto& words = fingerprintWordList();
        const std::string one = fingerprintWords(Bytes(32, '\xff'));
        QVERIFY(one.starts_with(words[255]));
        QCOMPARE(std::count(one.begin(), one.end(), ' '), std::ptrdiff_t(11));
        QVERIFY(one != fingerprintWords(Bytes(11, '\xff') + std::string("\xfe")));
        QVERIFY(sameWords(" Acorn,ADMIRAL - afternoon\n", "acorn admiral afternoon"));
        QVERIFY(!sameWords("acorn admiral", "acorn admiral afternoon"));
        QVERIFY(!sameWords("", ""));
    }

    void theSameContentGivesTheSameBytes() {
        const MspBundle bundle = alphaBundle();
        QCOMPARE(must(ReadMspBundle().ofBytes(bundle.bytes)).bytes, bundle.bytes);
        QCOMPARE(must(ReadMspBundle().ofBytes(bundle.bytes)).words, bundle.words);
        // Bytes that were made once stay what they are: people may have noted their words.
        QCOMPARE(must(readFile(test::dataFolder() / "bundles/alpha.bundle")), bundle.bytes);
        // Other names of files, another order.
        const QTemporaryDir folder;
        const fs::path copy = folder.filePath("msp").toStdString();
        fs::copy(alphaMsp(), copy, fs::copy_options::recursive);
        for (const auto& entry : fs::directory_iterator(copy / "tlscacerts"))
            fs::rename(entry.path(), copy / "tlscacerts/zzz.pem");
        QCOMPARE(must(ExportMspBundle().run(copy, MspId("AlphaMSP"), "Alpha")).bytes, bundle.bytes);
    }

    void keysStayAtHome() {
        // The folder of a user has a key and a signing identity.
        const fs::path user =
            vectorPath("msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp");
        const MspBundle bundle = must(ExportMspBundle().run(user, MspId("AlphaMSP"), "Alpha"));
        QVERIFY(bundle.bytes.find("PRIVATE") == std::string::npos);
        QVERIFY(bundle.config.find("PRIVATE") == std::string::npos);
        const QTemporaryDir folder;
        const fs::path copy = folder.filePath("msp").toStdString();
        fs::copy(alphaMsp(), copy, fs::copy_options::recursive);
        for (const auto& entry : fs::directory_iterator(copy / "cacerts")) {
            const Bytes pem = must(readFile(entry.path()));
            fs::remove(entry.path());
            VERIFY_OK(writeNewFile(
                entry.path(),
                pem + must(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256)).toPem()));
        }
        QCOMPARE(reasonOf(ExportMspBundle().run(copy, MspId("AlphaMSP"), "Alpha").status()),
                 std::string("PRIVATE_KEY_INSIDE"));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const Bytes good = alphaBundle().bytes;
        const auto changed = [&](const char* key, const Json& value) {
            Json json = Json::parse(good);
            json[key] = value;
            return QByteArray::fromStdString(toText(json));
        };
        const auto row = [](const char* name, const QByteArray& bytes, const char* reason) {
            QTest::newRow(name) << bytes << QString(reason);
        };
        row("nothing", "", "NOT_A_BUNDLE");
        row("other JSON", "{}", "NOT_A_BUNDLE");
        row("an array", "[1]", "NOT_A_BUNDLE");
        row("deep", QByteArray(100'000, '['), "NOT_A_BUNDLE");
        row("another format", changed("format", "x"), "NOT_A_BUNDLE");
        row("a later version", changed("version", 2), "UNSUPPORTED_BUNDLE");
        row("no list", changed("root_certs", 1), "NOT_A_BUNDLE");
        row("no texts in a list", changed("root_certs", Json::array({1})), "NOT_A_BUNDLE");
        row("another MSP id", changed("msp_id", "BetaMSP"), "WRONG_MSP");
        row("no certificate", changed("root_certs", Json::array({"x"})), "NOT_PEM");
        row("no root", changed("root_certs", Json::array()), "");
        row("a member as root",
            changed("root_certs",
                    Json::array({must(readFile(vectorPath(
                        "msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp/"
                        "signcerts/User1@alpha.pub.test-cert.pem")))})),
            "");
        row("a key", changed("organisation", "-----BEGIN PRIVATE KEY-----"), "PRIVATE_KEY_INSIDE");
        row("rules that are no message", changed("rules", "/w=="), "MALFORMED_PROTOBUF");
        row("rules that are no base64", changed("rules", "?"), "BAD_BASE64");
        row("spaces", QByteArray::fromStdString(good + " "), "NOT_CANONICAL");
        row("something more", changed("more", 1), "NOT_CANONICAL");
    }

    void refused() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const auto read = ReadMspBundle().ofBytes(bytes.toStdString());
        QVERIFY(!read.ok());
        if (reason.isEmpty())
            QVERIFY(!reasonOf(read.status()).empty());
        else
            QCOMPARE(QString::fromStdString(reasonOf(read.status())), reason);
    }

    void everyByteCounts() {
        const MspBundle bundle = alphaBundle();
        for (std::size_t at = 0; at < bundle.bytes.size(); at += 7) {
            Bytes changed = bundle.bytes;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            const auto read = ReadMspBundle().ofBytes(changed);
            // Refused, or others' words.
            QVERIFY(!read.ok() || read->words != bundle.words);
        }
    }

    void importMakesAFolder() {
        const MspBundle bundle = alphaBundle();
        const QTemporaryDir folder;
        const fs::path made = folder.filePath("alpha").toStdString();
        QCOMPARE(reasonOf(ImportMspBundle().run(bundle, "acorn admiral", made)),
                 std::string("FINGERPRINT_DIFFERS"));
        QVERIFY(!fs::exists(made));
        VERIFY_OK(ImportMspBundle().run(bundle, bundle.words, made));
        // The folder is the organisation again, bit for bit.
        QCOMPARE(must(ExportMspBundle().run(made, MspId("AlphaMSP"), "Alpha")).bytes, bundle.bytes);
        QCOMPARE(reasonOf(ImportMspBundle().run(bundle, bundle.words, made)),
                 std::string("ALREADY_EXISTS"));
    }
};

CHANCERY_TEST(MspBundleTest)
#include "MspBundleTest.moc"
