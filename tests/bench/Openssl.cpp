#include "tests/bench/Openssl.h"

#include <fmt/format.h>
#include <charconv>
#include <mutex>
#include <string>
#include <thread>

#include "src/process/Child.h"
#include "tests/bench/Bench.h"

namespace chancery::bench {
namespace {

using namespace std::chrono_literals;

// " 256 bits ecdsa (nistp256)   0.0000s   0.0001s  46313.0  15233.0": the last word is
// verifications per second.
double lastNumber(const std::string& line) {
    const auto end = line.find_last_not_of(' ') + 1;
    const auto begin = line.find_last_of(' ', end - 1) + 1;
    double value = 0;
    std::from_chars(line.data() + begin, line.data() + end, value);
    return value;
}

Status openssl(Report& report) {
    ASSIGN_OR_RETURN(const double rate, opensslVerifiesPerSecond());
    report.figure("openssl_p256_verifies_per_s", rate);
    return absl::OkStatus();
}

const Registration kOpenssl("openssl", openssl);

}  // namespace

Result<double> opensslVerifiesPerSecond() {
    ASSIGN_OR_RETURN(const std::filesystem::path program, process::findProgram("openssl"));
    const std::string cores = std::to_string(std::max(1U, std::thread::hardware_concurrency()));
    std::string summary;
    const process::Listener listener{
        [&](process::Stream stream, std::string_view line) {
            if (stream == process::Stream::Output && line.find("nistp256") != line.npos)
                summary = line;
        },
        nullptr};
    ASSIGN_OR_RETURN(const auto child,
                     process::Child::start({.program = program,
                                            .arguments = {"speed", "-elapsed", "-seconds", "3",
                                                          "-multi", cores, "ecdsap256"},
                                            .environment = process::minimalEnvironment(),
                                            .folder = {}},
                                           listener));
    ASSIGN_OR_RETURN(const process::ExitReason reason, child->waitEnd(deadlineIn(120s)));
    const double rate = summary.empty() ? 0 : lastNumber(summary);
    if (!reason.ok() || rate <= 0)
        return makeError(StatusCode::kUnavailable, "NO_OPENSSL",
                         fmt::format("openssl speed gave no figure ({})", reason.sentence()));
    return rate;
}

}  // namespace chancery::bench
