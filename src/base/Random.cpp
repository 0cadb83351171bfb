#include "src/base/Random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace chancery {
namespace {

class SystemRandom final : public Random {
public:
    Bytes bytes(std::size_t count) override {
        Bytes out(count, '\0');
        std::size_t at = 0;
        while (at < count) {
            const ssize_t got = getrandom(out.data() + at, count - at, 0);
            // Without the kernel's generator nothing that follows could be trusted.
            if (got < 0 && errno != EINTR) std::abort();
            if (got > 0) at += static_cast<std::size_t>(got);
        }
        return out;
    }
};

}  // namespace

Random& Random::system() {
    static SystemRandom random;
    return random;
}

}  // namespace chancery
