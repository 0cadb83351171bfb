#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>

#include "node/runtime/Program.h"
#include "src/crypto/Secret.h"

namespace {

/// Views of ledgers and connections take more files than the usual 1,024.
void allowManyFiles() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65'536);
    ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
    allowManyFiles();
    // It has keys in its memory, and perhaps PINs and passwords.
    chancery::crypto::forbidDumps();
    try {
        const std::vector<std::string_view> arguments(argv + 1, argv + argc);
        return static_cast<int>(chancery::node::runNode(arguments, std::cout, std::cerr));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "chancery-node: %s\n", error.what());
        return 70;
    }
}
