#include "src/base/Log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

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

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "chancery", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return *instance;
}

}  // namespace

void setLevel(Level level) {
    logger().set_level(toSpdlog(level));
}

bool isOn(Level level) {
    return logger().should_log(toSpdlog(level));
}

void write(Level level, std::string_view room, std::string_view text) {
    if (logger().should_log(toSpdlog(level)))
        logger().log(toSpdlog(level), "{}: {}", room, printable(text));
}

}  // namespace chancery::log
