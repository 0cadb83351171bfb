#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/contracts/Sample.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

class InvoiceTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_chain = std::make_unique<Sample>("supplychain"); }

    void fromIssueToSettlement() {
        QCOMPARE(at(issue("i1"), "/status"), std::string("ISSUED"));
        QVERIFY(m_chain->event.starts_with("InvoiceIssued "));
        QCOMPARE(at(m_chain->submit(m_buyer, {"Accept", "i1"}), "/status"),
                 std::string("ACCEPTED"));
        QCOMPARE(at(m_chain->submit(m_supplier, {"RequestFinancing", "i1", "BankMSP", "950.00"}),
                    "/status"),
                 std::string("OFFERED"));
        const auto financed = m_chain->submit(m_bank, {"Finance", "i1", "SEPA-1"});
        QCOMPARE(at(financed, "/status"), std::string("FINANCED"));
        QCOMPARE(at(financed, "/holder"), std::string("BankMSP"));
        QVERIFY(m_chain->event.starts_with("InvoiceFinanced "));
        QCOMPARE(m_chain->refusal(m_supplier, {"Settle", "i1", "SEPA-2"}),
                 std::string("NOT_ALLOWED"));
        QCOMPARE(at(m_chain->submit(m_bank, {"Settle", "i1", "SEPA-2"}), "/status"),
                 std::string("SETTLED"));
        const auto history = m_chain->evaluate(m_buyer, {"GetHistory", "i1"});
        QCOMPARE(history.size(), std::size_t(5));
        QCOMPARE(at(history, "/0/step/remark"), std::string("SEPA-2"));
        QCOMPARE(at(history, "/4/status"), std::string("ISSUED"));
    }

    void withoutFinancing() {
        issue("i1");
        m_chain->submit(m_buyer, {"Accept", "i1"});
        QCOMPARE(m_chain->refusal(m_buyer, {"Settle", "i1", "x"}), std::string("NOT_ALLOWED"));
        QCOMPARE(at(m_chain->submit(m_supplier, {"Settle", "i1", "x"}), "/holder"),
                 std::string("SupplierMSP"));
    }

    void doubleFinancing() {
        issue("i1");
        QCOMPARE(m_chain->refusal(m_supplier, {"Issue", "i2", m_document, "BuyerMSP", "1000.00",
                                               "EUR", "2027-01-31"}),
                 std::string("DOCUMENT_USED"));
        QCOMPARE(m_chain->refusal(m_otherSupplier, {"Issue", "i3", m_document, "BuyerMSP",
                                                    "1000.00", "EUR", "2027-01-31"}),
                 std::string("DOCUMENT_USED"));
        m_chain->submit(m_buyer, {"Accept", "i1"});
        m_chain->submit(m_supplier, {"RequestFinancing", "i1", "BankMSP", "900"});
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "OtherBankMSP", "900"}),
                 std::string("ALREADY_FINANCED"));
        m_chain->submit(m_bank, {"Finance", "i1", "x"});
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "OtherBankMSP", "900"}),
                 std::string("ALREADY_FINANCED"));
        QCOMPARE(m_chain->sentence, std::string("ALREADY_FINANCED: invoice 'i1' is FINANCED with "
                                                "BankMSP: it cannot be financed twice"));
        QCOMPARE(m_chain->refusal(m_bank, {"Finance", "i1", "x"}), std::string("WRONG_STATE"));
        m_chain->submit(m_bank, {"Settle", "i1", "x"});
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "OtherBankMSP", "900"}),
                 std::string("ALREADY_FINANCED"));
    }

    void aDeclinedRequestFreesTheInvoice() {
        issue("i1");
        m_chain->submit(m_buyer, {"Accept", "i1"});
        m_chain->submit(m_supplier, {"RequestFinancing", "i1", "BankMSP", "900"});
        const auto declined = m_chain->submit(m_bank, {"DeclineFinancing", "i1", "too long"});
        QCOMPARE(at(declined, "/status") + at(declined, "/financier"), std::string("ACCEPTEDnull"));
        m_chain->submit(m_supplier, {"RequestFinancing", "i1", "OtherBankMSP", "800"});
        QCOMPARE(m_chain->refusal(m_bank, {"Finance", "i1", "x"}), std::string("NOT_ALLOWED"));
        QCOMPARE(at(m_chain->submit(m_supplier, {"WithdrawRequest", "i1"}), "/advance"),
                 std::string("null"));
    }

    // Every step in every state by every party: what is not in the table is refused.
    void stateMachine_data() {
        QTest::addColumn<QByteArray>("state");
        for (const char* state :
             {"ISSUED", "ACCEPTED", "REJECTED", "CANCELLED", "OFFERED", "FINANCED", "SETTLED"})
            QTest::newRow(state) << QByteArray(state);
    }
    void stateMachine() {
        QFETCH(QByteArray, state);
        const std::map<std::string, std::set<std::string>> allowed = {
            {"ISSUED", {"Accept buyer", "Reject buyer", "Cancel supplier"}},
            {"ACCEPTED", {"RequestFinancing supplier", "Settle supplier"}},
            {"OFFERED", {"DeclineFinancing bank", "WithdrawRequest supplier", "Finance bank"}},
            {"FINANCED", {"Settle bank"}}};
        const std::vector<std::vector<Bytes>> steps = {{"Accept", "i"},
                                                       {"Reject", "i", "x"},
                                                       {"Cancel", "i", "x"},
                                                       {"RequestFinancing", "i", "BankMSP", "1"},
                                                       {"DeclineFinancing", "i", "x"},
                                                       {"WithdrawRequest", "i"},
                                                       {"Finance", "i", "x"},
                                                       {"Settle", "i", "x"}};
        const std::map<std::string, const Person*> parties = {{"supplier", &m_supplier},
                                                              {"buyer", &m_buyer},
                                                              {"bank", &m_bank},
                                                              {"stranger", &m_otherSupplier}};
        for (const auto& [name, person] : parties) {
            for (const auto& step : steps) {
                Sample chain("supplychain");
                reach(chain, state.toStdString());
                const auto answer = chain.submit(*person, step);
                const std::string what = step[0] + " " + name;
                const auto list = allowed.find(state.toStdString());
                const bool may = list != allowed.end() && list->second.contains(what);
                QVERIFY2(answer.is_object() == may, (what + ": " + answer.dump()).c_str());
            }
        }
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* arguments, const char* code) {
            QTest::newRow(arguments) << QByteArray(arguments) << QByteArray(code);
        };
        row("i;BuyerMSP;0;EUR;2027-01-31", "BAD_AMOUNT");
        row("i;BuyerMSP;0.00;EUR;2027-01-31", "BAD_AMOUNT");
        row("i;BuyerMSP;-5;EUR;2027-01-31", "BAD_AMOUNT");
        row("i;BuyerMSP;1.23456;EUR;2027-01-31", "BAD_AMOUNT");
        row("i;BuyerMSP;ten;EUR;2027-01-31", "BAD_AMOUNT");
        row("i;BuyerMSP;10;euro;2027-01-31", "BAD_ARGUMENT");
        row("i;BuyerMSP;10;EUR;2027-02-30", "BAD_DATE");
        row("i;BuyerMSP;10;EUR;31.01.2027", "BAD_DATE");
        row("i;BuyerMSP;10;EUR;2026-11-18", "PAST_DUE");
        row("i;BuyerMSP;10;EUR;2020-01-01", "PAST_DUE");
        row("i;SupplierMSP;10;EUR;2027-01-31", "SAME_PARTY");
        row("i;;10;EUR;2027-01-31", "MISSING_ARGUMENT");
        row("a/b;BuyerMSP;10;EUR;2027-01-31", "BAD_ARGUMENT");
    }
    void refused() {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, code);
        const auto parts = arguments.split(';');
        QCOMPARE(m_chain->refusal(m_supplier, {"Issue", parts[0].toStdString(), m_document,
                                               parts[1].toStdString(), parts[2].toStdString(),
                                               parts[3].toStdString(), parts[4].toStdString()}),
                 code.toStdString());
    }

    void terms() {
        issue("i1");
        QCOMPARE(m_chain->refusal(m_supplier, {"Issue", "i1", std::string(64, 'a'), "BuyerMSP", "1",
                                               "EUR", "2027-01-31"}),
                 std::string("INVOICE_EXISTS"));
        QCOMPARE(m_chain->refusal(m_supplier,
                                  {"Issue", "i2", "abc", "BuyerMSP", "1", "EUR", "2027-01-31"}),
                 std::string("BAD_HASH"));
        QCOMPARE(m_chain->refusal(m_buyer, {"Accept", "none"}), std::string("NO_SUCH_INVOICE"));
        m_chain->submit(m_buyer, {"Accept", "i1"});
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "BankMSP", "1000.01"}),
                 std::string("BAD_AMOUNT"));
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "BuyerMSP", "1"}),
                 std::string("SAME_PARTY"));
        m_chain->ledger().setTime(absl::FromUnixSeconds(1'830'000'000));  // after the due date
        QCOMPARE(m_chain->refusal(m_supplier, {"RequestFinancing", "i1", "BankMSP", "1"}),
                 std::string("PAST_DUE"));
    }

    void lists() {
        issue("i1");
        m_chain->submit(m_buyer, {"Accept", "i1"});
        m_chain->submit(m_supplier, {"RequestFinancing", "i1", "BankMSP", "900"});
        for (const char* party : {"SupplierMSP", "BuyerMSP", "BankMSP"}) {
            const auto page = m_chain->evaluate(m_buyer, {"ListByParty", party, "10", ""});
            QCOMPARE(at(page, "/invoices/0/status"), std::string("OFFERED"));
        }
        QCOMPARE(
            m_chain->evaluate(m_buyer, {"ListByParty", "NobodyMSP", "10", ""})["invoices"].size(),
            std::size_t(0));
    }

private:
    nlohmann::json issue(const std::string& id) {
        return m_chain->submit(
            m_supplier, {"Issue", id, m_document, "BuyerMSP", "1000.00", "EUR", "2027-01-31"});
    }
    void reach(Sample& chain, const std::string& state) {
        chain.submit(m_supplier,
                     {"Issue", "i", m_document, "BuyerMSP", "1000.00", "EUR", "2027-01-31"});
        if (state == "REJECTED") chain.submit(m_buyer, {"Reject", "i", "x"});
        if (state == "CANCELLED") chain.submit(m_supplier, {"Cancel", "i", "x"});
        if (state == "ISSUED" || state == "REJECTED" || state == "CANCELLED") return;
        chain.submit(m_buyer, {"Accept", "i"});
        if (state == "ACCEPTED") return;
        chain.submit(m_supplier, {"RequestFinancing", "i", "BankMSP", "900"});
        if (state == "OFFERED") return;
        chain.submit(m_bank, {"Finance", "i", "x"});
        if (state == "SETTLED") chain.submit(m_bank, {"Settle", "i", "x"});
    }

    const std::string m_document = toHex(crypto::sha256("paper"));
    const Person m_supplier = makePerson("SupplierMSP", "sue");
    const Person m_otherSupplier = makePerson("OtherMSP", "sid");
    const Person m_buyer = makePerson("BuyerMSP", "ben");
    const Person m_bank = makePerson("BankMSP", "fin");
    std::unique_ptr<Sample> m_chain;
};

CHANCERY_TEST(InvoiceTest)
#include "InvoiceTest.moc"
