#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "src/base/Ids.h"
#include "src/crypto/Key.h"
#include "src/wallet/IdentityStore.h"

namespace chancery::wallet {

/// An identity as other programs keep it.
struct ForeignIdentity {
    std::string label;  ///< a proposal: the file's or folder's name
    MspId mspId;
    Bytes certificatePem;
    std::optional<crypto::PrivateKey> key;  ///< nothing: in a token, or kept elsewhere
};

/// A file "LABEL.id" of the wallets that fabric-network and fabric-gateway applications use: JSON
/// with mspId, type ("X.509" or "HSM-X.509"), version and credentials. Any bytes. INVALID_ARGUMENT
/// (BAD_WALLET_IDENTITY) and those of keys and certificates; KEY_MISMATCH.
Result<ForeignIdentity> parseWalletIdentity(BytesView json);

/// Such a file. Errors of reading too.
Result<ForeignIdentity> readWalletIdentity(const std::filesystem::path& file);

/// A user's or node's MSP folder: signcerts, and the certificate's key among the files of keystore;
/// keys that are encrypted are opened with `passphrase`. NOT_FOUND (NO_SIGNING_CERTIFICATE); no key
/// is no error. Takes the folder itself or one that holds "msp".
Result<ForeignIdentity> readMspFolder(const std::filesystem::path& folder, const MspId& mspId,
                                      BytesView passphrase = {});

/// A key file, encrypted or not. Errors of PrivateKey::fromPem and readEncryptedKey; KEY_ENCRYPTED
/// when it needs a passphrase and there is none.
Result<crypto::PrivateKey> readKeyFile(const std::filesystem::path& file, BytesView passphrase);

/// Puts certificate and key into the workspace. The key may be there already.
Result<IdentityInfo> importIdentity(KeyStore& keys, IdentityStore& identities,
                                    const ForeignIdentity& identity, const std::string& label);

/// The text of a file for such a wallet, without the private key (type "HSM-X.509"): for
/// applications that sign elsewhere.
std::string writeWalletIdentity(const IdentityInfo& identity);

}  // namespace chancery::wallet
