#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <fmt/format.h>

#include "src/crypto/Curve.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digests.h"
#include "src/crypto/KeyImpl.h"
#include "src/crypto/Pem.h"

namespace chancery::crypto {
namespace {

constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";
constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
constexpr std::string_view kEd25519Oid = "1.3.101.112";
constexpr std::size_t kEd25519Bytes = 32;
constexpr std::size_t kMostPemBytes = 64 << 10;  // Fabric passes over larger files in a keystore

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Status badKey(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_KEY", sentence);
}

Status encrypted() {
    return makeError(StatusCode::kInvalidArgument, "KEY_ENCRYPTED",
                     "the private key is encrypted; give it without a password");
}

Status rsaCannotSign() {
    return makeError(StatusCode::kInvalidArgument, "KEY_CANNOT_SIGN",
                     "RSA private keys are of no use here: they do not sign messages");
}

Status failed() {
    return makeError(StatusCode::kInternal, "CRYPTO_FAILED", "the crypto library refused to sign");
}

struct FreeSecretNumber {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using SecretNumber = std::unique_ptr<BIGNUM, FreeSecretNumber>;

SecretNumber numberOf(BytesView bytes) {
    SecretNumber number(BN_bin2bn(raw(bytes), int(bytes.size()), nullptr));
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

Bytes pointOf(const Curve& curve, const BIGNUM* secret) {
    EC_POINT* point = EC_POINT_new(curve.group);
    Bytes bytes(1 + 2 * curve.size, '\0');
    EC_POINT_mul(curve.group, point, secret, nullptr, nullptr, nullptr);
    EC_POINT_point2oct(curve.group, point, POINT_CONVERSION_UNCOMPRESSED,
                       reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), nullptr);
    EC_POINT_free(point);
    return bytes;
}

KeyHandle handleOf(const Curve& curve, const BIGNUM* secret, BytesView point) {
    Bytes native(curve.size, '\0');  // parameters carry numbers in the machine's byte order
    BN_bn2nativepad(secret, reinterpret_cast<unsigned char*>(native.data()), int(native.size()));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                         const_cast<char*>(curve.groupName), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<char*>(point.data()),
                                          point.size()),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY,
                                reinterpret_cast<unsigned char*>(native.data()), native.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(
        nullptr, curve.algorithm == KeyAlgorithm::Sm2 ? "SM2" : "EC", nullptr);
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context) > 0)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters);
    EVP_PKEY_CTX_free(context);
    wipe(native);
    return KeyHandle(key);
}

Result<PrivateKey> ed25519FromSeed(BytesView seed) {
    if (seed.size() != kEd25519Bytes) return badKey("an Ed25519 private key has 32 bytes");
    KeyHandle handle(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, raw(seed), seed.size()));
    Bytes point(kEd25519Bytes, '\0');
    std::size_t size = point.size();
    if (!handle || EVP_PKEY_get_raw_public_key(
                       handle.get(), reinterpret_cast<unsigned char*>(point.data()), &size) != 1)
        return badKey("an Ed25519 private key that the crypto library refuses");
    ASSIGN_OR_RETURN(PublicKey publicKey, PublicKey::Impl::fromPoint(KeyAlgorithm::Ed25519, point));
    auto impl = std::make_shared<PrivateKey::Impl>(std::move(publicKey), seed);
    impl->handle = std::move(handle);
    return PrivateKey(std::move(impl));
}

// RFC 5915. `named` is the curve that PKCS#8 gives; alone, the key must name it itself.
Result<PrivateKey> readEcPrivateKey(BytesView sequenceContent, const Curve* named) {
    DerReader reader(sequenceContent);
    const auto version = reader.readSmallInteger();
    const auto number = version == 1 ? reader.read(der::kOctetString) : std::nullopt;
    if (!number) return badKey("an EC private key is not a sequence of version 1 and a number");
    if (const auto parameters = reader.read(der::contextConstructed(0));
        parameters && named == nullptr) {
        const auto oid = DerReader(*parameters).read(der::kOid);
        if (!oid)
            return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY",
                             "an EC private key whose curve is not named");
        named = curveWithOid(oidText(*oid));
        if (named == nullptr)
            return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY",
                             fmt::format("an EC private key on the curve {}", oidText(*oid)));
    }
    if (named == nullptr) return badKey("an EC private key that does not say its curve");
    // The public point that may follow is not believed but computed.
    return PrivateKey::Impl::fromSecret(named->algorithm, *number);
}

Result<PrivateKey> readPkcs8(DerReader reader) {
    const auto identifier = reader.read(der::kSequence);
    const auto content = identifier ? reader.read(der::kOctetString) : std::nullopt;
    if (!content) return badKey("a private key is not an algorithm with an octet string");
    DerReader algorithm(*identifier);
    const auto oid = algorithm.read(der::kOid);
    const std::string name = oid ? oidText(*oid) : std::string();
    if (name == kRsaEncryption) return rsaCannotSign();
    if (name == kEd25519Oid) {
        const auto seed = DerReader(*content).read(der::kOctetString);
        if (!seed) return badKey("an Ed25519 private key is not an octet string");
        return ed25519FromSeed(*seed);
    }
    if (name != kEcPublicKey)
        return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY",
                         fmt::format("a private key of the unknown algorithm '{}'", name));
    const Curve* curve = nullptr;
    if (const auto curveOid = algorithm.read(der::kOid)) {
        curve = curveWithOid(oidText(*curveOid));
        if (curve == nullptr)
            return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY",
                             fmt::format("an EC private key on the curve {}", oidText(*curveOid)));
    }
    const auto inner = DerReader(*content).read(der::kSequence);
    if (!inner) return badKey("the octet string of a private key holds no EC private key");
    return readEcPrivateKey(*inner, curve);
}

Result<PrivateKey> readDer(BytesView bytes) {
    const auto content = DerReader(bytes).read(der::kSequence);
    if (!content) return badKey("a private key is not a DER sequence");
    DerReader reader(*content);
    if (reader.nextTag() == der::kSequence) return encrypted();  // PKCS#8 with a cipher in front
    DerReader afterVersion = reader;
    if (!afterVersion.readInteger()) return badKey("a private key without a version");
    switch (afterVersion.nextTag()) {
        case der::kSequence:
            return readPkcs8(afterVersion);
        case der::kOctetString:
            return readEcPrivateKey(*content, nullptr);
        case der::kInteger:
            return rsaCannotSign();
        default:
            return badKey("a private key of no known form");
    }
}

Bytes pkcs8Of(const PrivateKey::Impl& key) {
    const PublicKey::Impl& publicKey = key.publicKey.impl();
    if (publicKey.algorithm == KeyAlgorithm::Ed25519) {
        Bytes seed = derElement(der::kOctetString, key.secret.view());
        Bytes wrapped = derElement(der::kOctetString, seed);
        Bytes whole = derSequence({derInteger(0), derSequence({derOid(kEd25519Oid)}), wrapped});
        wipe(seed);
        wipe(wrapped);
        return whole;
    }
    // No curve inside the EC private key: Fabric's tools leave it to the algorithm identifier.
    Bytes number = derElement(der::kOctetString, key.secret.view());
    Bytes inner =
        derSequence({derInteger(1), number,
                     derElement(der::contextConstructed(1), derBitString(publicKey.point))});
    Bytes wrapped = derElement(der::kOctetString, inner);
    Bytes whole = derSequence(
        {derInteger(0),
         derSequence({derOid(kEcPublicKey), derOid(curveOf(publicKey.algorithm)->oid)}), wrapped});
    for (Bytes* secret : {&number, &inner, &wrapped}) wipe(*secret);
    return whole;
}

Result<Bytes> signEd25519(const PrivateKey::Impl& key, BytesView message) {
    Bytes signature(64, '\0');
    std::size_t size = signature.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good = EVP_DigestSignInit_ex(context, nullptr, nullptr, nullptr, nullptr,
                                            key.handle.get(), nullptr) == 1 &&
                      EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()),
                                     &size, raw(message), message.size()) == 1;
    EVP_MD_CTX_free(context);
    if (!good) return failed();
    return signature;
}

}  // namespace

ContextPool::~ContextPool() {
    for (auto& slot : m_idle) EVP_PKEY_CTX_free(slot.load(std::memory_order_acquire));
}

KeyContext ContextPool::take(EVP_PKEY* key) const {
    for (auto& slot : m_idle)
        if (slot.load(std::memory_order_relaxed) != nullptr)
            if (EVP_PKEY_CTX* context = slot.exchange(nullptr, std::memory_order_acq_rel))
                return KeyContext(context);
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (context && m_initialise(context.get()) != 1) context.reset();
    return context;
}

void ContextPool::giveBack(KeyContext context) const {
    for (auto& slot : m_idle) {
        EVP_PKEY_CTX* empty = nullptr;
        if (slot.compare_exchange_strong(empty, context.get(), std::memory_order_acq_rel)) {
            static_cast<void>(context.release());
            return;
        }
    }
}

Result<PrivateKey> PrivateKey::Impl::fromSecret(KeyAlgorithm algorithm, BytesView secret) {
    if (algorithm == KeyAlgorithm::Ed25519) return ed25519FromSeed(secret);
    const Curve& curve = *curveOf(algorithm);
    while (secret.size() > curve.size && secret.front() == 0) secret.remove_prefix(1);
    if (secret.size() > curve.size)
        return badKey("the private number is longer than the curve's order");
    const SecretNumber number = numberOf(secret);
    if (BN_is_zero(number.get()) || BN_cmp(number.get(), curve.order) >= 0)
        return badKey("the private number is not between 0 and the curve's order");
    const Bytes point = pointOf(curve, number.get());
    ASSIGN_OR_RETURN(PublicKey publicKey, PublicKey::Impl::fromPoint(algorithm, point));
    Bytes padded(curve.size, '\0');
    BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(padded.data()), int(padded.size()));
    auto impl = std::make_shared<PrivateKey::Impl>(std::move(publicKey), padded);
    wipe(padded);
    impl->handle = handleOf(curve, number.get(), point);
    if (!impl->handle) return badKey("a private key that the crypto library refuses");
    return PrivateKey(std::move(impl));
}

Result<PrivateKey> PrivateKey::generate(KeyAlgorithm algorithm) {
    if (algorithm == KeyAlgorithm::Rsa) return rsaCannotSign();
    Bytes secret;
    if (algorithm == KeyAlgorithm::Ed25519) {
        secret.resize(kEd25519Bytes);
        if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(secret.data()), int(secret.size())) !=
            1)
            return failed();
    } else {
        const Curve& curve = *curveOf(algorithm);
        const SecretNumber number(BN_new());
        do {
            if (BN_priv_rand_range(number.get(), curve.order) != 1) return failed();
        } while (BN_is_zero(number.get()));
        secret.resize(curve.size);
        BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(secret.data()),
                     int(secret.size()));
    }
    auto key = Impl::fromSecret(algorithm, secret);
    wipe(secret);
    return key;
}

Result<PrivateKey> PrivateKey::fromPem(BytesView pem) {
    if (pem.size() > kMostPemBytes) return badKey("a key file of more than 64 KiB");
    auto block = readPem(pem);
    if (!block)
        return makeError(StatusCode::kInvalidArgument, "NOT_PEM",
                         "there is no PEM block in the key file");
    for (const auto& [name, value] : block->headers)
        if (name == "DEK-Info" || value.find("ENCRYPTED") != std::string::npos) return encrypted();
    auto key = readDer(block->der);
    wipe(block->der);
    return key;
}

Result<PrivateKey> PrivateKey::fromDer(BytesView der) {
    if (der.size() > kMostPemBytes) return badKey("a key of more than 64 KiB");
    return readDer(der);
}

PublicKey PrivateKey::publicKey() const {
    return m_impl->publicKey;
}

Bytes PrivateKey::toPem() const {
    Bytes der = pkcs8Of(*m_impl);
    Bytes pem = writePem("PRIVATE KEY", der);
    wipe(der);
    return pem;
}

Secret PrivateKey::toDer() const {
    Bytes der = pkcs8Of(*m_impl);
    Secret secret(der);
    wipe(der);
    return secret;
}

Result<Bytes> PrivateKey::sign(BytesView message, HashAlgorithm hash) const {
    const KeyAlgorithm own = algorithm();
    if (own == KeyAlgorithm::Ed25519) return signEd25519(*m_impl, message);
    std::array<unsigned char, EVP_MAX_MD_SIZE> hashed;
    if (own == KeyAlgorithm::Sm2) {
        hash = HashAlgorithm::Sm3;
        digestInto(hash, {m_impl->publicKey.impl().sm2Z, message}, hashed.data());
    } else {
        digestInto(hash, {message}, hashed.data());
    }
    KeyContext context = m_impl->signers.take(m_impl->handle.get());
    if (!context) return failed();
    Bytes signature(160, '\0');  // room for P-521
    std::size_t size = signature.size();
    const int done =
        EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      hashed.data(), sizeOf(hash));
    m_impl->signers.giveBack(std::move(context));
    if (done != 1) return failed();
    signature.resize(size);
    if (own == KeyAlgorithm::Sm2) return signature;
    return toLowS(signature, own);
}

}  // namespace chancery::crypto
