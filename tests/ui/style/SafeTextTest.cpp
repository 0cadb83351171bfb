#include "ui/style/SafeText.h"

#include <QtWidgets>
#include "tests/support/TestMain.h"

namespace chancery::test {

using namespace ui;

class SafeTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ordinaryTextStays() {
        for (const QString& text : {QString("acct/2041"), QString("Zürich 北京 العربية"),
                                    QString::fromUcs4(U"😀"), QString("<b>&amp;</b>")}) {
            QCOMPARE(safeText(text), text);
        }
    }

    void whatDrawsNothingIsShown_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("right-to-left override") << u"a\u202eb"_qs << u"a·U+202E·b"_qs;
        QTest::newRow("isolate") << u"\u2066x"_qs << u"·U+2066·x"_qs;
        QTest::newRow("zero width") << u"a\u200bb"_qs << u"a·U+200B·b"_qs;
        QTest::newRow("byte order mark") << u"\ufeffa"_qs << u"·U+FEFF·a"_qs;
        QTest::newRow("tag letter") << QString::fromUcs4(U"\U000E0041") << u"·U+E0041·"_qs;
        QTest::newRow("escape") << u"\u001b[31m"_qs << u"\u241b[31m"_qs;
        QTest::newRow("null") << QString(QChar(0)) << u"\u2400"_qs;
        QTest::newRow("delete") << u"\u007f"_qs << u"\u2421"_qs;
        QTest::newRow("C1") << u"\u0085"_qs << u"·U+0085·"_qs;
        QTest::newRow("line feed") << u"a\nb"_qs << u"a\u23ceb"_qs;
        QTest::newRow("carriage return") << u"a\rb"_qs << u"a\u240db"_qs;
        QTest::newRow("line separator") << u"a\u2028b"_qs << u"a·U+2028·b"_qs;
        QTest::newRow("lone surrogate") << QString(QChar(0xd800)) << u"\ufffd"_qs;
    }

    void whatDrawsNothingIsShown() {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(safeText(text), shown);
        // What is shown is itself harmless.
        QCOMPARE(safeText(shown), shown);
    }

    void longTextsEnd() {
        const QString text = safeText(QString(1 << 20, 'x'));
        QCOMPARE(text.size(), 4097);
        QVERIFY(text.endsWith(u'…'));
    }

    void towersOfMarksAreCut() {
        const QString text = "a" + QString(500, QChar(0x0301)) + "b";
        QCOMPARE(safeText(text).size(), 6);
    }

    void linesStayWhereTheyAreAsked() {
        QCOMPARE(safeLines(u"a\n\tb\u202e"_qs), u"a\n\tb·U+202E·"_qs);
    }

    void toolTipsAreNeverRichText() {
        const QString tip = safeToolTip("<img src='file:///etc/passwd'>");
        QVERIFY(!tip.contains("<img"));
        QVERIFY(safeToolTip({}).isEmpty());
    }

    void monograms_data() {
        QTest::addColumn<QString>("letters");
        const auto row = [](const char* name, const char* letters) {
            QTest::newRow(name) << QString(letters);
        };
        row("ArxanBank", "AB");
        row("RiverBankMSP", "RB");
        row("HarborPay", "HP");
        row("Regulator", "RG");
        row("LanternTrust", "LT");
        row("OldMill Credit", "OM");
        row("Org1MSP", "O1");
        row("org2-example", "O2");
        row("SampleOrg", "SO");
        row("arxan.bank", "AB");
        row("X", "X");
        row("", "?");
        row("MSP", "MS");
    }

    void monograms() {
        QFETCH(QString, letters);
        QCOMPARE(monogram(QTest::currentDataTag()), letters);
    }

    void shortenedInTheMiddle() {
        QCOMPARE(shortened("097e0ccf9966c483b541", 8, 4), u"097e0ccf…b541"_qs);
        QCOMPARE(shortened("097e0ccf…b541", 8, 4), u"097e0ccf…b541"_qs);
        QCOMPARE(shortened("", 8, 4), QString());
    }
};

CHANCERY_TEST(SafeTextTest)

}  // namespace chancery::test

#include "SafeTextTest.moc"
