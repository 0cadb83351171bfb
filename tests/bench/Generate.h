#pragma once

#include <string>
#include <vector>

namespace chancery::bench {

/// chancery_bench generate-ledger FOLDER [--blocks N] [--transactions N] [--orgs N] [--accounts N]
/// [--seed N]: writes a large ledger and prints one line of JSON about it. The program's exit code.
int generateCommand(const std::vector<std::string>& arguments);

}  // namespace chancery::bench
