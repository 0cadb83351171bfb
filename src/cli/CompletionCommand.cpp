#include "src/cli/CompletionCommand.h"

#include "src/cli/Completion.h"
#include "src/cli/Session.h"

namespace chancery::cli {

Help CompletionCommand::help() const {
    return {.summary = "Print a script that lets your shell complete commands, options and values",
            .about = {"Load it once for a try, or put the line into the start file of your shell: "
                      "bash: source <(chanceryctl completion bash); zsh: source <(chanceryctl "
                      "completion zsh); "
                      "fish: chanceryctl completion fish | source."},
            .examples = {{"Check what would be loaded", "completion bash | head -n 3"}}};
}

void CompletionCommand::declare(CommandLine& line) {
    line.value({.names = "SHELL",
                .help = "Which shell",
                .kind = ValueKind::Choice,
                .choices = {"bash", "zsh", "fish"},
                .required = true},
               m_shell);
}

ExitCode CompletionCommand::run(Session& session) {
    const auto& commands = session.commands();
    session.out().raw(m_shell == "bash"  ? bashCompletion(commands)
                      : m_shell == "zsh" ? zshCompletion(commands)
                                         : fishCompletion(commands));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
