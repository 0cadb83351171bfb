// chancery_load: drives a network and measures it; see LoadOptions.cpp for its options.
#include <iostream>

#include "tests/bench/load/LoadOptions.h"
#include "tests/bench/load/RunLoad.h"

namespace {

enum ExitCode { kWorked = 0, kNothingWorked = 1, kUsage = 2, kUnusable = 3 };

int refuse(const chancery::Status& status, int code) {
    std::cerr << "chancery_load: " << chancery::messageOf(status) << "\n";
    if (code == kUsage) std::cerr << "chancery_load --help says more.\n";
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace chancery;
    const auto options = load::parseOptions({argv + 1, argv + argc});
    if (!options.ok()) return refuse(options.status(), kUsage);
    if (options->help) {
        load::printHelp(std::cout);
        return kWorked;
    }
    const auto plan = load::openPlan(*options);
    if (!plan.ok())
        return refuse(plan.status(), reasonOf(plan.status()) == "USAGE" ? kUsage : kUnusable);
    const auto results = load::runLoad(*plan);
    if (!results.ok()) return refuse(results.status(), kUnusable);
    std::cout << load::toJson(*plan, *results)
                     .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << std::endl;
    return results->measured.good > 0 ? kWorked : kNothingWorked;
}
