#include "src/usecase/Csv.h"

#include "tests/support/TestMain.h"

using chancery::usecase::csvLine;

class CsvTest : public QObject {
    Q_OBJECT
private slots:
    void plainCells();
    void cellsThatNeedQuotes();
    void formulasAreNeutralised_data();
    void formulasAreNeutralised();
};

void CsvTest::plainCells() {
    QCOMPARE(csvLine({"1", "", "VALID"}), std::string("1,,VALID\r\n"));
}

void CsvTest::cellsThatNeedQuotes() {
    QCOMPARE(csvLine({"a,b", "say \"x\"", "two words"}),
             std::string("\"a,b\",\"say \"\"x\"\"\",\"two words\"\r\n"));
    // A line break or an escape of the ledger never makes a new line or reaches a terminal.
    QCOMPARE(csvLine({"a\nb", "\x1b[31m"}), std::string("a\\nb,\\x1b[31m\r\n"));
}

void CsvTest::formulasAreNeutralised_data() {
    QTest::addColumn<QByteArray>("cell");
    for (const char* cell :
         {"=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(\"http://x\")"})
        QTest::newRow(QByteArray(cell).toPercentEncoding().constData()) << QByteArray(cell);
}

void CsvTest::formulasAreNeutralised() {
    QFETCH(QByteArray, cell);
    const std::string line = csvLine({cell.toStdString(), "x"});
    // Quoted, and the first character inside is the apostrophe that makes a spreadsheet take it as
    // text.
    QVERIFY2(line.starts_with("\"'"), line.c_str());
    QCOMPARE(line.substr(line.size() - 4), std::string(",x\r\n"));
}

CHANCERY_TEST(CsvTest)
#include "CsvTest.moc"
