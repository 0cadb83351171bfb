#pragma once

#include <initializer_list>
#include <memory>

#include "src/base/Bytes.h"

namespace chancery::crypto {

enum class HashAlgorithm { Sha1, Sha256, Sha384, Sha512, Sha3_256, Sha3_384, Sm3 };

/// Bytes of a digest.
std::size_t sizeOf(HashAlgorithm algorithm);

/// Digest of the concatenation of `parts`. Thread-safe, never fails.
Bytes digest(HashAlgorithm algorithm, std::initializer_list<BytesView> parts);
inline Bytes digest(HashAlgorithm algorithm, BytesView bytes) {
    return digest(algorithm, {bytes});
}

/// SHA-256 is written into Fabric's formats (transaction ids, block hashes, private data hashes)
/// whatever suite signs.
inline Bytes sha256(BytesView bytes) {
    return digest(HashAlgorithm::Sha256, {bytes});
}
inline Bytes sha256(std::initializer_list<BytesView> parts) {
    return digest(HashAlgorithm::Sha256, parts);
}

/// For data that does not stand in memory as one piece. One thread at a time.
class Hasher {
public:
    explicit Hasher(HashAlgorithm algorithm = HashAlgorithm::Sha256);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher();

    Hasher& update(BytesView bytes);
    /// The digest; the object starts again empty.
    Bytes finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace chancery::crypto
