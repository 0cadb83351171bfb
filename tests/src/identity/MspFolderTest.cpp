#include <QTemporaryDir>
#include <fstream>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/crypto/Pem.h"
#include "src/identity/SigningIdentity.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::identity;
using test::Holder;
namespace fs = std::filesystem;

class MspFolderTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { log::setLevel(log::Level::Error); }
    void init();
    void filesByName();
    void suiteOfTheRoot();
    void nodeOus();
    void ouIdentifiers();
    void hostileConfigFiles_data();
    void hostileConfigFiles();
    void unreadableFiles();
    void linksAreFollowed();
    void signers();
    void keysAreFoundAsFabricFindsThem();

private:
    void write(const fs::path& name, const std::string& text) {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }
    ::msp::FabricMSPConfig read() {
        ::msp::FabricMSPConfig config;
        const auto result = readMspFolder(m_folder, MspId("TestMSP"));
        if (result.ok()) config.ParseFromString(result->config());
        return config;
    }
    std::string reason() { return reasonOf(readMspFolder(m_folder, MspId("TestMSP")).status()); }

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;
    std::optional<Holder> m_root;
};

void MspFolderTest::init() {
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = m_temporary->path().toStdString();
    if (!m_root) m_root = test::makeRoot();
    write("cacerts/ca.pem", m_root->certificate.toPem());
}

void MspFolderTest::suiteOfTheRoot() {
    QCOMPARE(read().crypto_config().signature_hash_family(), std::string("SHA2"));
    QCOMPARE(read().crypto_config().identity_identifier_hash_function(), std::string("SHA256"));
    write("cacerts/ca.pem",
          test::makeRoot("ca.sm2", crypto::KeyAlgorithm::Sm2).certificate.toPem());
    QCOMPARE(read().crypto_config().signature_hash_family(), std::string("SM3"));
    QCOMPARE(read().crypto_config().identity_identifier_hash_function(), std::string("SM3"));
    VERIFY_OK(Msp::fromFolder(m_folder, MspId("TestMSP"), MspVersion::V1_0));
    // The first one decides, and the other is refused.
    write("cacerts/other.pem", m_root->certificate.toPem());
    QCOMPARE(reasonOf(Msp::fromFolder(m_folder, MspId("TestMSP"), MspVersion::V1_0).status()),
             std::string("UNSUPPORTED_KEY"));
}

void MspFolderTest::filesByName() {
    const std::string a = "a first\n" + m_root->certificate.toPem() + "behind";
    const std::string b = test::makeRoot("b").certificate.toPem();
    write("admincerts/b.pem", b);
    write("admincerts/B.pem", a);
    write("admincerts/readme.txt", "no certificate");
    write("admincerts/folder/c.pem", b);
    write("crls/one.pem", crypto::writePem("X509 CRL", "x"));
    write("tlsintermediatecerts/ignored.pem", b);
    ::msp::FabricMSPConfig config = read();
    QCOMPARE(config.name(), std::string("TestMSP"));
    QCOMPARE(config.root_certs_size(), 1);
    QCOMPARE(config.admins_size(), 2);
    QCOMPARE(config.admins(0), a);  // verbatim, in the order of the bytes of the names
    QCOMPARE(config.admins(1), b);
    QCOMPARE(config.revocation_list_size(), 1);
    QCOMPARE(config.tls_intermediate_certs_size(), 0);
    QVERIFY(!config.has_fabric_node_ous());
    QVERIFY(!config.has_signing_identity());
    QCOMPARE(config.crypto_config().signature_hash_family(), std::string("SHA2"));
    QCOMPARE(config.crypto_config().identity_identifier_hash_function(), std::string("SHA256"));
    write("tlscacerts/ca.pem", b);
    QCOMPARE(read().tls_intermediate_certs_size(), 1);
    fs::remove_all(m_folder / "cacerts");
    QCOMPARE(reason(), std::string("NO_ROOT_CA"));
    write("cacerts/readme", "no certificate");
    QCOMPARE(reason(), std::string("NO_ROOT_CA"));
}

void MspFolderTest::nodeOus() {
    write("config.yaml", R"(
Unknown: of no consequence
NodeOUs:
  Enable: true
  ClientOUIdentifier:
    Certificate: cacerts/ca.pem
    OrganizationalUnitIdentifier: clerk
  PeerOUIdentifier:
    Certificate: cacerts/missing.pem
    OrganizationalUnitIdentifier: peer
  AdminOUIdentifier: {OrganizationalUnitIdentifier: admin}
  OrdererOUIdentifier: {Certificate: cacerts/ca.pem}
)");
    const auto units = read().fabric_node_ous();
    QVERIFY(units.enable());
    QCOMPARE(units.client_ou_identifier().organizational_unit_identifier(), std::string("clerk"));
    QCOMPARE(units.client_ou_identifier().certificate(), m_root->certificate.toPem());
    QVERIFY(units.peer_ou_identifier().certificate().empty());  // unreadable: any CA will do
    QVERIFY(units.has_admin_ou_identifier());
    QVERIFY(!units.has_orderer_ou_identifier());  // without a name it is none
    const auto msp = Msp::fromFolder(m_folder, MspId("TestMSP"), MspVersion::V1_4_3);
    VERIFY_OK(msp);
    QCOMPARE(test::refusalOf(*msp, test::makeMember(*m_root, {"clerk"}).certificate),
             std::string());
    QCOMPARE(test::refusalOf(*msp, test::makeMember(*m_root, {"client"}).certificate),
             std::string("NO_ROLE_OU"));

    write("config.yaml",
          "NodeOUs: {Enable: false, ClientOUIdentifier: {OrganizationalUnitIdentifier: client}}\n");
    QVERIFY(!read().has_fabric_node_ous());
    write("config.yaml", "");
    QCOMPARE(reason(), std::string());
    write("config.yaml", "NodeOUs:\n");
    QCOMPARE(reason(), std::string());
}

void MspFolderTest::ouIdentifiers() {
    write("config.yaml", R"(
OrganizationalUnitIdentifiers:
  - Certificate: cacerts/ca.pem
    OrganizationalUnitIdentifier: sales
  - {Certificate: "./cacerts/../cacerts/ca.pem", OrganizationalUnitIdentifier: legal}
)");
    const auto config = read();
    QCOMPARE(config.organizational_unit_identifiers_size(), 2);
    QCOMPARE(config.organizational_unit_identifiers(0).organizational_unit_identifier(),
             std::string("sales"));
    QCOMPARE(config.organizational_unit_identifiers(1).certificate(), m_root->certificate.toPem());
    write("config.yaml", "OrganizationalUnitIdentifiers: [{Certificate: cacerts/missing.pem}]\n");
    QVERIFY(!readMspFolder(m_folder, MspId("TestMSP")).ok());
}

void MspFolderTest::hostileConfigFiles_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const QByteArray& text,
                        const char* reason = "BAD_MSP_CONFIG_FILE") {
        QTest::newRow(name) << text << QByteArray(reason);
    };
    row("no YAML", "a: [b\n");
    row("list", "- a\n");
    row("text", "hello");
    row("key twice", "NodeOUs: {}\nNodeOUs: {}\n");
    row("inner key twice", "NodeOUs: {Enable: true, Enable: true}\n");
    row("key of a list", "[a]: b\n");
    row("node OUs as text", "NodeOUs: yes please\n");
    row("enable as a list", "NodeOUs: {Enable: [true]}\n");
    row("enable as text", "NodeOUs: {Enable: perhaps}\n");
    row("unit as text", "NodeOUs: {Enable: true, PeerOUIdentifier: peer}\n");
    row("name as a mapping",
        "NodeOUs: {Enable: true, PeerOUIdentifier: {OrganizationalUnitIdentifier: {a: b}}}\n");
    row("identifiers as a mapping", "OrganizationalUnitIdentifiers: {a: b}\n");
    row("path out of the folder",
        "OrganizationalUnitIdentifiers: [{Certificate: ../../../etc/passwd}]\n");
    row("path out of the folder for a role",
        "NodeOUs: {Enable: true, PeerOUIdentifier: {OrganizationalUnitIdentifier: peer, "
        "Certificate: a/../../b}}\n");
    row("unknown alias", "NodeOUs: *nowhere\n");
    row("control characters", QByteArray("\x00\x01\x02", 3));
    row("deep nesting", QByteArray(20'000, '['));
    row("deep mapping", QByteArray("{a: ").repeated(10'000));
    row("more than 64 KiB", QByteArray(70'000, '#'), "FILE_TOO_LARGE");
}

void MspFolderTest::hostileConfigFiles() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reason);
    write("config.yaml", text.toStdString());
    QCOMPARE(QByteArray::fromStdString(this->reason()), reason);
}

void MspFolderTest::unreadableFiles() {
    write("cacerts/large.pem", std::string(2 << 20, 'x'));
    QCOMPARE(reason(), std::string("FILE_TOO_LARGE"));
    fs::remove(m_folder / "cacerts/large.pem");
    // A link to nothing and a link in a circle are passed over like any file that cannot be read.
    fs::create_symlink("nowhere", m_folder / "cacerts/dangling.pem");
    fs::create_symlink("circle.pem", m_folder / "cacerts/circle.pem");
    QCOMPARE(read().root_certs_size(), 1);
    write("intermediatecerts", "a file where a folder belongs");
    QCOMPARE(reason(), std::string("FOLDER_UNREADABLE"));
}

// Mounted secrets are folders of links.
void MspFolderTest::linksAreFollowed() {
    write("..data/ca2.pem", test::makeRoot("second").certificate.toPem());
    fs::create_symlink("../..data/ca2.pem", m_folder / "cacerts/ca2.pem");
    QCOMPARE(read().root_certs_size(), 2);
}

void MspFolderTest::signers() {
    const Holder member = test::makeMember(*m_root, {"client"});
    const Holder other = test::makeMember(*m_root, {"client"});
    const MspId id("TestMSP");
    const auto signer = makeSigningIdentity(id, member.certificate.toPem(), member.key.toPem());
    VERIFY_OK(signer);
    QCOMPARE((*signer)->mspId().str(), std::string("TestMSP"));
    QCOMPARE((*signer)->serialized(), serializeIdentity(id, member.certificate.toPem()));
    VERIFY_OK(member.certificate.publicKey().verify("m", *(*signer)->sign("m"),
                                                    crypto::HashAlgorithm::Sha256));
    const auto withSha3 = makeSigningIdentity(id, member.certificate.toPem(), member.key.toPem(),
                                              crypto::HashAlgorithm::Sha3_256);
    VERIFY_OK(member.certificate.publicKey().verify("m", *(*withSha3)->sign("m"),
                                                    crypto::HashAlgorithm::Sha3_256));
    QCOMPARE(
        reasonOf(makeSigningIdentity(id, member.certificate.toPem(), other.key.toPem()).status()),
        std::string("KEY_MISMATCH"));
    QCOMPARE(reasonOf(makeSigningIdentity(id, "", member.key.toPem()).status()),
             std::string("NOT_PEM"));
    QCOMPARE(reasonOf(makeSigningIdentity(id, member.certificate.toPem(), "").status()),
             std::string("NOT_PEM"));
    // Text around the certificate does not become part of what is signed with.
    const auto tidy =
        makeSigningIdentity(id, "text\n" + member.certificate.toPem() + "text", member.key.toPem());
    QCOMPARE((*tidy)->serialized(), (*signer)->serialized());
}

void MspFolderTest::keysAreFoundAsFabricFindsThem() {
    const MspId id("TestMSP");
    const Holder member = test::makeMember(*m_root, {"client"});
    const Holder other = test::makeMember(*m_root, {"client"});
    QCOMPARE(reasonOf(loadSigningIdentity(m_folder, id).status()),
             std::string("NO_SIGNING_CERTIFICATE"));
    write("signcerts/b.pem", other.certificate.toPem());
    write("signcerts/a.pem", member.certificate.toPem());
    QCOMPARE(reasonOf(loadSigningIdentity(m_folder, id).status()), std::string("NO_PRIVATE_KEY"));
    write("keystore/other_sk", other.key.toPem());
    write("keystore/garbage", "garbage");
    write("keystore/large", std::string(100'000, '\n') + member.key.toPem());
    QCOMPARE(reasonOf(loadSigningIdentity(m_folder, id).status()), std::string("NO_PRIVATE_KEY"));
    write("keystore/some_name", member.key.toPem());
    const auto signer = loadSigningIdentity(m_folder, id);
    VERIFY_OK(signer);
    QVERIFY((*signer)->certificate() == member.certificate);
    fs::remove(m_folder / "keystore/some_name");
    write("keystore/" + toHex(member.key.publicKey().ski()) + "_sk", member.key.toPem());
    VERIFY_OK(loadSigningIdentity(m_folder, id));
    // A file of that name with another key does not deceive.
    write("keystore/" + toHex(member.key.publicKey().ski()) + "_sk", other.key.toPem());
    QCOMPARE(reasonOf(loadSigningIdentity(m_folder, id).status()), std::string("NO_PRIVATE_KEY"));
}

CHANCERY_TEST(MspFolderTest)
#include "MspFolderTest.moc"
