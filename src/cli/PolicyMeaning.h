#pragma once

#include <string>
#include <string_view>

namespace chancery::cli {

/// What a policy of a channel decides, for somebody who does not know the names: "changing the
/// settings of ordering". Empty for policies without a meaning of their own.
std::string meaningOfPolicy(std::string_view path);

}  // namespace chancery::cli
