#pragma once

// For the sources of this folder: signatures by a P-256 key that signs often.
#include <memory>

#include "src/base/Bytes.h"

namespace chancery::crypto {

/// Holds multiples of one key's point, in the form in which OpenSSL keeps those of the curve's
/// generator (about 150 KB). With them a check takes half of its time. Thread-safe.
class FastVerifier {
public:
    /// Takes as long as a few hundred checks. `point` is 04‖X‖Y, on the curve. Null when this
    /// machine's OpenSSL has no such tables, or when as many keys have one as a process may keep.
    static std::unique_ptr<FastVerifier> make(BytesView point);
    ~FastVerifier();

    /// Whether the signature is good. Numbers are big-endian, `digest` has 32 bytes. False is no
    /// verdict: let OpenSSL's own check speak it.
    bool accepts(BytesView r, BytesView s, BytesView digest) const;

private:
    struct Tables;
    explicit FastVerifier(std::unique_ptr<Tables> tables);
    std::unique_ptr<Tables> m_tables;
};

}  // namespace chancery::crypto
