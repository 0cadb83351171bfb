#include <sys/prctl.h>
#include <sys/resource.h>

#include "src/base/Log.h"
#include "src/wallet/Options.h"

namespace chancery::wallet {

bool hardenProcess() {
    static const bool done = [] {
        const rlimit none{0, 0};
        const bool dumps = ::setrlimit(RLIMIT_CORE, &none) == 0;
        const bool readers = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
        const crypto::SecureHeap heap = crypto::useSecureHeap();
        if (heap == crypto::SecureHeap::NotLocked)
            log::warning("wallet",
                         "the system allows no locked memory: keys in use may reach the swap file");
        return dumps && readers && heap == crypto::SecureHeap::Locked;
    }();
    return done;
}

}  // namespace chancery::wallet
