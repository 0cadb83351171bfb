#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A time in a search for certificates, as Fabric CA reads it: RFC 3339, a date ("2026-01-31"), or
/// relative to `now` with a sign: "+30d", "-1h30m". Nothing for an empty text. 400
/// (GETTING_CERTIFICATES) naming `name`.
Result<std::optional<absl::Time>> readFilterTime(std::string_view name, std::string_view text,
                                                 absl::Time now);

}  // namespace chancery::node
