#include "src/crypto/Digest.h"

#include <array>

#include <openssl/evp.h>

#include "src/crypto/Digests.h"

namespace chancery::crypto {
namespace {

struct Entry {
    const char* name;
    std::size_t size;
};

constexpr std::array<Entry, 7> kAlgorithms = {{{"SHA1", 20},
                                               {"SHA256", 32},
                                               {"SHA384", 48},
                                               {"SHA512", 64},
                                               {"SHA3-256", 32},
                                               {"SHA3-384", 48},
                                               {"SM3", 32}}};

// One context per thread: making one costs as much as hashing a short message.
EVP_MD_CTX* threadContext() {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    return context.get();
}

}  // namespace

std::size_t sizeOf(HashAlgorithm algorithm) {
    return kAlgorithms[std::size_t(algorithm)].size;
}

// Fetched once: the lookup by name would cost more than the hash. Never freed, so that threads
// which outlive main's static objects still find them.
const EVP_MD* methodOf(HashAlgorithm algorithm) {
    static const auto methods = [] {
        std::array<EVP_MD*, kAlgorithms.size()> all{};
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = EVP_MD_fetch(nullptr, kAlgorithms[i].name, nullptr);
        return all;
    }();
    return methods[std::size_t(algorithm)];
}

void digestInto(HashAlgorithm algorithm, std::initializer_list<BytesView> parts,
                unsigned char* out) {
    EVP_MD_CTX* context = threadContext();
    EVP_DigestInit_ex2(context, methodOf(algorithm), nullptr);
    for (const BytesView part : parts) EVP_DigestUpdate(context, part.data(), part.size());
    EVP_DigestFinal_ex(context, out, nullptr);
}

Bytes digest(HashAlgorithm algorithm, std::initializer_list<BytesView> parts) {
    Bytes result(sizeOf(algorithm), '\0');
    digestInto(algorithm, parts, reinterpret_cast<unsigned char*>(result.data()));
    return result;
}

struct Hasher::State {
    HashAlgorithm algorithm;
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    explicit State(HashAlgorithm chosen) : algorithm(chosen) { start(); }
    ~State() { EVP_MD_CTX_free(context); }
    void start() { EVP_DigestInit_ex2(context, methodOf(algorithm), nullptr); }
};

Hasher::Hasher(HashAlgorithm algorithm) : m_state(std::make_unique<State>(algorithm)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

Hasher& Hasher::update(BytesView bytes) {
    EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size());
    return *this;
}

Bytes Hasher::finish() {
    Bytes result(sizeOf(m_state->algorithm), '\0');
    EVP_DigestFinal_ex(m_state->context, reinterpret_cast<unsigned char*>(result.data()), nullptr);
    m_state->start();
    return result;
}

}  // namespace chancery::crypto
