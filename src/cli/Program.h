#pragma once

#include <ostream>

namespace chancery::cli {

/// The whole program but its main(): parses, finds the command, runs it, tells errors. Returns the
/// exit code.
int runProgram(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace chancery::cli
