#include "tests/bench/Generate.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "tests/bench/Bench.h"
#include "tests/bench/ledger/GenerateLedger.h"

namespace chancery::bench {
namespace {

constexpr const char* kUsage =
    "chancery_bench generate-ledger FOLDER [--blocks N] [--transactions N] [--orgs N]"
    " [--accounts N] [--seed N]";

/// False when the arguments are not such.
bool readArguments(const std::vector<std::string>& arguments, GenerateLedgerRequest& request) {
    if (arguments.empty() || arguments[0].starts_with('-') || arguments.size() % 2 == 0)
        return false;
    request.folder = arguments[0];
    for (std::size_t i = 1; i < arguments.size(); i += 2) {
        const std::string& text = arguments[i + 1];
        std::uint64_t value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return false;
        if (arguments[i] == "--blocks")
            request.blocks = value;
        else if (arguments[i] == "--transactions")
            request.transactions = value;
        else if (arguments[i] == "--orgs")
            request.organisations = value;
        else if (arguments[i] == "--accounts")
            request.accounts = value;
        else if (arguments[i] == "--seed")
            request.seed = value;
        else
            return false;
    }
    return true;
}

}  // namespace

int generateCommand(const std::vector<std::string>& arguments) {
    GenerateLedgerRequest request;
    if (!readArguments(arguments, request)) {
        fmt::print(stderr, "{}\n", kUsage);
        return 2;
    }
    const double start = wallSeconds();
    double shown = start;
    request.progress = [&](std::uint64_t done) {
        if (wallSeconds() - shown < 10) return;
        shown = wallSeconds();
        fmt::print(stderr, "  {} of {} transactions, {:.0f} per second\n", done,
                   request.transactions, static_cast<double>(done) / (shown - start));
    };
    const auto made = generateLedger(request);
    if (!made.ok()) {
        fmt::print(stderr, "{}\n", messageOf(made.status()));
        return 1;
    }
    const double seconds = wallSeconds() - start;
    nlohmann::json line = {
        {"blocks", made->blocks},
        {"transactions", made->transactions},
        {"endorsements", made->endorsements},
        {"last_block_hash", toHex(made->lastBlockHash)},
        {"last_commit_hash", toHex(made->lastCommitHash)},
        {"seconds", seconds},
        {"transactions_per_s", static_cast<double>(made->transactions) / seconds}};
    for (const auto& [code, count] : made->codes) line["codes"][protocol::nameOf(code)] = count;
    std::puts(line.dump().c_str());
    return 0;
}

}  // namespace chancery::bench
