#pragma once

#include "src/cli/Json.h"
#include "src/cli/Text.h"
#include "src/usecase/CertificateEffects.h"
#include "src/usecase/CertificateInventory.h"

namespace chancery::cli {

// What the inventory says, in sentences and in JSON.

/// "Channel trade stops: 1 of 3 consenters remain, 2 are needed."
std::string effectText(const usecase::CertificateEffect& effect);
Json effectJson(const usecase::CertificateEffect& effect);

/// "TLS of peer0.org1.example.com", "root of Org1 in channel trade".
std::string useText(const usecase::CertificateUse& use);

/// Reason of a revocation as RFC 5280 names it: "keyCompromise".
std::string_view revocationReason(std::optional<int> reason);

Json certificateJson(const usecase::CertificateInventory& inventory, std::size_t certificate,
                     absl::Time now);

/// "ended 3 days ago", "in 12 days".
std::string distance(absl::Time time, absl::Time now);

}  // namespace chancery::cli
