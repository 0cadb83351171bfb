// OpenSSL keeps the state of its random generators in its secure heap, which is mapped memory that
// the leak sanitizer does not look into, so that it would call what only they refer to lost. This
// function comes before that of the library, does the same, and shows the heap to the sanitizer.
// Built into programs with that sanitizer only.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

extern "C" void* CRYPTO_secure_malloc(std::size_t size, const char* file, int line);
extern "C" void CRYPTO_secure_free(void* piece, const char* file, int line);
extern "C" void __lsan_register_root_region(const void* begin, std::size_t size);

namespace {

/// The mapping that this address is in (proc(5), /proc/pid/maps).
void showMappingOf(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0, end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) != 2) continue;
        if (wanted < begin || wanted >= end) continue;
        __lsan_register_root_region(reinterpret_cast<const void*>(begin), end - begin);
        return;
    }
}

}  // namespace

extern "C" int CRYPTO_secure_malloc_init(std::size_t size, std::size_t smallest) {
    using Init = int (*)(std::size_t, std::size_t);
    static const auto init =
        reinterpret_cast<Init>(::dlsym(RTLD_NEXT, "CRYPTO_secure_malloc_init"));
    const int made = init(size, smallest);
    if (void* const piece = made == 0 ? nullptr : CRYPTO_secure_malloc(1, __FILE__, __LINE__)) {
        showMappingOf(piece);
        CRYPTO_secure_free(piece, __FILE__, __LINE__);
    }
    return made;
}
