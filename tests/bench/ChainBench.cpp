// How fast a whole chain is verified, measured against what OpenSSL itself does with all
// processors.
#include <sys/resource.h>

#include <thread>

#include "src/verify/ChainVerifier.h"
#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"
#include "tests/bench/Openssl.h"
#include "tests/bench/SyntheticChain.h"

namespace chancery::bench {
namespace {

constexpr std::size_t kTransactions = 20'000;
constexpr int kRounds = 3;

double processCpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Round {
    double signatures = 0;
    double megabytes = 0;
    double wall = 0;
    double cpu = 0;
};

Result<Round> verifyOnce(const std::filesystem::path& folder) {
    // The calling thread works, too.
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    TaskPool pool("bench", std::max(1U, cores - 1));
    verify::ChainVerifier verifier(
        {}, {.pool = cores > 1 ? &pool : nullptr, .stop = {}, .progress = {}, .passed = {}});
    ASSIGN_OR_RETURN(const auto source, protocol::openBlocks(folder));
    Round round{.wall = wallSeconds(), .cpu = processCpuSeconds()};
    const verify::Report& report = verifier.verify(*source);
    round.wall = wallSeconds() - round.wall;
    round.cpu = processCpuSeconds() - round.cpu;
    if (!report.good() || report.counters.transactions < kTransactions)
        return makeError(StatusCode::kInternal, "NOT_VERIFIED", report.summary());
    if (const auto valid = report.counters.codes.find(protocol::ValidationCode::Valid);
        valid == report.counters.codes.end() || valid->second < kTransactions)
        return makeError(StatusCode::kInternal, "NOT_VALID",
                         "the made-up transactions are not valid");
    round.signatures = static_cast<double>(report.counters.signatures());
    round.megabytes = 1e-6 * static_cast<double>(report.counters.bytes);
    return round;
}

Status chain(Report& report) {
    const ScratchFolder folder(std::filesystem::temp_directory_path());
    RETURN_IF_ERROR(writeSyntheticChain(folder.path(), kTransactions));
    // Other programs come and go: each round is compared with what OpenSSL did just before and just
    // behind it.
    std::vector<double> rates, ratios, cpuRates;
    ASSIGN_OR_RETURN(double before, opensslVerifiesPerSecond());
    Round round;
    for (int i = 0; i < kRounds; ++i) {
        ASSIGN_OR_RETURN(round, verifyOnce(folder.path()));
        ASSIGN_OR_RETURN(const double behind, opensslVerifiesPerSecond());
        rates.push_back(round.signatures / round.wall);
        cpuRates.push_back(round.signatures / round.cpu);
        ratios.push_back(rates.back() / ((before + behind) / 2));
        before = behind;
    }
    report.figure("chain_signatures", round.signatures);
    report.figure("chain_signatures_per_s", median(rates));
    report.figure("chain_signatures_per_cpu_s", median(cpuRates));
    report.figure("chain_mb_per_s", round.megabytes / round.signatures * median(rates));
    report.figure("chain_ratio_to_openssl", median(ratios), {.atLeast = 0.8, .atMost = {}});
    return absl::OkStatus();
}

const Registration kChain("chain", chain);

}  // namespace
}  // namespace chancery::bench
