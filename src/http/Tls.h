#pragma once

// For the sources of this folder: PEM texts as OpenSSL takes them.
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::http {

struct FreeOpenssl {
    void operator()(X509* certificate) const { ::X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
    void operator()(X509_STORE* store) const { ::X509_STORE_free(store); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

/// All certificates of the text, at least one. INVALID_ARGUMENT (BAD_CERTIFICATE).
Result<std::vector<Owned<X509>>> readCertificates(const std::string& pem);
/// INVALID_ARGUMENT (BAD_KEY); never asks for a password.
Result<Owned<EVP_PKEY>> readKey(const std::string& pem);
/// INVALID_ARGUMENT: NO_ROOTS, BAD_CERTIFICATE.
Result<Owned<X509_STORE>> readRoots(const std::string& pem);

/// TLS 1.2 or later with forward secrecy, no compression, no renegotiation.
void hardenContext(SSL_CTX& context);
/// INVALID_ARGUMENT: BAD_CERTIFICATE, BAD_KEY, KEY_MISMATCH.
Status useIdentity(SSL_CTX& context, const std::string& certificatePem, const std::string& keyPem);

/// DER of what the other side showed; empty when it showed nothing.
std::string peerCertificateDer(SSL* ssl);

}  // namespace chancery::http
