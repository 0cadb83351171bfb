#include "tests/bench/BenchData.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/bench/ledger/GenerateLedger.h"

namespace chancery::bench {
namespace {

// Another number makes ledgers anew that an older generator left.
constexpr int kGeneration = 1;
bool quick = false;

}  // namespace

void setQuick(bool on) {
    quick = on;
}

bool isQuick() {
    return quick;
}

std::filesystem::path benchData() {
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path().parent_path() / "bench-data";
}

Result<MeasuredLedger> measuredLedger() {
    GenerateLedgerRequest request;
    if (quick) {
        request.blocks = 400;
        request.transactions = 20'000;
    }
    MeasuredLedger ledger;
    ledger.transactions = request.transactions;
    ledger.folder = benchData() / fmt::format("ledger-{}-{}", request.transactions, kGeneration);
    if (std::filesystem::exists(ledger.folder)) return ledger;
    fmt::print(stderr, "  generating {} transactions into {}\n", request.transactions,
               ledger.folder.string());
    // What was begun and not finished must not pass for the ledger.
    std::error_code fault;
    std::filesystem::create_directories(benchData(), fault);
    request.folder = ledger.folder.string() + ".unfinished";
    std::filesystem::remove_all(request.folder, fault);
    RETURN_IF_ERROR(generateLedger(request).status());
    std::filesystem::rename(request.folder, ledger.folder, fault);
    if (fault)
        return makeError(StatusCode::kInternal, "FILE_ERROR",
                         fmt::format("cannot rename {}", request.folder.string()));
    return ledger;
}

ScratchFolder::ScratchFolder(const std::filesystem::path& inside) {
    std::error_code ignored;
    std::filesystem::create_directories(inside, ignored);
    std::string name = (inside / "scratch-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) m_path = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

double peakMegabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) * 1024 / 1e6;
    return 0;
}

void resetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace chancery::bench
