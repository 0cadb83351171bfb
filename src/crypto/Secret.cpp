#include "src/crypto/Secret.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>
#include <new>
#include <utility>

namespace chancery::crypto {
namespace {

// Room for some thousand keys in use; the smallest piece is that of a key's number.
constexpr std::size_t kSecureHeapBytes = 1 << 20;
constexpr std::size_t kSmallestPiece = 32;

char* allocate(std::size_t size) {
    void* memory = OPENSSL_secure_zalloc(size);
    // A full heap is no reason to fail: such bytes are wiped like the others.
    if (memory == nullptr) memory = OPENSSL_zalloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<char*>(memory);
}

}  // namespace

Secret::Secret(BytesView bytes) : Secret(ofSize(bytes.size())) {
    if (!bytes.empty()) std::memcpy(m_data, bytes.data(), bytes.size());
}

Secret Secret::ofSize(std::size_t size) {
    Secret secret;
    if (size == 0) return secret;
    secret.m_data = allocate(size);
    secret.m_size = secret.m_room = size;
    return secret;
}

Secret::Secret(Secret&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_room(std::exchange(other.m_room, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    clear();
    m_data = std::exchange(other.m_data, nullptr);
    m_size = std::exchange(other.m_size, 0);
    m_room = std::exchange(other.m_room, 0);
    return *this;
}

Secret::~Secret() {
    clear();
}

void Secret::shorten(std::size_t size) {
    if (size >= m_size) return;
    OPENSSL_cleanse(m_data + size, m_size - size);
    m_size = size;
}

void Secret::clear() {
    if (m_data != nullptr) OPENSSL_secure_clear_free(m_data, m_room);
    m_data = nullptr;
    m_size = m_room = 0;
}

void wipe(Bytes& bytes) {
    if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
}

bool equalInConstantTime(BytesView a, BytesView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool forbidDumps() {
    const rlimit none{0, 0};
    const bool hasNoFile = ::setrlimit(RLIMIT_CORE, &none) == 0;
    return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && hasNoFile;
}

SecureHeap useSecureHeap() {
    static const SecureHeap answer = [] {
        if (CRYPTO_secure_malloc_initialized() == 1) return SecureHeap::NotLocked;
        switch (CRYPTO_secure_malloc_init(kSecureHeapBytes, kSmallestPiece)) {
            case 1:
                return SecureHeap::Locked;
            case 2:
                return SecureHeap::NotLocked;  // the limit of locked memory is lower
            default:
                return SecureHeap::Unavailable;
        }
    }();
    return answer;
}

}  // namespace chancery::crypto
