#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/process/Child.h"

namespace chancery::test {

inline const std::string kInteropFolder = CHANCERY_SOURCE "/tests/interop";

/// A script for Node.js with the modules of package-lock.json.
class Script {
public:
    Script(const std::string& file, std::vector<std::string> arguments) {
        process::Command command;
        const auto program = process::findProgram("node");
        if (!program.ok()) throw std::runtime_error(program.status().ToString());
        command.program = *program;
        command.arguments = std::move(arguments);
        command.arguments.insert(command.arguments.begin(), kInteropFolder + "/" + file);
        command.environment = process::minimalEnvironment();
        command.environment["NODE_PATH"] = CHANCERY_NODE_MODULES;
        command.environment["NODE_NO_WARNINGS"] = "1";
        auto child = process::Child::start(
            std::move(command),
            {.line = [this](process::Stream stream, auto line) { take(stream, line); },
             .ended = {}});
        if (!child.ok()) throw std::runtime_error(child.status().ToString());
        m_child = *std::move(child);
    }

    process::Child& child() { return *m_child; }

    /// What it printed last, when it ended well; otherwise a text with all that it said.
    nlohmann::json result() {
        const auto ended = m_child->waitEnd(deadlineIn(kLong));
        const std::lock_guard lock(m_mutex);
        auto value = nlohmann::json::parse(m_last, nullptr, false);
        if (!ended.ok() || !ended->ok() || value.is_discarded()) return m_all;
        return value;
    }

private:
    static constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

    void take(process::Stream stream, std::string_view line) {
        const std::lock_guard lock(m_mutex);
        if (stream == process::Stream::Output) m_last = line;
        m_all += std::string(line) + '\n';
    }

    std::mutex m_mutex;
    std::string m_last, m_all;
    std::unique_ptr<process::Child> m_child;  // last: its thread calls take()
};

}  // namespace chancery::test
