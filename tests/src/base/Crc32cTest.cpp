#include "src/base/Crc32c.h"

#include "tests/support/TestMain.h"

using namespace chancery;

class Crc32cTest : public QObject {
    Q_OBJECT

private slots:
    // RFC 3720, appendix B.4, and the usual check value.
    void knownValues() {
        QCOMPARE(crc32c("123456789"), 0xE3069283U);
        QCOMPARE(crc32c(Bytes(32, '\0')), 0x8A9136AAU);
        QCOMPARE(crc32c(Bytes(32, '\xFF')), 0x62A8AB43U);
        Bytes rising;
        for (char c = 0; c < 32; ++c) rising.push_back(c);
        QCOMPARE(crc32c(rising), 0x46DD794EU);
        QCOMPARE(crc32c(""), 0U);
    }

    void piecesGiveTheSameAsTheWhole() {
        Bytes bytes;
        for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<char>(i * 37));
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
            QCOMPARE(crc32c(BytesView(bytes).substr(cut), crc32c(BytesView(bytes).substr(0, cut))),
                     crc32c(bytes));
    }
};

CHANCERY_TEST(Crc32cTest)
#include "Crc32cTest.moc"
