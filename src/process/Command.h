#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"

namespace chancery::process {

using Environment = std::map<std::string, std::string>;

/// What to start. Nothing goes through a shell, and nothing is inherited that does not stand here.
struct Command {
    std::filesystem::path program;       ///< a path, not a bare name; see findProgram
    std::vector<std::string> arguments;  ///< without the program's own name
    Environment environment;             ///< the whole environment of the child
    std::filesystem::path folder;        ///< working folder; empty: that of this process
    /// The signal that the system sends to the child when this process ends, however it ends; 0:
    /// none.
    int endsWithUs = 0;
    /// The child finds a socket as kTalkDescriptor, whose other end is `Child::takeSocket`.
    bool talks = false;
};

/// Of a socket that a child talks by.
inline constexpr int kTalkDescriptor = 3;

/// The few variables of this process that most programs need: PATH, HOME, USER, LANG, LC_ALL,
/// TMPDIR, XDG_RUNTIME_DIR, each only when set.
Environment minimalEnvironment();

/// The first executable file of that name in the folders of PATH. NOT_FOUND (PROGRAM_NOT_FOUND).
Result<std::filesystem::path> findProgram(std::string_view name);

}  // namespace chancery::process
