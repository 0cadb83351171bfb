#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/contracts/Sample.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

class ProofTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_poe = std::make_unique<Sample>("poe"); }

    void registerAndVerify() {
        QCOMPARE(at(m_poe->evaluate(m_bob, {"Verify", m_hash}), "/registered"),
                 std::string("false"));
        const auto proof = m_poe->submit(
            m_alice, {"Register", m_hash, "Contract", R"({"pages": 3, "author": "A"})"});
        QCOMPARE(at(proof, "/owner"), m_alice.name());
        QVERIFY(m_poe->event.starts_with("ProofRegistered "));
        std::string upper = m_hash;
        for (char& c : upper) c = static_cast<char>(std::toupper(c));
        const auto verified = m_poe->evaluate(m_bob, {"Verify", upper});
        QCOMPARE(at(verified, "/registered"), std::string("true"));
        QCOMPARE(at(verified, "/since"), std::string("2026-11-18T11:06:40.000Z"));
        QCOMPARE(at(verified, "/metadata/pages"), std::string("3"));
        QCOMPARE(at(verified, "/txId"), at(proof, "/txId"));
    }

    void duplicates() {
        m_poe->submit(m_alice, {"Register", m_hash, "Contract", ""});
        for (const Person* person : {&m_alice, &m_bob})
            QCOMPARE(m_poe->refusal(*person, {"Register", m_hash, "Mine", ""}),
                     std::string("ALREADY_REGISTERED"));
        QVERIFY2(m_poe->sentence.find(m_alice.name()) != m_poe->sentence.npos,
                 m_poe->sentence.c_str());
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("hash");
        QTest::addColumn<QByteArray>("title");
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<QByteArray>("code");
        const QByteArray good = QByteArray::fromStdString(m_hash);
        QTest::newRow("no hash") << QByteArray() << QByteArray("t") << QByteArray()
                                 << QByteArray("BAD_HASH");
        QTest::newRow("short") << good.left(63) << QByteArray("t") << QByteArray()
                               << QByteArray("BAD_HASH");
        QTest::newRow("long") << good + "0" << QByteArray("t") << QByteArray()
                              << QByteArray("BAD_HASH");
        QTest::newRow("no hex") << good.left(63) + "g" << QByteArray("t") << QByteArray()
                                << QByteArray("BAD_HASH");
        QTest::newRow("no title") << good << QByteArray(" ") << QByteArray()
                                  << QByteArray("MISSING_ARGUMENT");
        QTest::newRow("long title")
            << good << QByteArray(257, 'a') << QByteArray() << QByteArray("ARGUMENT_TOO_LONG");
        for (const char* metadata : {"{", "[]", "5", "null", R"({"a": {}})", R"({"a": null})"})
            QTest::newRow(metadata)
                << good << QByteArray("t") << QByteArray(metadata) << QByteArray("BAD_METADATA");
        QTest::newRow("much") << good << QByteArray("t")
                              << "{\"a\":\"" + QByteArray(5000, 'x') + "\"}"
                              << QByteArray("BAD_METADATA");
    }
    void refused() {
        QFETCH(QByteArray, hash);
        QFETCH(QByteArray, title);
        QFETCH(QByteArray, metadata);
        QFETCH(QByteArray, code);
        QCOMPARE(m_poe->refusal(m_alice, {"Register", hash.toStdString(), title.toStdString(),
                                          metadata.toStdString()}),
                 code.toStdString());
    }

    void transfer() {
        m_poe->submit(m_alice, {"Register", m_hash, "Contract", ""});
        QCOMPARE(m_poe->refusal(m_bob, {"Transfer", m_hash, m_bob.name()}),
                 std::string("NOT_OWNER"));
        QCOMPARE(m_poe->refusal(m_alice, {"Transfer", m_hash, "bob"}), std::string("BAD_OWNER"));
        QCOMPARE(m_poe->refusal(m_alice, {"Transfer", m_hash, m_alice.name()}),
                 std::string("SAME_OWNER"));
        QCOMPARE(m_poe->refusal(m_alice, {"Transfer", std::string(64, '0'), m_bob.name()}),
                 std::string("NOT_REGISTERED"));
        QCOMPARE(m_poe->evaluate(m_bob, {"WhoAmI"}).get<std::string>(), m_bob.name());
        QCOMPARE(at(m_poe->submit(m_alice, {"Transfer", m_hash, m_bob.name()}), "/transfers"),
                 std::string("1"));
        QVERIFY(m_poe->event.starts_with("ProofTransferred "));
        QCOMPARE(m_poe->refusal(m_alice, {"Transfer", m_hash, m_alice.name()}),
                 std::string("NOT_OWNER"));
        QCOMPARE(at(m_poe->evaluate(m_bob, {"Verify", m_hash}), "/registrant"), m_alice.name());
        const auto history = m_poe->evaluate(m_bob, {"GetHistory", m_hash});
        QCOMPARE(at(history, "/0/owner"), m_bob.name());
        QCOMPARE(at(history, "/1/owner"), m_alice.name());
    }

    void lists() {
        for (int i = 0; i < 5; ++i)
            m_poe->submit(m_alice,
                          {"Register", toHex(crypto::sha256(std::to_string(i))), "Document", ""});
        m_poe->submit(m_alice, {"Transfer", toHex(crypto::sha256("0")), m_bob.name()});
        std::size_t found = 0;
        std::string bookmark;
        do {
            const auto page =
                m_poe->evaluate(m_bob, {"ListByOwner", m_alice.name(), "3", bookmark});
            found += page["hashes"].size();
            bookmark = at(page, "/bookmark");
        } while (!bookmark.empty());
        QCOMPARE(found, std::size_t(4));
        const auto page = m_poe->evaluate(m_bob, {"ListByOwner", m_bob.name(), "3", ""});
        QCOMPARE(at(page, "/hashes/0"), toHex(crypto::sha256("0")));
    }

private:
    const std::string m_hash = toHex(crypto::sha256("a document"));
    const Person m_alice = makePerson("Org1MSP", "alice");
    const Person m_bob = makePerson("Org2MSP", "bob");
    std::unique_ptr<Sample> m_poe;
};

CHANCERY_TEST(ProofTest)
#include "ProofTest.moc"
