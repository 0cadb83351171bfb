#pragma once

#include <span>
#include <string_view>

namespace chancery::node::contract {

/// A file of js/, compiled into the program.
struct BuiltinSource {
    std::string_view name;
    std::string_view text;
};

/// In the order in which they run.
std::span<const BuiltinSource> builtinSources();

}  // namespace chancery::node::contract
