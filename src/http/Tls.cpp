#include "src/http/Tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace chancery::http {
namespace {

struct FreeBio {
    void operator()(BIO* bio) const { ::BIO_free(bio); }
};

std::unique_ptr<BIO, FreeBio> reading(const std::string& text) {
    return std::unique_ptr<BIO, FreeBio>(::BIO_new_mem_buf(
        text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1 << 24))));
}

int refusePassword(char*, int, int, void*) {
    return -1;
}

Status invalid(std::string_view reason, std::string_view sentence) {
    ::ERR_clear_error();
    return makeError(StatusCode::kInvalidArgument, reason, sentence);
}

}  // namespace

Result<std::vector<Owned<X509>>> readCertificates(const std::string& pem) {
    const auto bio = reading(pem);
    std::vector<Owned<X509>> found;
    while (X509* certificate = ::PEM_read_bio_X509(bio.get(), nullptr, refusePassword, nullptr))
        found.emplace_back(certificate);
    if (found.empty()) return invalid("BAD_CERTIFICATE", "there is no certificate in PEM");
    ::ERR_clear_error();
    return found;
}

Result<Owned<EVP_PKEY>> readKey(const std::string& pem) {
    const auto bio = reading(pem);
    Owned<EVP_PKEY> key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, refusePassword, nullptr));
    if (!key) return invalid("BAD_KEY", "there is no unencrypted private key in PEM");
    return key;
}

Result<Owned<X509_STORE>> readRoots(const std::string& pem) {
    if (pem.empty()) return invalid("NO_ROOTS", "no certificate authority is trusted");
    ASSIGN_OR_RETURN(const auto certificates, readCertificates(pem));
    Owned<X509_STORE> store(::X509_STORE_new());
    for (const auto& certificate : certificates)
        ::X509_STORE_add_cert(store.get(), certificate.get());
    // What stands here is trusted as it is, also an authority below another one.
    ::X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    ::ERR_clear_error();
    return store;
}

void hardenContext(SSL_CTX& context) {
    ::SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
    ::SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    ::SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                        SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    ::SSL_CTX_set_num_tickets(&context, 0);
    ::SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
}

Status useIdentity(SSL_CTX& context, const std::string& certificatePem, const std::string& keyPem) {
    ASSIGN_OR_RETURN(const auto chain, readCertificates(certificatePem));
    ASSIGN_OR_RETURN(const auto key, readKey(keyPem));
    if (::SSL_CTX_use_certificate(&context, chain.front().get()) != 1)
        return invalid("BAD_CERTIFICATE", "the certificate cannot be used for TLS");
    for (std::size_t i = 1; i < chain.size(); ++i)
        ::SSL_CTX_add1_chain_cert(&context, chain[i].get());
    if (::X509_check_private_key(chain.front().get(), key.get()) != 1 ||
        ::SSL_CTX_use_PrivateKey(&context, key.get()) != 1)
        return invalid("KEY_MISMATCH", "the key is not that of the certificate");
    return absl::OkStatus();
}

std::string peerCertificateDer(SSL* ssl) {
    const Owned<X509> certificate(ssl ? ::SSL_get1_peer_certificate(ssl) : nullptr);
    if (!certificate) return {};
    unsigned char* der = nullptr;
    const int size = ::i2d_X509(certificate.get(), &der);
    if (size <= 0) return {};
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    ::OPENSSL_free(der);
    return out;
}

}  // namespace chancery::http
