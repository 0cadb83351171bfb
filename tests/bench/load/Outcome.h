#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "src/base/Status.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::load {

enum class Stage { Evaluate, Endorse, Submit, CommitWait, Total };
inline constexpr std::size_t kStages = 5;
/// "evaluate", "endorse", "submit", "commit_wait", "total".
const char* nameOf(Stage stage);

/// What became of one transaction.
struct Outcome {
    bool measured = false;  ///< begun within the measured window
    bool sent = false;      ///< else it failed before anything left this process
    std::array<std::optional<std::chrono::nanoseconds>, kStages> times;
    Stage failedIn = Stage::Total;  ///< when `status` is an error
    Status status;                  ///< of the calls; OK also for invalid transactions
    std::optional<protocol::ValidationCode> code;  ///< of what was committed
    std::uint64_t block = 0;                       ///< with `code`

    bool good() const { return status.ok() && (!code || *code == protocol::ValidationCode::Valid); }
};

/// One line for counting errors: stage, code, sentence, and what an endorser said. Ids of
/// transactions are left out, so that equal errors look equal.
std::string describeError(const Outcome& outcome);

}  // namespace chancery::load
