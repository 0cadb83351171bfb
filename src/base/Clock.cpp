#include "src/base/Clock.h"

#include "absl/time/clock.h"

namespace chancery {
namespace {

class SystemClock final : public Clock {
public:
    absl::Time now() const override { return absl::Now(); }
};

}  // namespace

const Clock& Clock::system() {
    static const SystemClock clock;
    return clock;
}

}  // namespace chancery
