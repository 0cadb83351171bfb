#include "src/crypto/Digest.h"

#include <thread>

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

class DigestTest : public QObject {
    Q_OBJECT
private slots:
    void knownAnswers_data();
    void knownAnswers();
    void partsAreOneMessage();
    void hasherStartsAgain();
    void threadsDoNotMix();
};

// FIPS 180 and 202 examples for "abc"; GM/T 0004 example 1 for SM3.
void DigestTest::knownAnswers_data() {
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, HashAlgorithm algorithm, const char* hex) {
        QTest::newRow(name) << int(algorithm) << QByteArray(hex);
    };
    row("SHA-1", HashAlgorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    row("SHA-256", HashAlgorithm::Sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    row("SHA-384", HashAlgorithm::Sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134"
        "c825a7");
    row("SHA-512", HashAlgorithm::Sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3"
        "feebbd454d4423643ce"
        "80e2a9ac94fa54ca49f");
    row("SHA3-256", HashAlgorithm::Sha3_256,
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    row("SHA3-384", HashAlgorithm::Sha3_384,
        "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228"
        "376d25");
    row("SM3", HashAlgorithm::Sm3,
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

void DigestTest::knownAnswers() {
    QFETCH(int, algorithm);
    QFETCH(QByteArray, expected);
    const Bytes result = digest(HashAlgorithm(algorithm), "abc");
    QCOMPARE(QByteArray::fromStdString(toHex(result)), expected);
    QCOMPARE(result.size(), sizeOf(HashAlgorithm(algorithm)));
}

void DigestTest::partsAreOneMessage() {
    QCOMPARE(sha256({"a", "", "bc"}), sha256("abc"));
    QCOMPARE(toHex(sha256("")),
             std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

void DigestTest::hasherStartsAgain() {
    Hasher hasher;
    QCOMPARE(hasher.update("ab").update("c").finish(), sha256("abc"));
    QCOMPARE(hasher.update("abc").finish(), sha256("abc"));
    Hasher moved(std::move(hasher));
    QCOMPARE(moved.finish(), sha256(""));
    moved = Hasher(HashAlgorithm::Sm3);
    QCOMPARE(moved.update("abc").finish(), digest(HashAlgorithm::Sm3, "abc"));
}

void DigestTest::threadsDoNotMix() {
    const Bytes message(1000, 'x');
    const Bytes expected = sha256(message);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 500; ++n)
                if (sha256({BytesView(message).substr(0, n), BytesView(message).substr(n)}) !=
                    expected)
                    ++wrong;
        });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
}

CHANCERY_TEST(DigestTest)
#include "DigestTest.moc"
