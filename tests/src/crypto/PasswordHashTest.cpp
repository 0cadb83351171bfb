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

    /// RFC 7914, 12: the second vector has other costs, which a stored text may name too.
    void readsOtherCosts() {
        QVERIFY(isPassword("password",
                           "scrypt$10$8$16$TmFDbA==$/bq+HJ00cgB4VucZDQHp/"
                           "nxq18vII3gw53N2Y0s3MWI="));
    }

    void refusesWhatIsNoHash_data() {
        QTest::addColumn<QByteArray>("hash");
        for (const char* text :
             {"", "scrypt", "scrypt$14$8$1$AAAA$AAAA", "bcrypt$4$1$1$AAAA$AAAA", "scrypt$0$1$1$$",
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
