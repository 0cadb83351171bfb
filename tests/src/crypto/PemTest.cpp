#include "src/crypto/Pem.h"

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

class PemTest : public QObject {
    Q_OBJECT
private slots:
    void writesColumns();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void tellsWhatIsAround();
    void readsAll();
    void hostileTextCostsLinearTime();
};

void PemTest::writesColumns() {
    QCOMPARE(writePem("X", ""), std::string("-----BEGIN X-----\n-----END X-----\n"));
    const std::string pem = writePem("X Y", Bytes(49, '\0'));
    QCOMPARE(pem, "-----BEGIN X Y-----\n" + std::string(64, 'A') + "\nAA==\n-----END X Y-----\n");
    for (std::size_t size = 0; size < 200; ++size) {
        Bytes der;
        for (std::size_t i = 0; i < size; ++i) der += char(i * 37 + size);
        const auto block = readPem(writePem("ANY LABEL", der));
        QVERIFY(block);
        QCOMPARE(block->der, der);
        QCOMPARE(block->label, std::string("ANY LABEL"));
        QVERIFY(block->rest.empty());
    }
}

// Everything Go's encoding/pem finds the bytes "ABC" ("QUJD") in.
void PemTest::reads_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("label");
    const auto row = [](const char* name, const char* text, const char* label = "A") {
        QTest::newRow(name) << QByteArray(text) << QByteArray(label);
    };
    row("plain", "-----BEGIN A-----\nQUJD\n-----END A-----\n");
    row("no final line end", "-----BEGIN A-----\nQUJD\n-----END A-----");
    row("CRLF", "-----BEGIN A-----\r\nQUJD\r\n-----END A-----\r\n");
    row("leading text", "subject=x\n\nissuer=y\n-----BEGIN A-----\nQUJD\n-----END A-----\n");
    row("trailing text", "-----BEGIN A-----\nQUJD\n-----END A-----\ntext");
    row("one character a line", "-----BEGIN A-----\nQ\nU\nJ\nD\n-----END A-----\n");
    row("blanks in the body", "-----BEGIN A-----\n QU\tJD  \n-----END A-----\n");
    row("blanks behind the marks", "-----BEGIN A----- \t\nQUJD\n-----END A-----  \n");
    row("headers", "-----BEGIN A-----\nKey: Value\nOther:1\n\nQUJD\n-----END A-----\n");
    row("empty label", "-----BEGIN -----\nQUJD\n-----END -----\n", "");
    row("label of words", "-----BEGIN X509 CRL-----\nQUJD\n-----END X509 CRL-----\n", "X509 CRL");
    row("damaged block first",
        "-----BEGIN A-----\n!!\n-----END A-----\n-----BEGIN B-----\nQUJD\n-----END B-----\n", "B");
    row("foreign end mark first",
        "-----BEGIN A-----\nQUJD\n-----END C-----\n-----BEGIN B-----\nQUJD\n-----END B-----\n",
        "B");
    row("begin mark without end of line",
        "-----BEGIN A\n-----BEGIN A-----\nQUJD\n-----END A-----\n");
}

void PemTest::reads() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, label);
    const std::string input = text.toStdString();
    const auto block = readPem(input);
    QVERIFY(block);
    QCOMPARE(block->der, Bytes("ABC"));
    QCOMPARE(block->label, label.toStdString());
}

void PemTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("empty", "");
    row("text", "QUJD");
    row("begin mark inside a line", "x-----BEGIN A-----\nQUJD\n-----END A-----\n");
    row("no end mark", "-----BEGIN A-----\nQUJD\n");
    row("other label at the end", "-----BEGIN A-----\nQUJD\n-----END B-----\n");
    row("text behind the end mark", "-----BEGIN A-----\nQUJD\n-----END A-----x\n");
    row("end mark inside a line", "-----BEGIN A-----\nQUJD-----END A-----\n");
    row("bad character", "-----BEGIN A-----\nQU*D\n-----END A-----\n");
    row("three characters", "-----BEGIN A-----\nQUJ\n-----END A-----\n");
    row("padding in the middle", "-----BEGIN A-----\nQU==QUJD\n-----END A-----\n");
    row("too much padding", "-----BEGIN A-----\nQUI==\n-----END A-----\n");
    row("padding alone", "-----BEGIN A-----\n====\n-----END A-----\n");
    row("one character and padding", "-----BEGIN A-----\nQ===\n-----END A-----\n");
    row("headers to the end", "-----BEGIN A-----\na: b\nc: d\n");
}

void PemTest::refuses() {
    QFETCH(QByteArray, text);
    QVERIFY(!readPem(text.toStdString()));
}

void PemTest::tellsWhatIsAround() {
    const std::string text =
        "before\n-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nQUJD\n-----END A-----\nafter";
    const auto block = readPem(text);
    QVERIFY(block);
    QCOMPARE(block->before, BytesView("before\n"));
    QCOMPARE(block->rest, BytesView("after"));
    QCOMPARE(block->headers.size(), std::size_t(1));
    QCOMPARE(block->headers[0].first, std::string("Proc-Type"));
    QCOMPARE(block->headers[0].second, std::string("4,ENCRYPTED"));
}

void PemTest::readsAll() {
    const std::string text =
        "x\n" + writePem("A", "1") + "y\n" + writePem("B", "2") + writePem("C", "3");
    const auto blocks = readAllPem(text);
    QCOMPARE(blocks.size(), std::size_t(3));
    QCOMPARE(blocks[0].label + blocks[1].label + blocks[2].label, std::string("ABC"));
    QCOMPARE(blocks[0].der + blocks[1].der + blocks[2].der, Bytes("123"));
    QCOMPARE(readAllPem(text, 2).size(), std::size_t(2));
}

// A reading that searched the rest anew for each mark would take minutes here; ctest's limit would
// end it.
void PemTest::hostileTextCostsLinearTime() {
    for (const char* line : {"-----BEGIN A-----\n", "-----BEGIN A-----\nQUJD\n",
                             "-----BEGIN A-----\n-----END B-----\n", "-----BEGIN A-----\nk:v\n",
                             "-----BEGIN \n", "-----END A-----\n"}) {
        std::string text;
        while (text.size() < 4'000'000) text += line;
        QVERIFY(!readPem(text));
        QVERIFY(!readPem(text + "-----END Z-----\n"));
        const auto block = readPem(text + writePem("GOOD", "1"));
        QCOMPARE(block ? block->label : std::string(), std::string("GOOD"));
    }
}

CHANCERY_TEST(PemTest)
#include "PemTest.moc"
