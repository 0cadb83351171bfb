#include "src/crypto/FastVerifier.h"

#include <thread>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Key.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

class FastVerifierTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheOrdinaryCheck();
    void numbersOutOfRange();
    void keysInUse();
};

namespace {

constexpr std::string_view kOrder =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

Bytes pointOf(const PublicKey& key) {
    const Bytes der = key.toDer();
    return der.substr(der.size() - 65);
}

struct Numbers {
    Bytes r, s;
    Bytes der() const { return derSequence({derUnsigned(r), derUnsigned(s)}); }
};

Numbers numbersOf(BytesView signature) {
    DerReader outer(signature);
    DerReader inner(*outer.read(der::kSequence));
    const auto shorten = [](BytesView number) {
        while (!number.empty() && number.front() == 0) number.remove_prefix(1);
        return Bytes(number);
    };
    const Bytes r = shorten(*inner.readInteger());
    return {r, shorten(*inner.readInteger())};
}

Bytes flipped(Bytes bytes, std::size_t bit) {
    bytes[bit / 8 % bytes.size()] = char(bytes[bit / 8 % bytes.size()] ^ (1 << bit % 8));
    return bytes;
}

}  // namespace

void FastVerifierTest::agreesWithTheOrdinaryCheck() {
    for (int i = 0; i < 3; ++i) {
        const auto key = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
        const auto other = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
        const auto fast = FastVerifier::make(pointOf(key->publicKey()));
        QVERIFY(fast != nullptr);
        for (std::size_t n = 0; n < 64; ++n) {
            const Bytes message = "message " + std::to_string(n);
            const Bytes hash = sha256(message);
            const Numbers good = numbersOf(*key->sign(message, HashAlgorithm::Sha256));
            const Numbers foreign = numbersOf(*other->sign(message, HashAlgorithm::Sha256));
            QVERIFY(fast->accepts(good.r, good.s, hash));
            QVERIFY(!fast->accepts(foreign.r, foreign.s, hash));
            const std::size_t bit = n * 37 % 256;
            QVERIFY(!fast->accepts(good.r, good.s, flipped(hash, bit)));
            QVERIFY(!fast->accepts(flipped(good.r, bit), good.s, hash));
            QVERIFY(!fast->accepts(good.r, flipped(good.s, bit), hash));
            QVERIFY(!fast->accepts(good.s, good.r, hash));
        }
    }
}

void FastVerifierTest::numbersOutOfRange() {
    const auto key = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
    const auto fast = FastVerifier::make(pointOf(key->publicKey()));
    QVERIFY(fast != nullptr);
    const Bytes hash = sha256("m");
    const Numbers good = numbersOf(*key->sign("m", HashAlgorithm::Sha256));
    const Bytes order = *fromHex(kOrder);
    for (const Bytes& bad : {Bytes(), Bytes(1, '\0'), order, Bytes(32, '\xff'), Bytes(33, '\x01'),
                             Bytes(500, '\x7f')}) {
        QVERIFY(!fast->accepts(bad, good.s, hash));
        QVERIFY(!fast->accepts(good.r, bad, hash));
    }
    for (const std::size_t size : {0, 20, 31, 33, 48, 64})
        QVERIFY(!fast->accepts(good.r, good.s, Bytes(size, 'h')));
    // e = 0 is a digest like any other: nothing of the generator in the sum.
    QVERIFY(!fast->accepts(good.r, good.s, Bytes(32, '\0')));
    // Not a point of the curve.
    QVERIFY(FastVerifier::make(Bytes(1, '\4') + Bytes(64, '\1')) == nullptr);
    QVERIFY(FastVerifier::make({}) == nullptr);
}

/// Beyond the number of uses that makes the tables, from several threads at once.
void FastVerifierTest::keysInUse() {
    const auto key = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
    const PublicKey known = key->publicKey();
    const Bytes signature = *key->sign("m", HashAlgorithm::Sha256);
    Numbers wrong = numbersOf(signature);
    wrong.r = flipped(wrong.r, 9);
    std::atomic<int> good = 0, refused = 0;
    const auto work = [&] {
        for (int i = 0; i < 400; ++i) {
            good += known.verify("m", signature, HashAlgorithm::Sha256).ok();
            refused +=
                reasonOf(known.verify("m", wrong.der(), HashAlgorithm::Sha256)) == "BAD_SIGNATURE";
        }
    };
    { const std::jthread one(work), two(work), three(work); }
    QCOMPARE(good.load(), 1200);
    QCOMPARE(refused.load(), 1200);
    // Longer digests take the ordinary way.
    VERIFY_OK(known.verify("m", *key->sign("m", HashAlgorithm::Sha384), HashAlgorithm::Sha384));
    QCOMPARE(reasonOf(known.verify("n", signature, HashAlgorithm::Sha256)),
             std::string("BAD_SIGNATURE"));
}

CHANCERY_TEST(FastVerifierTest)
#include "FastVerifierTest.moc"
