#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

namespace chancery::test {

/// A fuzz target as libFuzzer calls it.
using FuzzTarget = int (*)(const std::uint8_t* data, std::size_t size);

/// All of them by name; the table is made by the build.
const std::map<std::string_view, FuzzTarget>& fuzzTargets();

}  // namespace chancery::test
