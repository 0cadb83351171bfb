#include "node/ca/DirectoryUsers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "src/base/Encoding.h"
#include "tests/node/ca/Slapd.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node::test {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};  // never reached unless something is broken

std::string unit(const std::string& dn, const std::string& name) {
    return fmt::format("dn: {},dc=example,dc=com\nobjectClass: organizationalUnit\nou: {}\n\n", dn,
                       name);
}

/// `more`: further lines.
std::string person(const std::string& uid, const std::string& parent, const std::string& more = {},
                   const std::string& password = "userPassword: pw\n") {
    return fmt::format(
        "dn: uid={0},{1}dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: {0}\ncn: {0}\nsn: "
        "{0}\n{2}{3}\n",
        uid, parent, password, more);
}

const char kAdmin[] = "title: registrar\n";

std::string tree(const std::string& titleOfAdmin = kAdmin) {
    const std::string d1 = "ou=d1,ou=org1,";
    std::string all = unit("ou=org1", "org1") + unit("ou=d1,ou=org1", "d1") +
                      unit("ou=d2,ou=org1", "d2") + unit("ou=a.b", "a.b") +
                      person("admin", "", titleOfAdmin) +
                      person("alice", d1, "mail: alice@example.com\ntitle: trader\n") +
                      person("bob", d1, "employeeType: p\n") + person("twin", d1) +
                      person("twin", "ou=d2,ou=org1,") + person("dotted", "ou=a.b,") +
                      person("nopassword", d1, "", "") +
                      person("locked", d1, "pwdAccountLockedTime: 000001010000Z\n") +
                      person("expired", d1, "pwdChangedTime: 19700101000000Z\n") +
                      person("reset", d1, "pwdReset: TRUE\n") +
                      // "two\nlines"
                      person("lines", d1, "mail: x\ntitle:: dHdvCmxpbmVz\n") +
                      person("perhaps", d1, "carLicense: perhaps\n") +
                      person("long", d1, "title: " + std::string(5000, 'x') + "\n");
    std::string many;
    for (int i = 0; i < 300; ++i) many += fmt::format("title: t{}\n", i);
    return all + person("many", d1, many) +
           // A name of every letter that a filter gives a meaning.
           "dn: cn=odd,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: o*d(d)\\\ncn: odd\nsn: "
           "odd\nuserPassword: pw\n\n";
}

struct PasswordFile {
    explicit PasswordFile(const std::string& password) {
        file = folder.filePath("reader").toStdString();
        std::ofstream(file) << password << "\n";
        ::chmod(file.c_str(), 0600);
    }
    QTemporaryDir folder;
    std::string file;
};

DirectoryOptions optionsFor(std::uint16_t port) {
    static const PasswordFile password(Slapd::kReaderPassword);
    DirectoryOptions options;
    options.host = "127.0.0.1";
    options.port = port;
    options.transport = DirectoryTransport::Plain;
    options.base = "dc=example,dc=com";
    options.bindDn = "cn=reader,dc=example,dc=com";
    options.bindPasswordFile = password.file;
    options.attributes = {"mail"};
    options.timeout = kPatience;
    options.converters = {
        {"hf.Registrar.Roles", R"(if(attr("title") == "registrar", "*", ""))"},
        {"hf.Revoker", R"(attr("title") =~ "^(registrar|revoker)$")"},
        {"hf.AffiliationMgr", R"(if(attr("title") == "registrar", "true", attr("carLicense")))"},
        {"hf.Type",
         R"(if(attr("employeeType") == "", "client", map(attr("employeeType"), "types")))"},
        {"title", R"(attr("title"))", true}};
    options.maps = {{"types", {{"p", "peer"}}}};
    return options;
}

std::function<void(CaOptions&)> with(DirectoryOptions directory) {
    return [directory = std::move(directory)](CaOptions& options) {
        options.identities.clear();
        options.directory = directory;
    };
}

/// What takes a connection and never does what a directory does.
class Impostor {
public:
    enum class Manner { Silent, Closing, Talking };
    explicit Impostor(Manner manner) : m_manner(manner) {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(m_listener, 64);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~Impostor() {
        m_thread.request_stop();
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    std::uint16_t port = 0;

private:
    void run(const std::stop_token& stop) const {
        std::vector<int> open;
        while (!stop.stop_requested()) {
            const int connection = ::accept(m_listener, nullptr, nullptr);
            if (connection < 0) break;
            if (m_manner == Manner::Talking)
                for (int i = 0; i < 16; ++i)
                    if (::send(connection, "SSH-2.0-hello\r\n", 15, MSG_NOSIGNAL) < 0) break;
            if (m_manner == Manner::Closing)
                ::close(connection);
            else
                open.push_back(connection);
        }
        for (const int connection : open) ::close(connection);
    }

    const Manner m_manner;
    int m_listener = -1;
    std::jthread m_thread;
};

/// A root and what it vouches for.
struct Trust {
    explicit Trust(const std::string& name) {
        key = std::make_unique<crypto::PrivateKey>(
            valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256)));
        root = std::make_unique<identity::Certificate>(valueOf(identity::issueSelfSigned(
            identity::fabricCaRoot({.commonName = name}, Clock::system().now()), *key)));
        file = folder.filePath("root.pem").toStdString();
        std::ofstream(file) << root->toPem();
    }
    TlsFiles serverFor(const std::string& host, bool isOver = false) const {
        const auto own = valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        const absl::Time now = Clock::system().now();
        auto content = identity::fabricCaTls({.commonName = host}, {host}, *root, now);
        if (isOver) {
            content.notBefore = now - absl::Hours(48);
            content.notAfter = now - absl::Hours(24);
        }
        return {valueOf(identity::issueCertificate(content, own.publicKey(), *root, *key)).toPem(),
                own.toPem()};
    }
    QTemporaryDir folder;
    std::unique_ptr<crypto::PrivateKey> key;
    std::unique_ptr<identity::Certificate> root;
    std::string file;
};

/// Names that would mean something in a filter or a DN, or differ from "alice" in what directories
/// overlook.
constexpr const char* kInjections[] = {"*",
                                       "a*",
                                       "*)(uid=*",
                                       "alice)(uid=*",
                                       "alice)(|(uid=*",
                                       ")(uid=*))(|(uid=*",
                                       "*)(objectClass=*",
                                       "alice)(!(uid=x",
                                       "(uid=alice)",
                                       "&(uid=alice)",
                                       "alice*",
                                       "\\2a",
                                       "\\61lice",
                                       "alice\\",
                                       "al\\69ce",
                                       "%s",
                                       "%00",
                                       "=alice",
                                       "uid=alice",
                                       "uid=alice,ou=d1,ou=org1,dc=example,dc=com",
                                       "cn=reader,dc=example,dc=com",
                                       "alice)",
                                       "(alice",
                                       "alice,ou=d1",
                                       "alice+cn=alice",
                                       "#04056e",
                                       "alice;binary",
                                       "~=alice",
                                       ">=a",
                                       "<=z",
                                       ":dn:=alice",
                                       "ALICE",
                                       "Alice",
                                       " alice",
                                       "alice ",
                                       "al  ice"};

std::map<std::string, std::string> attributesOf(const Member& member) {
    const auto& all = member.certificate.attributes();
    return {all.begin(), all.end()};
}

}  // namespace

/// Users of a real OpenLDAP server at a CA.
class DirectoryTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;

private Q_SLOTS:
    void initTestCase() {
        ::signal(SIGPIPE, SIG_IGN);
        m_slapd = std::make_unique<Slapd>(tree());
    }
    void cleanupTestCase() { m_slapd.reset(); }

    void aUserEnrols() {
        TestCa ca(crypto::ecdsaP256(), with(optionsFor(m_slapd->port())));
        const Member alice = ca.enroll("alice", "pw");
        QCOMPARE(alice.certificate.commonName(), std::string("alice"));
        QCOMPARE(alice.certificate.organizationalUnits(),
                 (std::vector<std::string>{"d1", "org1", "client"}));
        const auto attributes = attributesOf(alice);
        QCOMPARE(attributes.at("title"), std::string("trader"));
        QCOMPARE(attributes.at("hf.Affiliation"), std::string("org1.d1"));
        QVERIFY(!attributes.contains("mail"));
        // As often as one likes, and what is asked for.
        const Member again =
            ca.enroll("alice", "pw", {{"attr_reqs", json::array({{{"name", "mail"}}})}});
        QCOMPARE(attributesOf(again).at("mail"), std::string("alice@example.com"));
        const Member peer = ca.enroll("bob", "pw");
        QCOMPARE(peer.certificate.organizationalUnits().back(), std::string("peer"));
        QVERIFY(ca.sendSigned(alice, "POST", "/api/v1/reenroll",
                              {{"certificate_request",
                                makeRequest({.subject = {.commonName = "alice"}}, ca.newKey())}})
                    .ok());
    }

    void namesWithMeaningInFiltersAreOnlyNames() {
        TestCa ca(crypto::ecdsaP256(), with(optionsFor(m_slapd->port())));
        QCOMPARE(ca.enroll("o*d(d)\\", "pw").certificate.commonName(), std::string("o*d(d)\\"));
    }

    void nobodyIsRegisteredHere_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const char* method, const char* target) {
            QTest::newRow(qPrintable(QString("%1 %2").arg(method, target)))
                << QByteArray(method) << QByteArray(target);
        };
        row("POST", "/api/v1/register");
        row("POST", "/api/v1/identities");
        row("PUT", "/api/v1/identities/alice");
        row("DELETE", "/api/v1/identities/alice");
        row("POST", "/api/v1/affiliations");
        row("PUT", "/api/v1/affiliations/org1");
        row("DELETE", "/api/v1/affiliations/org1");
    }
    /// As Fabric CA: 403 with its code 72.
    void nobodyIsRegisteredHere() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        TestCa ca(crypto::ecdsaP256(), with(optionsFor(m_slapd->port())));
        const Member admin = ca.enroll("admin", "pw");
        ca.enroll("alice", "pw");
        const std::string before = ca.state();
        const Answer answer = ca.sendSigned(admin, method.toStdString(), target.toStdString(),
                                            {{"id", "new"}, {"name", "org9"}, {"type", "client"}});
        QCOMPARE(answer.status, 403);
        QCOMPARE(answer.code(), 72);
        QCOMPARE(ca.state(), before);
    }

    /// Rights count as the directory has them now, whatever it had at enrolment.
    void rightsFollowTheDirectory() {
        Slapd slapd(tree());
        TestCa ca(crypto::ecdsaP256(), with(optionsFor(slapd.port())));
        const Member admin = ca.enroll("admin", "pw");
        const Member alice = ca.enroll("alice", "pw");
        QVERIFY(!ca.sendSigned(alice, "GET", "/api/v1/certificates").ok());
        QVERIFY(ca.sendSigned(admin, "GET", "/api/v1/certificates").ok());
        slapd.replace(tree("title: retired\n"));
        QCOMPARE(ca.sendSigned(admin, "GET", "/api/v1/certificates").status, 403);
        slapd.replace(person("other", ""));
        QCOMPARE(ca.sendSigned(alice, "GET", "/api/v1/certificates").status, 401);
        slapd.stop();
        const Answer answer = ca.sendSigned(alice, "GET", "/api/v1/certificates");
        QCOMPARE(answer.status, 503);
        slapd.start();
        slapd.replace(tree());
        QVERIFY(ca.sendSigned(admin, "GET", "/api/v1/certificates").ok());
    }

    void aRevokedUserStaysOut() {
        TestCa ca(crypto::ecdsaP256(), with(optionsFor(m_slapd->port())));
        const Member admin = ca.enroll("admin", "pw");
        const Member alice = ca.enroll("alice", "pw");
        const Answer revoked = ca.sendSigned(admin, "POST", "/api/v1/revoke",
                                             {{"id", "alice"}, {"reason", "superseded"}});
        QCOMPARE(revoked.result()["RevokedCerts"].size(), std::size_t(1));
        QCOMPARE(ca.sendSigned(alice, "POST", "/api/v1/reenroll", json::object()).status, 401);
        const std::string before = ca.state();
        QCOMPARE(ca.tryEnroll("alice", "pw",
                              makeRequest({.subject = {.commonName = "alice"}}, ca.newKey()))
                     .status,
                 401);
        QCOMPARE(ca.state(), before);
    }

    void hostileLoginsAreRefused_data() {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("secret");
        const auto row = [](const QByteArray& id, const QByteArray& secret) {
            QTest::newRow(printable(id.toStdString() + "/" + secret.toStdString(), 60).c_str())
                << id << secret;
        };
        for (const char* id : kInjections) row(id, "pw");
        row(QByteArray("alice\0", 6), "pw");
        row(QByteArray("\0alice", 6), "pw");
        row(QByteArray("al\0ice", 6), "pw");
        row(QByteArray("alice\0)(uid=*", 13), "pw");
        row("alice\n", "pw");
        row("alice\r\nx", "pw");
        row("\xff\xfe", "pw");
        row("\xc0\xaa", "pw");
        row(QByteArray(65, 'a'), "pw");
        row(QByteArray(100'000, 'a'), "pw");
        row(QByteArray(100'000, '('), "pw");
        row("", "pw");
        row("", "");
        // Passwords. An empty one would be let in by the directory, as nobody.
        row("alice", "");
        row("alice", "PW");
        row("alice", "pw ");
        row("alice", QByteArray("pw\0", 3));
        row("alice", QByteArray("\0", 1));
        row("alice", "*");
        row("alice", "{SASL}alice");
        row("alice", QByteArray(100'000, 'p'));
        // Entries.
        for (const char* id : {"nobody", "twin", "dotted", "nopassword", "locked", "expired",
                               "reset", "lines", "perhaps", "long", "many"})
            row(id, "pw");
        row("nopassword", "");
        row("locked", "wrong");
    }
    void hostileLoginsAreRefused() {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, secret);
        static TestCa ca(crypto::ecdsaP256(), with(optionsFor(m_slapd->port())));
        const std::string before = ca.state();
        const std::string name = id.toStdString();
        const Answer answer =
            ca.tryEnroll(name, secret.toStdString(),
                         makeRequest({.subject = {.commonName = "alice"}}, ca.newKey()));
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.code(), 20);
        QCOMPARE(ca.state(), before);
    }

    void sayWhyInTheLog_data() {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* id, const char* secret, const char* reason) {
            QTest::newRow(id) << QByteArray(id) << QByteArray(secret) << QByteArray(reason);
        };
        row("*", "pw", "NO_SUCH_USER");
        row("ALICE", "pw", "NO_SUCH_USER");
        row("twin", "pw", "SEVERAL_USERS");
        row("alice", "", "WRONG_PASSWORD");
        row("locked", "pw", "WRONG_PASSWORD");
        row("reset", "pw", "WRONG_PASSWORD");
        row("expired", "pw", "WRONG_PASSWORD");
        row("dotted", "pw", "BAD_DIRECTORY_ENTRY");
        row("lines", "pw", "BAD_DIRECTORY_ENTRY");
        row("perhaps", "pw", "BAD_DIRECTORY_ENTRY");
        row("many", "pw", "DIRECTORY_ENTRY_TOO_LARGE");
        row("a\n", "pw", "BAD_USER_NAME");
    }
    void sayWhyInTheLog() {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, reason);
        const auto users = valueOf(DirectoryUsers::open(optionsFor(m_slapd->port())));
        QCOMPARE(reasonOf(users->login(id.toStdString(), secret.toStdString()).status()),
                 reason.toStdString());
    }

    void tlsIsSpoken() {
        const Trust trust("directory root");
        Slapd slapd(tree(), trust.serverFor("127.0.0.1"));
        for (const DirectoryTransport transport :
             {DirectoryTransport::StartTls, DirectoryTransport::Ldaps}) {
            const bool isLdaps = transport == DirectoryTransport::Ldaps;
            DirectoryOptions options = optionsFor(isLdaps ? slapd.tlsPort() : slapd.port());
            options.transport = transport;
            options.roots = trust.file;
            const auto users = valueOf(DirectoryUsers::open(options));
            VERIFY_OK(users->login("alice", "pw"));
            QCOMPARE(reasonOf(users->login("alice", "wrong").status()),
                     std::string("WRONG_PASSWORD"));
        }
    }

    void directoriesThatAreNotTrusted_data() {
        QTest::addColumn<int>("transport");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("isOver");
        QTest::addColumn<bool>("isKnown");
        for (const auto transport : {DirectoryTransport::StartTls, DirectoryTransport::Ldaps}) {
            const auto row = [&](const char* what, const char* host, bool isOver, bool isKnown) {
                QTest::newRow(
                    qPrintable(QString("%1 %2").arg(what).arg(static_cast<int>(transport))))
                    << static_cast<int>(transport) << QByteArray(host) << isOver << isKnown;
            };
            row("another root", "127.0.0.1", false, false);
            row("another host", "elsewhere.example.com", false, true);
            row("certificate that is over", "127.0.0.1", true, true);
        }
    }
    void directoriesThatAreNotTrusted() {
        QFETCH(int, transport);
        QFETCH(QByteArray, host);
        QFETCH(bool, isOver);
        QFETCH(bool, isKnown);
        const Trust trust("directory root");
        const Trust other("directory root");
        Slapd slapd(tree(), trust.serverFor(host.toStdString(), isOver));
        const auto kind = static_cast<DirectoryTransport>(transport);
        DirectoryOptions options =
            optionsFor(kind == DirectoryTransport::Ldaps ? slapd.tlsPort() : slapd.port());
        options.transport = kind;
        options.roots = isKnown ? trust.file : other.file;
        const Status status = valueOf(DirectoryUsers::open(options))->login("alice", "pw").status();
        QVERIFY2(reasonOf(status) == "DIRECTORY_TLS_FAILED", status.ToString().c_str());
        QCOMPARE(status.code(), StatusCode::kUnavailable);
    }

    void directoriesThatDoNotAnswer_data() {
        QTest::addColumn<int>("manner");
        QTest::addColumn<int>("transport");
        const auto row = [](const char* what, int manner) {
            for (const auto transport : {DirectoryTransport::Plain, DirectoryTransport::StartTls,
                                         DirectoryTransport::Ldaps})
                QTest::newRow(
                    qPrintable(QString("%1 %2").arg(what).arg(static_cast<int>(transport))))
                    << manner << static_cast<int>(transport);
        };
        row("nobody", -1);
        row("silent", static_cast<int>(Impostor::Manner::Silent));
        row("closing", static_cast<int>(Impostor::Manner::Closing));
        row("talking", static_cast<int>(Impostor::Manner::Talking));
    }
    /// 503 and no more; nothing counts against the user.
    void directoriesThatDoNotAnswer() {
        QFETCH(int, manner);
        QFETCH(int, transport);
        const Trust trust("directory root");
        std::unique_ptr<Impostor> impostor;
        if (manner >= 0)
            impostor = std::make_unique<Impostor>(static_cast<Impostor::Manner>(manner));
        DirectoryOptions options = optionsFor(impostor ? impostor->port : freePort());
        options.transport = static_cast<DirectoryTransport>(transport);
        options.roots = trust.file;
        options.timeout = std::chrono::milliseconds(100);
        TestCa ca(crypto::ecdsaP256(), with(options));
        const std::string before = ca.state();
        const Answer answer =
            ca.tryEnroll("alice", "canary-password-1108",
                         makeRequest({.subject = {.commonName = "alice"}}, ca.newKey()));
        QCOMPARE(answer.status, 503);
        QCOMPARE(ca.state(), before);
        const Status status =
            valueOf(DirectoryUsers::open(options))->login("alice", "canary-password-1108").status();
        QCOMPARE(status.code(), StatusCode::kUnavailable);
        const bool isTls = options.transport != DirectoryTransport::Plain;
        QCOMPARE(reasonOf(status),
                 std::string(impostor && isTls ? "DIRECTORY_TLS_FAILED" : "DIRECTORY_GONE"));
        const std::string text = status.ToString() + answer.body.dump();
        QVERIFY(text.find("canary") == std::string::npos);
    }

    void aDirectoryThatDoesNotLetUsAsk() {
        const PasswordFile wrong("another");
        DirectoryOptions options = optionsFor(m_slapd->port());
        options.bindPasswordFile = wrong.file;
        QCOMPARE(reasonOf(valueOf(DirectoryUsers::open(options))->login("alice", "pw").status()),
                 std::string("DIRECTORY_REFUSED"));
        options = optionsFor(m_slapd->port());
        options.base = "dc=elsewhere";
        QCOMPARE(reasonOf(valueOf(DirectoryUsers::open(options))->login("alice", "pw").status()),
                 std::string("DIRECTORY_REFUSED"));
        // Somebody whom nobody has introduced sees nothing there.
        options = optionsFor(m_slapd->port());
        options.bindDn.clear();
        options.bindPasswordFile.clear();
        QVERIFY(!valueOf(DirectoryUsers::open(options))->login("alice", "pw").ok());
    }

    void filesOfOthersAreRefused() {
        DirectoryOptions options = optionsFor(m_slapd->port());
        const PasswordFile loose("pw");
        ::chmod(loose.file.c_str(), 0640);
        options.bindPasswordFile = loose.file;
        QCOMPARE(reasonOf(DirectoryUsers::open(options).status()), std::string("SECRET_FILE_MODE"));
        const PasswordFile none("");
        options.bindPasswordFile = none.file;
        QCOMPARE(reasonOf(DirectoryUsers::open(options).status()),
                 std::string("EMPTY_BIND_PASSWORD"));
        options = optionsFor(m_slapd->port());
        options.roots = "/nowhere/root.pem";
        QVERIFY(!DirectoryUsers::open(options).ok());
        options = optionsFor(m_slapd->port());
        options.converters.push_back({"hf.Wizard", "true"});
        QCOMPARE(reasonOf(DirectoryUsers::open(options).status()),
                 std::string("BAD_CONVERTER_NAME"));
    }

    void filtersAreChecked_data() {
        QTest::addColumn<bool>("isGood");
        for (const char* good : {"(uid=%s)", "(&(objectClass=person)(uid=%s))",
                                 "(|(uid=%s)(mail=%s))", "(uid:caseExactMatch:=%s)"})
            QTest::newRow(good) << true;
        for (const char* bad : {"", "uid=%s", "(uid=%s", "uid=%s)", "(uid=*)", "(uid=%s)(cn=*)",
                                "(uid=x)", "(&(uid=%s)))((cn=*)", "(=%s)"})
            QTest::newRow(bad) << false;
    }
    void filtersAreChecked() {
        QFETCH(bool, isGood);
        QCOMPARE(checkUserFilter(QTest::currentDataTag()).ok(), isGood);
    }

    /// A directory that hangs holds up those who ask it, as many as it has places, and nobody else.
    void aHangingDirectoryHoldsUpNobodyElse() {
        auto impostor = std::make_unique<Impostor>(Impostor::Manner::Silent);
        DirectoryOptions options = optionsFor(impostor->port);
        options.connections = 2;
        TestCa ca(crypto::ecdsaP256(), with(options));
        std::atomic<int> refused = 0;
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < 8; ++i)
                clients.emplace_back([&] {
                    const Answer answer = ca.tryEnroll("alice", "pw", "none");
                    if (answer.status == 503) ++refused;
                    refused.notify_all();
                });
            // Two ask, two wait for their turn.
            for (int now = refused; now < 4; now = refused) refused.wait(now);
            QVERIFY(ca.send("GET", "/api/v1/cainfo").ok());
            impostor.reset();
        }
        QCOMPARE(refused.load(), 8);
    }
};

}  // namespace chancery::node::test

using chancery::node::test::DirectoryTest;
CHANCERY_TEST(DirectoryTest)
#include "DirectoryTest.moc"
