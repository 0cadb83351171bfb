#include "src/crypto/PasswordHash.h"

#include "tests/support/TestMain.h"

namespace chancery::crypto {

class PasswordHashTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsItsPassword() {
        for (const PasswordCost cost : {PasswordCost::Random, PasswordCost::Chosen}) {
            const auto hash = hashPassword("adminpw", cost);
            VERIFY_OK(hash);
            QVERIFY(hash->find("adminpw") == std::string::npos);
            QVERIFY(isPassword("adminpw", *hash));
            QVERIFY(!isPassword("adminpW", *hash));
            QVERIFY(!isPassword("", *hash));
            QVERIFY(*hash != *hashPassword("adminpw", cost));
        }
    }

    /// RFC 7914, 12, the third vector. A text that asks for more than ours costs is none.
    void readsWhatOthersHaveWritten() {
        const char kThird[] =
            "scrypt$14$8$1$U29kaXVtQ2hsb3JpZGU=$"
            "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI=";
        QVERIFY(isPassword("pleaseletmein", kThird));
        QVERIFY(!isPassword("pleaseletmeout", kThird));
    }

    void refusesWhatIsNoHash_data() {
        QTest::addColumn<QByteArray>("hash");
        for (const char* text :
             {"", "scrypt", "scrypt$14$8$5$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
              "scrypt$20$8$1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
              "scrypt$14$8$1$AAAA$AAAA", "bcrypt$4$1$1$AAAA$AAAA", "scrypt$0$1$1$$",
              "scrypt$60$8$1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
              "scrypt$4$1$1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=$",
              "scrypt$4$1$1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
            QTest::newRow(text) << QByteArray(text);
    }
    void refusesWhatIsNoHash() {
        QFETCH(QByteArray, hash);
        QVERIFY(!isPassword("x", hash.toStdString()));
    }
};

}  // namespace chancery::crypto

using chancery::crypto::PasswordHashTest;
CHANCERY_TEST(PasswordHashTest)
#include "PasswordHashTest.moc"
