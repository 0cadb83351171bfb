#pragma once

// For the sources of this folder: the curves and their numbers.
#include <openssl/ec.h>

#include <optional>
#include <string_view>

#include "src/crypto/Key.h"

namespace chancery::crypto {

struct Curve {
    KeyAlgorithm algorithm;
    std::string_view oid;
    const char* groupName;
    int nid;
    std::size_t size;  ///< bytes of a coordinate and of a private number
    EC_GROUP* group;   ///< shared, read only
    BIGNUM* order;     ///< shared, read only
    Bytes orderBytes;  ///< big-endian, no leading zero
    Bytes halfOrder;   ///< floor(N / 2), big-endian, no leading zero
};

/// Null for algorithms without a curve of this kind (Ed25519, RSA).
const Curve* curveOf(KeyAlgorithm algorithm);
/// Null when it is not one of the curves in use.
const Curve* curveWithOid(std::string_view dotted);

/// Whether `value` (big-endian, no leading zero) is at most `limit` of the same form.
inline bool notAbove(BytesView value, BytesView limit) {
    return value.size() != limit.size() ? value.size() < limit.size() : value <= limit;
}

/// The two numbers of a signature, big-endian without leading zeros; views into the signature.
struct SignatureNumbers {
    BytesView r;
    BytesView s;
    bool positive;        ///< both are above zero
    BytesView canonical;  ///< the signature without what stands behind it; empty when it must be
                          ///< written anew
};

enum class Behind { Ignored, Refused };
/// SEQUENCE of two shortest-form INTEGERs. Ignored is how Go's encoding/asn1 reads: further bytes
/// may follow, both behind the sequence and behind the second number inside it.
std::optional<SignatureNumbers> readSignature(BytesView der, Behind behind);
Bytes writeSignature(BytesView r, BytesView s);

}  // namespace chancery::crypto
