#include "tests/contracts/Sample.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

class WalletTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_wallet = std::make_unique<Sample>("wallet");
        m_wallet->submit(m_bank, {"Initialise", "EUR", "2"});
        m_wallet->submit(m_alice, {"OpenAccount", "alice", "Alice"});
        m_wallet->submit(m_bob, {"OpenAccount", "bob", "Bob"});
    }

    void setUpOnce() {
        QCOMPARE(at(m_wallet->evaluate(m_bob, {"GetConfiguration"}), "/issuerMsp"),
                 std::string("BankMSP"));
        QCOMPARE(m_wallet->refusal(m_bank, {"Initialise", "USD", "2"}),
                 std::string("ALREADY_INITIALISED"));
        Sample fresh("wallet");
        QCOMPARE(fresh.refusal(m_alice, {"Initialise", "EUR", "2"}), std::string("NOT_ALLOWED"));
        QCOMPARE(fresh.refusal(m_bank, {"Initialise", "eur", "2"}), std::string("BAD_ARGUMENT"));
        QCOMPARE(fresh.refusal(m_bank, {"Initialise", "EUR", "9"}), std::string("BAD_ARGUMENT"));
        QCOMPARE(fresh.refusal(m_alice, {"OpenAccount", "a", "A"}), std::string("NOT_INITIALISED"));
        QCOMPARE(at(fresh.submit(m_clerk, {"Initialise", "POINTS", "0"}), "/places"),
                 std::string("0"));
        QVERIFY(fresh.event.starts_with("WalletInitialised "));
    }

    void moneyMoves() {
        const auto topped = m_wallet->submit(m_clerk, {"TopUp", "r1", "alice", "100.5", "cash"});
        QCOMPARE(at(topped, "/balance"), std::string("100.50"));
        QVERIFY2(m_wallet->event.starts_with("ToppedUp "), m_wallet->event.c_str());
        const auto receipt =
            m_wallet->submit(m_alice, {"Transfer", "r1", "alice", "bob", "0.51", "lunch"});
        QCOMPARE(at(receipt, "/amount"), std::string("0.51"));
        QCOMPARE(at(receipt, "/at"), std::string("2026-11-18T11:06:40.000Z"));
        QVERIFY(m_wallet->event.starts_with("Transferred "));
        QCOMPARE(balance("alice"), std::string("99.99"));
        QCOMPARE(balance("bob"), std::string("0.51"));
        m_wallet->submit(m_bob, {"Withdraw", "w", "bob", "0.5", "machine"});
        QCOMPARE(balance("bob"), std::string("0.01"));
    }

    void exactToTheLastUnit() {
        m_wallet->submit(m_bank, {"TopUp", "a", "alice", "0.10", "x"});
        m_wallet->submit(m_bank, {"TopUp", "b", "alice", "0.20", "x"});
        QCOMPARE(balance("alice"), std::string("0.30"));
        m_wallet->submit(m_bank, {"TopUp", "c", "alice", "99999999999999999999999999.99", "x"});
        QCOMPARE(balance("alice"), std::string("100000000000000000000000000.29"));
        m_wallet->submit(m_alice,
                         {"Transfer", "d", "alice", "bob", "100000000000000000000000000.29", ""});
        QCOMPARE(balance("alice"), std::string("0.00"));
    }

    void refusedAmounts_data() {
        QTest::addColumn<QByteArray>("amount");
        for (const char* amount :
             {"0", "0.00", "-1", "+1", "1.001", "1e3", "01", "1.", ".5", "", " 1", "1,5", "NaN",
              "Infinity", "0x10", "1 000", "١", "99999999999999999999999999999999"})
            QTest::newRow(amount) << QByteArray(amount);
    }
    void refusedAmounts() {
        QFETCH(QByteArray, amount);
        QCOMPARE(m_wallet->refusal(m_bank, {"TopUp", "r", "alice", amount.toStdString(), "x"}),
                 std::string("BAD_AMOUNT"));
    }

    void overdraft() {
        m_wallet->submit(m_bank, {"TopUp", "r", "alice", "5", "x"});
        QCOMPARE(m_wallet->refusal(m_alice, {"Withdraw", "r", "alice", "5.01", "x"}),
                 std::string("INSUFFICIENT_FUNDS"));
        QCOMPARE(
            m_wallet->sentence,
            std::string("INSUFFICIENT_FUNDS: account 'alice' has 5.00 EUR, 5.01 EUR are needed"));
        QCOMPARE(m_wallet->refusal(m_alice, {"Transfer", "r", "alice", "bob", "6", ""}),
                 std::string("INSUFFICIENT_FUNDS"));
        // The refused request did not use its id up.
        QCOMPARE(at(m_wallet->submit(m_alice, {"Withdraw", "r", "alice", "5", "x"}), "/balance"),
                 std::string("0.00"));
    }

    void replays() {
        m_wallet->submit(m_bank, {"TopUp", "r", "alice", "5", "x"});
        QCOMPARE(m_wallet->refusal(m_bank, {"TopUp", "r", "alice", "5", "x"}),
                 std::string("REPLAYED_REQUEST"));
        QCOMPARE(m_wallet->refusal(m_bank, {"TopUp", "r", "bob", "7", "x"}),
                 std::string("REPLAYED_REQUEST"));
        QCOMPARE(m_wallet->refusal(m_bank, {"EarnPoints", "r", "bob", "7", "x"}),
                 std::string("REPLAYED_REQUEST"));
        QCOMPARE(m_wallet->refusal(m_bank, {"TopUp", "", "bob", "7", "x"}),
                 std::string("MISSING_ARGUMENT"));
        // Everyone counts his own requests.
        QCOMPARE(at(m_wallet->submit(m_alice, {"Withdraw", "r", "alice", "1", "x"}), "/balance"),
                 std::string("4.00"));
        QCOMPARE(balance("alice"), std::string("4.00"));
    }

    void onlyOwnersMoveMoney() {
        m_wallet->submit(m_bank, {"TopUp", "r", "alice", "5", "x"});
        for (const Person* other : {&m_bob, &m_bank, &m_otherAlice}) {
            QCOMPARE(m_wallet->refusal(*other, {"Withdraw", "r", "alice", "1", "x"}),
                     std::string("NOT_OWNER"));
            QCOMPARE(m_wallet->refusal(*other, {"Transfer", "r", "alice", "bob", "1", ""}),
                     std::string("NOT_OWNER"));
            QCOMPARE(m_wallet->refusal(*other, {"RedeemPoints", "r", "alice", "1", "x"}),
                     std::string("NOT_OWNER"));
            QCOMPARE(m_wallet->refusal(*other, {"CloseAccount", "alice"}),
                     std::string("NOT_OWNER"));
        }
    }

    void onlyIssuersTopUp() {
        for (const Person* other : {&m_alice, &m_teller, &m_foreignAdmin, &m_foreignIssuer}) {
            QCOMPARE(m_wallet->refusal(*other, {"TopUp", "r", "alice", "1", "x"}),
                     std::string("NOT_ISSUER"));
            QCOMPARE(m_wallet->refusal(*other, {"EarnPoints", "r", "alice", "1", "x"}),
                     std::string("NOT_ISSUER"));
        }
    }

    void points() {
        QCOMPARE(at(m_wallet->submit(m_clerk, {"EarnPoints", "p1", "alice", "120", "purchase"}),
                    "/points"),
                 std::string("120"));
        QCOMPARE(at(m_wallet->submit(m_alice, {"RedeemPoints", "p2", "alice", "20", "coffee"}),
                    "/points"),
                 std::string("100"));
        QVERIFY(m_wallet->event.starts_with("PointsRedeemed "));
        QCOMPARE(m_wallet->refusal(m_alice, {"RedeemPoints", "p3", "alice", "101", "car"}),
                 std::string("NOT_ENOUGH_POINTS"));
        QCOMPARE(m_wallet->refusal(m_bank, {"EarnPoints", "p4", "alice", "1.5", "x"}),
                 std::string("BAD_AMOUNT"));
        QCOMPARE(m_wallet->refusal(m_bank, {"EarnPoints", "p4", "alice", "0", "x"}),
                 std::string("BAD_AMOUNT"));
        QCOMPARE(balance("alice"), std::string("0.00"));
    }

    void accounts() {
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", "alice", "Me too"}),
                 std::string("ACCOUNT_EXISTS"));
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", "a b", "B"}),
                 std::string("BAD_ARGUMENT"));
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", std::string("a\0b", 3), "B"}),
                 std::string("BAD_ARGUMENT"));
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", "", "B"}),
                 std::string("MISSING_ARGUMENT"));
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", std::string(65, 'a'), "B"}),
                 std::string("ARGUMENT_TOO_LONG"));
        QCOMPARE(m_wallet->refusal(m_bob, {"OpenAccount", "c", "line\nbreak"}),
                 std::string("BAD_ARGUMENT"));
        QCOMPARE(m_wallet->refusal(m_alice, {"Transfer", "r", "alice", "alice", "1", ""}),
                 std::string("SAME_ACCOUNT"));
        QCOMPARE(m_wallet->refusal(m_alice, {"Transfer", "r", "alice", "carol", "1", ""}),
                 std::string("NO_SUCH_ACCOUNT"));
        QCOMPARE(m_wallet->refusal(m_bank, {"TopUp", "r", "carol", "1", "x"}),
                 std::string("NO_SUCH_ACCOUNT"));
        m_wallet->submit(m_bank, {"TopUp", "r", "alice", "1", "x"});
        QCOMPARE(m_wallet->refusal(m_alice, {"CloseAccount", "alice"}),
                 std::string("ACCOUNT_NOT_EMPTY"));
        QCOMPARE(at(m_wallet->submit(m_bob, {"CloseAccount", "bob"}), "/status"),
                 std::string("CLOSED"));
        QCOMPARE(m_wallet->refusal(m_alice, {"Transfer", "r", "alice", "bob", "1", ""}),
                 std::string("ACCOUNT_CLOSED"));
        QCOMPARE(m_wallet->refusal(m_bob, {"CloseAccount", "bob"}), std::string("ACCOUNT_CLOSED"));
    }

    void historyAndLists() {
        m_wallet->submit(m_bank, {"TopUp", "r1", "alice", "1", "x"});
        m_wallet->submit(m_bank, {"TopUp", "r2", "alice", "2", "x"});
        const auto history = m_wallet->evaluate(m_bob, {"GetHistory", "alice"});
        QCOMPARE(history.size(), std::size_t(3));
        QCOMPARE(at(history, "/0/value/balance"), std::string("3.00"));
        QCOMPARE(at(history, "/0/value/lastRequest"), std::string("r2"));
        QCOMPARE(at(history, "/2/value/balance"), std::string("0.00"));
        const auto page = m_wallet->evaluate(m_bob, {"ListAccounts", "1", ""});
        QCOMPARE(at(page, "/accounts/0/id"), std::string("alice"));
        const auto rest = m_wallet->evaluate(m_bob, {"ListAccounts", "5", at(page, "/bookmark")});
        QCOMPARE(at(rest, "/accounts/0/id"), std::string("bob"));
        QCOMPARE(at(rest, "/bookmark"), std::string(""));
        QCOMPARE(m_wallet->refusal(m_bob, {"ListAccounts", "0", ""}), std::string("BAD_ARGUMENT"));
        QCOMPARE(m_wallet->refusal(m_bob, {"ListAccounts", "many", ""}),
                 std::string("BAD_ARGUMENT"));
    }

private:
    std::string balance(const std::string& account) {
        return at(m_wallet->evaluate(m_bob, {"GetAccount", account}), "/balance");
    }

    const Person m_bank = makePerson("BankMSP", "Admin", "admin");
    const Person m_clerk = makePerson("BankMSP", "clerk", "client", {{"wallet.role", "issuer"}});
    const Person m_teller = makePerson("BankMSP", "teller");
    const Person m_foreignAdmin = makePerson("ShopMSP", "Admin", "admin");
    const Person m_foreignIssuer =
        makePerson("ShopMSP", "clerk", "client", {{"wallet.role", "issuer"}});
    const Person m_alice = makePerson("ShopMSP", "alice");
    const Person m_otherAlice = makePerson("BankMSP", "alice");
    const Person m_bob = makePerson("ShopMSP", "bob");
    std::unique_ptr<Sample> m_wallet;
};

CHANCERY_TEST(WalletTest)
#include "WalletTest.moc"
