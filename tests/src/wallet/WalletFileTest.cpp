#include "src/wallet/WalletFile.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/wallet/AuditLog.h"
#include "src/wallet/Header.h"
#include "src/wallet/Records.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wallet;

/// The forms of a workspace's files, from any bytes.
class WalletFileTest : public QObject {
    Q_OBJECT
private slots:
    void aFileComesBack();
    void everyFlippedBitIsNoticed();
    void otherTextsAreRefused_data();
    void otherTextsAreRefused();
    void headersComeBack();
    void weakDerivationsAreRefused_data();
    void weakDerivationsAreRefused();
    void theAuditLogIsAChain();
    void everyFlippedBitOfTheLogIsNoticed();
    void entriesWithoutPassphraseAreFew();
};

namespace {

std::string summed(const std::string& text) {
    return text + toHex(crypto::sha256(text)) + "\n";
}

Bytes chainOf(int entries, const crypto::Secret* key) {
    Bytes all;
    Bytes previous;
    for (int i = 1; i <= entries; ++i) {
        AuditEntry entry{std::uint64_t(i),
                         absl::FromUnixSeconds(1'800'000'000 + i),
                         "ann (1000)",
                         "KEY_GENERATED",
                         "key " + std::to_string(i),
                         "note"};
        all += writeAuditEntry(entry, previous, key);
        previous = entry.hash;
    }
    return all;
}

}  // namespace

void WalletFileTest::aFileComesBack() {
    const WalletFile file{"key", R"({"id":"x"})", Bytes("\0\1\2\xFF", 4)};
    const Bytes bytes = writeWalletFile(file);
    QCOMPARE(bytes.substr(0, 40), Bytes("chancery-wallet 1 key\n{\"id\":\"x\"}\nAAEC/w"));
    const auto again = parseWalletFile(bytes, "key", "keys/x.key");
    VERIFY_OK(again);
    QCOMPARE(again->kind, file.kind);
    QCOMPARE(again->metadata, file.metadata);
    QCOMPARE(again->sealed, file.sealed);
    QVERIFY(associatedBytes(file, "keys/x.key") != associatedBytes(file, "keys/y.key"));
}

void WalletFileTest::everyFlippedBitIsNoticed() {
    const Bytes bytes = writeWalletFile({"identity", R"({"label":"a"})", Bytes(40, 's')});
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            Bytes changed = bytes;
            changed[at] = char(changed[at] ^ (1 << bit));
            const auto parsed = parseWalletFile(changed, "identity", "identities/a.identity");
            QVERIFY(!parsed.ok());
            QVERIFY(messageOf(parsed.status()).find("identities/a.identity") !=
                    std::string_view::npos);
        }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!parseWalletFile(BytesView(bytes).substr(0, size), "identity", "x").ok());
}

void WalletFileTest::otherTextsAreRefused_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const std::string& text, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(reason);
    };
    row("nothing", "", "WALLET_FILE_DAMAGED");
    row("another format", "-----BEGIN PRIVATE KEY-----\n", "WALLET_FILE_DAMAGED");
    row("a later version", summed("chancery-wallet 2 key\n{}\n\n"), "NEWER_FORMAT");
    row("another kind", summed("chancery-wallet 1 identity\n{}\n\n"), "WALLET_FILE_DAMAGED");
    row("no base64", summed("chancery-wallet 1 key\n{}\n***\n"), "WALLET_FILE_DAMAGED");
    row("a line more", summed("chancery-wallet 1 key\n{}\n\n") + "\n", "WALLET_FILE_DAMAGED");
    row("version zero", summed("chancery-wallet 01 key\n{}\n\n"), "WALLET_FILE_DAMAGED");
    row("no version", summed("chancery-wallet key\n{}\n\n"), "WALLET_FILE_DAMAGED");
    row("too long", summed("chancery-wallet 1 key\n" + std::string(300 << 10, ' ') + "\n\n"),
        "WALLET_FILE_DAMAGED");
}

void WalletFileTest::otherTextsAreRefused() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reason);
    QCOMPARE(reasonOf(parseWalletFile(text.toStdString(), "key", "f").status()),
             reason.toStdString());
}

void WalletFileTest::headersComeBack() {
    const Header header{std::string(32, 'a'),
                        absl::FromUnixSeconds(1'800'000'000),
                        7,
                        {.log2N = 18, .r = 8, .p = 2},
                        Bytes(32, 's')};
    const auto again = parseHeader(writeHeader(header));
    VERIFY_OK(again);
    QCOMPARE(again->id, header.id);
    QVERIFY(again->made == header.made && again->cost == header.cost);
    QCOMPARE(again->generation, header.generation);
    QCOMPARE(again->salt, header.salt);
    for (const char* text : {"", "[]", "{}", "null", R"({"id":1})"})
        QCOMPARE(reasonOf(parseHeader(text).status()), std::string("WALLET_FILE_DAMAGED"));
}

void WalletFileTest::weakDerivationsAreRefused_data() {
    QTest::addColumn<unsigned>("log2N");
    QTest::addColumn<unsigned>("r");
    QTest::addColumn<unsigned>("p");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("the least") << 17U << 8U << 1U << QByteArray("");
    QTest::newRow("more memory") << 18U << 8U << 1U << QByteArray("");
    QTest::newRow("more lanes") << 17U << 8U << 2U << QByteArray("");
    QTest::newRow("half") << 16U << 8U << 1U << QByteArray("WEAK_KDF");
    QTest::newRow("narrow") << 17U << 4U << 1U << QByteArray("WEAK_KDF");
    QTest::newRow("nothing") << 0U << 1U << 1U << QByteArray("WEAK_KDF");
    QTest::newRow("no lanes") << 17U << 8U << 0U << QByteArray("BAD_KDF");
    QTest::newRow("1 GiB") << 20U << 8U << 1U << QByteArray("BAD_KDF");
    QTest::newRow("overflow") << 63U << 8U << 1U << QByteArray("BAD_KDF");
    QTest::newRow("wide") << 17U << 1000000U << 1U << QByteArray("BAD_KDF");
}

void WalletFileTest::weakDerivationsAreRefused() {
    QFETCH(unsigned, log2N);
    QFETCH(unsigned, r);
    QFETCH(unsigned, p);
    QFETCH(QByteArray, reason);
    QCOMPARE(reasonOf(checkCost({log2N, r, p}, kLeastCost)), reason.toStdString());
}

void WalletFileTest::theAuditLogIsAChain() {
    const crypto::Secret key(Bytes(32, 'k'));
    const Bytes log = chainOf(5, &key);
    const auto chain = parseAuditLog(log, &key);
    VERIFY_OK(chain);
    QCOMPARE(chain->entries.size(), std::size_t(5));
    QCOMPARE(chain->goodBytes, std::uint64_t(log.size()));
    QCOMPARE(chain->entries[2].subject, std::string("key 3"));
    QVERIFY(chain->entries[2].sealed);
    // A line that a crash cut short is no damage; it is written over.
    const auto torn = parseAuditLog(log + "{\"n\":6", &key);
    VERIFY_OK(torn);
    QCOMPARE(torn->goodBytes, std::uint64_t(log.size()));
    // Another holder's log is.
    const crypto::Secret other(Bytes(32, 'o'));
    QCOMPARE(reasonOf(parseAuditLog(log, &other).status()), std::string("AUDIT_BROKEN"));
    // Removing or exchanging whole lines is noticed too.
    std::vector<Bytes> lines;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = log.find('\n', at) + 1;
        lines.push_back(log.substr(at, end - at));
        at = end;
    }
    QCOMPARE(argumentOf(parseAuditLog(lines[0] + lines[2], nullptr).status(), "entry"),
             std::string("2"));
    QVERIFY(!parseAuditLog(lines[1] + lines[0], nullptr).ok());
    QVERIFY(!parseAuditLog(lines[0] + lines[0], nullptr).ok());
}

void WalletFileTest::everyFlippedBitOfTheLogIsNoticed() {
    const crypto::Secret key(Bytes(32, 'k'));
    const Bytes log = chainOf(2, &key) + chainOf(0, nullptr);
    for (std::size_t at = 0; at + 1 < log.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            Bytes changed = log;
            changed[at] = char(changed[at] ^ (1 << bit));
            QVERIFY2(!parseAuditLog(changed, &key).ok(), std::to_string(at).c_str());
        }
}

void WalletFileTest::entriesWithoutPassphraseAreFew() {
    AuditEntry refused{1, absl::FromUnixSeconds(1), "x (1)", "UNLOCK_REFUSED", "", ""};
    const Bytes first = writeAuditEntry(refused, {}, nullptr);
    VERIFY_OK(parseAuditLog(first, nullptr));
    AuditEntry forged{2, absl::FromUnixSeconds(2), "x (1)", "KEY_EXPORTED", "", ""};
    const Bytes second = writeAuditEntry(forged, refused.hash, nullptr);
    QCOMPARE(reasonOf(parseAuditLog(first + second, nullptr).status()),
             std::string("AUDIT_BROKEN"));
}

CHANCERY_TEST(WalletFileTest)
#include "WalletFileTest.moc"
