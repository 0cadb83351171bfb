#include "ui/models/Link.h"

#include "tests/support/TestMain.h"
#include "ui/models/LinkHistory.h"
#include "ui/models/Recognition.h"

using chancery::ui::Link;
using chancery::ui::LinkHistory;
using chancery::ui::recognise;
using chancery::ui::Recognition;

class LinkTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goesThroughText_data() {
        QTest::addColumn<Link>("link");
        QTest::newRow("plain") << Link{"ledger", "settlement", "tx", "097e"};
        QTest::newRow("page") << Link{"ledger", "k1", "ledger", ""};
        QTest::newRow("strange letters") << Link{"a/b", "100 %", "key", "acct/2041?x=#1"};
        QTest::newRow("Chinese") << Link{"网络", "结算", "key", "账户"};
    }
    void goesThroughText() {
        QFETCH(Link, link);
        const auto back = Link::fromString(link.toString());
        QVERIFY(back.has_value());
        QCOMPARE(back->toString(), link.toString());
        QVERIFY(*back == link);
    }

    void refusesWhatIsNone_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("other scheme") << "https://a/b/c/d";
        QTest::newRow("two parts") << "chancery://a/b";
        QTest::newRow("five parts") << "chancery://a/b/c/d/e";
        QTest::newRow("empty part") << "chancery://a//c/d";
        QTest::newRow("empty id") << "chancery://a/b/c/";
        QTest::newRow("cut escape") << "chancery://a/b/c/d%4";
        QTest::newRow("wrong escape") << "chancery://a/b/c/%zz";
        QTest::newRow("sign in escape") << "chancery://a/b/c/%+1";
        QTest::newRow("no text") << "chancery://a/b/c/%ff%fe";
        QTest::newRow("control character") << "chancery://a/b/c/x%0ay";
        QTest::newRow("too long") << "chancery://a/b/c/" + QString(4096, 'x');
    }
    void refusesWhatIsNone() {
        QFETCH(QString, text);
        QVERIFY(!Link::fromString(text).has_value());
    }

    void historyGoesBackAndForward() {
        LinkHistory history;
        const auto at = [](int i) { return Link{"ledger", "k", "block", QString::number(i)}; };
        QVERIFY(!history.back() && !history.forward());
        for (int i = 0; i < 3; ++i) history.visit(at(i));
        history.visit(at(2));
        QVERIFY(*history.back() == at(1));
        QVERIFY(*history.back() == at(0));
        QVERIFY(!history.canGoBack());
        QVERIFY(*history.forward() == at(1));
        history.visit(at(7));
        QVERIFY(!history.canGoForward());
        QVERIFY(*history.back() == at(1));
        for (int i = 0; i < 1000; ++i) history.visit(at(i));
        int steps = 0;
        while (history.back()) ++steps;
        QCOMPARE(steps, 199);
    }

    void aPlaceGetsAMoreExactAddress() {
        LinkHistory history;
        history.replace({"ledger", "k", "tx", "1:0"});
        QVERIFY(!history.current().has_value());
        for (const char* id : {"1", "2", "3"}) history.visit({"ledger", "k", "block", id});
        history.back();
        history.replace({"ledger", "k", "tx", "2:0"});
        QCOMPARE(history.current()->kind, "tx");
        QVERIFY(history.canGoBack() && history.canGoForward());
    }

    void historyForgetsWhatIsGone() {
        LinkHistory history;
        const Link one{"ledger", "one", "block", "1"}, two{"ledger", "two", "block", "1"};
        for (const Link& link : {one, two, one, two}) history.visit(link);
        history.forget([](const Link& link) { return link.channel == QLatin1String("two"); });
        QVERIFY(*history.current() == one);
        QVERIFY(!history.canGoBack() && !history.canGoForward());
        history.forget([](const Link&) { return true; });
        QVERIFY(!history.current().has_value());
    }

    void recognisesPastedText() {
        const QString hash = QString("0A").repeated(32);
        QCOMPARE(recognise("  0x" + hash + "\n").hash, hash.toLower());
        QCOMPARE(recognise("ab:" + QString("cd:").repeated(30) + "ef").kind,
                 Recognition::Kind::Hash);
        QCOMPARE(recognise(hash.left(62)).kind, Recognition::Kind::None);
        QCOMPARE(recognise("1,204,118").block, quint64(1204118));
        QCOMPARE(recognise("18446744073709551615").block, quint64(18446744073709551615U));
        QCOMPARE(recognise("18446744073709551616").kind, Recognition::Kind::None);
        QCOMPARE(recognise("-1").kind, Recognition::Kind::None);
        QCOMPARE(recognise("").kind, Recognition::Kind::None);
        QCOMPARE(recognise("chancery://a/b/tx/1").link.id, QString("1"));
    }

    /// A line edit gives a pasted certificate back without its line breaks.
    void recognisesACertificate() {
        const QString body = QString("TUlJQ").repeated(30);
        const QString begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
        const Recognition one = recognise("  " + begin + " " + body.left(64) + " " + body.mid(64) +
                                          " " + end + " " + begin + "x" + end);
        QCOMPARE(one.kind, Recognition::Kind::Certificate);
        const QByteArray lines = begin.toLatin1() + '\n' + body.left(64).toLatin1() + '\n' +
                                 body.mid(64, 64).toLatin1() + '\n' + body.mid(128).toLatin1() +
                                 '\n' + end.toLatin1() + '\n';
        QCOMPARE(one.pem, lines);
        QCOMPARE(recognise(begin + body).kind, Recognition::Kind::None);
    }
};

CHANCERY_TEST(LinkTest)
#include "LinkTest.moc"
