#pragma once

#include <string>
#include <vector>

namespace chancery::process {

/// How a child process ended.
struct ExitReason {
    int code = 0;         ///< what it returned; 0 when a signal ended it
    int signal = 0;       ///< the signal that ended it; 0 when it returned
    bool killed = false;  ///< we ended it by force
    /// The last lines that it wrote, oldest first; errors and output as they came in.
    std::vector<std::string> lastLines;

    bool ok() const { return code == 0 && signal == 0; }
    /// "returned 3", "was ended by signal 11 (Segmentation fault)".
    std::string sentence() const;
};

}  // namespace chancery::process
