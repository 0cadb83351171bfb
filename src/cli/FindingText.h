#pragma once

#include <string_view>

namespace chancery::cli {

/// Why a finding of the verification matters, for somebody who does not know Fabric. Empty for
/// reasons that have no text: their sentence must do.
std::string_view whyItMatters(std::string_view reason);

/// What stands behind a kind of cover ("HEADER_HASH") in words; the name itself for unknown ones.
std::string_view describeCover(std::string_view by);

}  // namespace chancery::cli
