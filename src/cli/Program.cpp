#include "src/cli/Program.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <map>

#include <CLI/CLI.hpp>

#include "src/cli/Commands.h"
#include "src/cli/HelpPage.h"
#include "src/cli/Session.h"

namespace chancery::cli {
namespace {

/// Edits (insert, remove, replace, swap neighbours count one each) that lead from one word to the
/// other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> table(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) table[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
            table[i][j] =
                std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + other});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
        }
    }
    return table[a.size()][b.size()];
}

std::string nearest(const std::string& wrong, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = wrong.size() / 3 + 2;  // more edits than that is a guess
    for (const std::string& word : known) {
        if (wrong.size() > 64) break;
        const std::size_t edits = distance(wrong, word);
        if (edits < least) least = edits, best = word;
    }
    return best;
}

struct Leaf {
    Command* command = nullptr;
    CLI::App* app = nullptr;
    const CommandEntry* entry = nullptr;
};

/// The parser with all commands, and what the global options say.
class CommandTree {
public:
    CommandTree() : m_root("", "chanceryctl"), m_commands(allCommands()) {
        m_root.set_help_flag("-h,--help");
        m_root.add_flag_callback("--version", [this] { version = true; });
        m_entries.reserve(m_commands.size());
        for (const CommandPtr& command : m_commands) add(*command);
    }

    CLI::App& root() { return m_root; }
    const std::vector<CommandEntry>& entries() const { return m_entries; }

    /// The app that the words of the command line reached: a leaf, a group or the root.
    const CLI::App* reached() const {
        const CLI::App* app = &m_root;
        while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
        return app;
    }
    const Leaf* leaf(const CLI::App* app) const {
        for (const Leaf& leaf : m_leaves)
            if (leaf.app == app) return &leaf;
        return nullptr;
    }

    bool version = false;
    std::string form = "table";
    std::string colour = "auto";

private:
    CLI::App* group(const std::string& words) {
        CLI::App*& made = m_groups[words];
        if (made != nullptr) return made;
        const std::size_t space = words.rfind(' ');
        CLI::App* parent = space == std::string::npos ? &m_root : group(words.substr(0, space));
        return made = parent->add_subcommand(space == std::string::npos ? words
                                                                        : words.substr(space + 1));
    }

    void add(Command& command) {
        const std::string words = command.words();
        const std::size_t space = words.rfind(' ');
        CLI::App* parent = space == std::string::npos ? &m_root : group(words.substr(0, space));
        CLI::App* app =
            parent->add_subcommand(space == std::string::npos ? words : words.substr(space + 1));
        // What stands behind a command are its arguments, whatever other commands are called.
        app->preparse_callback([app](std::size_t) {
            for (CLI::App* above = app; above->get_parent() != nullptr; above = above->get_parent())
                for (CLI::App* other : above->get_parent()->get_subcommands({}))
                    if (other != above) other->disabled();
        });
        CommandLine line(*app);
        command.declare(line);
        if (command.hasForms())
            line.value({.names = "-o,--output",
                        .help = "Form of the result",
                        .kind = ValueKind::Choice,
                        .value = "FORM",
                        .choices = {"table", "json"}},
                       form);
        if (command.hasForms()) app->add_flag_callback("--json", [this] { form = "json"; });
        line.value({.names = "--color",
                    .help = "When to use colours",
                    .kind = ValueKind::Choice,
                    .value = "WHEN",
                    .choices = {"auto", "always", "never"}},
                   colour);
        m_entries.push_back({words, command.help(), line.specs()});
        m_leaves.push_back({&command, app, &m_entries.back()});
    }

    CLI::App m_root;
    std::vector<CommandPtr> m_commands;
    std::map<std::string, CLI::App*> m_groups;
    std::vector<CommandEntry> m_entries;
    std::vector<Leaf> m_leaves;
};

std::string wordsOf(const CLI::App* app) {
    if (app == nullptr || app->get_parent() == nullptr) return {};
    const std::string before = wordsOf(app->get_parent());
    return before.empty() ? app->get_name() : before + " " + app->get_name();
}

void printHelpOf(Printer& out, const CommandTree& tree, const CLI::App* app) {
    if (const Leaf* leaf = tree.leaf(app))
        printCommandHelp(out, *leaf->entry);
    else if (app->get_parent() != nullptr)
        printGroupHelp(out, wordsOf(app), tree.entries());
    else
        printProgramHelp(out, tree.entries());
}

ExitCode tellExtras(Session& session, CommandTree& tree) {
    const CLI::App* app = tree.reached();
    const std::vector<std::string> extras = tree.root().remaining(true);
    const std::string wrong = extras.empty() ? std::string() : extras.front();
    const std::string words = wordsOf(app);
    const std::string see =
        fmt::format("See \"chanceryctl {}{}--help\".", words, words.empty() ? "" : " ");
    std::vector<std::string> known;
    if (wrong.starts_with("-")) {
        if (const Leaf* leaf = tree.leaf(app))
            for (const OptionSpec& option : leaf->entry->options)
                known.push_back(option.names.substr(
                    option.names.find("--") == std::string::npos ? 0 : option.names.find("--")));
        const std::string guess = nearest(wrong, known);
        return session.usage(fmt::format("{} does not know the option \"{}\".",
                                         words.empty() ? "chanceryctl" : words, wrong),
                             guess.empty() ? see : fmt::format("Did you mean {}? {}", guess, see));
    }
    if (tree.leaf(app) != nullptr)
        return session.usage(
            fmt::format("\"{}\" is one argument too many for \"{}\".", wrong, words), see);
    for (const CLI::App* child : app->get_subcommands({})) known.push_back(child->get_name());
    const std::string guess = nearest(wrong, known);
    return session.usage(
        fmt::format("There is no command \"{}{}{}\".", words, words.empty() ? "" : " ", wrong),
        guess.empty() ? see : fmt::format("Did you mean \"{}\"? {}", guess, see));
}

ExitCode tellParseError(Session& session, CommandTree& tree, const CLI::ParseError& error) {
    const std::string words = wordsOf(tree.reached());
    const std::string see =
        fmt::format("See \"chanceryctl {}{}--help\".", words, words.empty() ? "" : " ");
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return tellExtras(session, tree);
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
        const std::string what(error.what());
        return session.usage(fmt::format("\"{}\" needs {}.", words, what.substr(0, what.find(' '))),
                             see);
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        const std::string what(error.what());
        return session.usage(fmt::format("{} needs exactly one value.",
                                         what.substr(0, what.find(':')).substr(0, what.find(' '))),
                             see);
    }
    return session.usage(std::string(error.what()) + ".", see);
}

/// Looks before parsing, because a command line that does not parse is refused in the wanted form,
/// too.
bool asksForJson(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--output=json" || word == "-ojson" || word == "--json") return true;
        if ((word == "-o" || word == "--output") && i + 1 < argc &&
            std::strcmp(argv[i + 1], "json") == 0)
            return true;
    }
    return false;
}

ExitCode runParsed(Session& session, CommandTree& tree) {
    const CLI::App* app = tree.reached();
    if (const Leaf* leaf = tree.leaf(app)) return leaf->command->run(session);
    if (tree.version) {
        session.out().line("chanceryctl " CHANCERY_VERSION);
        return ExitCode::Ok;
    }
    printHelpOf(session.err(), tree, app);
    return ExitCode::Usage;
}

}  // namespace

int runProgram(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    CommandTree tree;
    ExitCode code = ExitCode::Internal;
    std::exception_ptr parseError;
    try {
        tree.root().parse(argc, argv);
    } catch (const CLI::ParseError&) {
        parseError = std::current_exception();
    }
    const ColourChoice choice = tree.colour == "always"  ? ColourChoice::Always
                                : tree.colour == "never" ? ColourChoice::Never
                                                         : ColourChoice::Auto;
    const Terminal terminal = Terminal::detect(choice);
    // Prose wider than this is hard to read; tables may use the whole window.
    Printer outPrinter(out, {terminal.outColours, terminal.width, terminal.cuts});
    Printer errPrinter(
        err, {terminal.errColours, std::min<std::size_t>(terminal.width, 100), terminal.cuts});
    Session session(outPrinter, errPrinter, terminal, tree.entries());
    session.setJson(tree.form == "json" || (parseError && asksForJson(argc, argv)));
    try {
        if (parseError) std::rethrow_exception(parseError);
        code = runParsed(session, tree);
    } catch (const CLI::CallForHelp&) {
        printHelpOf(outPrinter, tree, tree.reached());
        code = ExitCode::Ok;
    } catch (const CLI::ParseError& error) {
        code = tellParseError(session, tree, error);
    } catch (const std::exception& error) {
        code = session.fail(makeError(StatusCode::kInternal, "INTERNAL", error.what()),
                            ExitCode::Internal);
    }
    if (outPrinter.shortened()) {
        outPrinter.blank();
        outPrinter.paragraph(
            quiet("… stands for what this width has no room for; a wider window, a pipe and "
                  "--output json show it."));
    }
    if (!outPrinter.good())
        code = session.fail(makeError(StatusCode::kUnavailable, "OUTPUT_FAILED",
                                      "standard output refused the result"),
                            ExitCode::CannotWrite);
    errPrinter.good();
    return static_cast<int>(code);
}

}  // namespace chancery::cli
