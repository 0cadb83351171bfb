#include "src/base/Log.h"

#include <fcntl.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>
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

constexpr char kTextPattern[] = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr char kJsonPattern[] = R"({"time":"%Y-%m-%dT%H:%M:%S.%f%z","level":"%l",%v})";
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
        made->set_pattern(kTextPattern);
        made->set_level(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

/// What is written, and how. The lowest level stands apart, so that most lines which nobody wants
/// cost one load.
struct Settings {
    std::atomic<int> lowest{static_cast<int>(Level::Warning)};
    std::atomic<Form> form{Form::Text};
    std::mutex mutex;
    std::shared_ptr<const LogSpec> spec = std::make_shared<LogSpec>(Level::Warning);

    std::shared_ptr<const LogSpec> current() {
        const std::lock_guard lock(mutex);
        return spec;
    }
    const char* pattern() const { return form == Form::Json ? kJsonPattern : kTextPattern; }
};

Settings& settings() {
    static Settings instance;
    return instance;
}

/// Printable text as the inside of a JSON string.
std::string insideJson(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

void setLevel(Level level) {
    setSpec(LogSpec(level));
}

void setSpec(LogSpec spec) {
    int lowest = static_cast<int>(Level::Error) + 1;
    for (const Level level : {Level::Error, Level::Warning, Level::Info, Level::Debug})
        if (spec.isOnAnywhere(level)) lowest = static_cast<int>(level);
    Settings& to = settings();
    const std::lock_guard lock(to.mutex);
    to.spec = std::make_shared<LogSpec>(std::move(spec));
    to.lowest = lowest;
}

LogSpec spec() {
    return *settings().current();
}

void setForm(Form form) {
    settings().form = form;
    logger().set_pattern(settings().pattern());
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
        sink->set_pattern(settings().pattern());
        logger().flush_on(spdlog::level::info);
        target().set_sinks({std::move(sink)});
    } catch (const spdlog::spdlog_ex& failure) {
        return makeError(absl::StatusCode::kUnavailable, "LOG_NOT_WRITABLE", failure.what(),
                         {{"path", path.string()}});
    }
    return absl::OkStatus();
}

bool isOn(Level level) {
    return static_cast<int>(level) >= settings().lowest.load(std::memory_order_relaxed);
}

bool isOn(Level level, std::string_view room) {
    return isOn(level) && settings().current()->isOn(level, room);
}

void write(Level level, std::string_view room, std::string_view text) {
    if (!isOn(level, room)) return;
    if (settings().form == Form::Json)
        logger().log(toSpdlog(level), R"("room":"{}","text":"{}")", insideJson(room),
                     insideJson(printable(text)));
    else
        logger().log(toSpdlog(level), "{}: {}", room, printable(text));
}

}  // namespace chancery::log
