#include "src/identity/SignatureAlgorithm.h"

#include "src/crypto/Der.h"
#include "src/crypto/Suite.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::DerReader;
using crypto::SignatureScheme;

struct Entry {
    std::string_view oid;
    SignatureScheme scheme;
};

constexpr Entry kEntries[] = {{"1.2.840.10045.4.1", SignatureScheme::EcdsaSha1},
                              {"1.2.840.10045.4.3.2", SignatureScheme::EcdsaSha256},
                              {"1.2.840.10045.4.3.3", SignatureScheme::EcdsaSha384},
                              {"1.2.840.10045.4.3.4", SignatureScheme::EcdsaSha512},
                              {"1.2.840.113549.1.1.5", SignatureScheme::RsaSha1},
                              {"1.2.840.113549.1.1.11", SignatureScheme::RsaSha256},
                              {"1.2.840.113549.1.1.12", SignatureScheme::RsaSha384},
                              {"1.2.840.113549.1.1.13", SignatureScheme::RsaSha512},
                              {"1.3.101.112", SignatureScheme::Ed25519},
                              {"1.2.156.10197.1.501", SignatureScheme::Sm2Sm3}};

constexpr std::string_view kRsaPss = "1.2.840.113549.1.1.10";
constexpr std::string_view kMgf1 = "1.2.840.113549.1.1.8";

struct PssHash {
    std::string_view oid;
    SignatureScheme scheme;
    int saltLength;
};
constexpr PssHash kPssHashes[] = {{"2.16.840.1.101.3.4.2.1", SignatureScheme::RsaPssSha256, 32},
                                  {"2.16.840.1.101.3.4.2.2", SignatureScheme::RsaPssSha384, 48},
                                  {"2.16.840.1.101.3.4.2.3", SignatureScheme::RsaPssSha512, 64}};

// Object identifier of a hash whose parameters are absent or NULL.
std::string hashOid(BytesView identifierContent) {
    DerReader reader(identifierContent);
    const auto name = reader.read(der::kOid);
    if (!name) return {};
    if (!reader.empty() && reader.rest() != BytesView("\x05\x00", 2)) return {};
    return crypto::oidText(*name);
}

// RFC 4055, with the one choice of values that certificates use: MGF1 with the same hash, salt as
// long as the hash.
std::optional<SignatureScheme> readPss(BytesView parameters) {
    const auto content = DerReader(parameters).read(der::kSequence);
    if (!content) return std::nullopt;
    DerReader reader(*content);
    const auto inside = [&](unsigned tag) {
        const auto wrapped = reader.read(der::contextConstructed(tag));
        return DerReader(wrapped.value_or(BytesView()));
    };
    const auto hash = inside(0).read(der::kSequence);
    const auto mask = inside(1).read(der::kSequence);
    const auto salt = inside(2).readSmallInteger();
    if (!hash || !mask || !salt) return std::nullopt;
    if (reader.nextTag() == der::contextConstructed(3) && inside(3).readSmallInteger() != 1)
        return std::nullopt;
    DerReader maskReader(*mask);
    const auto maskName = maskReader.read(der::kOid);
    const auto maskHash = maskReader.read(der::kSequence);
    if (!maskName || !maskHash || crypto::oidText(*maskName) != kMgf1) return std::nullopt;
    const std::string name = hashOid(*hash);
    if (name.empty() || name != hashOid(*maskHash)) return std::nullopt;
    for (const PssHash& known : kPssHashes)
        if (known.oid == name && known.saltLength == *salt) return known.scheme;
    return std::nullopt;
}

}  // namespace

std::optional<SignatureScheme> readSignatureAlgorithm(BytesView identifierContent) {
    DerReader reader(identifierContent);
    const auto name = reader.read(der::kOid);
    if (!name) return std::nullopt;
    const std::string text = crypto::oidText(*name);
    if (text == kRsaPss) return readPss(reader.rest());
    for (const Entry& entry : kEntries) {
        if (entry.oid != text) continue;
        if (entry.scheme == SignatureScheme::Ed25519 && !reader.empty()) return std::nullopt;
        return entry.scheme;
    }
    return std::nullopt;
}

Bytes writeSignatureAlgorithm(SignatureScheme scheme) {
    for (const Entry& entry : kEntries)
        if (entry.scheme == scheme) return crypto::derSequence({crypto::derOid(entry.oid)});
    return {};
}

SignatureScheme schemeFor(crypto::KeyAlgorithm key) {
    switch (key) {
        case crypto::KeyAlgorithm::Ed25519:
            return SignatureScheme::Ed25519;
        case crypto::KeyAlgorithm::Sm2:
            return SignatureScheme::Sm2Sm3;
        case crypto::KeyAlgorithm::EcdsaP384:
            return SignatureScheme::EcdsaSha384;
        default:
            return SignatureScheme::EcdsaSha256;
    }
}

Result<Bytes> signObject(BytesView content, const crypto::Signer& key) {
    ASSIGN_OR_RETURN(const Bytes signature,
                     key.sign(content, crypto::suiteOf(key.algorithm()).certificateHash));
    return crypto::derSequence({content, writeSignatureAlgorithm(schemeFor(key.algorithm())),
                                crypto::derBitString(signature)});
}

}  // namespace chancery::identity
