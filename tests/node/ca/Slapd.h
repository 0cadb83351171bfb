#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <cstdint>
#include <string>

namespace chancery::node::test {

/// A certificate in PEM with its key.
struct TlsFiles {
    std::string certificatePem;
    std::string keyPem;
};

/// OpenLDAP's server in a folder of its own, at free ports of this machine, with
/// "dc=example,dc=com", a password policy and a reader, cn=reader with the password
/// kReaderPassword. Throws std::runtime_error when it is not there (./dev test unpacks it) or does
/// not start.
class Slapd {
public:
    /// `ldif`: what it has besides. With `tls` it speaks LDAPS and StartTLS.
    explicit Slapd(const std::string& ldif, const TlsFiles& tls = {});
    ~Slapd();

    std::uint16_t port() const { return m_port; }
    std::uint16_t tlsPort() const { return m_tlsPort; }
    void stop();
    /// Again at the same ports.
    void start();
    /// Stops, starts with another content.
    void replace(const std::string& ldif);

    static constexpr const char* kReaderPassword = "canary-reader-6120";

private:
    std::string path(const char* name) const;
    void load(const std::string& ldif);

    QTemporaryDir m_folder;
    QProcess m_process;
    std::uint16_t m_port = 0;
    std::uint16_t m_tlsPort = 0;
};

/// A port at which nobody listens now.
std::uint16_t freePort();

}  // namespace chancery::node::test
