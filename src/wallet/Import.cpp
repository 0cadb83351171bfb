#include "src/wallet/Import.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/EncryptedKey.h"

namespace chancery::wallet {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = 256 << 10;
constexpr std::size_t kMostKeys = 4096;

Status badIdentity(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_WALLET_IDENTITY",
                     fmt::format("this is no identity of an application's wallet: {}", why));
}

Status mismatch(const identity::Certificate& certificate) {
    return makeError(StatusCode::kInvalidArgument, "KEY_MISMATCH",
                     fmt::format("the private key is not that of the certificate '{}'",
                                 printable(certificate.subject(), 256)),
                     {{"certificate", printable(certificate.subject(), 256)}});
}

Result<ForeignIdentity> fromJson(const Json& json) {
    const auto mspId = stringIn(json, "mspId");
    const auto type = stringIn(json, "type");
    const auto credentials = json.is_object() ? json.find("credentials") : json.end();
    if (!mspId || mspId->empty() || mspId->size() > 128) return badIdentity("it has no mspId");
    if (numberIn(json, "version") != 1) return badIdentity("its version is not 1");
    if (type != "X.509" && type != "HSM-X.509")
        return badIdentity("its type is neither X.509 nor HSM-X.509");
    if (credentials == json.end() || !credentials->is_object())
        return badIdentity("it has no credentials");
    const auto certificatePem = stringIn(*credentials, "certificate");
    if (!certificatePem) return badIdentity("it has no certificate");
    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(*certificatePem));
    ForeignIdentity found{{}, MspId(*mspId), certificate.toPem(), std::nullopt};
    const auto keyText = credentials->find("privateKey");
    if (keyText == credentials->end() || !keyText->is_string()) {
        if (type == "X.509") return badIdentity("it has no private key");
        return found;
    }
    ASSIGN_OR_RETURN(found.key,
                     crypto::PrivateKey::fromPem(keyText->get_ref<const std::string&>()));
    if (!(found.key->publicKey() == certificate.publicKey())) return mismatch(certificate);
    return found;
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (paths.size() == kMostKeys) break;
        if (it->is_regular_file(error)) paths.push_back(it->path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

Result<crypto::PrivateKey> readKeyFile(const fs::path& path, BytesView passphrase) {
    ASSIGN_OR_RETURN(Bytes pem, readFile(path, kMostFileBytes));
    auto key = crypto::isEncryptedKey(pem) && !passphrase.empty()
                   ? crypto::readEncryptedKey(pem, passphrase)
                   : crypto::PrivateKey::fromPem(pem);
    crypto::wipe(pem);
    return key;
}

Result<ForeignIdentity> parseWalletIdentity(BytesView text) {
    if (text.size() > kMostFileBytes) return badIdentity("it is too long");
    Json json = parseObject(text);
    auto found = fromJson(json);
    wipe(json);
    return found;
}

Result<ForeignIdentity> readWalletIdentity(const fs::path& file) {
    ASSIGN_OR_RETURN(Bytes text, readFile(file, kMostFileBytes));
    auto found = parseWalletIdentity(text);
    crypto::wipe(text);
    if (!found.ok()) return withContext(found.status(), file.string());
    found->label = file.stem().string();
    return found;
}

Result<ForeignIdentity> readMspFolder(const fs::path& given, const MspId& mspId,
                                      BytesView passphrase) {
    std::error_code error;
    const fs::path folder =
        fs::is_directory(given / "signcerts", error) || !fs::is_directory(given / "msp", error)
            ? given
            : given / "msp";
    const auto certificates = filesIn(folder / "signcerts");
    if (certificates.empty())
        return makeError(
            StatusCode::kNotFound, "NO_SIGNING_CERTIFICATE",
            fmt::format("{}: there is no certificate", (folder / "signcerts").string()),
            {{"folder", folder.string()}});
    ASSIGN_OR_RETURN(const Bytes pem, readFile(certificates.front(), kMostFileBytes));
    auto certificate = identity::Certificate::fromPem(pem);
    if (!certificate.ok()) return withContext(certificate.status(), certificates.front().string());
    ForeignIdentity found{certificate->commonName(), mspId, certificate->toPem(), std::nullopt};
    for (const fs::path& path : filesIn(folder / "keystore")) {
        auto key = readKeyFile(path, passphrase);
        // A key that cannot be opened may be the one; that is worth more than "no key".
        const std::string reason = reasonOf(key.status());
        if (reason == "KEY_ENCRYPTED" || reason == "WRONG_PASSPHRASE")
            return withContext(key.status(), path.string());
        if (key.ok() && key->publicKey() == certificate->publicKey()) {
            found.key = *std::move(key);
            break;
        }
    }
    return found;
}

Result<IdentityInfo> importIdentity(KeyStore& keys, IdentityStore& identities,
                                    const ForeignIdentity& foreign, const std::string& label) {
    ASSIGN_OR_RETURN(const auto certificate,
                     identity::Certificate::fromPem(foreign.certificatePem));
    RETURN_IF_ERROR(checkLabel(label));
    if (identities.find(label).ok())
        return makeError(StatusCode::kAlreadyExists, "IDENTITY_EXISTS",
                         fmt::format("the workspace has an identity '{}' already", label),
                         {{"identity", label}});
    if (foreign.key) {
        if (!(foreign.key->publicKey() == certificate.publicKey())) return mismatch(certificate);
        const auto there = keys.find(toHex(foreign.key->publicKey().ski()));
        if (!there.ok()) {
            // The label may be that of another identity's key.
            std::string keyLabel = label;
            for (int number = 2; keys.find(keyLabel).ok() && number < 1000; ++number)
                keyLabel = fmt::format("{}-{}", label, number);
            const auto added = keys.add(keyLabel, *foreign.key);
            if (!added.ok()) return added.status();
        }
    }
    return identities.add(label, foreign.mspId, foreign.certificatePem);
}

std::string writeWalletIdentity(const IdentityInfo& identity) {
    return textOf({{"credentials", {{"certificate", identity.certificate.toPem()}}},
                   {"mspId", identity.mspId.str()},
                   {"type", "HSM-X.509"},
                   {"version", 1}}) +
           "\n";
}

}  // namespace chancery::wallet
