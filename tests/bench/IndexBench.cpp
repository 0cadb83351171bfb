// What an index of a large ledger costs and gives: reading with full verification, the first page
// after opening, a search by key, the history and the state of keys at a height.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "src/usecase/BrowseLedger.h"
#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"

namespace chancery::bench {
namespace {

constexpr std::size_t kQuestions = 50;
constexpr std::size_t kPage = 500;

double folderBytes(const std::filesystem::path& folder) {
    double bytes = 0;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored)) bytes += static_cast<double>(entry.file_size(ignored));
    return bytes;
}

/// Milliseconds that `ask` takes for each of many arguments: median and longest.
struct Times {
    double median = 0, longest = 0;
};
template <class Ask>
Result<Times> timesOf(const Ask& ask) {
    std::vector<double> all;
    Times times;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        const double start = wallSeconds();
        RETURN_IF_ERROR(ask(i));
        all.push_back(1e3 * (wallSeconds() - start));
        times.longest = std::max(times.longest, all.back());
    }
    times.median = median(all);
    return times;
}

std::string accountOf(std::size_t question) {
    // Spread over all accounts, also those of the small ledger.
    return fmt::format("acct/{:05}", question * 397 % (isQuick() ? 4000 : 20'000));
}

Status askKeys(const usecase::BrowseLedger& ledger, Report& report) {
    std::size_t found = 0;
    ASSIGN_OR_RETURN(const Times search, timesOf([&](std::size_t i) -> Status {
                         ASSIGN_OR_RETURN(const auto query,
                                          usecase::parseLedgerQuery("key:" + accountOf(i), 0));
                         ASSIGN_OR_RETURN(const auto page, ledger.transactions(query, 0, 50));
                         if (page.rows.empty())
                             return makeError(StatusCode::kInternal, "NO_HITS", "no hits");
                         found += page.total;
                         return {};
                     }));
    report.figure("index_key_search_ms", search.median, {.atLeast = {}, .atMost = 100});
    report.figure("index_key_search_longest_ms", search.longest);
    report.figure("index_key_search_hits_each", static_cast<double>(found) / kQuestions);

    ASSIGN_OR_RETURN(
        const Times history, timesOf([&](std::size_t i) -> Status {
            return ledger.key({"wallet", "", accountOf(i)}, std::nullopt, 100).status();
        }));
    report.figure("index_key_history_ms", history.median);
    const BlockNumber height = ledger.status().lastBlock.value_or(0) / 2;
    ASSIGN_OR_RETURN(const Times state, timesOf([&](std::size_t i) -> Status {
                         return ledger.key({"wallet", "", accountOf(i)}, height, 0).status();
                     }));
    report.figure("index_state_at_height_ms", state.median);
    return {};
}

Status askPages(const usecase::BrowseLedger& ledger, Report& report) {
    const std::uint64_t last = ledger.status().lastBlock.value_or(0);
    ASSIGN_OR_RETURN(const Times pages, timesOf([&](std::size_t i) -> Status {
                         return ledger.blocks({}, last * i / kQuestions, kPage).status();
                     }));
    report.figure("index_page_of_500_blocks_ms", pages.median);
    ASSIGN_OR_RETURN(const Times block, timesOf([&](std::size_t i) -> Status {
                         return ledger.block(last * i / kQuestions).status();
                     }));
    report.figure("index_block_ms", block.median);
    ASSIGN_OR_RETURN(const Times transaction, timesOf([&](std::size_t i) -> Status {
                         return ledger
                             .transaction(usecase::WrittenAt{last * (i + 1) / (kQuestions + 1), 0})
                             .status();
                     }));
    report.figure("index_transaction_ms", transaction.median);
    ASSIGN_OR_RETURN(const auto refused, usecase::parseLedgerQuery("result:invalid", 0));
    const double start = wallSeconds();
    RETURN_IF_ERROR(ledger.histogram(refused, 120).status());
    report.figure("index_histogram_ms", 1e3 * (wallSeconds() - start));
    return {};
}

Status index(Report& report) {
    ASSIGN_OR_RETURN(const MeasuredLedger data, measuredLedger());
    const ScratchFolder indexes(benchData());
    const usecase::OpenLedgerRequest request{
        .location = {{data.folder}, {}}, .indexes = indexes.path() / "index", .anchor = {}};
    resetPeak();
    {
        ASSIGN_OR_RETURN(const auto ledger, usecase::BrowseLedger::open(request));
        const double start = wallSeconds();
        RETURN_IF_ERROR(ledger->sync({}));
        const double seconds = wallSeconds() - start;
        const usecase::LedgerStatus status = ledger->status();
        if (status.errors != 0 || status.transactions < data.transactions)
            return makeError(StatusCode::kInternal, "NOT_VERIFIED",
                             "the generated ledger was not verified in full");
        report.figure("index_transactions", static_cast<double>(status.transactions));
        report.figure("index_build_transactions_per_s",
                      static_cast<double>(status.transactions) / seconds,
                      {.atLeast = 5000, .atMost = {}});
        report.figure("index_build_rss_mb", peakMegabytes(), {.atLeast = {}, .atMost = 350});
        report.figure("index_bytes_per_transaction",
                      folderBytes(request.indexes) / static_cast<double>(status.transactions));
    }
    resetPeak();
    const double start = wallSeconds();
    ASSIGN_OR_RETURN(const auto ledger, usecase::BrowseLedger::open(request));
    ASSIGN_OR_RETURN(const auto page, ledger->blocks({}, 0, kPage));
    report.figure("index_first_page_ms", 1e3 * (wallSeconds() - start),
                  {.atLeast = {}, .atMost = 50});
    if (page.rows.size() != std::min<std::size_t>(kPage, page.total) || page.rows.empty())
        return makeError(StatusCode::kInternal, "NO_PAGE", "the first page is not there");
    const double again = wallSeconds();
    RETURN_IF_ERROR(ledger->sync({}));
    report.figure("index_nothing_new_ms", 1e3 * (wallSeconds() - again));
    RETURN_IF_ERROR(askKeys(*ledger, report));
    RETURN_IF_ERROR(askPages(*ledger, report));
    report.figure("index_browse_rss_mb", peakMegabytes(), {.atLeast = {}, .atMost = 350});
    return absl::OkStatus();
}

const Registration kIndex("index", index);

}  // namespace
}  // namespace chancery::bench
