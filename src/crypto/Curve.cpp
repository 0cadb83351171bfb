#include "src/crypto/Curve.h"

#include <openssl/bn.h>
#include <openssl/obj_mac.h>

#include "src/crypto/Der.h"

namespace chancery::crypto {
namespace {

Bytes bytesOf(const BIGNUM* number) {
    Bytes bytes(std::size_t(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
}

// Made at first use and never freed: handles in other static objects may outlive any order of
// destruction.
const std::vector<Curve>& curves() {
    static const std::vector<Curve>& all = *[] {
        auto* made = new std::vector<Curve>{
            {KeyAlgorithm::EcdsaP224, "1.3.132.0.33", "P-224", NID_secp224r1, 28},
            {KeyAlgorithm::EcdsaP256, "1.2.840.10045.3.1.7", "P-256", NID_X9_62_prime256v1, 32},
            {KeyAlgorithm::EcdsaP384, "1.3.132.0.34", "P-384", NID_secp384r1, 48},
            {KeyAlgorithm::EcdsaP521, "1.3.132.0.35", "P-521", NID_secp521r1, 66},
            {KeyAlgorithm::Sm2, "1.2.156.10197.1.301", "SM2", NID_sm2, 32}};
        for (Curve& curve : *made) {
            curve.group = EC_GROUP_new_by_curve_name(curve.nid);
            curve.order = BN_dup(EC_GROUP_get0_order(curve.group));
            curve.orderBytes = bytesOf(curve.order);
            BIGNUM* half = BN_dup(curve.order);
            BN_rshift1(half, half);
            curve.halfOrder = bytesOf(half);
            BN_free(half);
        }
        return made;
    }();
    return all;
}

}  // namespace

const Curve* curveOf(KeyAlgorithm algorithm) {
    for (const Curve& curve : curves())
        if (curve.algorithm == algorithm) return &curve;
    return nullptr;
}

const Curve* curveWithOid(std::string_view dotted) {
    for (const Curve& curve : curves())
        if (curve.oid == dotted) return &curve;
    return nullptr;
}

std::optional<SignatureNumbers> readSignature(BytesView der, Behind behind) {
    DerReader outer(der);
    const auto whole = outer.readWhole(der::kSequence);
    if (!whole || (behind == Behind::Refused && !outer.empty())) return std::nullopt;
    DerReader inner(*DerReader(*whole).read(der::kSequence));
    const auto r = inner.readInteger();
    if (!r) return std::nullopt;
    const auto s = inner.readInteger();
    if (!s || (behind == Behind::Refused && !inner.empty())) return std::nullopt;

    SignatureNumbers numbers{*r, *s, true, inner.empty() ? *whole : BytesView()};
    for (BytesView* number : {&numbers.r, &numbers.s}) {
        if (std::uint8_t(number->front()) >= 0x80) numbers.positive = false;
        if (number->front() == 0) number->remove_prefix(1);
        if (number->empty()) numbers.positive = false;
    }
    return numbers;
}

Bytes writeSignature(BytesView r, BytesView s) {
    return derSequence({derUnsigned(r), derUnsigned(s)});
}

}  // namespace chancery::crypto
