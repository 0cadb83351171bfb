#include "src/crypto/EncryptedKey.h"

#include <openssl/evp.h>

#include <fmt/format.h>

#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/crypto/Sealing.h"

namespace chancery::crypto {
namespace {

constexpr std::string_view kLabel = "ENCRYPTED PRIVATE KEY";
constexpr std::string_view kPbes2 = "1.2.840.113549.1.5.13";
constexpr std::string_view kPbkdf2 = "1.2.840.113549.1.5.12";
constexpr std::string_view kScrypt = "1.3.6.1.4.1.11591.4.11";
constexpr std::string_view kHmacSha256 = "1.2.840.113549.2.9";
constexpr std::string_view kAes256Cbc = "2.16.840.1.101.3.4.1.42";
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kMostPemBytes = 64 << 10;

struct Prf {
    std::string_view oid;
    Pbkdf2Hash hash;
};
constexpr Prf kPrfs[] = {{"1.2.840.113549.2.7", Pbkdf2Hash::Sha1},
                         {kHmacSha256, Pbkdf2Hash::Sha256},
                         {"1.2.840.113549.2.10", Pbkdf2Hash::Sha384},
                         {"1.2.840.113549.2.11", Pbkdf2Hash::Sha512}};

struct CipherEntry {
    std::string_view oid;
    const EVP_CIPHER* (*method)();
    std::size_t keyBytes;
};
constexpr CipherEntry kCiphers[] = {{"2.16.840.1.101.3.4.1.2", EVP_aes_128_cbc, 16},
                                    {"2.16.840.1.101.3.4.1.22", EVP_aes_192_cbc, 24},
                                    {kAes256Cbc, EVP_aes_256_cbc, 32}};

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Status malformed() {
    return makeError(StatusCode::kInvalidArgument, "BAD_KEY",
                     "an encrypted private key whose parts do not fit together");
}

Status unsupported(std::string_view what) {
    return makeError(
        StatusCode::kInvalidArgument, "UNSUPPORTED_ENCRYPTION",
        fmt::format("the key file is encrypted in a way that is not read here: {}", what));
}

Status wrongPassphrase() {
    return makeError(StatusCode::kUnauthenticated, "WRONG_PASSPHRASE", "the passphrase is wrong");
}

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// CBC with padding, one way or the other; nothing when the padding is not one.
std::optional<Secret> transform(const EVP_CIPHER* method, bool encrypt, const Secret& key,
                                BytesView iv, BytesView input) {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
    Secret output = Secret::ofSize(input.size() + kBlockBytes);
    auto* out = reinterpret_cast<unsigned char*>(output.data());
    int first = 0;
    int last = 0;
    if (!context ||
        EVP_CipherInit_ex(context.get(), method, nullptr, raw(key.view()), raw(iv),
                          encrypt ? 1 : 0) != 1 ||
        EVP_CipherUpdate(context.get(), out, &first, raw(input), int(input.size())) != 1 ||
        EVP_CipherFinal_ex(context.get(), out + first, &last) != 1)
        return std::nullopt;
    output.shorten(std::size_t(first + last));
    return output;
}

// PBKDF2-params: salt, iterations, optional key length, optional PRF.
Result<Secret> deriveByPbkdf2(DerReader parameters, BytesView passphrase, std::size_t keyBytes,
                              const DerivationLimit& limit) {
    const auto salt = parameters.read(der::kOctetString);
    const auto iterations = salt ? parameters.readSmallInteger() : std::nullopt;
    if (!iterations || *iterations < 1) return malformed();
    if (std::uint32_t(*iterations) > limit.iterations)
        return unsupported(fmt::format("PBKDF2 with {} iterations", *iterations));
    if (parameters.nextTag() == der::kInteger) {
        if (parameters.readSmallInteger() != int(keyBytes)) return malformed();
    }
    Pbkdf2Hash hash = Pbkdf2Hash::Sha1;  // the default of the format
    if (!parameters.empty()) {
        const auto prf = parameters.read(der::kSequence);
        const auto oid = prf ? DerReader(*prf).read(der::kOid) : std::nullopt;
        if (!oid) return malformed();
        const Prf* found = nullptr;
        for (const Prf& known : kPrfs)
            if (known.oid == oidText(*oid)) found = &known;
        if (found == nullptr) return unsupported("PBKDF2 with " + oidText(*oid));
        hash = found->hash;
    }
    auto key = deriveKeyPbkdf2(passphrase, *salt, hash, std::uint32_t(*iterations), keyBytes);
    if (!key.ok()) return unsupported(messageOf(key.status()));
    return key;
}

// scrypt-params (RFC 7914, 7): salt, N, r, p, optional key length.
Result<Secret> deriveByScrypt(DerReader parameters, BytesView passphrase, std::size_t keyBytes,
                              const DerivationLimit& limit) {
    const auto salt = parameters.read(der::kOctetString);
    const auto n = salt ? parameters.readSmallInteger() : std::nullopt;
    const auto r = n ? parameters.readSmallInteger() : std::nullopt;
    const auto p = r ? parameters.readSmallInteger() : std::nullopt;
    if (!p || *n < 2 || (*n & (*n - 1)) != 0 || *r < 1 || *p < 1) return malformed();
    ScryptCost cost{.log2N = 0, .r = unsigned(*r), .p = unsigned(*p)};
    while ((1 << cost.log2N) < *n) ++cost.log2N;
    if (cost.log2N > 24 || cost.memory() > limit.memory)
        return unsupported("scrypt that needs too much memory");
    auto key = deriveKey(passphrase, *salt, cost, keyBytes);
    if (!key.ok()) return unsupported(messageOf(key.status()));
    return key;
}

struct EncryptedParts {
    std::string derivation;  ///< object identifier
    DerReader derivationParameters{{}};
    const CipherEntry* cipher = nullptr;
    BytesView iv;
    BytesView content;
};

Result<EncryptedParts> readParts(BytesView bytes) {
    const auto outer = DerReader(bytes).read(der::kSequence);
    if (!outer) return malformed();
    DerReader reader(*outer);
    const auto algorithm = reader.read(der::kSequence);
    const auto content = algorithm ? reader.read(der::kOctetString) : std::nullopt;
    if (!content) return malformed();
    DerReader scheme(*algorithm);
    const auto schemeOid = scheme.read(der::kOid);
    if (!schemeOid) return malformed();
    if (oidText(*schemeOid) != kPbes2) return unsupported("not PBES2 but " + oidText(*schemeOid));
    const auto parameters = scheme.read(der::kSequence);
    if (!parameters) return malformed();
    DerReader both(*parameters);
    const auto derivation = both.read(der::kSequence);
    const auto encryption = derivation ? both.read(der::kSequence) : std::nullopt;
    if (!encryption) return malformed();
    DerReader derivationReader(*derivation);
    DerReader encryptionReader(*encryption);
    const auto derivationOid = derivationReader.read(der::kOid);
    const auto derivationParameters =
        derivationOid ? derivationReader.read(der::kSequence) : std::nullopt;
    const auto cipherOid = encryptionReader.read(der::kOid);
    const auto iv = cipherOid ? encryptionReader.read(der::kOctetString) : std::nullopt;
    if (!derivationParameters || !iv) return malformed();
    EncryptedParts parts{oidText(*derivationOid), DerReader(*derivationParameters), nullptr, *iv,
                         *content};
    for (const CipherEntry& known : kCiphers)
        if (known.oid == oidText(*cipherOid)) parts.cipher = &known;
    if (parts.cipher == nullptr) return unsupported("the cipher " + oidText(*cipherOid));
    if (parts.iv.size() != kBlockBytes || content->empty() || content->size() % kBlockBytes != 0)
        return malformed();
    return parts;
}

}  // namespace

Result<Bytes> writeEncryptedKey(const PrivateKey& key, BytesView passphrase,
                                std::uint32_t iterations, Random& random) {
    if (passphrase.empty())
        return makeError(StatusCode::kInvalidArgument, "EMPTY_PASSPHRASE",
                         "an empty passphrase protects nothing");
    const Bytes salt = random.bytes(kSaltBytes);
    const Bytes iv = random.bytes(kBlockBytes);
    ASSIGN_OR_RETURN(const Secret cipherKey,
                     deriveKeyPbkdf2(passphrase, salt, Pbkdf2Hash::Sha256, iterations, 32));
    const auto encrypted = transform(EVP_aes_256_cbc(), true, cipherKey, iv, key.toDer().view());
    if (!encrypted)
        return makeError(StatusCode::kInternal, "CRYPTO_FAILED",
                         "the crypto library refused a cipher");
    const Bytes derivation = derSequence(
        {derOid(kPbkdf2),
         derSequence({derElement(der::kOctetString, salt), derInteger(iterations),
                      derSequence({derOid(kHmacSha256), derElement(der::kNull, BytesView())})})});
    const Bytes encryption = derSequence({derOid(kAes256Cbc), derElement(der::kOctetString, iv)});
    return writePem(
        kLabel, derSequence({derSequence({derOid(kPbes2), derSequence({derivation, encryption})}),
                             derElement(der::kOctetString, encrypted->view())}));
}

Result<PrivateKey> readEncryptedKey(BytesView pem, BytesView passphrase, DerivationLimit limit) {
    if (pem.size() > kMostPemBytes)
        return makeError(StatusCode::kInvalidArgument, "BAD_KEY", "a key file of more than 64 KiB");
    const auto block = readPem(pem);
    if (!block)
        return makeError(StatusCode::kInvalidArgument, "NOT_PEM",
                         "there is no PEM block in the key file");
    if (!block->headers.empty()) return unsupported("the old PEM encryption with DEK-Info");
    ASSIGN_OR_RETURN(const EncryptedParts parts, readParts(block->der));
    const auto derive = [&]() -> Result<Secret> {
        if (parts.derivation == kPbkdf2)
            return deriveByPbkdf2(parts.derivationParameters, passphrase, parts.cipher->keyBytes,
                                  limit);
        if (parts.derivation == kScrypt)
            return deriveByScrypt(parts.derivationParameters, passphrase, parts.cipher->keyBytes,
                                  limit);
        return unsupported("the key derivation " + parts.derivation);
    };
    ASSIGN_OR_RETURN(const Secret key, derive());
    const auto plain = transform(parts.cipher->method(), false, key, parts.iv, parts.content);
    // A wrong key nearly always gives a bad padding; when it does not, it gives no DER.
    if (!plain || !DerReader(plain->view()).read(der::kSequence)) return wrongPassphrase();
    return PrivateKey::fromDer(plain->view());
}

bool isEncryptedKey(BytesView pem) {
    if (pem.size() > kMostPemBytes) return false;
    const auto block = readPem(pem);
    return block && block->label == kLabel;
}

}  // namespace chancery::crypto
