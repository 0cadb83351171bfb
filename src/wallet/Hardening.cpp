#include "src/base/Log.h"
#include "src/wallet/Options.h"

namespace chancery::wallet {

bool hardenProcess() {
    static const bool done = [] {
        const bool noDumps = crypto::forbidDumps();
        const crypto::SecureHeap heap = crypto::useSecureHeap();
        if (heap == crypto::SecureHeap::NotLocked)
            log::warning("wallet",
                         "the system allows no locked memory: keys in use may reach the swap file");
        return noDumps && heap == crypto::SecureHeap::Locked;
    }();
    return done;
}

}  // namespace chancery::wallet
