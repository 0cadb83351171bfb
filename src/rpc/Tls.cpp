#include "src/rpc/Tls.h"

#include <grpcpp/client_context.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_context.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fmt/format.h>
#include <memory>

#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"

namespace chancery::rpc {
namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free>>;

Status invalid(std::string_view reason, std::string_view whose, std::string_view sentence) {
    ::ERR_clear_error();
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{} {}", whose, sentence),
                     {{"of", std::string(whose)}});
}

X509Ptr readCertificate(const Bytes& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509Ptr certificate(::d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ::ERR_clear_error();
    return certificate;
}

// A program must never stop to ask for a password.
int noPassword(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return 0;
}

Status checkIdentity(const TlsIdentity& identity, std::string_view whose) {
    const auto blocks = crypto::readAllPem(identity.certificatePem);
    if (blocks.empty()) return invalid("BAD_CERTIFICATE", whose, "TLS certificate is not PEM");
    X509Ptr own;
    for (const auto& block : blocks) {
        X509Ptr certificate = readCertificate(block.der);
        if (certificate == nullptr)
            return invalid("BAD_CERTIFICATE", whose, "TLS certificate cannot be read");
        if (own == nullptr) own = std::move(certificate);
    }
    const BioPtr bio(
        ::BIO_new_mem_buf(identity.keyPem.data(), static_cast<int>(identity.keyPem.size())));
    bool asked = false;
    const KeyPtr key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassword, &asked));
    if (asked) return invalid("KEY_ENCRYPTED", whose, "TLS key is encrypted");
    if (key == nullptr) return invalid("BAD_KEY", whose, "TLS key cannot be read");
    if (::X509_check_private_key(own.get(), key.get()) != 1)
        return invalid("KEY_MISMATCH", whose, "TLS key does not belong to its certificate");
    return absl::OkStatus();
}

Status checkRoots(const std::string& pem, std::string_view whose) {
    const auto blocks = crypto::readAllPem(pem);
    if (blocks.empty())
        return invalid("NO_ROOTS", whose, "TLS settings name no CA that could be trusted");
    for (const auto& block : blocks)
        if (readCertificate(block.der) == nullptr)
            return invalid("BAD_CERTIFICATE", whose, "CA certificate cannot be read");
    return absl::OkStatus();
}

PeerCertificate fromDer(Bytes der) {
    Bytes hash = crypto::sha256(der);
    return {std::move(der), std::move(hash)};
}

std::optional<PeerCertificate> fromContext(const grpc::AuthContext* context) {
    if (context == nullptr) return std::nullopt;
    const auto values = context->FindPropertyValues("x509_pem_cert");
    if (values.empty()) return std::nullopt;
    auto block = crypto::readPem({values.front().data(), values.front().size()});
    if (!block) return std::nullopt;
    return fromDer(std::move(block->der));
}

}  // namespace

Status checkTls(const ClientTls& tls) {
    RETURN_IF_ERROR(checkRoots(tls.rootsPem, "the client's"));
    return tls.identity ? checkIdentity(*tls.identity, "the client's") : absl::OkStatus();
}

Status checkTls(const ServerTls& tls) {
    RETURN_IF_ERROR(checkIdentity(tls.identity, "the server's"));
    if (tls.clients != ClientCertificates::Required) return absl::OkStatus();
    return checkRoots(tls.clientRootsPem, "the server's");
}

std::optional<PeerCertificate> peerCertificate(const grpc::ServerContextBase& context) {
    return fromContext(context.auth_context().get());
}

std::optional<PeerCertificate> peerCertificate(const grpc::ClientContext& context) {
    return fromContext(context.auth_context().get());
}

Result<Bytes> bindingHashOf(const TlsIdentity& identity) {
    auto block = crypto::readPem(identity.certificatePem);
    if (!block || readCertificate(block->der) == nullptr)
        return invalid("BAD_CERTIFICATE", "our own", "TLS certificate cannot be read");
    return fromDer(std::move(block->der)).bindingHash;
}

}  // namespace chancery::rpc
