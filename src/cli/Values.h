#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/cli/Text.h"
#include "src/usecase/Identity.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/Rfc3339.h"

namespace chancery::cli {

// How single values look, everywhere the same.

/// "a, b, c".
std::string list(const std::vector<std::string>& parts);
/// Grouped by thousands: "1,234".
std::string number(std::uint64_t value);
/// "1 block", "3 blocks", "1,234 blocks".
std::string counted(std::uint64_t value, std::string_view noun);
/// "7.5 KiB".
std::string size(std::uint64_t bytes);
/// "3.2 s", "450 ms", "2 min".
std::string duration(absl::Duration duration);
/// UTC, "2026-11-22 13:42:52".
std::string utc(absl::Time time);
std::string utc(const std::optional<absl::Time>& time);
/// For JSON.
using usecase::rfc3339;

/// Hex, cut in the middle to `digits` ("097e0ccf…b541").
std::string shortHash(BytesView hash, std::size_t digits = 16);

/// "User1@alpha (AlphaMSP, client)".
std::string nameOf(const usecase::IdentityName& identity);
std::string nameOf(const std::optional<usecase::IdentityName>& identity);
/// Without units: "User1@alpha (AlphaMSP)".
std::string shortNameOf(const usecase::IdentityName& identity);

/// "contract.function", or the kind of a transaction that calls none.
std::string callText(const usecase::TransactionSummary& transaction);

/// A value of the state: text as it is, cut to `cells`; other bytes as their number and first hex
/// digits.
Text valueText(BytesView value, std::size_t cells = 200);
/// A key as it can be given back to `--key`: what does not print is written \xNN.
std::string keyText(BytesView key);
/// The reverse: \xNN, \u{N…} and \\ are read, all else stands for itself.
std::optional<Bytes> keyFromText(std::string_view text);

/// "block 12, transaction 3".
std::string placeText(const usecase::WrittenAt& at);
/// "12/3".
std::string shortPlace(const usecase::WrittenAt& at);

}  // namespace chancery::cli
