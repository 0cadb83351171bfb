#include "src/wallet/Records.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/wallet/Json.h"
#include "src/wallet/WalletFile.h"

namespace chancery::wallet {
namespace {

constexpr std::size_t kMostLabel = 128;

}  // namespace

std::string IdentityInfo::keyId() const {
    return toHex(certificate.publicKey().ski());
}

std::string keyFile(const std::string& id) {
    return "keys/" + id + ".key";
}

std::string identityFile(const std::string& label) {
    return "identities/" + toHex(crypto::sha256(label)).substr(0, 32) + ".identity";
}

std::string keychainName(const std::string& workspaceId, const std::string& keyId) {
    return workspaceId + "/" + keyId;
}

Status checkLabel(std::string_view label) {
    if (!label.empty() && label.size() <= kMostLabel && printable(label) == label)
        return absl::OkStatus();
    return makeError(StatusCode::kInvalidArgument, "BAD_LABEL",
                     fmt::format("'{}' is no label: 1 to {} bytes of readable text",
                                 printable(label, 64), kMostLabel));
}

std::string writeKeyRecord(const KeyInfo& key) {
    Json json = {{"id", key.id},
                 {"label", key.label},
                 {"algorithm", crypto::nameOf(key.publicKey.algorithm())},
                 {"public", toBase64(key.publicKey.toDer())},
                 {"made", timeText(key.made)}};
    if (key.token)
        json["token"] = {{"module", key.token->module.string()},
                         {"token", key.token->token},
                         {"serial", key.token->serial},
                         {"key", key.token->key}};
    if (key.inKeychain) json["keychain"] = true;
    return textOf(json);
}

Result<KeyInfo> parseKeyRecord(std::string_view metadata, std::string_view name) {
    const Json json = parseObject(metadata);
    const auto id = stringIn(json, "id");
    const auto label = stringIn(json, "label");
    const auto der = base64In(json, "public");
    const auto made = timeIn(json, "made");
    if (!id || !label || !checkLabel(*label).ok() || !der || !made)
        return damaged(name, "a part of its description is missing");
    auto publicKey = crypto::PublicKey::fromDer(*der);
    if (!publicKey.ok() || toHex(publicKey->ski()) != *id || name != keyFile(*id))
        return damaged(name, "its public key is not that of its name");
    KeyInfo key{*id, *label, *std::move(publicKey), *made, std::nullopt, false};
    if (const auto place = json.find("token"); place != json.end()) {
        const auto module = stringIn(*place, "module");
        const auto token = stringIn(*place, "token");
        const auto serial = stringIn(*place, "serial");
        const auto inside = stringIn(*place, "key");
        if (!module || !token || !serial || !inside)
            return damaged(name, "the place in a token is not complete");
        key.token = TokenPlace{*module, *token, *serial, *inside};
    }
    if (const auto keychain = json.find("keychain"); keychain != json.end()) {
        if (*keychain != true || key.token)
            return damaged(name, "it does not say in one way where its key is");
        key.inKeychain = true;
    }
    return key;
}

std::string writeIdentityRecord(const IdentityInfo& identity) {
    return textOf({{"label", identity.label},
                   {"mspid", identity.mspId.str()},
                   {"certificate", identity.certificate.toPem()},
                   {"added", timeText(identity.added)}});
}

Result<IdentityInfo> parseIdentityRecord(std::string_view metadata, std::string_view name) {
    const Json json = parseObject(metadata);
    const auto label = stringIn(json, "label");
    const auto mspId = stringIn(json, "mspid");
    const auto pem = stringIn(json, "certificate");
    const auto added = timeIn(json, "added");
    if (!label || !checkLabel(*label).ok() || !mspId || mspId->empty() || !pem || !added)
        return damaged(name, "a part of its description is missing");
    if (name != identityFile(*label)) return damaged(name, "its label is not that of its name");
    auto certificate = identity::Certificate::fromPem(*pem);
    if (!certificate.ok()) return damaged(name, "its certificate cannot be read");
    return IdentityInfo{*label, MspId(*mspId), *std::move(certificate), *added};
}

}  // namespace chancery::wallet
