#include "tests/node/ca/Slapd.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QFile>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace chancery::node::test {
namespace {

constexpr const char* kRoot = CHANCERY_SLAPD;
constexpr int kTries = 20;  // of ports that somebody else took in between

constexpr const char* kTree = R"(dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=policy,dc=example,dc=com
objectClass: applicationProcess
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdMustChange: TRUE
pwdLockout: TRUE
pwdMaxAge: 1000000000

dn: cn=reader,dc=example,dc=com
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: reader
)";

void write(const std::string& path, const std::string& text) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) ||
        file.write(text.data(), qint64(text.size())) != qint64(text.size()))
        throw std::runtime_error("cannot write " + path);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

bool answers(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool connected =
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return connected;
}

/// The programs of the package find their libraries in it.
QProcessEnvironment environment() {
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    QString libraries;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(kRoot) / "usr/lib"))
        if (entry.is_directory()) libraries += QString::fromStdString(entry.path()) + ":";
    variables.insert("LD_LIBRARY_PATH", libraries);
    return variables;
}

}  // namespace

std::uint16_t freePort() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(socket);
    return ntohs(address.sin_port);
}

Slapd::Slapd(const std::string& ldif, const TlsFiles& tls) {
    const std::string root = kRoot;
    if (!QFile::exists(QString::fromStdString(root + "/usr/sbin/slapd")))
        throw std::runtime_error("slapd is not in " + root + " (./dev test unpacks it)");
    std::string settings;
    for (const char* schema : {"core", "cosine", "inetorgperson"})
        settings += fmt::format("include {}/etc/ldap/schema/{}.schema\n", root, schema);
    settings +=
        fmt::format("modulepath {}/usr/lib/ldap\nmoduleload back_mdb\nmoduleload ppolicy\n", root);
    if (!tls.keyPem.empty()) {
        write(path("cert.pem"), tls.certificatePem);
        write(path("key.pem"), tls.keyPem);
        settings += fmt::format("TLSCertificateFile {}\nTLSCertificateKeyFile {}\n",
                                path("cert.pem"), path("key.pem"));
    }
    settings += fmt::format(
        "database mdb\nsuffix \"dc=example,dc=com\"\ndirectory {}\nmaxsize 16777216\n"
        "access to attrs=userPassword by anonymous auth by * none\n"
        "access to * by dn.exact=\"cn=reader,dc=example,dc=com\" read by * none\n"
        "overlay ppolicy\nppolicy_default \"cn=policy,dc=example,dc=com\"\n",
        path("db"));
    write(path("slapd.conf"), settings);
    m_process.setProcessEnvironment(environment());
    load(ldif);
    for (int i = 0; i < kTries; ++i) {
        m_port = freePort();
        m_tlsPort = tls.keyPem.empty() ? std::uint16_t(0) : freePort();
        try {
            start();
            return;
        } catch (const std::runtime_error&) {
            if (i + 1 == kTries) throw;
        }
    }
}

Slapd::~Slapd() {
    stop();
}

std::string Slapd::path(const char* name) const {
    return m_folder.filePath(name).toStdString();
}

void Slapd::load(const std::string& ldif) {
    std::filesystem::remove_all(path("db"));
    std::filesystem::create_directory(path("db"));
    write(path("content.ldif"),
          fmt::format("{}userPassword: {}\n\n{}", kTree, kReaderPassword, ldif));
    QProcess slapadd;
    slapadd.setProcessEnvironment(environment());
    slapadd.start(
        QString(kRoot) + "/usr/sbin/slapadd",
        {"-q", "-f", m_folder.filePath("slapd.conf"), "-l", m_folder.filePath("content.ldif")});
    if (!slapadd.waitForFinished() || slapadd.exitCode() != 0)
        throw std::runtime_error("slapadd: " + slapadd.readAllStandardError().toStdString());
}

void Slapd::start() {
    std::string urls = fmt::format("ldap://127.0.0.1:{}/", m_port);
    if (m_tlsPort != 0) urls += fmt::format(" ldaps://127.0.0.1:{}/", m_tlsPort);
    // "-d" keeps it here.
    m_process.start(
        QString(kRoot) + "/usr/sbin/slapd",
        {"-d", "0", "-f", m_folder.filePath("slapd.conf"), "-h", QString::fromStdString(urls)});
    if (!m_process.waitForStarted()) throw std::runtime_error("slapd does not start");
    while (!answers(m_port) || (m_tlsPort != 0 && !answers(m_tlsPort)))
        if (m_process.waitForFinished(10))
            throw std::runtime_error("slapd ended: " +
                                     m_process.readAllStandardError().toStdString());
}

void Slapd::stop() {
    if (m_process.state() == QProcess::NotRunning) return;
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void Slapd::replace(const std::string& ldif) {
    stop();
    load(ldif);
    start();
}

}  // namespace chancery::node::test
