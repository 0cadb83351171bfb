// chancery_bench [NAME…]: measures and prints one line of JSON on standard output; what a person
// reads goes to standard error. Returns 0 when everything could be measured, whether or not a
// figure is as wanted.
#include <cstdio>
#include <thread>

#include "tests/bench/Bench.h"

int main(int argc, char** argv) {
    using namespace chancery;
    bench::Report report;
    const Status status = bench::runAll({argv + 1, argv + argc}, report);
    const nlohmann::json line = {
        {"cores", std::thread::hardware_concurrency()},
        {"figures", report.figures()},
        {"missed", report.missed()},
        {"error", status.ok() ? nlohmann::json() : nlohmann::json(std::string(messageOf(status)))},
    };
    std::puts(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return status.ok() ? 0 : 1;
}
