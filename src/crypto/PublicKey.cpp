#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <fmt/format.h>

#include "src/base/TaskPool.h"
#include "src/crypto/Curve.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digests.h"
#include "src/crypto/KeyImpl.h"

namespace chancery::crypto {
namespace {

constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";
constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
constexpr std::string_view kEd25519Oid = "1.3.101.112";
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
// Tables pay for themselves within about 700 checks: who has checked so many will check more.
constexpr std::uint32_t kFrequentUses = 1000;

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Status badKey(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_KEY", sentence);
}

Status unsupported(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY", sentence);
}

// GB/T 32918.2, 5.5: the digest that binds the user id, the curve and the key; ids are not used, so
// it is the standard one.
Bytes prefixOfSm2(BytesView point) {
    const Curve& curve = *curveOf(KeyAlgorithm::Sm2);
    constexpr BytesView kUserId = "1234567812345678";
    Bytes numbers(4 * curve.size, '\0');
    BIGNUM* p = BN_new();
    BIGNUM* a = BN_new();
    BIGNUM* b = BN_new();
    BIGNUM* x = BN_new();
    BIGNUM* y = BN_new();
    EC_GROUP_get_curve(curve.group, p, a, b, nullptr);
    EC_POINT_get_affine_coordinates(curve.group, EC_GROUP_get0_generator(curve.group), x, y,
                                    nullptr);
    std::size_t at = 0;
    for (const BIGNUM* number : {a, b, x, y}) {
        BN_bn2binpad(number, reinterpret_cast<unsigned char*>(numbers.data()) + at,
                     int(curve.size));
        at += curve.size;
    }
    for (BIGNUM* number : {p, a, b, x, y}) BN_free(number);
    const char bits[] = {char(kUserId.size() * 8 >> 8), char(kUserId.size() * 8)};
    return digest(HashAlgorithm::Sm3, {BytesView(bits, 2), kUserId, numbers, point.substr(1)});
}

KeyHandle handleOfPoint(const Curve& curve, BytesView point) {
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(
        nullptr, curve.algorithm == KeyAlgorithm::Sm2 ? "SM2" : "EC", nullptr);
    EVP_PKEY* key = nullptr;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                         const_cast<char*>(curve.groupName), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<char*>(point.data()),
                                          point.size()),
        OSSL_PARAM_construct_end()};
    if (EVP_PKEY_fromdata_init(context) > 0)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    return KeyHandle(key);
}

KeyHandle handleOfRsa(BytesView modulus, BytesView exponent) {
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    // Parameters carry numbers in the machine's byte order.
    const auto native = [](BytesView number) {
        Bytes bytes(number.size(), '\0');
        BIGNUM* value = BN_bin2bn(raw(number), int(number.size()), nullptr);
        BN_bn2nativepad(value, reinterpret_cast<unsigned char*>(bytes.data()), int(bytes.size()));
        BN_free(value);
        return bytes;
    };
    Bytes n = native(modulus);
    Bytes e = native(exponent);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, reinterpret_cast<unsigned char*>(n.data()),
                                n.size()),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, reinterpret_cast<unsigned char*>(e.data()),
                                e.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context) > 0)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    return KeyHandle(key);
}

Result<PublicKey> rsaFromDer(BytesView sequence) {
    DerReader outer(sequence);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty())
        return badKey("an RSA public key is not a sequence of modulus and exponent");
    DerReader reader(*content);
    const auto modulus = reader.readInteger();
    const auto exponent = reader.readSmallInteger();
    if (!modulus || !exponent || !reader.empty() || std::uint8_t(modulus->front()) >= 0x80)
        return badKey("an RSA public key is not a sequence of modulus and exponent");
    BytesView magnitude = *modulus;
    if (magnitude.front() == 0) magnitude.remove_prefix(1);
    int bits = int(magnitude.size()) * 8;
    for (int top = magnitude.empty() ? 0x80 : std::uint8_t(magnitude.front()); top < 0x80;
         top <<= 1)
        --bits;
    if (bits < kLeastRsaBits || bits > kMostRsaBits)
        return badKey(fmt::format("an RSA key of {} bits; allowed are {} to {}", bits,
                                  kLeastRsaBits, kMostRsaBits));
    if (*exponent < 3 || *exponent % 2 == 0)
        return badKey(fmt::format("an RSA key with exponent {}", *exponent));
    auto impl = std::make_shared<PublicKey::Impl>();
    impl->algorithm = KeyAlgorithm::Rsa;
    const std::array<char, 4> e = {char(*exponent >> 24), char(*exponent >> 16),
                                   char(*exponent >> 8), char(*exponent)};
    impl->handle = handleOfRsa(magnitude, BytesView(e.data(), e.size()));
    if (!impl->handle) return badKey("an RSA public key that the crypto library refuses");
    impl->point = Bytes(sequence);
    impl->der =
        derSequence({derSequence({derOid(kRsaEncryption), derElement(der::kNull, BytesView())}),
                     derBitString(sequence)});
    return PublicKey(std::move(impl));
}

Status badSignature(std::string_view sentence) {
    return makeError(StatusCode::kUnauthenticated, "BAD_SIGNATURE", sentence);
}

Status notDer() {
    return makeError(StatusCode::kUnauthenticated, "SIGNATURE_NOT_DER",
                     "the signature is not a DER sequence of two shortest-form integers");
}

Status verifyDigest(const PublicKey::Impl& key, const SignatureNumbers& numbers,
                    BytesView digestBytes) {
    if (key.algorithm == KeyAlgorithm::EcdsaP256) {
        const FastVerifier* fast = key.frequentUse.count(key);
        if (fast != nullptr && fast->accepts(numbers.r, numbers.s, digestBytes))
            return absl::OkStatus();
    }
    const Bytes rewritten =
        numbers.canonical.empty() ? writeSignature(numbers.r, numbers.s) : Bytes();
    const BytesView signature =
        numbers.canonical.empty() ? BytesView(rewritten) : numbers.canonical;
    KeyContext context = key.verifiers.take(key.handle.get());
    if (!context)
        return makeError(StatusCode::kInternal, "CRYPTO_FAILED",
                         "the crypto library gave no context");
    const int verdict = EVP_PKEY_verify(context.get(), raw(signature), signature.size(),
                                        raw(digestBytes), digestBytes.size());
    key.verifiers.giveBack(std::move(context));
    if (verdict != 1) return badSignature("the signature does not match the message and the key");
    return absl::OkStatus();
}

Status verifyEd25519(const PublicKey::Impl& key, BytesView message, BytesView signature) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good = EVP_DigestVerifyInit_ex(context, nullptr, nullptr, nullptr, nullptr,
                                              key.handle.get(), nullptr) == 1 &&
                      EVP_DigestVerify(context, raw(signature), signature.size(), raw(message),
                                       message.size()) == 1;
    EVP_MD_CTX_free(context);
    if (!good) return badSignature("the Ed25519 signature does not match the message and the key");
    return absl::OkStatus();
}

Status verifySm2(const PublicKey::Impl& key, BytesView message, BytesView signature) {
    const auto numbers = readSignature(signature, Behind::Refused);
    if (!numbers) return notDer();
    if (!numbers->positive)
        return badSignature("the signature holds a number that is not above zero");
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
    digestInto(HashAlgorithm::Sm3, {key.sm2Z, message}, hash.data());
    return verifyDigest(
        key, *numbers,
        BytesView(reinterpret_cast<const char*>(hash.data()), sizeOf(HashAlgorithm::Sm3)));
}

Status verifyRsa(const PublicKey::Impl& key, HashAlgorithm hash, bool pss, BytesView message,
                 BytesView signature) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* keyContext = nullptr;
    bool good =
        EVP_DigestVerifyInit(context, &keyContext, methodOf(hash), nullptr, key.handle.get()) == 1;
    if (good && pss)
        good = EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(context, raw(signature), signature.size(), raw(message),
                                    message.size()) == 1;
    EVP_MD_CTX_free(context);
    if (!good) return badSignature("the RSA signature does not match the message and the key");
    return absl::OkStatus();
}

struct Scheme {
    std::string_view name;
    enum class Family { Ecdsa, Rsa, Ed25519, Sm2 } family;
    HashAlgorithm hash;
    bool pss = false;
};

const Scheme& schemeOf(SignatureScheme scheme) {
    using enum Scheme::Family;
    static constexpr std::array<Scheme, 13> kSchemes = {{
        {"ECDSA-SHA1", Ecdsa, HashAlgorithm::Sha1},
        {"ECDSA-SHA256", Ecdsa, HashAlgorithm::Sha256},
        {"ECDSA-SHA384", Ecdsa, HashAlgorithm::Sha384},
        {"ECDSA-SHA512", Ecdsa, HashAlgorithm::Sha512},
        {"RSA-SHA1", Rsa, HashAlgorithm::Sha1},
        {"RSA-SHA256", Rsa, HashAlgorithm::Sha256},
        {"RSA-SHA384", Rsa, HashAlgorithm::Sha384},
        {"RSA-SHA512", Rsa, HashAlgorithm::Sha512},
        {"RSA-PSS-SHA256", Rsa, HashAlgorithm::Sha256, true},
        {"RSA-PSS-SHA384", Rsa, HashAlgorithm::Sha384, true},
        {"RSA-PSS-SHA512", Rsa, HashAlgorithm::Sha512, true},
        {"ED25519", Ed25519, HashAlgorithm::Sha512},
        {"SM2-SM3", Sm2, HashAlgorithm::Sm3},
    }};
    return kSchemes[std::size_t(scheme)];
}

bool isEcdsaKey(KeyAlgorithm algorithm) {
    return algorithm <= KeyAlgorithm::EcdsaP521;
}

}  // namespace

const FastVerifier* FrequentUse::count(const PublicKey::Impl& key) const {
    if (const FastVerifier* ready = m_ready.load(std::memory_order_acquire)) return ready;
    if (m_uses.fetch_add(1, std::memory_order_relaxed) + 1 != kFrequentUses) return nullptr;
    // Some 15 ms, which no caller shall feel in one of its checks.
    static TaskPool maker("key-tables", 1, 4096, TaskPool::Priority::Background);
    maker.post([self = key.shared_from_this()] {
        const FrequentUse& use = self->frequentUse;
        use.m_owned = FastVerifier::make(self->point);
        use.m_ready.store(use.m_owned.get(), std::memory_order_release);
    });
    return nullptr;
}

std::string_view nameOf(KeyAlgorithm algorithm) {
    static constexpr std::array<std::string_view, 7> kNames = {
        "ECDSA P-224", "ECDSA P-256", "ECDSA P-384", "ECDSA P-521", "Ed25519", "SM2", "RSA"};
    return kNames[std::size_t(algorithm)];
}

std::string_view nameOf(SignatureScheme scheme) {
    return schemeOf(scheme).name;
}
bool isEcdsa(SignatureScheme scheme) {
    return schemeOf(scheme).family == Scheme::Family::Ecdsa;
}

Result<PublicKey> PublicKey::Impl::fromPoint(KeyAlgorithm algorithm, BytesView point) {
    auto impl = std::make_shared<PublicKey::Impl>();
    impl->algorithm = algorithm;
    impl->point = Bytes(point);
    if (algorithm == KeyAlgorithm::Ed25519) {
        impl->handle.reset(
            EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, raw(point), point.size()));
        if (!impl->handle) return badKey("an Ed25519 key has 32 bytes");
        impl->der = derSequence({derSequence({derOid(kEd25519Oid)}), derBitString(point)});
        return PublicKey(std::move(impl));
    }
    const Curve& curve = *curveOf(algorithm);
    if (point.size() != 1 + 2 * curve.size || point.front() != 0x04)
        return badKey(fmt::format("a {} point must stand uncompressed in {} bytes",
                                  nameOf(algorithm), 1 + 2 * curve.size));
    impl->handle = handleOfPoint(curve, point);
    if (!impl->handle)
        return badKey(fmt::format("the point is not on the curve {}", nameOf(algorithm)));
    impl->der =
        derSequence({derSequence({derOid(kEcPublicKey), derOid(curve.oid)}), derBitString(point)});
    if (algorithm == KeyAlgorithm::Sm2) impl->sm2Z = prefixOfSm2(point);
    return PublicKey(std::move(impl));
}

Result<PublicKey> PublicKey::fromDer(BytesView subjectPublicKeyInfo) {
    DerReader outer(subjectPublicKeyInfo);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty()) return badKey("a public key is not one DER sequence");
    DerReader reader(*content);
    const auto identifier = reader.read(der::kSequence);
    const auto bits = identifier ? reader.readBitStringBytes() : std::nullopt;
    if (!bits || !reader.empty())
        return badKey("a public key is not an algorithm with a bit string");
    DerReader algorithm(*identifier);
    const auto oid = algorithm.read(der::kOid);
    if (!oid) return badKey("a public key's algorithm is no object identifier");
    const std::string name = oidText(*oid);
    if (name == kEcPublicKey) {
        const auto curveOid = algorithm.read(der::kOid);
        if (!curveOid || !algorithm.empty())
            return unsupported("an EC key whose curve is not named");
        const Curve* curve = curveWithOid(oidText(*curveOid));
        if (curve == nullptr)
            return unsupported(fmt::format("an EC key on the curve {}", oidText(*curveOid)));
        return Impl::fromPoint(curve->algorithm, *bits);
    }
    if (name == kEd25519Oid) {
        if (!algorithm.empty()) return badKey("an Ed25519 key with parameters");
        return Impl::fromPoint(KeyAlgorithm::Ed25519, *bits);
    }
    if (name == kRsaEncryption) {
        const auto null = algorithm.read(der::kNull);
        if (!null || !null->empty() || !algorithm.empty())
            return badKey("an RSA key without its NULL parameters");
        return rsaFromDer(*bits);
    }
    return unsupported(fmt::format("a key of the unknown algorithm {}", name));
}

KeyAlgorithm PublicKey::algorithm() const {
    return m_impl->algorithm;
}
Bytes PublicKey::toDer() const {
    return m_impl->der;
}
Bytes PublicKey::ski() const {
    return sha256(m_impl->point);
}
bool PublicKey::operator==(const PublicKey& other) const {
    return m_impl == other.m_impl || m_impl->der == other.m_impl->der;
}

Status PublicKey::verify(BytesView message, BytesView signature, HashAlgorithm hash) const {
    switch (m_impl->algorithm) {
        case KeyAlgorithm::Rsa:
            return makeError(StatusCode::kUnauthenticated, "KEY_CANNOT_SIGN",
                             "RSA keys do not sign messages");
        case KeyAlgorithm::Ed25519:
            return verifyEd25519(*m_impl, message, signature);
        case KeyAlgorithm::Sm2:
            return verifySm2(*m_impl, message, signature);
        default:
            break;
    }
    const auto numbers = readSignature(signature, Behind::Ignored);
    if (!numbers) return notDer();
    if (!numbers->positive)
        return badSignature("the signature holds a number that is not above zero");
    if (!notAbove(numbers->s, curveOf(m_impl->algorithm)->halfOrder))
        return makeError(StatusCode::kUnauthenticated, "HIGH_S",
                         "S of the signature is above half of the curve's order");
    std::array<unsigned char, EVP_MAX_MD_SIZE> hashed;
    digestInto(hash, {message}, hashed.data());
    return verifyDigest(*m_impl, *numbers,
                        BytesView(reinterpret_cast<const char*>(hashed.data()), sizeOf(hash)));
}

Status PublicKey::verifyScheme(SignatureScheme scheme, BytesView message,
                               BytesView signature) const {
    const Scheme& rule = schemeOf(scheme);
    const KeyAlgorithm own = m_impl->algorithm;
    using enum Scheme::Family;
    if (rule.family == Rsa && own == KeyAlgorithm::Rsa)
        return verifyRsa(*m_impl, rule.hash, rule.pss, message, signature);
    if (rule.family == Ed25519 && own == KeyAlgorithm::Ed25519)
        return verifyEd25519(*m_impl, message, signature);
    if (rule.family == Sm2 && own == KeyAlgorithm::Sm2)
        return verifySm2(*m_impl, message, signature);
    if (rule.family != Ecdsa || !isEcdsaKey(own))
        return badSignature(fmt::format("a signature of kind {} cannot come from a key of kind {}",
                                        rule.name, nameOf(own)));
    const auto numbers = readSignature(signature, Behind::Refused);
    if (!numbers) return notDer();
    if (!numbers->positive)
        return badSignature("the signature holds a number that is not above zero");
    std::array<unsigned char, EVP_MAX_MD_SIZE> hashed;
    digestInto(rule.hash, {message}, hashed.data());
    return verifyDigest(*m_impl, *numbers,
                        BytesView(reinterpret_cast<const char*>(hashed.data()), sizeOf(rule.hash)));
}

bool isCanonicalSignature(BytesView signature) {
    const auto numbers = readSignature(signature, Behind::Refused);
    return numbers && numbers->positive;
}

Result<Bytes> toLowS(BytesView signature, KeyAlgorithm algorithm) {
    const Curve* curve = curveOf(algorithm);
    const auto numbers = readSignature(signature, Behind::Refused);
    if (!numbers || curve == nullptr)
        return makeError(StatusCode::kInvalidArgument, "SIGNATURE_NOT_DER",
                         "the signature is not a DER sequence of two shortest-form integers");
    if (!numbers->positive || !notAbove(numbers->s, curve->orderBytes) ||
        numbers->s == curve->orderBytes)
        return makeError(StatusCode::kInvalidArgument, "BAD_SIGNATURE",
                         "a number of the signature is outside the curve's order");
    if (notAbove(numbers->s, curve->halfOrder)) return Bytes(signature);
    BIGNUM* s = BN_bin2bn(raw(numbers->s), int(numbers->s.size()), nullptr);
    BN_sub(s, curve->order, s);
    Bytes low(std::size_t(BN_num_bytes(s)), '\0');
    BN_bn2bin(s, reinterpret_cast<unsigned char*>(low.data()));
    BN_free(s);
    return writeSignature(numbers->r, low);
}

}  // namespace chancery::crypto
