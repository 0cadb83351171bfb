#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "src/base/Descriptor.h"

namespace chancery::rpc::test {

/// How a client without gRPC greets a server.
struct Greeting {
    int minVersion = TLS1_2_VERSION;
    int maxVersion = TLS1_3_VERSION;
    std::string ciphers;  ///< of TLS 1.2 and below; empty: OpenSSL's
    std::string protocol = "h2";
};

/// A TLS client that trusts everybody and speaks HTTP/2 by hand. Reads give up after ten seconds.
class RawTls {
public:
    RawTls(std::uint16_t port, const Greeting& greeting);

    bool connected() const { return m_connected; }
    std::string version() const { return ::SSL_get_version(m_ssl.get()); }
    std::string agreedProtocol() const;

    void send(const std::string& bytes);
    /// The type of the next frame that is not one of these, or -1 at the end of the connection.
    int nextFrame();
    /// Payload of the last frame.
    const std::string& payload() const { return m_payload; }

    /// The client's preface with empty settings.
    static std::string preface();
    static std::string frame(int type, int flags, const std::string& payload);

private:
    struct Free {
        void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
        void operator()(SSL* ssl) const { ::SSL_free(ssl); }
    };
    bool readExactly(std::string& into, std::size_t size);

    Descriptor m_socket;
    std::unique_ptr<SSL_CTX, Free> m_context;
    std::unique_ptr<SSL, Free> m_ssl;
    bool m_connected = false;
    std::string m_payload;
};

/// A plain TCP connection to a port of this machine.
Descriptor connectTo(std::uint16_t port);

}  // namespace chancery::rpc::test
