#include "src/cli/ManualPage.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/cli/ExitCode.h"

namespace chancery::cli {
namespace {

/// Text in roff: nothing of it is a request, a hyphen is one that can be copied.
std::string roff(std::string_view text) {
    std::string out;
    for (const char one : text) {
        if (one == '\\')
            out += "\\e";
        else if (one == '-')
            out += "\\-";
        else if (one == '\n')
            out += ' ';
        else
            out += one;
    }
    // A line that begins so would be a request.
    if (!out.empty() && (out.front() == '.' || out.front() == '\'')) out.insert(0, "\\&");
    return out;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string fileOf(const std::string& words) {
    std::string name = "chanceryctl-" + words;
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string head(const std::string& name, const std::string& version, std::string_view summary) {
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char one) { return one >= 'a' && one <= 'z' ? char(one - 32) : one; });
    return fmt::format(".TH {} 1 \"\" \"Chancery {}\" \"Chancery\"\n.SH NAME\n{} \\- {}\n",
                       roff(upper), roff(version), roff(name), roff(summary));
}

std::string term(const std::string& what, std::string_view about) {
    return ".TP\n" + what + "\n" + roff(about) + "\n";
}

std::string valueOf(const OptionSpec& option) {
    if (option.kind == ValueKind::None) return {};
    return " \\fI" + roff(option.value.empty() ? "VALUE" : option.value) + "\\fR";
}

std::string optionTerm(const OptionSpec& option) {
    std::string help = option.help;
    for (std::size_t i = 0; i < option.choices.size(); ++i)
        help += (i == 0 ? ": " : ", ") + option.choices[i];
    if (option.positional()) return term("\\fI" + roff(option.names) + "\\fR", help);
    std::string names = option.names;
    for (std::size_t at = names.find(','); at != std::string::npos; at = names.find(',', at + 2))
        names.insert(at + 1, " ");
    return term(bold(names) + valueOf(option), help);
}

std::string synopsis(const CommandEntry& command) {
    std::string text = ".SH SYNOPSIS\n" + bold("chanceryctl " + command.words);
    for (const OptionSpec& option : command.options) {
        if (!option.positional() && !option.required) continue;
        const std::string one = option.positional() ? "\\fI" + roff(option.names) + "\\fR"
                                                    : bold(option.names) + valueOf(option);
        text += option.required ? " " + one : " [" + one + "]";
        if (option.repeats) text += " ...";
    }
    return text + " [options]\n";
}

std::string exitCodes() {
    std::string text = ".SH EXIT STATUS\n";
    for (const ExitCodeMeaning& row : kExitCodes)
        text += term(std::to_string(static_cast<int>(row.code)), row.meaning);
    return text;
}

ManualPage pageOf(const CommandEntry& command, const std::string& version) {
    const std::string name = fileOf(command.words);
    std::string text = head(name, version, command.help.summary) + synopsis(command);
    text += ".SH DESCRIPTION\n";
    if (command.help.about.empty()) text += roff(command.help.summary) + ".\n";
    for (const std::string& paragraph : command.help.about)
        text += ".PP\n" + roff(paragraph) + "\n";
    for (const bool positional : {true, false}) {
        std::string rows;
        for (const OptionSpec& option : command.options)
            if (option.positional() == positional) rows += optionTerm(option);
        if (!positional) rows += term(bold("-h, --help"), "This page");
        if (!rows.empty()) text += (positional ? ".SH ARGUMENTS\n" : ".SH OPTIONS\n") + rows;
    }
    if (!command.help.examples.empty()) text += ".SH EXAMPLES\n";
    for (const Example& example : command.help.examples)
        text += fmt::format(".PP\n{}:\n.PP\n.nf\n.RS\nchanceryctl {}\n.RE\n.fi\n",
                            roff(example.what), roff(example.arguments));
    text += exitCodes() + ".SH SEE ALSO\n.BR chanceryctl (1)\n";
    return {name + ".1", text};
}

}  // namespace

std::vector<ManualPage> manualPages(const std::vector<CommandEntry>& commands,
                                    const std::string& version) {
    std::vector<ManualPage> pages;
    std::string all = head("chanceryctl", version, "the command line of Chancery") +
                      ".SH SYNOPSIS\n" + bold("chanceryctl") +
                      " \\fICOMMAND\\fR [arguments] [options]\n.SH DESCRIPTION\n" +
                      roff(
                          "Chancery is a console for the people who run a consortium ledger. "
                          "\"chanceryctl COMMAND --help\" explains a command; so does its own "
                          "page, chanceryctl-COMMAND(1).") +
                      "\n.SH COMMANDS\n";
    for (const CommandEntry& command : commands) {
        all += term(bold(command.words), command.help.summary);
        pages.push_back(pageOf(command, version));
    }
    all += exitCodes();
    pages.insert(pages.begin(), {"chanceryctl.1", all});
    return pages;
}

}  // namespace chancery::cli
