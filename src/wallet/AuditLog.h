#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::wallet {

/// One thing that was done with a workspace. No secret is ever part of it.
struct AuditEntry {
    std::uint64_t number = 0;  ///< from 1 on
    absl::Time at;
    std::string who;      ///< "ann (1000)": the user of the system
    std::string what;     ///< "KEY_GENERATED"
    std::string subject;  ///< label or id of what it was done with
    std::string note;
    Bytes hash;           ///< SHA-256 of the entry, which holds the hash before it
    bool sealed = false;  ///< written while the workspace was unlocked, and bound to its keys
};

/// The bytes of "audit.log": one line per entry, JSON, its hash and its HMAC (or "-") between tabs.
struct AuditChain {
    std::vector<AuditEntry> entries;
    std::uint64_t goodBytes = 0;  ///< up to the last whole line; behind is what a crash cut short

    const AuditEntry* last() const { return entries.empty() ? nullptr : &entries.back(); }
    Bytes lastHash() const;
};

inline constexpr std::uint64_t kMostAuditBytes = 256 << 20;

/// Any bytes. INVALID_ARGUMENT (AUDIT_BROKEN) names the file and the entry that does not follow
/// from the one before. With a key the HMACs are checked too, and entries without one must be those
/// that can be written without a passphrase.
Result<AuditChain> parseAuditLog(BytesView bytes, const crypto::Secret* key);

/// The line of the entry that follows `previousHash`; fills entry.hash and entry.sealed.
Bytes writeAuditEntry(AuditEntry& entry, BytesView previousHash, const crypto::Secret* key);

/// Whether an entry of this kind may stand there without the passphrase.
bool mayBeUnsealed(std::string_view what);

/// "ann (1000)".
std::string userOfSystem();

/// The error AUDIT_BROKEN.
Status auditBroken(std::uint64_t number, std::string_view why);

}  // namespace chancery::wallet
