// chancery_bench generate-ledger FOLDER …: see Generate.h.
// chancery_bench [--quick] [NAME…]: measures and prints one line of JSON on standard output; what a
// person reads goes to standard error. Returns 0 when everything could be measured, whether or not
// a figure is as wanted.
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"
#include "tests/bench/Generate.h"

int main(int argc, char** argv) {
    using namespace chancery;
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments[0] == "generate-ledger")
        return bench::generateCommand({arguments.begin() + 1, arguments.end()});
    bench::setQuick(std::erase(arguments, "--quick") > 0);
    bench::Report report;
    const Status status = bench::runAll(arguments, report);
    const nlohmann::json line = {
        {"cores", std::thread::hardware_concurrency()},
        {"figures", report.figures()},
        {"missed", report.missed()},
        {"error", status.ok() ? nlohmann::json() : nlohmann::json(std::string(messageOf(status)))},
    };
    std::puts(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return status.ok() ? 0 : 1;
}
