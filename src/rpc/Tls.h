#pragma once

#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace grpc {
class ClientContext;
class ServerContextBase;
}  // namespace grpc

namespace chancery::rpc {

/// Who one is in a TLS handshake.
struct TlsIdentity {
    std::string certificatePem;  ///< own certificate first, then intermediates, if any
    std::string keyPem;          ///< secret; unencrypted
};

struct ClientTls {
    std::string rootsPem;  ///< the CAs that may vouch for the server; never the system's
    std::optional<TlsIdentity> identity;  ///< shown to servers that ask
    std::string serverName;  ///< expected instead of the endpoint's host; empty: the host
};

/// What a server does about certificates of clients.
enum class ClientCertificates {
    Requested,           ///< asked for but not verified: Fabric's main ports, for the TLS binding
    RequiredUnverified,  ///< must be there; the service compares the certificate itself (pinning)
    Required             ///< must be there and lead to one of clientRootsPem
};

struct ServerTls {
    TlsIdentity identity;
    ClientCertificates clients = ClientCertificates::Requested;
    std::string clientRootsPem;  ///< for Required
};

/// Both check that everything can be used, so that a handshake does not fail for reasons of our
/// own. INVALID_ARGUMENT: BAD_CERTIFICATE, BAD_KEY, KEY_ENCRYPTED, KEY_MISMATCH, NO_ROOTS; the
/// sentence says whose.
Status checkTls(const ClientTls& tls);
Status checkTls(const ServerTls& tls);

/// The certificate that the other side of a connection showed.
struct PeerCertificate {
    Bytes der;
    /// SHA-256 of `der`: what a client writes into ChannelHeader.tls_cert_hash to bind its message
    /// to the connection.
    Bytes bindingHash;
};

/// The caller's certificate, in a handler; nothing when it showed none. Unless the server's
/// ClientCertificates are Required nobody has verified it: it says only which key the connection
/// uses.
std::optional<PeerCertificate> peerCertificate(const grpc::ServerContextBase& context);
/// The server's certificate, once a call has begun.
std::optional<PeerCertificate> peerCertificate(const grpc::ClientContext& context);

/// The binding hash of our own certificate. INVALID_ARGUMENT (BAD_CERTIFICATE).
Result<Bytes> bindingHashOf(const TlsIdentity& identity);

}  // namespace chancery::rpc
