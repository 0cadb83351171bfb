#include "src/crypto/TokenPlace.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <fstream>

#include "src/crypto/SecretFile.h"
#include "tests/support/TestMain.h"

namespace chancery::crypto {

/// How settings name keys in tokens, and the files with their PINs.
class TokenPlaceTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string write(const char* name, const std::string& text, unsigned mode) const {
        const std::string path = m_folder.filePath(name).toStdString();
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }

private Q_SLOTS:
    void readsUris() {
        TokenPlace place;
        VERIFY_OK(readTokenUri("pkcs11:token=The%20CA;object=a%3bb;id=%01%fF;serial=7;type=private",
                               place));
        QCOMPARE(place.token.label, std::string("The CA"));
        QCOMPARE(place.token.serial, std::string("7"));
        QCOMPARE(place.key.label, std::string("a;b"));
        QCOMPARE(place.key.id, std::string("\x01\xff"));
    }

    void refusesOthers_data() {
        QTest::addColumn<QByteArray>("uri");
        for (const char* uri :
             {"", "pkcs11", "pkcs11:", "PKCS11:token=a", "file:token=a", "pkcs11:object=a",
              "pkcs11:token", "pkcs11:token=", "pkcs11:token=a;token=b", "pkcs11:token=a;;object=b",
              "pkcs11:token=a;color=red", "pkcs11:token=a;type=cert", "pkcs11:token=%4",
              "pkcs11:token=%zz", "pkcs11:token=a;pin-value=1234", "pkcs11:token=a?pin-value=1234",
              "pkcs11:token=a?module-path=/m.so", "pkcs11:token=a;=b"})
            QTest::newRow(uri) << QByteArray(uri);
        QTest::newRow("long") << QByteArray("pkcs11:token=") + QByteArray(2000, 'a');
        QTest::newRow("long part") << QByteArray("pkcs11:token=") + QByteArray(129, 'a');
    }
    void refusesOthers() {
        QFETCH(QByteArray, uri);
        TokenPlace place;
        const Status status = readTokenUri(uri.toStdString(), place);
        QCOMPARE(reasonOf(status), std::string("BAD_TOKEN_URI"));
        QVERIFY(status.ToString().find("1234") == std::string::npos);
    }

    void readsSecrets() {
        const auto secret = readSecretFile(write("pin", "12 34\r\nnote\n", 0600));
        VERIFY_OK(secret);
        QCOMPARE(Bytes(secret->view()), Bytes("12 34"));
        for (const unsigned mode : {0640U, 0604U, 0660U, 0666U, 0700U | 010U})
            QCOMPARE(reasonOf(readSecretFile(write("loose", "1", mode)).status()),
                     std::string("SECRET_FILE_MODE"));
        QVERIFY(readSecretFile(write("empty", "\n1", 0600))->empty());
        QVERIFY(!readSecretFile(m_folder.filePath("missing").toStdString()).ok());
        QCOMPARE(reasonOf(readSecretFile(write("big", std::string(2000, '1'), 0600)).status()),
                 std::string("FILE_TOO_LARGE"));
    }

    /// systemd lets the service's user in by a list, which shows as rights of the group.
    void readsCredentials() {
        const std::string file = write("credential", "1234", 0440);
        QCOMPARE(reasonOf(readSecretFile(file).status()), std::string("SECRET_FILE_MODE"));
        ::setenv("CREDENTIALS_DIRECTORY", m_folder.path().toStdString().c_str(), 1);
        // It belongs to root there.
        if (::geteuid() == 0) VERIFY_OK(readSecretFile(file));
        ::chmod(file.c_str(), 0444);
        QCOMPARE(reasonOf(readSecretFile(file).status()), std::string("SECRET_FILE_MODE"));
        ::unsetenv("CREDENTIALS_DIRECTORY");
    }
};

}  // namespace chancery::crypto

using chancery::crypto::TokenPlaceTest;
CHANCERY_TEST(TokenPlaceTest)
#include "TokenPlaceTest.moc"
