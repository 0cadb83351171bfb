#include "src/usecase/Rfc3339.h"

namespace chancery::usecase {

std::string rfc3339(absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace chancery::usecase
