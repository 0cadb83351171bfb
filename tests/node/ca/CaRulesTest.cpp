#include "node/ca/Attributes.h"
#include "node/ca/CertificateTable.h"
#include "node/ca/Refusal.h"
#include "node/ca/RequestBody.h"
#include "node/ca/TimeFilter.h"
#include "tests/support/TestMain.h"

namespace chancery::node {

/// What requests, times and attributes mean.
class CaRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreFoundInAnyCase() {
        auto body = RequestBody::parse("{\"CAName\":\"ca\",\"revokedBefore\":null,\"max\":-2}");
        VERIFY_OK(body);
        QCOMPARE(body->text("caname"), std::string("ca"));
        QVERIFY(!body->time("revokedbefore"));
        QCOMPARE(body->integer("max").value_or(0), -2);
        QVERIFY(!body->has("revokedbefore"));
        VERIFY_OK(body->finish());
        QVERIFY(RequestBody::parse("")->missing());
        QVERIFY(!RequestBody::parse("{}")->missing());
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no JSON") << QByteArray("{\n\"a\":x}") << QByteArray("(2:5)");
        QTest::newRow("twice") << QByteArray("{\"a\":1,\"A\":2}") << QByteArray("\"A\" stands");
        QTest::newRow("deep") << QByteArray(17, '[') << QByteArray("deeper than 16");
        QTest::newRow("list") << QByteArray("[]") << QByteArray("not a JSON object");
    }
    void mistakesAreNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const Status refused = RequestBody::parse(text.toStdString()).status();
        QCOMPARE(reasonOf(refused), std::string("BAD_BODY"));
        QVERIFY2(std::string(messageOf(refused)).find(says.toStdString()) != std::string::npos,
                 std::string(messageOf(refused)).c_str());
    }

    void zeroTimesAreNone() {
        auto body = RequestBody::parse(
            "{\"a\":\"0001-01-01T00:00:00Z\",\"b\":\"2026-01-31T12:00:00.5+01:00\",\"c\":\"x\"}");
        VERIFY_OK(body);
        QVERIFY(!body->time("a"));
        QVERIFY(*body->time("b") == absl::FromUnixMillis(1'769'857'200'500));
        VERIFY_OK(body->finish());
        QVERIFY(!body->time("c"));
        QVERIFY(!body->finish().ok());
    }

    void filterTimes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("seconds");  // from 2026-01-31; -1: refused
        const auto row = [](const char* text, qint64 seconds) {
            QTest::newRow(text) << QByteArray(text) << seconds;
        };
        row("2026-01-31", 0);
        row("2026-01-31T00:00:07Z", 7);
        row("+7s", 7);
        row("+2d", 2 * 86'400);
        row("+1h30m", 5'400);
        row("2y", -1);
        row("+2y", -1);
        row("+d", -1);
        row("+", -1);
        row("+99999999999d", -1);
        row("2026-02-30", -1);
        row("now", -1);
    }
    void filterTimes() {
        QFETCH(QByteArray, text);
        QFETCH(qint64, seconds);
        const absl::Time now = absl::FromUnixSeconds(1'769'817'600);
        const auto time = readFilterTime("x", text.toStdString(), now);
        if (seconds < 0) {
            QCOMPARE(reasonOf(time.status()), std::string("GETTING_CERTIFICATES"));
            return;
        }
        VERIFY_OK(time);
        QVERIFY(**time == now + absl::Seconds(seconds));
    }
    void noFilterTime() { QVERIFY(!*readFilterTime("x", "", absl::Now())); }

    void hexIsCompared() {
        QCOMPARE(normalHex("00:0A:bC"), std::string("abc"));
        QCOMPARE(normalHex(""), std::string());
    }

    void attributesAreMerged() {
        Attributes all{{"a", "1", false}, {"b", "2", true}};
        mergeAttributes(all,
                        {{"a", "", false}, {"b", "3", false}, {"c", "4", true}, {"d", "", true}});
        QCOMPARE(all, (Attributes{{"b", "3", false}, {"c", "4", true}}));
    }

    void registrarsGiveWhatTheyHave_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("may");
        const auto row = [](const char* name, const char* value, bool may) {
            QTest::addRow("%s=%s", name, value) << QByteArray(name) << QByteArray(value) << may;
        };
        row("app.x", "1", true);
        row("other", "1", false);
        row("hf.Revoker", "true", true);
        row("hf.Revoker", "", true);
        row("hf.Revoker", "maybe", false);
        row("hf.GenCRL", "true", false);
        row("hf.Registrar.Roles", "peer", true);
        row("hf.Registrar.Roles", "PEER,client", true);
        row("hf.Registrar.Roles", "peer,admin", false);
        row("hf.Registrar.Roles", "*", false);
        row("hf.Registrar.DelegateRoles", "peer", false);
        row("hf.Registrar.Attributes", "app.y", true);
        row("hf.Registrar.Attributes", "app.*", true);
        row("hf.Registrar.Attributes", "*", false);
        row("hf.Registrar.Attributes", "hf.Revoker", false);
        row("hf.EnrollmentID", "x", false);
        row("hf.Unknown", "x", false);
    }
    void registrarsGiveWhatTheyHave() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(bool, may);
        const Attributes registrar{
            {"hf.Registrar.Roles", "client,peer", false},
            {"hf.Registrar.DelegateRoles", "client, peer", false},
            {"hf.Revoker", "true", false},
            {"hf.Registrar.Attributes",
             "app.*, hf.Revoker,hf.GenCRL,hf.Registrar.*,hf.EnrollmentID,hf.Unknown", false}};
        const Status checked =
            mayRegister({{name.toStdString(), value.toStdString(), false}}, nullptr, registrar);
        QVERIFY2(checked.ok() == may, std::string(messageOf(checked)).c_str());
        QVERIFY(!mayRegister({{name.toStdString(), value.toStdString(), false}}, nullptr, {}).ok());
    }

    void errorsOfTheCaTellNothing() {
        const Refusal refusal =
            refusalOf(makeError(StatusCode::kDataLoss, "DATABASE_DAMAGED", "/secret/place"));
        QCOMPARE(refusal.httpStatus, 500);
        QVERIFY(refusal.message.find("secret") == std::string::npos);
        QCOMPARE(refusalOf(refuseAuthentication(CaError::InvalidPassword, "why")).code, 20);
        QCOMPARE(refusalOf(refuseAuthorization(CaError::NotRevoker, "why")).code, 71);
        QCOMPARE(refusalOf(refuse(404, CaError::CaNotFound, "why")).message, std::string("why"));
    }
};

}  // namespace chancery::node

using chancery::node::CaRulesTest;
CHANCERY_TEST(CaRulesTest)
#include "CaRulesTest.moc"
