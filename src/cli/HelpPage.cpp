#include "src/cli/HelpPage.h"

#include <algorithm>

namespace chancery::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
    {"ledger", "Verify, read and export a chain of blocks without any node"},
    {"config", "Read, compare and change channel configurations"},
    {"policy", "Understand who must sign, and what happens when somebody cannot"},
    {"msp", "Check an organisation's membership, exchange it, and draft changes of it"},
    {"cert", "Know every certificate, what stops when it ends, and renew in time"},
    {"workspace", "Keep keys and identities in an encrypted folder"},
    {"key", "Make, bring in, move and lock private keys"},
    {"identity", "The identities of a workspace, and how certificate authorities give them"},
    {"ca", "Run certificate authorities and see what they have"},
    {"token", "Reach PKCS#11 tokens"},
    {"topology", "Plans of networks: organisations, nodes, hosts, channels, contracts"},
    {"network", "Make, run, examine and connect to whole networks"},
    {"organisation", "Organisations of a network that runs here"},
    {"host", "The machines on which nodes run, and how they are paired"},
    {"node", "Add, start, stop, upgrade and read the nodes of a network"},
    {"flow", "Watch transactions on their way"},
    {"scenario", "Play stories on a network, step by step"},
    {"channel", "Make, join and read channels, and change their configuration together"},
    {"channel update", "Drafts: change a channel's configuration with signatures of several"},
    {"member", "Who belongs to a channel, and drafts that add or remove somebody"},
    {"contract", "Bring contracts onto a channel and call them"},
    {"snapshot", "Snapshots of ledgers that peers make"},
    {"backup", "Keep a whole network in one encrypted file"},
};

std::string namesAndValue(const OptionSpec& option) {
    std::string text = option.names;
    for (std::size_t at = text.find(','); at != std::string::npos; at = text.find(',', at + 2))
        text.insert(at + 1, " ");
    if (option.positional()) return option.repeats ? text + "…" : text;
    if (option.kind == ValueKind::None) return text;
    return text + " " + (option.value.empty() ? "VALUE" : option.value) +
           (option.repeats ? "…" : "");
}

Text usageOf(const CommandEntry& command) {
    Text text = quiet("Usage: ");
    text.add("chanceryctl " + command.words, Tone::Strong);
    for (const OptionSpec& option : command.options) {
        if (!option.positional()) continue;
        const std::string name = namesAndValue(option);
        text.add(option.required ? " " + name : " [" + name + "]");
    }
    for (const OptionSpec& option : command.options)
        if (!option.positional() && option.required) text.add(" " + namesAndValue(option));
    return text.add(" [options]", Tone::Quiet);
}

void printOptions(Printer& out, const CommandEntry& command, bool positional) {
    std::vector<Printer::Field> fields;
    for (const OptionSpec& option : command.options) {
        if (option.positional() != positional) continue;
        std::string help = option.help;
        if (!option.choices.empty()) {
            help += ": ";
            for (const std::string& choice : option.choices)
                help += (&choice == &option.choices.front() ? "" : ", ") + choice;
        }
        fields.emplace_back(namesAndValue(option), Text(help));
    }
    if (!positional) fields.emplace_back("-h, --help", Text("This page"));
    if (fields.empty()) return;
    out.heading(positional ? "Arguments" : "Options");
    out.fields(fields, 2);
}

void printCommands(Printer& out, const std::vector<const CommandEntry*>& commands,
                   std::size_t indent) {
    std::vector<Printer::Field> fields;
    for (const CommandEntry* command : commands)
        fields.emplace_back(command->words, Text(command->help.summary));
    out.fields(fields, indent);
}

std::string groupOf(const CommandEntry& command) {
    const std::size_t space = command.words.find(' ');
    return space == std::string::npos ? std::string() : command.words.substr(0, space);
}

}  // namespace

std::string_view summaryOfGroup(std::string_view group) {
    for (const auto& [name, summary] : kGroups)
        if (name == group) return summary;
    return {};
}

void printCommandHelp(Printer& out, const CommandEntry& command) {
    out.line(strong("chanceryctl " + command.words) + Text(": " + command.help.summary));
    out.blank();
    out.paragraph(usageOf(command));
    for (const std::string& paragraph : command.help.about) {
        out.blank();
        out.paragraph(paragraph);
    }
    printOptions(out, command, true);
    printOptions(out, command, false);
    if (!command.help.examples.empty()) {
        out.heading("Examples", quiet("(they work as they stand in a checkout of Chancery)"));
        for (const Example& example : command.help.examples) {
            out.line(example.what, 2);
            Text line = quiet("$ ");
            line.add("chanceryctl " + example.arguments, Tone::Accent);
            if (example.ends != ExitCode::Ok)
                line.add(fmt::format("   # exit code {}", static_cast<int>(example.ends)),
                         Tone::Quiet);
            out.line(line, 4);
        }
    }
    out.heading("Exit codes");
    std::vector<Printer::Field> codes;
    for (const ExitCodeMeaning& row : kExitCodes)
        codes.emplace_back(std::to_string(static_cast<int>(row.code)), Text(row.meaning));
    out.fields(codes, 2);
}

void printGroupHelp(Printer& out, std::string_view group,
                    const std::vector<CommandEntry>& commands) {
    out.line(strong(fmt::format("chanceryctl {}", group)) +
             Text(fmt::format(": {}", summaryOfGroup(group))));
    out.blank();
    std::vector<const CommandEntry*> members;
    for (const CommandEntry& command : commands)
        if (command.words.starts_with(std::string(group) + " ")) members.push_back(&command);
    printCommands(out, members, 2);
    out.blank();
    out.paragraph(fmt::format(
        "\"chanceryctl {} COMMAND --help\" explains a command and shows examples.", group));
}

void printProgramHelp(Printer& out, const std::vector<CommandEntry>& commands) {
    out.line(strong("chanceryctl") +
             Text(": the command line of Chancery, the console for consortium ledgers"));
    out.blank();
    out.paragraph(
        "What reads files (blocks that were fetched from a node, a peer's own ledger folder, "
        "channel configurations, membership folders, certificates) needs no network and sends "
        "nothing anywhere. What talks to nodes says so on its page.");
    for (const auto& [group, summary] : kGroups) {
        std::vector<const CommandEntry*> members;
        for (const CommandEntry& command : commands)
            if (groupOf(command) == group) members.push_back(&command);
        if (members.empty()) continue;
        out.heading(summary);
        printCommands(out, members, 2);
    }
    std::vector<const CommandEntry*> others;
    for (const CommandEntry& command : commands)
        if (groupOf(command).empty()) others.push_back(&command);
    out.heading("Other");
    printCommands(out, others, 2);
    out.heading("For all commands");
    out.fields(
        {{"-o, --output FORM", Text("table (for people) or json (for programs); --json is short")},
         {"--color WHEN",
          Text("auto, always or never; auto colours terminals only and honours NO_COLOR")},
         {"-h, --help", Text("Explains a command, with examples that work")}},
        2);
}

}  // namespace chancery::cli
