// How fast a ledger is verified and indexed, and how fast its index answers. The ledger is made
// anew, or the one in $CHANCERY_BENCH_LEDGER.
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "src/usecase/BrowseLedger.h"
#include "tests/bench/Bench.h"
#include "tests/bench/ledger/GenerateLedger.h"

namespace chancery::bench {
namespace {

using usecase::BrowseLedger;
using usecase::LedgerField;
using usecase::LedgerQuery;
using usecase::LedgerTerm;

class Folder {
public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "chancery-index-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) m_path = name;
    }
    ~Folder() {
        std::error_code ignored;
        if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

double peakMegabytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double megabytesIn(const std::filesystem::path& folder) {
    double bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        bytes += static_cast<double>(entry.file_size());
    return bytes / 1e6;
}

LedgerQuery queryFor(LedgerField field, std::string value) {
    return {{LedgerTerm{.field = field, .value = std::move(value)}}};
}

/// Median milliseconds of a question, asked as often as is told, each time about something else.
Status measure(Report& report, const std::string& name, double atMost, std::size_t rounds,
               const std::function<Status(std::size_t)>& ask) {
    std::vector<double> times;
    for (std::size_t i = 0; i < rounds; ++i) {
        const double begin = wallSeconds();
        RETURN_IF_ERROR(ask(i));
        times.push_back((wallSeconds() - begin) * 1000);
    }
    report.figure(name + "_first_ms", times.front(), {.atMost = atMost});
    report.figure(name + "_ms", median(times), {.atMost = atMost});
    return {};
}

Status ask(Report& report, const BrowseLedger& ledger) {
    const std::uint64_t blocks = ledger.status().blocks;
    RETURN_IF_ERROR(measure(report, "index_first_page", 50, 5,
                            [&](std::size_t) { return ledger.blocks({}, 0, 100).status(); }));
    RETURN_IF_ERROR(measure(report, "index_any_page", 50, 50, [&](std::size_t i) {
        return ledger.blocks({}, i * 7919 % blocks, 100).status();
    }));
    std::vector<Bytes> keys;
    ASSIGN_OR_RETURN(const auto overview, ledger.overview());
    for (const auto& key : overview.busiestKeys) keys.push_back(key.key);
    ASSIGN_OR_RETURN(const auto completions, ledger.complete("key:a", 5, 100));
    for (const auto& completion : completions) keys.push_back(completion.text);
    if (keys.empty()) return {};
    RETURN_IF_ERROR(measure(report, "index_key_search", 100, 20, [&](std::size_t i) {
        return ledger.blocks(queryFor(LedgerField::Key, keys[i % keys.size()]), 0, 100).status();
    }));
    RETURN_IF_ERROR(measure(report, "index_free_text", 1000, 5, [&](std::size_t i) {
        return ledger.blocks(queryFor(LedgerField::Any, keys[(i + 3) % keys.size()]), 0, 100)
            .status();
    }));
    RETURN_IF_ERROR(measure(report, "index_invalid", 1000, 1, [&](std::size_t) {
        return ledger.transactions(queryFor(LedgerField::Result, "invalid"), 0, 100).status();
    }));
    RETURN_IF_ERROR(measure(report, "index_transaction", 100, 20, [&](std::size_t i) {
        return ledger.transaction(usecase::WrittenAt{blocks / 2 + i, 0}).status();
    }));
    RETURN_IF_ERROR(measure(report, "index_histogram", 100, 3,
                            [&](std::size_t) { return ledger.histogram({}, 200).status(); }));
    return {};
}

Status benchIndex(Report& report) {
    const Folder folder;
    std::filesystem::path ledgerFolder = folder.path() / "ledger";
    if (const char* given = std::getenv("CHANCERY_BENCH_LEDGER")) {
        ledgerFolder = given;
    } else {
        RETURN_IF_ERROR(
            generateLedger({.folder = ledgerFolder, .blocks = 1000, .transactions = 20'000})
                .status());
    }
    const usecase::OpenLedgerRequest request{.location = {.paths = {ledgerFolder}},
                                             .indexes = folder.path() / "indexes"};
    {
        ASSIGN_OR_RETURN(const auto ledger, BrowseLedger::open(request));
        const double begin = wallSeconds();
        const double cpu = cpuSeconds();
        double told = begin;
        const auto watching = ledger->onChanged([&] {
            if (wallSeconds() - told < 5) return;
            told = wallSeconds();
            const auto status = ledger->status();
            fmt::print(stderr, "  {} transactions, {:.0f} per second, {:.0f} MB\n",
                       status.transactions,
                       static_cast<double>(status.transactions) / (told - begin), peakMegabytes());
        });
        RETURN_IF_ERROR(ledger->sync({}));
        const auto status = ledger->status();
        const double seconds = wallSeconds() - begin;
        if (status.errors != 0)
            return makeError(StatusCode::kInternal, "NOT_VERIFIED", status.firstError->sentence);
        report.figure("index_transactions", static_cast<double>(status.transactions));
        report.figure("index_transactions_per_s",
                      static_cast<double>(status.transactions) / seconds, {.atLeast = 5000});
        // What it would be if nobody else used the machine.
        const double perTransaction =
            (cpuSeconds() - cpu) / static_cast<double>(status.transactions);
        report.figure("index_cpu_us_per_transaction", perTransaction * 1e6);
        report.figure("index_transactions_per_s_of_2_cores", 2 / perTransaction, {.atLeast = 5000});
        report.figure("index_sync_peak_mb", peakMegabytes(), {.atMost = 350});
        report.figure("index_file_mb", megabytesIn(request.indexes));
    }
    ASSIGN_OR_RETURN(const auto ledger, BrowseLedger::open(request));
    const double begin = wallSeconds();
    RETURN_IF_ERROR(ledger->blocks({}, 0, 100).status());
    report.figure("index_open_to_page_ms", (wallSeconds() - begin) * 1000, {.atMost = 50});
    RETURN_IF_ERROR(ask(report, *ledger));
    const double again = wallSeconds();
    RETURN_IF_ERROR(ledger->sync({}));
    report.figure("index_nothing_new_ms", (wallSeconds() - again) * 1000);
    report.figure("index_peak_mb", peakMegabytes(), {.atMost = 350});
    return {};
}

const Registration kIndex("index", benchIndex);

}  // namespace
}  // namespace chancery::bench
