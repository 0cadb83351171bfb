#include "src/wallet/KeyStore.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/EncryptedKey.h"
#include "src/crypto/Suite.h"

namespace chancery::wallet {
namespace {

constexpr std::size_t kLeastDigits = 8;

Status keyExists(std::string_view what) {
    return makeError(StatusCode::kAlreadyExists, "KEY_EXISTS",
                     fmt::format("the workspace has {} already", what));
}

// The label of a key in a token is that in the workspace.
TokenPlace placeOf(const TokenTarget& target, const crypto::TokenInfo& token,
                   const crypto::TokenKey& key) {
    std::error_code error;
    return {std::filesystem::weakly_canonical(target.module, error), token.label, token.serial,
            key.label};
}

// A key of the workspace's own files, as long as the workspace is unlocked.
class FileSigner final : public crypto::Signer {
public:
    FileSigner(std::shared_ptr<Vault> vault, KeyInfo key)
        : m_vault(std::move(vault)), m_key(std::move(key)) {}

    crypto::PublicKey publicKey() const override { return m_key.publicKey; }
    Result<Bytes> sign(BytesView message, crypto::HashAlgorithm hash) const override {
        ASSIGN_OR_RETURN(const crypto::PrivateKey key, m_vault->keyInUse(keyFile(m_key.id)));
        return key.sign(message, hash);
    }

private:
    std::shared_ptr<Vault> m_vault;
    KeyInfo m_key;
};

// A key in a token: the token signs, but only while the workspace is unlocked.
class TokenKeySigner final : public crypto::Signer {
public:
    TokenKeySigner(std::shared_ptr<Vault> vault, crypto::SignerPtr inner)
        : m_vault(std::move(vault)), m_inner(std::move(inner)) {}

    crypto::PublicKey publicKey() const override { return m_inner->publicKey(); }
    Result<Bytes> sign(BytesView message, crypto::HashAlgorithm hash) const override {
        RETURN_IF_ERROR(m_vault->use());
        return m_inner->sign(message, hash);
    }

private:
    std::shared_ptr<Vault> m_vault;
    crypto::SignerPtr m_inner;
};

Status stuckInToken(const KeyInfo& key) {
    return makeError(StatusCode::kFailedPrecondition, "KEY_IN_TOKEN",
                     fmt::format("the key '{}' is in the token '{}' and does not come out",
                                 key.label, printable(key.token->token, 64)),
                     {{"key", key.label}, {"token", printable(key.token->token, 64)}});
}

// Before a key in a file is given up for one in a token: the token's key is the same.
Status proveKey(const crypto::Signer& signer) {
    constexpr BytesView kMessage = "chancery: proof of a moved key";
    const auto hash = crypto::suiteOf(signer.algorithm()).messageHash;
    ASSIGN_OR_RETURN(const Bytes signature, signer.sign(kMessage, hash));
    return signer.publicKey().verify(kMessage, signature, hash);
}

}  // namespace

std::string nameOf(const KeyInfo& key) {
    return std::string(crypto::nameOf(key.publicKey.algorithm()));
}

Result<crypto::KeyAlgorithm> algorithmNamed(std::string_view suite) {
    ASSIGN_OR_RETURN(const crypto::Suite* found, crypto::suiteNamed(suite));
    return found->key;
}

Result<std::vector<KeyInfo>> KeyStore::list() const {
    ASSIGN_OR_RETURN(const auto names, m_vault->folder().list("keys", ".key"));
    std::vector<KeyInfo> keys;
    for (const std::string& name : names) {
        ASSIGN_OR_RETURN(const Vault::Opened opened, m_vault->peek(name, "key"));
        ASSIGN_OR_RETURN(KeyInfo key, parseKeyRecord(opened.file.metadata, name));
        keys.push_back(std::move(key));
    }
    std::sort(keys.begin(), keys.end(), [](const KeyInfo& a, const KeyInfo& b) {
        return std::tie(a.label, a.id) < std::tie(b.label, b.id);
    });
    return keys;
}

Result<KeyInfo> KeyStore::find(const std::string& name) const {
    ASSIGN_OR_RETURN(const auto keys, list());
    const KeyInfo* found = nullptr;
    for (const KeyInfo& key : keys) {
        if (key.label == name || key.id == name) return key;
        if (name.size() < kLeastDigits || !key.id.starts_with(name)) continue;
        if (found != nullptr)
            return makeError(StatusCode::kFailedPrecondition, "AMBIGUOUS_KEY",
                             fmt::format("more than one key begins with '{}'", printable(name, 64)),
                             {{"key", printable(name, 64)}});
        found = &key;
    }
    if (found == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_KEY",
                         fmt::format("the workspace has no key '{}'", printable(name, 64)),
                         {{"key", printable(name, 64)}});
    return *found;
}

Status KeyStore::checkNew(const KeyInfo& key) const {
    RETURN_IF_ERROR(checkLabel(key.label));
    ASSIGN_OR_RETURN(const auto keys, list());
    for (const KeyInfo& other : keys) {
        if (other.label == key.label)
            return keyExists(fmt::format("a key with the label '{}'", key.label));
        if (other.id == key.id)
            return keyExists(fmt::format("this key, with the label '{}'", other.label));
    }
    return absl::OkStatus();
}

Status KeyStore::storeInFile(const KeyInfo& info, const crypto::PrivateKey& key) {
    RETURN_IF_ERROR(checkNew(info));
    return m_vault->store(keyFile(info.id), "key", parseObject(writeKeyRecord(info)),
                          key.toDer().view());
}

Result<KeyInfo> KeyStore::generate(const std::string& label, crypto::KeyAlgorithm algorithm) {
    RETURN_IF_ERROR(m_vault->use());
    RETURN_IF_ERROR(checkLabel(label));
    ASSIGN_OR_RETURN(const crypto::PrivateKey key, crypto::PrivateKey::generate(algorithm));
    const KeyInfo info{toHex(key.publicKey().ski()), label, key.publicKey(),
                       m_vault->options().clock.now(), std::nullopt};
    RETURN_IF_ERROR(m_vault->change({.what = "KEY_GENERATED", .subject = label, .note = info.id},
                                    [&] { return storeInFile(info, key); }));
    return info;
}

Result<KeyInfo> KeyStore::add(const std::string& label, const crypto::PrivateKey& key) {
    const KeyInfo info{toHex(key.publicKey().ski()), label, key.publicKey(),
                       m_vault->options().clock.now(), std::nullopt};
    RETURN_IF_ERROR(m_vault->change({.what = "KEY_IMPORTED", .subject = label, .note = info.id},
                                    [&] { return storeInFile(info, key); }));
    return info;
}

Result<KeyInfo> KeyStore::generateInToken(const std::string& label, crypto::KeyAlgorithm algorithm,
                                          const TokenTarget& target) {
    RETURN_IF_ERROR(m_vault->use());
    RETURN_IF_ERROR(checkLabel(label));
    ASSIGN_OR_RETURN(const auto token, m_modules.open(target.module, target.name));
    ASSIGN_OR_RETURN(const crypto::TokenInfo about, token->info());
    std::optional<KeyInfo> info;
    AuditEntry entry{.what = "KEY_GENERATED_IN_TOKEN", .subject = label, .note = about.label};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        ASSIGN_OR_RETURN(const auto keys, list());
        for (const KeyInfo& other : keys)
            if (other.label == label)
                return keyExists(fmt::format("a key with the label '{}'", label));
        ASSIGN_OR_RETURN(const crypto::TokenKey key, token->generate(algorithm, label));
        info = KeyInfo{toHex(key.publicKey.ski()), label, key.publicKey,
                       m_vault->options().clock.now(), placeOf(target, about, key)};
        return m_vault->store(keyFile(info->id), "key", parseObject(writeKeyRecord(*info)), {});
    }));
    return *info;
}

Result<KeyInfo> KeyStore::adopt(const std::string& label, const TokenTarget& target,
                                const crypto::TokenKeyName& name) {
    RETURN_IF_ERROR(m_vault->use());
    ASSIGN_OR_RETURN(const auto token, m_modules.open(target.module, target.name));
    ASSIGN_OR_RETURN(const crypto::TokenInfo about, token->info());
    ASSIGN_OR_RETURN(const crypto::TokenKey key, token->find(name));
    ASSIGN_OR_RETURN(const crypto::SignerPtr signer, token->signer(key));
    RETURN_IF_ERROR(proveKey(*signer));
    const KeyInfo info{toHex(key.publicKey.ski()), label, key.publicKey,
                       m_vault->options().clock.now(), placeOf(target, about, key)};
    AuditEntry entry{.what = "KEY_ADOPTED", .subject = label, .note = about.label};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        RETURN_IF_ERROR(checkNew(info));
        return m_vault->store(keyFile(info.id), "key", parseObject(writeKeyRecord(info)), {});
    }));
    return info;
}

Result<KeyInfo> KeyStore::adopt(const std::string& label, const TokenTarget& target,
                                const std::string& keyLabel) {
    return adopt(label, target, crypto::TokenKeyName{.id = {}, .label = keyLabel});
}

Result<KeyInfo> KeyStore::adoptFor(const std::string& label, const TokenTarget& target,
                                   BytesView certificatePem) {
    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(certificatePem));
    const Bytes ski = certificate.publicKey().ski();
    if (auto there = find(toHex(ski)); there.ok()) return there;
    ASSIGN_OR_RETURN(const auto token, m_modules.open(target.module, target.name));
    ASSIGN_OR_RETURN(const auto keys, token->keys());
    // Keys that other programs made may have any id.
    for (const crypto::TokenKey& key : keys)
        if (key.publicKey == certificate.publicKey())
            return adopt(label, target, crypto::TokenKeyName{.id = key.id, .label = key.label});
    return makeError(StatusCode::kNotFound, "NO_TOKEN_KEY",
                     fmt::format("the token has no key for the certificate '{}'",
                                 printable(certificate.subject(), 256)),
                     {{"key", toHex(ski)}});
}

Result<std::vector<KeyInToken>> KeyStore::inToken(const TokenTarget& target) const {
    ASSIGN_OR_RETURN(const auto token, m_modules.open(target.module, target.name));
    ASSIGN_OR_RETURN(const auto keys, token->keys());
    std::vector<KeyInToken> all;
    for (const crypto::TokenKey& key : keys) {
        const std::string id = toHex(key.publicKey.ski());
        const auto known = find(id);
        all.push_back({key.label, id, std::string(crypto::nameOf(key.publicKey.algorithm())),
                       key.extractable, known.ok() ? known->label : std::string()});
    }
    return all;
}

Result<KeyInfo> KeyStore::moveToToken(const std::string& name, const TokenTarget& target) {
    ASSIGN_OR_RETURN(KeyInfo info, find(name));
    if (info.token)
        return makeError(StatusCode::kFailedPrecondition, "KEY_IN_TOKEN",
                         fmt::format("the key '{}' is in the token '{}' already", info.label,
                                     printable(info.token->token, 64)),
                         {{"key", info.label}, {"token", printable(info.token->token, 64)}});
    ASSIGN_OR_RETURN(const auto token, m_modules.open(target.module, target.name));
    ASSIGN_OR_RETURN(const crypto::TokenInfo about, token->info());
    AuditEntry entry{.what = "KEY_MOVED_TO_TOKEN", .subject = info.label, .note = about.label};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        ASSIGN_OR_RETURN(const crypto::PrivateKey key, m_vault->keyInUse(keyFile(info.id)));
        // It may be there from a move that was cut short.
        auto inside = token->find({.id = info.publicKey.ski(), .label = {}});
        if (!inside.ok()) inside = token->importKey(key, info.label);
        if (!inside.ok()) return inside.status();
        ASSIGN_OR_RETURN(const crypto::SignerPtr signer, token->signer(*inside));
        if (!(signer->publicKey() == info.publicKey))
            return makeError(StatusCode::kInternal, "TOKEN_FAILED",
                             "the token has taken another key than it was given");
        RETURN_IF_ERROR(proveKey(*signer));
        const bool wasInKeychain = std::exchange(info.inKeychain, false);
        info.token = placeOf(target, about, *inside);
        // One file in place of the other: the sealed number is gone with it.
        RETURN_IF_ERROR(
            m_vault->store(keyFile(info.id), "key", parseObject(writeKeyRecord(info)), {}));
        if (!wasInKeychain) return absl::OkStatus();
        ASSIGN_OR_RETURN(SecretKeeper* const keychain, m_vault->keychain(info.label));
        return keychain->forget(keychainName(m_vault->header().id, info.id));
    }));
    return info;
}

Result<KeyInfo> KeyStore::moveToKeychain(const std::string& name) {
    ASSIGN_OR_RETURN(KeyInfo info, find(name));
    if (info.token) return stuckInToken(info);
    if (info.inKeychain) return info;
    ASSIGN_OR_RETURN(SecretKeeper* const keychain, m_vault->keychain(info.label));
    const std::string kept = keychainName(m_vault->header().id, info.id);
    AuditEntry entry{.what = "KEY_MOVED_TO_KEYCHAIN", .subject = info.label, .note = info.id};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        ASSIGN_OR_RETURN(const crypto::PrivateKey key, m_vault->keyInUse(keyFile(info.id)));
        const crypto::Secret der = key.toDer();
        RETURN_IF_ERROR(keychain->keep(kept, der));
        ASSIGN_OR_RETURN(const crypto::Secret back, keychain->read(kept));
        if (!crypto::equalInConstantTime(back.view(), der.view()))
            return makeError(StatusCode::kInternal, "KEYCHAIN_FAILED",
                             "the keychain gives back another key than it was given");
        info.inKeychain = true;
        return m_vault->store(keyFile(info.id), "key", parseObject(writeKeyRecord(info)), {});
    }));
    return info;
}

Result<KeyInfo> KeyStore::moveFromKeychain(const std::string& name) {
    ASSIGN_OR_RETURN(KeyInfo info, find(name));
    if (info.token) return stuckInToken(info);
    if (!info.inKeychain) return info;
    ASSIGN_OR_RETURN(SecretKeeper* const keychain, m_vault->keychain(info.label));
    AuditEntry entry{.what = "KEY_MOVED_FROM_KEYCHAIN", .subject = info.label, .note = info.id};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        ASSIGN_OR_RETURN(const crypto::PrivateKey key, m_vault->keyInUse(keyFile(info.id)));
        info.inKeychain = false;
        return m_vault->store(keyFile(info.id), "key", parseObject(writeKeyRecord(info)),
                              key.toDer().view());
    }));
    // The file has it by now; what stays behind in the keychain is told, and can be tried again.
    RETURN_IF_ERROR(keychain->forget(keychainName(m_vault->header().id, info.id)));
    return info;
}

Status KeyStore::exportKey(const std::string& name, const std::filesystem::path& target,
                           BytesView passphrase) {
    RETURN_IF_ERROR(m_vault->use());
    RETURN_IF_ERROR(checkPassphrase(passphrase));
    ASSIGN_OR_RETURN(const KeyInfo info, find(name));
    if (info.token) return stuckInToken(info);
    AuditEntry entry{.what = "KEY_EXPORTED", .subject = info.label, .note = target.string()};
    return m_vault->change(std::move(entry), [&]() -> Status {
        ASSIGN_OR_RETURN(const crypto::PrivateKey key, m_vault->keyInUse(keyFile(info.id)));
        ASSIGN_OR_RETURN(const Bytes pem, crypto::writeEncryptedKey(key, passphrase));
        return writeNewFile(target, pem, 0600);
    });
}

Status KeyStore::remove(const std::string& name) {
    ASSIGN_OR_RETURN(const KeyInfo info, find(name));
    return m_vault->change(
        {.what = "KEY_REMOVED", .subject = info.label, .note = info.id}, [&]() -> Status {
            if (info.inKeychain) {
                ASSIGN_OR_RETURN(SecretKeeper* const keychain, m_vault->keychain(info.label));
                RETURN_IF_ERROR(keychain->forget(keychainName(m_vault->header().id, info.id)));
            }
            return m_vault->remove(keyFile(info.id));
        });
}

Result<crypto::SignerPtr> KeyStore::signer(const std::string& name) const {
    ASSIGN_OR_RETURN(const KeyInfo info, find(name));
    if (!info.token) return std::make_shared<FileSigner>(m_vault, info);
    RETURN_IF_ERROR(m_vault->use());
    // The readable part says where the key is; only the seal says that it is true.
    const auto sealed = m_vault->reveal(keyFile(info.id), "key");
    if (!sealed.ok()) return sealed.status();
    ASSIGN_OR_RETURN(const auto token,
                     m_modules.open(info.token->module, {info.token->token, info.token->serial}));
    ASSIGN_OR_RETURN(const crypto::TokenKey key, token->find({.id = {}, .label = info.token->key}));
    if (!(key.publicKey == info.publicKey))
        return makeError(
            StatusCode::kFailedPrecondition, "NO_TOKEN_KEY",
            fmt::format("the token '{}' has another key with the label '{}'",
                        printable(info.token->token, 64), printable(info.token->key, 64)),
            {{"token", printable(info.token->token, 64)}, {"key", info.label}});
    ASSIGN_OR_RETURN(crypto::SignerPtr inner, token->signer(key));
    return std::make_shared<TokenKeySigner>(m_vault, std::move(inner));
}

}  // namespace chancery::wallet
