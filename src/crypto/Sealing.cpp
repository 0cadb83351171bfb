#include "src/crypto/Sealing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include <memory>

namespace chancery::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::uint64_t kMostMemory = 1ULL << 30;

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(char* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Status failed() {
    return makeError(StatusCode::kInternal, "CRYPTO_FAILED", "the crypto library refused a cipher");
}

Status broken() {
    return makeError(StatusCode::kUnauthenticated, "SEAL_BROKEN",
                     "the seal does not fit: another key, or the bytes were changed");
}

Status badKdf(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_KDF",
                     fmt::format("the parameters of the key derivation are of no use: {}", what));
}

const EVP_MD* methodOf(Pbkdf2Hash hash) {
    switch (hash) {
        case Pbkdf2Hash::Sha1:
            return EVP_sha1();
        case Pbkdf2Hash::Sha256:
            return EVP_sha256();
        case Pbkdf2Hash::Sha384:
            return EVP_sha384();
        case Pbkdf2Hash::Sha512:
            return EVP_sha512();
    }
    return EVP_sha256();
}

}  // namespace

Result<Secret> deriveKey(BytesView passphrase, BytesView salt, ScryptCost cost, std::size_t bytes) {
    if (cost.log2N < 1 || cost.log2N > 24 || cost.r < 1 || cost.r > 64 || cost.p < 1 || cost.p > 4)
        return badKdf(fmt::format("scrypt with log2 N {}, r {}, p {}", cost.log2N, cost.r, cost.p));
    if (cost.memory() > kMostMemory)
        return badKdf(fmt::format("scrypt that needs {} MiB of memory", cost.memory() >> 20));
    Secret key = Secret::ofSize(bytes);
    // The library counts some small tables besides.
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), raw(salt), salt.size(),
                       std::uint64_t(1) << cost.log2N, cost.r, cost.p, 2 * kMostMemory,
                       raw(key.data()), key.size()) != 1)
        return badKdf("the crypto library refused them, or memory is short");
    return key;
}

Result<Secret> deriveKeyPbkdf2(BytesView passphrase, BytesView salt, Pbkdf2Hash hash,
                               std::uint32_t iterations, std::size_t bytes) {
    constexpr std::uint32_t kMostIterations = 10'000'000;
    if (iterations < 1 || iterations > kMostIterations)
        return badKdf(fmt::format("PBKDF2 with {} iterations", iterations));
    Secret key = Secret::ofSize(bytes);
    if (PKCS5_PBKDF2_HMAC(passphrase.data(), int(passphrase.size()), raw(salt), int(salt.size()),
                          int(iterations), methodOf(hash), int(key.size()), raw(key.data())) != 1)
        return failed();
    return key;
}

Result<Bytes> seal(const Secret& key, BytesView plain, BytesView associated, Random& random) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes sealed = random.bytes(kNonceBytes);
    if (!context || key.size() != kSealKeyBytes || sealed.size() != kNonceBytes ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.view()),
                           raw(sealed)) != 1)
        return failed();
    sealed.resize(kNonceBytes + plain.size() + kTagBytes);
    unsigned char* out = raw(sealed.data()) + kNonceBytes;
    int done = 0;
    if ((!associated.empty() && EVP_EncryptUpdate(context.get(), nullptr, &done, raw(associated),
                                                  int(associated.size())) != 1) ||
        (!plain.empty() &&
         EVP_EncryptUpdate(context.get(), out, &done, raw(plain), int(plain.size())) != 1) ||
        EVP_EncryptFinal_ex(context.get(), out + plain.size(), &done) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, int(kTagBytes),
                            out + plain.size()) != 1)
        return failed();
    return sealed;
}

Result<Secret> unseal(const Secret& key, BytesView sealed, BytesView associated) {
    if (sealed.size() < kSealOverhead || key.size() != kSealKeyBytes) return broken();
    const BytesView cipher = sealed.substr(kNonceBytes, sealed.size() - kSealOverhead);
    Bytes tag(sealed.substr(sealed.size() - kTagBytes));
    const CipherContext context(EVP_CIPHER_CTX_new());
    if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.view()),
                                       raw(sealed)) != 1)
        return failed();
    Secret plain = Secret::ofSize(cipher.size());
    unsigned char end[kTagBytes];
    int done = 0;
    if ((!associated.empty() && EVP_DecryptUpdate(context.get(), nullptr, &done, raw(associated),
                                                  int(associated.size())) != 1) ||
        (!cipher.empty() && EVP_DecryptUpdate(context.get(), raw(plain.data()), &done, raw(cipher),
                                              int(cipher.size())) != 1) ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, int(kTagBytes), tag.data()) != 1)
        return failed();
    if (EVP_DecryptFinal_ex(context.get(), end, &done) != 1) return broken();
    return plain;
}

Bytes hmacSha256(const Secret& key, BytesView message) {
    Bytes mac(32, '\0');
    unsigned size = unsigned(mac.size());
    HMAC(EVP_sha256(), key.view().data(), int(key.size()), raw(message), message.size(),
         raw(mac.data()), &size);
    return mac;
}

}  // namespace chancery::crypto
