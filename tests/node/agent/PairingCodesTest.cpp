#include "node/agent/PairingCodes.h"

#include <QtTest>
#include <set>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;
using rpc::Speaker;

namespace {

class SetClock final : public Clock {
public:
    absl::Time now() const override { return m_now; }
    absl::Time m_now = absl::FromUnixSeconds(1'800'000'000);
};

rpc::PairingView someView() {
    return {Bytes(32, 'c'), Bytes(32, 's'), Bytes(32, 'C'), Bytes(32, 'S')};
}

Bytes proofFor(const std::string& code, const rpc::PairingView& view,
               Speaker speaker = Speaker::Client) {
    return rpc::pairingProof(rpc::pairingKey(*rpc::readPairingCode(code)), speaker, view);
}

}  // namespace

class PairingCodesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void codes();
    void reads_data();
    void reads();
    void worksOnce();
    void endsByTime();
    void endsByWrongTries();
    void bindsEverything_data();
    void bindsEverything();
    void capsCodes();
};

void PairingCodesTest::codes() {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string code = rpc::makePairingCode();
        QCOMPARE(code.size(), std::size_t(23));
        QCOMPARE(rpc::readPairingCode(code)->size(), std::size_t(20));
        QVERIFY(seen.insert(code).second);
    }
}

void PairingCodesTest::reads_data() {
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QString>("letters");
    const auto row = [](const char* typed, const char* letters) {
        QTest::newRow(typed) << QByteArray(typed) << letters;
    };
    row("ABCDE-FGHJK-MNPQR-STVWX", "ABCDEFGHJKMNPQRSTVWX");
    row("abcde fghjk mnpqr stvwx", "ABCDEFGHJKMNPQRSTVWX");
    row("abcdefghjkmnpqrstvwx", "ABCDEFGHJKMNPQRSTVWX");
    row(" OIL00-00000-00000-00000 ", "01100000000000000000");
    for (const char* bad :
         {"", "-", "ABCDE-FGHJK-MNPQR-STVW", "ABCDE-FGHJK-MNPQR-STVWXY", "ABCDE-FGHJK-MNPQR-STVWU",
          "ABCDE-FGHJK-MNPQR-STVW!", "ABCDE_FGHJK_MNPQR_STVWX", "\xff", "ABCDE\nFGHJKMNPQRSTVWX"})
        row(bad, "");
    QTest::newRow("long") << QByteArray(101, '-') << "";
}

void PairingCodesTest::reads() {
    QFETCH(const QByteArray, typed);
    QFETCH(const QString, letters);
    const auto read = rpc::readPairingCode(typed.toStdString());
    if (letters.isEmpty())
        QCOMPARE(reasonOf(read.status()), std::string("BAD_CODE"));
    else
        QCOMPARE(QString::fromStdString(*read), letters);
}

void PairingCodesTest::worksOnce() {
    PairingCodes codes;
    const auto view = someView();
    QCOMPARE(reasonOf(codes.use("", view).status()), std::string("CODE_ENDED"));
    const auto given = codes.give("Ana", rpc::Role::Operator);
    const auto other = codes.give("Ben", rpc::Role::Auditor);
    const auto used = codes.use(proofFor(given->code, view), view);
    VERIFY_OK(used.status());
    QCOMPARE(used->clientName, std::string("Ana"));
    QCOMPARE(used->role, rpc::Role::Operator);
    QVERIFY(used->proof == proofFor(given->code, view, Speaker::Server));
    QCOMPARE(reasonOf(codes.use(proofFor(given->code, view), view).status()),
             std::string("WRONG_CODE"));
    QCOMPARE(codes.use(proofFor(other->code, view), view)->clientName, std::string("Ben"));
}

void PairingCodesTest::endsByTime() {
    SetClock clock;
    PairingCodes codes(clock);
    const auto view = someView();
    const auto given = codes.give("Ana", rpc::Role::Operator);
    QVERIFY(given->ends == clock.m_now + absl::Minutes(10));
    clock.m_now = given->ends;
    QCOMPARE(reasonOf(codes.use(proofFor(given->code, view), view).status()),
             std::string("CODE_ENDED"));
}

void PairingCodesTest::endsByWrongTries() {
    for (int wrong = 0; wrong <= 6; ++wrong) {
        PairingCodes codes;
        const auto view = someView();
        const auto given = codes.give("Ana", rpc::Role::Operator);
        for (int i = 0; i < wrong; ++i)
            QCOMPARE(reasonOf(codes.use(Bytes(32, 'x'), view).status()),
                     std::string(i < PairingCodes::kMaxWrong ? "WRONG_CODE" : "CODE_ENDED"));
        QCOMPARE(codes.use(proofFor(given->code, view), view).ok(),
                 wrong < PairingCodes::kMaxWrong);
    }
}

void PairingCodesTest::bindsEverything_data() {
    QTest::addColumn<int>("part");
    QTest::addColumn<int>("byte");
    for (int part = 0; part < 4; ++part)
        for (int byte = 0; byte < 32; byte += 3)
            QTest::addRow("part %d byte %d", part, byte) << part << byte;
}

// Whoever stands between has other nonces or other certificates than one of the two sides.
void PairingCodesTest::bindsEverything() {
    QFETCH(const int, part);
    QFETCH(const int, byte);
    PairingCodes codes;
    const auto given = codes.give("Ana", rpc::Role::Operator);
    rpc::PairingView seen = someView();
    Bytes* const parts[] = {&seen.clientNonce, &seen.serverNonce, &seen.clientFingerprint,
                            &seen.serverFingerprint};
    char& changed = (*parts[part])[static_cast<std::size_t>(byte)];
    changed = static_cast<char>(changed ^ 1);
    QCOMPARE(reasonOf(codes.use(proofFor(given->code, seen), someView()).status()),
             std::string("WRONG_CODE"));
    // A server's proof cannot be shown back to it.
    QCOMPARE(
        reasonOf(
            codes.use(proofFor(given->code, someView(), Speaker::Server), someView()).status()),
        std::string("WRONG_CODE"));
}

void PairingCodesTest::capsCodes() {
    SetClock clock;
    PairingCodes codes(clock);
    for (std::size_t i = 0; i < PairingCodes::kMaxCodes; ++i)
        VERIFY_OK(codes.give("Ana", rpc::Role::Auditor).status());
    QCOMPARE(reasonOf(codes.give("Ana", rpc::Role::Auditor).status()),
             std::string("TOO_MANY_CODES"));
    clock.m_now += absl::Minutes(11);
    VERIFY_OK(codes.give("Ana", rpc::Role::Auditor).status());
}

CHANCERY_TEST(PairingCodesTest)
#include "PairingCodesTest.moc"
