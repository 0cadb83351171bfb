#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/identity/CertificateImpl.h"
#include "tests/src/identity/FactsMsps.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::identity;
using nlohmann::json;
using test::facts;
using test::factsMsps;
using test::reasonOfFabricError;
using test::textOrEmpty;

namespace {

constexpr BytesView kGolden = "golden message";

const json& rowNamed(const QString& index) {
    return facts()["msp"]["identities"][index.toUInt()];
}

Bytes serializedOf(const json& row) {
    return serializeIdentity(MspId(row["mspid"]),
                             test::vectorFile("msp/" + row["cert"].get<std::string>()));
}

// "2036-11-19T11:48:00Z" as facts print it.
std::string timeOf(absl::Time time) {
    return std::string(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()));
}

::common::MSPPrincipal roleOf(const std::string& mspId, ::common::MSPRole::MSPRoleType role) {
    ::common::MSPRole content;
    content.set_msp_identifier(mspId);
    content.set_role(role);
    ::common::MSPPrincipal principal;
    principal.set_principal_classification(::common::MSPPrincipal::ROLE);
    principal.set_principal(content.SerializeAsString());
    return principal;
}

// The signature with S on the other side of half of P-256's order.
Bytes otherHalf(BytesView signature) {
    crypto::DerReader reader(*crypto::DerReader(signature).read(crypto::der::kSequence));
    const BytesView r = *reader.readInteger();
    const BytesView s = *reader.readInteger();
    Bytes number = *fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    int borrow = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        const int digit = i < s.size() ? std::uint8_t(s[s.size() - 1 - i]) : 0;
        const int difference = std::uint8_t(number[number.size() - 1 - i]) - digit - borrow;
        borrow = difference < 0 ? 1 : 0;
        number[number.size() - 1 - i] = char(difference);
    }
    return crypto::derSequence({crypto::derUnsigned(r), crypto::derUnsigned(number)});
}

}  // namespace

class IdentityFactsTest : public QObject {
    Q_OBJECT
private slots:
    void countsRows();
    void certificate_data() { rows(); }
    void certificate();
    void wellFormed_data() { rows(); }
    void wellFormed();
    void deserialisesAndValidates_data() { rows(); }
    void deserialisesAndValidates();
    void roles_data() { rows(); }
    void roles();
    void signatures_data() { rows(); }
    void signatures();

private:
    static void rows();
};

void IdentityFactsTest::rows() {
    QTest::addColumn<QString>("index");
    const auto& all = facts()["msp"]["identities"];
    for (std::size_t i = 0; i < all.size(); ++i)
        QTest::addRow("%zu %s %s", i, all[i]["mspid"].get<std::string>().c_str(),
                      all[i]["cert"].get<std::string>().c_str())
            << QString::number(i);
}

void IdentityFactsTest::countsRows() {
    QCOMPARE(facts()["msp"]["identities"].size(), std::size_t(56));
}

void IdentityFactsTest::certificate() {
    QFETCH(QString, index);
    const json& row = rowNamed(index);
    QCOMPARE(toHex(crypto::sha256(serializedOf(row))),
             row["serialized_identity_sha256"].get<std::string>());
    const auto parsed =
        Certificate::fromPem(test::vectorFile("msp/" + row["cert"].get<std::string>()));
    if (!row.contains("cert_der_sha256")) {
        QCOMPARE(reasonOf(parsed.status()), std::string("NOT_PEM"));
        return;
    }
    VERIFY_OK(parsed);
    QCOMPARE(parsed->fingerprint(), row["cert_der_sha256"].get<std::string>());
    QCOMPARE(parsed->subject(), row["subject"].get<std::string>());
    // Only a rewritten certificate has another hash than the one given.
    if (row.contains("identifier"))
        QCOMPARE(row["identifier"] != row["cert_der_sha256"],
                 row["cert_signature_is_high_s"].get<bool>());
    if (const auto& scheme = parsed->impl().scheme; scheme && crypto::isEcdsa(*scheme)) {
        const BytesView signature = parsed->impl().signature;
        const auto low = crypto::toLowS(signature, crypto::KeyAlgorithm::EcdsaP256);
        if (low.ok() && !row.contains("identifier"))
            QCOMPARE(*low != signature, row["cert_signature_is_high_s"].get<bool>());
    }
    if (row.contains("expires_at"))
        QCOMPARE(timeOf(parsed->notAfter()), row["expires_at"].get<std::string>());
}

void IdentityFactsTest::wellFormed() {
    QFETCH(QString, index);
    const json& row = rowNamed(index);
    const Status status = checkWellFormed(serializedOf(row));
    QVERIFY2(status.ok() == row["well_formed_error"].is_null(), status.ToString().c_str());
    QCOMPARE(status.ok(), textOrEmpty(row["well_formed_error"]).empty());
    if (!status.ok()) {
        const bool isDer = row["cert"] == "extra/der_raw/cert.pem";
        QCOMPARE(reasonOf(status), std::string(isDer ? "NOT_PEM" : "NOT_WELL_FORMED"));
    }
}

void IdentityFactsTest::deserialisesAndValidates() {
    QFETCH(QString, index);
    const json& row = rowNamed(index);
    const auto identity = factsMsps().deserialize(serializedOf(row));
    const std::string deserialiseError = textOrEmpty(row["deserialize_error"]);
    if (!deserialiseError.empty()) {
        QVERIFY(!identity.ok());
        QCOMPARE(reasonOf(identity.status()), reasonOfFabricError(deserialiseError));
        QVERIFY(!messageOf(identity.status()).empty());
        QVERIFY(!row["valid"].get<bool>());
        return;
    }
    VERIFY_OK(identity);
    QCOMPARE((*identity)->identifier(), row["identifier"].get<std::string>());
    QCOMPARE((*identity)->mspId().str(), row["mspid"].get<std::string>());
    QCOMPARE(timeOf((*identity)->certificate().notAfter()), row["expires_at"].get<std::string>());
    const Status valid = factsMsps().validate(**identity);
    QVERIFY2(valid.ok() == row["valid"].get<bool>(), valid.ToString().c_str());
    QCOMPARE(valid.ok(), textOrEmpty(row["validate_error"]).empty());
    if (!valid.ok())
        QCOMPARE(reasonOf(valid), reasonOfFabricError(textOrEmpty(row["validate_error"])));

    std::vector<OrganizationalUnit> expected;
    for (const json& unit : row.value("ous", json::array()))
        expected.push_back(
            {unit["ou"], *fromHex(unit["certifiers_identifier"].get<std::string>())});
    if (row.contains("ous"))
        QVERIFY(factsMsps().find((*identity)->mspId())->organizationalUnits(**identity) ==
                expected);
}

void IdentityFactsTest::roles() {
    QFETCH(QString, index);
    const json& row = rowNamed(index);
    if (!row.contains("satisfies")) return;  // not deserialised, as the test above holds it to
    const auto identity = factsMsps().deserialize(serializedOf(row));
    VERIFY_OK(identity);
    const std::pair<const char*, ::common::MSPRole::MSPRoleType> roles[] = {
        {"member", ::common::MSPRole::MEMBER},
        {"admin", ::common::MSPRole::ADMIN},
        {"client", ::common::MSPRole::CLIENT},
        {"peer", ::common::MSPRole::PEER},
        {"orderer", ::common::MSPRole::ORDERER}};
    QCOMPARE(row["satisfies"].size(), std::size(roles));
    for (const auto& [name, role] : roles) {
        const Status status = factsMsps().satisfies(**identity, roleOf(row["mspid"], role));
        QVERIFY2(status.ok() == row["satisfies"][name].get<bool>(),
                 (std::string(name) + ": " + status.ToString()).c_str());
        if (!status.ok()) QCOMPARE(status.code(), StatusCode::kPermissionDenied);
        QCOMPARE(factsMsps().isPrincipal(**identity, roleOf(row["mspid"], role)), status.ok());
        // Never for another organisation's principal.
        QVERIFY(!factsMsps().satisfies(**identity, roleOf("GhostMSP", role)).ok());
        QVERIFY(!factsMsps().isPrincipal(**identity, roleOf("GhostMSP", role)));
    }
}

void IdentityFactsTest::signatures() {
    QFETCH(QString, index);
    const json& row = rowNamed(index);
    if (!row.contains("signature_over_'golden message'")) {
        QVERIFY(!row.contains("signature_verifies"));
        return;
    }
    const auto identity = factsMsps().deserialize(serializedOf(row));
    VERIFY_OK(identity);
    const Bytes signature = *fromHex(row["signature_over_'golden message'"].get<std::string>());
    QCOMPARE((*identity)->verify(kGolden, signature).ok(), row["signature_verifies"].get<bool>());
    VERIFY_OK((*identity)->verify(kGolden, signature + "bytes behind are ignored"));
    QCOMPARE(reasonOf((*identity)->verify("golden messagf", signature)),
             std::string("BAD_SIGNATURE"));
    const Status status = (*identity)->verify(kGolden, otherHalf(signature));
    QCOMPARE(reasonOf(status),
             reasonOfFabricError(row.at("high_s_signature_error").get<std::string>()));
    const auto key =
        crypto::PrivateKey::fromPem(test::vectorFile("msp/" + row.at("key").get<std::string>()));
    VERIFY_OK(key);
    QVERIFY(key->publicKey() == (*identity)->certificate().publicKey());
}

CHANCERY_TEST(IdentityFactsTest)
#include "IdentityFactsTest.moc"
