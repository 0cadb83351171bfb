#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>

#include "node/agent/Program.h"
#include "src/crypto/Secret.h"

namespace {

/// Connections and nodes take more files than the usual 1,024.
void allowManyFiles() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65'536);
    ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
    allowManyFiles();
    // Plans bring keys.
    chancery::crypto::forbidDumps();
    try {
        const std::vector<std::string_view> arguments(argv + 1, argv + argc);
        return static_cast<int>(chancery::agent::runAgent(arguments, std::cout, std::cerr));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "chancery-agent: %s\n", error.what());
        return 70;
    }
}
