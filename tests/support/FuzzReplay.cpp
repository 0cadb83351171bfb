// Runs a fuzz target over stored inputs without libFuzzer, so that every compiler and every run of
// the tests replays what a fuzzer once found. Fails when an input lets the process grow by more
// than the cap.
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr long kMaxGrowthKiB = 64 * 1024;

long peakKiB() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> inputs;
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            inputs.emplace_back(argv[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(argv[i]))
            if (entry.is_regular_file()) inputs.push_back(entry.path());
    }
    std::sort(inputs.begin(), inputs.end());
    if (inputs.empty()) {
        std::fprintf(stderr, "no stored inputs\n");
        return 2;
    }
    LLVMFuzzerTestOneInput(nullptr, 0);  // one-time set-up is not an input's growth
    int failures = 0;
    for (const auto& path : inputs) {
        std::ifstream in(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in),
                                std::istreambuf_iterator<char>()};
        const long before = peakKiB();
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        const long growth = peakKiB() - before;
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // shadow memory is not growth of ours
        if (growth > kMaxGrowthKiB) {
            std::fprintf(stderr, "%s: grew by %ld KiB\n", path.c_str(), growth);
            ++failures;
        }
#else
        (void)growth;
#endif
    }
    std::printf("%zu inputs replayed, %d over the memory cap\n", inputs.size(), failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
