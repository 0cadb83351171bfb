#include "tests/src/rpc/RawTls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <sys/socket.h>

namespace chancery::rpc::test {

Descriptor connectTo(std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        socket.reset();
    return socket;
}

RawTls::RawTls(std::uint16_t port, const Greeting& greeting)
    : m_socket(connectTo(port)), m_context(::SSL_CTX_new(::TLS_client_method())) {
    ::SSL_CTX_set_security_level(m_context.get(), 0);  // old versions are tried on purpose
    ::SSL_CTX_set_min_proto_version(m_context.get(), greeting.minVersion);
    ::SSL_CTX_set_max_proto_version(m_context.get(), greeting.maxVersion);
    if (!greeting.ciphers.empty())
        ::SSL_CTX_set_cipher_list(m_context.get(), greeting.ciphers.c_str());
    m_ssl.reset(::SSL_new(m_context.get()));
    const std::string protocol = char(greeting.protocol.size()) + greeting.protocol;
    ::SSL_set_alpn_protos(m_ssl.get(), reinterpret_cast<const unsigned char*>(protocol.data()),
                          static_cast<unsigned>(protocol.size()));
    ::SSL_set_fd(m_ssl.get(), m_socket.get());
    m_connected = ::SSL_connect(m_ssl.get()) == 1;
    ::ERR_clear_error();
}

std::string RawTls::agreedProtocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    ::SSL_get0_alpn_selected(m_ssl.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

void RawTls::send(const std::string& bytes) {
    ::SSL_write(m_ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
}

bool RawTls::readExactly(std::string& into, std::size_t size) {
    into.assign(size, '\0');
    for (std::size_t at = 0; at < size;) {
        const int got = ::SSL_read(m_ssl.get(), into.data() + at, static_cast<int>(size - at));
        if (got <= 0) {
            ::ERR_clear_error();
            return false;
        }
        at += static_cast<std::size_t>(got);
    }
    return true;
}

int RawTls::nextFrame() {
    std::string head;
    if (!readExactly(head, 9)) return -1;
    const auto byte = [&](int i) { return static_cast<unsigned char>(head[std::size_t(i)]); };
    const std::size_t size = std::size_t(byte(0)) << 16 | std::size_t(byte(1)) << 8 | byte(2);
    return readExactly(m_payload, size) ? byte(3) : -1;
}

std::string RawTls::preface() {
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, "");
}

std::string RawTls::frame(int type, int flags, const std::string& payload) {
    std::string bytes(9, '\0');
    bytes[1] = char(payload.size() >> 8);
    bytes[2] = char(payload.size());
    bytes[3] = char(type);
    bytes[4] = char(flags);
    return bytes + payload;
}

}  // namespace chancery::rpc::test
