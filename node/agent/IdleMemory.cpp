#include "node/agent/IdleMemory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <memory>

namespace chancery::agent {

void returnIdleMemory() {
    ::malloc_trim(0);
    const std::unique_ptr<FILE, int (*)(FILE*)> maps(std::fopen("/proc/self/maps", "re"),
                                                     std::fclose);
    if (!maps) return;
    char line[4096];
    while (std::fgets(line, sizeof line, maps.get()) != nullptr) {
        std::uintptr_t begin = 0, end = 0;
        char rights[5] = {};
        unsigned long inode = 0;
        // Only code of files: it was never written, so nothing is lost.
        if (std::sscanf(line, "%lx-%lx %4s %*x %*s %lu", &begin, &end, rights, &inode) == 4 &&
            inode != 0 && rights[0] == 'r' && rights[1] == '-' && rights[2] == 'x')
            ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
}

}  // namespace chancery::agent
