#pragma once

#include "src/base/Clock.h"
#include "src/base/Status.h"
#include "src/cli/Command.h"
#include "src/cli/Json.h"
#include "src/cli/Printer.h"
#include "src/cli/Terminal.h"

namespace chancery::cli {

/// A description of the whole command line, for help and completion.
struct CommandEntry {
    std::string words;
    Help help;
    std::vector<OptionSpec> options;
};

/// What a running command may use: its output, its form, the clock.
class Session {
public:
    Session(Printer& out, Printer& err, const Terminal& terminal,
            const std::vector<CommandEntry>& commands)
        : m_out(out), m_err(err), m_terminal(terminal), m_commands(commands) {}

    Printer& out() { return m_out; }
    Printer& err() { return m_err; }
    const Terminal& terminal() const { return m_terminal; }
    const std::vector<CommandEntry>& commands() const { return m_commands; }
    const Clock& clock() const { return Clock::system(); }

    bool wantsJson() const { return m_json; }
    void setJson(bool json) { m_json = json; }
    /// Prints a JSON document.
    void print(const Json& json);

    /// Tells the error on standard error in the form that was asked for, and gives the code to end
    /// with.
    ExitCode fail(const Status& status, ExitCode code = ExitCode::UnreadableInput);
    /// A command line that parses but makes no sense.
    ExitCode usage(std::string_view what, std::string_view advice = {});

private:
    Printer& m_out;
    Printer& m_err;
    const Terminal& m_terminal;
    const std::vector<CommandEntry>& m_commands;
    bool m_json = false;
};

}  // namespace chancery::cli
