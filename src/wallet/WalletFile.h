#pragma once

#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::wallet {

/// The one form of every sealed file of a workspace; docs/wallet.md describes it. Four lines:
///   chancery-wallet 1 KIND
///   metadata, one JSON object, readable by everybody who may read the file
///   base64 of what crypto::seal gave, with the two lines above and the file's name bound to it
///   SHA-256 of the three lines, hex: damage is noticed without the passphrase
struct WalletFile {
    std::string kind;      ///< [a-z]+
    std::string metadata;  ///< JSON without line breaks
    Bytes sealed;
};

inline constexpr std::uint64_t kMostWalletFileBytes = 256 << 10;

Bytes writeWalletFile(const WalletFile& file);

/// Any bytes. INVALID_ARGUMENT: WALLET_FILE_DAMAGED (not this form, or the sum does not fit),
/// NEWER_FORMAT (made by a later version), WALLET_FILE_DAMAGED when it is of another kind than
/// `kind`. The error names `name`.
Result<WalletFile> parseWalletFile(BytesView bytes, std::string_view kind, std::string_view name);

/// What is bound to the sealed bytes. `name` is the file's place in the workspace, so that files
/// cannot change places.
Bytes associatedBytes(const WalletFile& file, std::string_view name);

/// The error of a file that is not what was written.
Status damaged(std::string_view name, std::string_view why);

}  // namespace chancery::wallet
