#include "src/base/Log.h"

#include <fcntl.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <memory>
#include <system_error>

#include "src/base/Encoding.h"

namespace chancery::log {
namespace {

spdlog::level::level_enum toSpdlog(Level level) {
    switch (level) {
        case Level::Debug:
            return spdlog::level::debug;
        case Level::Info:
            return spdlog::level::info;
        case Level::Warning:
            return spdlog::level::warn;
        case Level::Error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

constexpr char kPattern[] = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr std::uintmax_t kMaxFile = 4 << 20;

/// The sink can be exchanged while other threads write.
spdlog::sinks::dist_sink_mt& target() {
    static const auto sink = std::make_shared<spdlog::sinks::dist_sink_mt>(
        std::vector<spdlog::sink_ptr>{std::make_shared<spdlog::sinks::stderr_sink_mt>()});
    return *sink;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        // The target lives as long as the program.
        auto made = std::make_shared<spdlog::logger>(
            "chancery", std::shared_ptr<spdlog::sinks::sink>(std::shared_ptr<void>(), &target()));
        made->set_pattern(kPattern);
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return *instance;
}

}  // namespace

void setLevel(Level level) {
    logger().set_level(toSpdlog(level));
}

Status toFile(const std::filesystem::path& path) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error); !error && size > kMaxFile)
        std::filesystem::rename(path, path.string() + ".1", error);
    // Made by us first, so that nobody else may read it.
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
        return makeError(absl::StatusCode::kUnavailable, "LOG_NOT_WRITABLE",
                         "the log file cannot be written", {{"path", path.string()}});
    }
    ::close(file);
    try {
        auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
        sink->set_pattern(kPattern);
        logger().flush_on(spdlog::level::info);
        target().set_sinks({std::move(sink)});
    } catch (const spdlog::spdlog_ex& failure) {
        return makeError(absl::StatusCode::kUnavailable, "LOG_NOT_WRITABLE", failure.what(),
                         {{"path", path.string()}});
    }
    return absl::OkStatus();
}

bool isOn(Level level) {
    return logger().should_log(toSpdlog(level));
}

void write(Level level, std::string_view room, std::string_view text) {
    if (logger().should_log(toSpdlog(level)))
        logger().log(toSpdlog(level), "{}: {}", room, printable(text));
}

}  // namespace chancery::log
