#include "src/crypto/Suite.h"

#include <fmt/format.h>

#include <array>

namespace chancery::crypto {
namespace {

constexpr Suite kEcdsaP256 = {"ECDSA-P256", KeyAlgorithm::EcdsaP256, HashAlgorithm::Sha256,
                              HashAlgorithm::Sha256, true};
constexpr Suite kEcdsaP384 = {"ECDSA-P384", KeyAlgorithm::EcdsaP384, HashAlgorithm::Sha256,
                              HashAlgorithm::Sha384, true};
constexpr Suite kEd25519 = {"ED25519", KeyAlgorithm::Ed25519, HashAlgorithm::Sha256,
                            HashAlgorithm::Sha256, true};
constexpr Suite kSm2 = {"SM2", KeyAlgorithm::Sm2, HashAlgorithm::Sm3, HashAlgorithm::Sm3, false};

constexpr std::array<const Suite*, 4> kSuites = {&kEcdsaP256, &kEcdsaP384, &kEd25519, &kSm2};

}  // namespace

const Suite& ecdsaP256() {
    return kEcdsaP256;
}
const Suite& ecdsaP384() {
    return kEcdsaP384;
}
const Suite& ed25519() {
    return kEd25519;
}
const Suite& sm2() {
    return kSm2;
}

Result<const Suite*> suiteNamed(std::string_view name) {
    for (const Suite* suite : kSuites)
        if (suite->name == name) return suite;
    return makeError(
        StatusCode::kNotFound, "UNKNOWN_SUITE",
        fmt::format(
            "there is no cipher suite '{}'; known are ECDSA-P256, ECDSA-P384, ED25519 and SM2",
            name.substr(0, 64)),
        {{"name", std::string(name.substr(0, 64))}});
}

const Suite& suiteOf(KeyAlgorithm algorithm) {
    for (const Suite* suite : kSuites)
        if (suite->key == algorithm) return *suite;
    return kEcdsaP256;
}

}  // namespace chancery::crypto
