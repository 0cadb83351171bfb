#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/contracts/Sample.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

namespace {

constexpr char kCollection[] = "personalData";

nlohmann::json ann() {
    return {{"name", "Ann Example"},
            {"birthDate", "1990-02-28"},
            {"nationality", "NZ"},
            {"documentNumber", "LX0001"},
            {"salt", std::string(32, '7')}};
}

std::map<std::string, Bytes> passed(const nlohmann::json& person) {
    return {{"person", person.dump()}};
}

}  // namespace

class DigitalIdTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_id = std::make_unique<Sample>("digitalid"); }

    void personalDataStayPrivate() {
        const auto credential = issue();
        QCOMPARE(at(credential, "/status"), std::string("ACTIVE"));
        QVERIFY(m_id->event.starts_with("CredentialIssued "));
        const Bytes stored = m_id->ledger().privateData(kCollection).at("c1");
        QCOMPARE(at(credential, "/dataHash"), toHex(crypto::sha256(stored)));
        QVERIFY(stored.find("Ann Example") != stored.npos);
        for (const auto& [key, value] : m_id->ledger().state())
            for (const char* secret : {"Ann", "1990", "LX0001", "7777"})
                QVERIFY2(value.find(secret) == value.npos && key.find(secret) == key.npos,
                         value.c_str());
        QVERIFY(m_id->event.find("Ann") == m_id->event.npos);
    }

    void theOrderOfFieldsDoesNotMatter() {
        issue();
        const Bytes other =
            R"({"salt":"77777777777777777777777777777777","documentNumber":"LX0001",)"
            R"("nationality":"NZ","name":"Ann Example","birthDate":"1990-02-28"})";
        QCOMPARE(at(m_id->evaluate(m_shop, {"Present", "c1"}, {{"person", other}}), "/valid"),
                 std::string("true"));
    }

    void present() {
        issue();
        m_id->submit(m_notary, {"Attest", "c1", "IDENTITY"}, passed(ann()));
        const auto shown = m_id->evaluate(m_shop, {"Present", "c1"}, passed(ann()));
        QCOMPARE(at(shown, "/valid"), std::string("true"));
        QCOMPARE(at(shown, "/attestations/0/by"), std::string("NotaryMSP"));
        auto younger = ann();
        younger["birthDate"] = "1991-02-28";
        const auto wrong = m_id->evaluate(m_shop, {"Present", "c1"}, passed(younger));
        QCOMPARE(at(wrong, "/valid") + at(wrong, "/attestations"), std::string("false[]"));
        m_id->ledger().setTime(absl::FromUnixSeconds(1'930'000'000));
        const auto late = m_id->evaluate(m_shop, {"Present", "c1"}, passed(ann()));
        QCOMPARE(at(late, "/reasons/0"), std::string("the credential expired on 2030-12-31"));
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "ADULT"}, passed(ann())),
                 std::string("EXPIRED"));
    }

    void attest() {
        issue();
        QCOMPARE(m_id->refusal(m_bank, {"Attest", "c1", "IDENTITY"}, passed(ann())),
                 std::string("NOT_ALLOWED"));
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "BEAUTY"}, passed(ann())),
                 std::string("BAD_CLAIM"));
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "IDENTITY"}),
                 std::string("MISSING_PERSON"));
        auto other = ann();
        other["name"] = "Bob";
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "IDENTITY"}, passed(other)),
                 std::string("OTHER_DATA"));
        QCOMPARE(at(m_id->submit(m_notary, {"Attest", "c1", "IDENTITY"}, passed(ann())),
                    "/attestations/0/claim"),
                 std::string("IDENTITY"));
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "IDENTITY"}, passed(ann())),
                 std::string("ALREADY_ATTESTED"));
        QCOMPARE(at(m_id->submit(m_notary, {"Attest", "c1", "ADULT"}, passed(ann())),
                    "/attestations/1/claim"),
                 std::string("ADULT"));
        QCOMPARE(at(m_id->evaluate(m_shop, {"GetHistory", "c1"}), "/0/attestations"),
                 std::string("2"));
    }

    void revoke() {
        issue();
        QCOMPARE(m_id->refusal(m_notary, {"Revoke", "c1", "because"}), std::string("NOT_ALLOWED"));
        QCOMPARE(m_id->refusal(m_bank, {"Revoke", "c1", ""}), std::string("MISSING_ARGUMENT"));
        QCOMPARE(at(m_id->submit(m_bank, {"Revoke", "c1", "document lost"}), "/status"),
                 std::string("REVOKED"));
        QCOMPARE(m_id->refusal(m_bank, {"Revoke", "c1", "again"}), std::string("WRONG_STATE"));
        QCOMPARE(m_id->refusal(m_notary, {"Attest", "c1", "ADULT"}, passed(ann())),
                 std::string("WRONG_STATE"));
        QCOMPARE(at(m_id->evaluate(m_shop, {"Present", "c1"}, passed(ann())), "/reasons/0"),
                 std::string("the credential is REVOKED"));
    }

    void readAndErase() {
        issue();
        for (const Person* reader : {&m_ann, &m_bank})
            QCOMPARE(at(m_id->evaluate(*reader, {"ReadPerson", "c1"}), "/name"),
                     std::string("Ann Example"));
        QCOMPARE(m_id->refusal(m_shop, {"ReadPerson", "c1"}), std::string("NOT_ALLOWED"));
        QCOMPARE(m_id->refusal(m_shop, {"Erase", "c1"}), std::string("NOT_ALLOWED"));
        QCOMPARE(at(m_id->submit(m_ann, {"Erase", "c1"}), "/status"), std::string("ERASED"));
        QVERIFY(m_id->ledger().privateData(kCollection).empty());
        QCOMPARE(m_id->refusal(m_ann, {"Erase", "c1"}), std::string("WRONG_STATE"));
        QCOMPARE(m_id->refusal(m_bank, {"ReadPerson", "c1"}), std::string("NO_DATA"));
    }

    void refusedPersons_data() {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* member, const char* value) {
            QTest::addRow("%s %s", member, value) << QByteArray(member) << QByteArray(value);
        };
        row("name", "\"\"");
        row("name", "5");
        row("name", "null");
        row("birthDate", "\"28.02.1990\"");
        row("birthDate", "\"1990-02-30\"");
        row("salt", "\"short\"");
        row("salt", "\"ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ\"");
        row("password", "\"x\"");
    }
    void refusedPersons() {
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, value);
        auto person = ann();
        person[member.toStdString()] = nlohmann::json::parse(value.toStdString());
        const std::string code =
            m_id->refusal(m_bank, {"Issue", "c1", m_ann.name(), "2030-12-31"}, passed(person));
        QVERIFY2(code == "BAD_PERSON" || code == "BAD_DATE", code.c_str());
        QVERIFY(m_id->sentence.find("Ann") == m_id->sentence.npos);
    }

    void refusedCredentials() {
        QCOMPARE(m_id->refusal(m_bank, {"Issue", "c1", m_ann.name(), "2030-12-31"}),
                 std::string("MISSING_PERSON"));
        QCOMPARE(
            m_id->refusal(m_bank, {"Issue", "c1", m_ann.name(), "2030-12-31"}, {{"person", "{"}}),
            std::string("BAD_PERSON"));
        QCOMPARE(m_id->refusal(m_bank, {"Issue", "c1", m_ann.name(), "2020-12-31"}, passed(ann())),
                 std::string("BAD_DATE"));
        QCOMPARE(m_id->refusal(m_bank, {"Issue", "c1", "ann", "2030-12-31"}, passed(ann())),
                 std::string("BAD_HOLDER"));
        issue();
        QCOMPARE(m_id->refusal(m_bank, {"Issue", "c1", m_ann.name(), "2030-12-31"}, passed(ann())),
                 std::string("CREDENTIAL_EXISTS"));
        QCOMPARE(m_id->refusal(m_bank, {"Present", "c2"}, passed(ann())),
                 std::string("NO_SUCH_CREDENTIAL"));
    }

private:
    nlohmann::json issue() {
        return m_id->submit(m_bank, {"Issue", "c1", m_ann.name(), "2030-12-31"}, passed(ann()));
    }

    const Person m_bank = makePerson("BankMSP", "officer");
    const Person m_notary = makePerson("NotaryMSP", "notary");
    const Person m_shop = makePerson("ShopMSP", "shop");
    const Person m_ann = makePerson("PeopleMSP", "ann");
    std::unique_ptr<Sample> m_id;
};

CHANCERY_TEST(DigitalIdTest)
#include "DigitalIdTest.moc"
