#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/cli/CommandLine.h"
#include "src/cli/ExitCode.h"

namespace chancery::cli {

class Session;

/// A command line that a reader can copy. Paths are those of a checkout, and a test runs every one
/// of them.
struct Example {
    std::string what;
    std::string arguments;  ///< what stands behind "chanceryctl "
    ExitCode ends = ExitCode::Ok;
    bool needsNetwork = false;  ///< runs beside a folder "network" whose nodes serve
    /// Runs beside a folder "workspace" with an identity and a key "admin", and files with
    /// "passphrase" and "two-passphrases".
    bool needsWorkspace = false;
};

/// What `--help` says about a command.
struct Help {
    std::string summary;             ///< one line without a full stop
    std::vector<std::string> about;  ///< paragraphs
    std::vector<Example> examples;
};

/// One intent of the user on the command line: reads its options, calls one class of `usecase`,
/// hands the result to its formatter. Does no ledger work itself.
class Command {
public:
    virtual ~Command() = default;
    /// Words behind the program's name, "ledger verify".
    virtual std::string words() const = 0;
    virtual Help help() const = 0;
    virtual void declare(CommandLine& line) = 0;
    /// Called after a successful parse, once.
    virtual ExitCode run(Session& session) = 0;
    /// Whether `--output table|json` is offered.
    virtual bool hasForms() const { return true; }
};

using CommandPtr = std::unique_ptr<Command>;

}  // namespace chancery::cli
