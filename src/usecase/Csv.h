#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chancery::usecase {

/// One line of comma-separated values (RFC 4180) with its line break. Text is made printable, and
/// what a spreadsheet would run as a formula (a cell that begins with = + - @, tab or carriage
/// return) gets an apostrophe before it.
std::string csvLine(const std::vector<std::string>& cells);

}  // namespace chancery::usecase
