#include "src/cli/Completion.h"

#include <algorithm>
#include <map>

#include "src/cli/HelpPage.h"

namespace chancery::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        if (end > at) parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::string joinedWith(const std::vector<std::string>& parts, std::string_view separator) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : std::string(separator)) + part;
    return all;
}

/// Single quotes of a shell; both zsh and fish take '\'' … but fish only "\'" inside, so quotes are
/// left out.
std::string quoted(std::string text) {
    std::string safe;
    for (const char c : text)
        if (c != '\'' && c != '\\') safe += c;
    return "'" + safe + "'";
}

/// What may follow: "" → first words, "channel" → "list", "update" …, "channel update" → "draft" …
std::map<std::string, std::vector<std::string>> wordsOf(const std::vector<CommandEntry>& commands) {
    std::map<std::string, std::vector<std::string>> words;
    for (const CommandEntry& command : commands) {
        std::string before;
        for (const std::string& word : split(command.words, ' ')) {
            auto& behind = words[before];
            if (std::find(behind.begin(), behind.end(), word) == behind.end())
                behind.push_back(word);
            before += (before.empty() ? "" : " ") + word;
        }
    }
    return words;
}

/// Of a command or of those that begin with these words.
std::string summaryOf(const std::string& words, const std::vector<CommandEntry>& commands) {
    for (const CommandEntry& command : commands)
        if (command.words == words) return command.help.summary;
    return std::string(summaryOfGroup(words));
}

/// Patterns of a shell's "case" for what does not end a command.
std::string groupPattern(const std::map<std::string, std::vector<std::string>>& words) {
    std::vector<std::string> names;
    for (const auto& [before, behind] : words) names.push_back(quoted(before));
    return joinedWith(names, "|");
}

const OptionSpec* positionalOf(const CommandEntry& command) {
    for (const OptionSpec& option : command.options)
        if (option.positional()) return &option;
    return nullptr;
}

bool takesPath(const OptionSpec& option) {
    return option.kind == ValueKind::File || option.kind == ValueKind::Folder ||
           option.kind == ValueKind::Path;
}

std::string bashCaseOf(const CommandEntry& command) {
    std::vector<std::string> names;
    std::string values;
    for (const OptionSpec& option : command.options) {
        if (option.positional()) continue;
        const auto own = split(option.names, ',');
        names.insert(names.end(), own.begin(), own.end());
        if (option.kind == ValueKind::None) continue;
        const std::string action = option.kind == ValueKind::Folder ? "dirs"
                                   : takesPath(option)
                                       ? "files"
                                       : "words " + quoted(joinedWith(option.choices, " "));
        values += fmt::format("            {}) _chanceryctl_{}; return ;;\n", joinedWith(own, "|"),
                              action);
    }
    names.emplace_back("--help");
    const OptionSpec* positional = positionalOf(command);
    std::string rest = "            files";
    if (positional == nullptr)
        rest = "words ''";
    else if (!positional->choices.empty())
        rest = "words " + quoted(joinedWith(positional->choices, " "));
    else
        rest = takesPath(*positional) ? "files" : "words ''";
    return fmt::format(
        "    {})\n        case \"$previous\" in\n{}        esac\n        if [[ $current == -* ]]; "
        "then _chanceryctl_words {}\n"
        "        else _chanceryctl_{}; fi ;;\n",
        quoted(command.words), values, quoted(joinedWith(names, " ")), rest);
}

}  // namespace

std::string bashCompletion(const std::vector<CommandEntry>& commands) {
    const auto words = wordsOf(commands);
    std::string groups;
    for (const auto& [before, behind] : words)
        groups += fmt::format(
            "    {}) _chanceryctl_words {} ;;\n", quoted(before),
            quoted(joinedWith(behind, " ") + (before.empty() ? " --help --version" : "")));
    std::string cases;
    for (const CommandEntry& command : commands) cases += bashCaseOf(command);
    return fmt::format(R"(# bash completion for chanceryctl: source <(chanceryctl completion bash)
_chanceryctl_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }}
_chanceryctl_files() {{ compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }}
_chanceryctl_dirs() {{ compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); }}
_chanceryctl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command=""
    local word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$word" in -*) break ;; esac
        case "$command" in
        {}) command="${{command:+$command }}$word" ;;
        *) break ;;
        esac
    done
    case "$command" in
{}{}    esac
}}
complete -F _chanceryctl chanceryctl
)",
                       groupPattern(words), groups, cases);
}

namespace {

/// What `_arguments` expects behind an option or for the rest: ":message:action".
std::string zshAction(const OptionSpec& option) {
    const std::string message = option.value.empty() ? "value" : option.value;
    if (!option.choices.empty())
        return fmt::format(":{}:({})", message, joinedWith(option.choices, " "));
    if (option.kind == ValueKind::Folder) return fmt::format(":{}:_files -/", message);
    return takesPath(option) ? fmt::format(":{}:_files", message) : fmt::format(":{}: ", message);
}

/// Brackets and colons have a meaning of their own in a specification.
std::string zshHelp(const std::string& help) {
    std::string safe;
    for (const char c : help)
        if (c != '[' && c != ']' && c != ':') safe += c;
    return safe;
}

}  // namespace

std::string zshCompletion(const std::vector<CommandEntry>& commands) {
    std::string cases;
    for (const CommandEntry& command : commands) {
        std::string arguments;
        for (const OptionSpec& option : command.options) {
            if (option.positional()) {
                arguments +=
                    " \\\n            " + quoted((option.repeats ? "*" : "") + zshAction(option));
                continue;
            }
            for (const std::string& name : split(option.names, ','))
                arguments +=
                    " \\\n            " +
                    quoted(fmt::format("{}{}[{}]{}", option.repeats ? "*" : "", name,
                                       zshHelp(option.help),
                                       option.kind == ValueKind::None ? "" : zshAction(option)));
        }
        cases += fmt::format("        {}) _arguments -s '--help[Explain the command]'{} ;;\n",
                             quoted(command.words), arguments);
    }
    const auto words = wordsOf(commands);
    std::string groups;
    for (const auto& [before, behind] : words) {
        std::string list;
        for (const std::string& word : behind)
            list +=
                " " +
                quoted(word + ":" +
                       zshHelp(summaryOf(before.empty() ? word : before + " " + word, commands)));
        groups += fmt::format("        {}) entries=({} ); _describe command entries ;;\n",
                              quoted(before), list);
    }
    return fmt::format(R"(#compdef chanceryctl
# zsh completion for chanceryctl: source <(chanceryctl completion zsh)
_chanceryctl() {{
    local -a entries
    local command="" at=2
    while (( CURRENT > at )); do
        case $command in
        {}) command="${{command:+$command }}${{words[at]}}"; (( at++ )) ;;
        *) break ;;
        esac
    done
    (( CURRENT -= at - 2 )); shift $(( at - 2 )) words
    case $command in
{}{}    esac
}}
compdef _chanceryctl chanceryctl
)",
                       groupPattern(words), groups, cases);
}

std::string fishCompletion(const std::vector<CommandEntry>& commands) {
    std::string script =
        "# fish completion for chanceryctl: chanceryctl completion fish | source\n"
        "function __chanceryctl_is\n"
        "    set -l words (commandline -opc | string match -v -- '-*')[2..-1]\n"
        "    set -l wanted (string split ' ' -- $argv[1])\n"
        "    test (count $words) -ge (count $wanted); or return 1\n"
        "    for i in (seq (count $wanted))\n"
        "        test $words[$i] = $wanted[$i]; or return 1\n"
        "    end\n"
        "    test (count $argv) -eq 1; or test (count $words) -eq (count $wanted)\n"
        "end\n"
        "function __chanceryctl_first\n"
        "    test (count (commandline -opc)) -eq 1\n"
        "end\n"
        "complete -c chanceryctl -f\n";
    for (const auto& [before, behind] : wordsOf(commands))
        for (const std::string& word : behind)
            script += fmt::format(
                "complete -c chanceryctl -n {} -a {} -d {}\n",
                before.empty() ? "__chanceryctl_first"
                               : fmt::format("'__chanceryctl_is \"{}\" exact'", before),
                word, quoted(summaryOf(before.empty() ? word : before + " " + word, commands)));
    for (const CommandEntry& command : commands) {
        const std::string condition = fmt::format("-n '__chanceryctl_is \"{}\"'", command.words);
        for (const OptionSpec& option : command.options) {
            const std::string values =
                option.choices.empty() ? "" : " -a " + quoted(joinedWith(option.choices, " "));
            if (option.positional()) {
                script += fmt::format("complete -c chanceryctl {}{}{}\n", condition,
                                      takesPath(option) ? " -F" : "", values);
                continue;
            }
            std::string names;
            for (const std::string& name : split(option.names, ','))
                names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            script += fmt::format("complete -c chanceryctl {}{}{}{}{} -d {}\n", condition, names,
                                  option.kind == ValueKind::None ? "" : " -r",
                                  takesPath(option) ? " -F" : "", values, quoted(option.help));
        }
    }
    return script;
}

}  // namespace chancery::cli
