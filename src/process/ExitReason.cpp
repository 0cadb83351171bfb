#include "src/process/ExitReason.h"

#include <fmt/format.h>
#include <cstring>

namespace chancery::process {

std::string ExitReason::sentence() const {
    if (signal == 0) return fmt::format("returned {}", code);
    const char* description = ::sigdescr_np(signal);
    return fmt::format("was ended by signal {} ({}){}", signal,
                       description != nullptr ? description : "unknown",
                       killed ? " because it did not end by itself" : "");
}

}  // namespace chancery::process
