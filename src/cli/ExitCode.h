#pragma once

#include <array>
#include <string_view>

namespace chancery::cli {

/// What a script may rely on. The one table of them; help and tests read it from here.
enum class ExitCode {
    Ok = 0,
    Findings = 1,
    Usage = 2,
    UnreadableInput = 3,
    Internal = 4,
    CannotWrite = 5,
    Interrupted = 6,
    Incomplete = 7,
};

struct ExitCodeMeaning {
    ExitCode code;
    std::string_view meaning;
};

inline constexpr std::array<ExitCodeMeaning, 8> kExitCodes{{
    {ExitCode::Ok, "done; nothing to object to"},
    {ExitCode::Findings,
     "done, and the answer is no: a check failed, a policy is not satisfied, there is a "
     "difference"},
    {ExitCode::Usage, "the command line was not understood"},
    {ExitCode::UnreadableInput, "an input is missing, damaged or of another kind"},
    {ExitCode::Internal, "a fault of this program"},
    {ExitCode::CannotWrite, "the result could not be written"},
    {ExitCode::Interrupted, "stopped by Ctrl+C or SIGTERM; nothing was left behind"},
    {ExitCode::Incomplete,
     "done with what there was: something could not be reached or read, and is named"},
}};

}  // namespace chancery::cli
