#include "tests/bench/load/LoadOptions.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>

#include "src/base/Encoding.h"
#include "src/base/Random.h"

namespace chancery::load {
namespace {

constexpr std::size_t kMaxArguments = 64;
constexpr std::size_t kMaxIdentities = 1024;
constexpr double kMaxSeconds = 86'400;

Status usage(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "USAGE", sentence);
}

Result<double> number(std::string_view name, std::string_view text, double least, double most) {
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() ||
        !(value >= least && value <= most))
        return usage(
            fmt::format("{} needs a number from {} to {}, not \"{}\"", name, least, most, text));
    return value;
}

std::chrono::nanoseconds seconds(double value) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(value));
}

struct Option {
    std::string_view name;
    std::string_view value;
    std::string_view help;
    std::function<Status(LoadOptions&, const std::string&)> take;
};

/// For options that are a number.
template <class Set>
auto numeric(std::string_view name, double least, double most, Set set) {
    return [=](LoadOptions& options, const std::string& text) -> Status {
        ASSIGN_OR_RETURN(const double value, number(name, text, least, most));
        set(options, value);
        return absl::OkStatus();
    };
}
template <class Set>
auto textual(Set set) {
    return [set](LoadOptions& options, const std::string& text) -> Status {
        set(options, text);
        return absl::OkStatus();
    };
}

Status addArgument(LoadOptions& options, const std::string& text) {
    if (options.plan.arguments.size() >= kMaxArguments) return usage("more than 64 arguments");
    ASSIGN_OR_RETURN(auto argument, ArgumentTemplate::parse(text));
    options.plan.arguments.push_back(std::move(argument));
    return absl::OkStatus();
}

Status addIdentity(LoadOptions& options, const std::string& text) {
    if (options.identities.size() >= kMaxIdentities) return usage("more than 1024 identities");
    options.identities.push_back(text);
    return absl::OkStatus();
}

Status takeProcesses(LoadOptions& options, const std::string& text) {
    ASSIGN_OR_RETURN(options.plan.processes, parseProcesses(text));
    return absl::OkStatus();
}

const std::vector<Option>& networkOptions() {
    static const std::vector<Option> all{
        {"--profile", "FILE", "Common connection profile of the network, JSON or YAML",
         textual([](LoadOptions& to, const std::string& text) { to.profile = text; })},
        {"--identity", "WHO",
         "Who signs: MSPID=FOLDER (an MSP folder with its key) or FILE.id (of a wallet of "
         "fabric-network); repeated: they take turns",
         addIdentity},
        {"--gateway", "PEER",
         "A peer of the profile to send to; repeated: they take turns; default: all peers of the "
         "identities' organisations",
         textual([](LoadOptions& to, const std::string& text) { to.gateways.push_back(text); })},
        {"--endorser", "MSPID",
         "An organisation that shall endorse; repeated; default: as the contract's policy asks",
         textual(
             [](LoadOptions& to, const std::string& text) { to.plan.endorsers.push_back(text); })},
        {"--channel", "NAME", "Default: the first one of the profile",
         textual(
             [](LoadOptions& to, const std::string& text) { to.plan.channel = ChannelId(text); })},
        {"--contract", "NAME", "Whose function is called",
         textual([](LoadOptions& to, const std::string& text) { to.plan.contract = text; })},
        {"--arg", "TEXT",
         "Function, then its arguments, each with its own --arg; default: put, {run}-{n}, "
         "{bytes:256}. Places: {n} number of the transaction, {run}, {client} index of the "
         "identity, {random:N} a number below N, {bytes:N} random letters; {{ and }} for braces",
         addArgument},
        {"--run", "NAME", "Fills {run}; default: random",
         textual([](LoadOptions& to, const std::string& text) { to.plan.run = text; })},
    };
    return all;
}

const std::vector<Option>& loadOptions() {
    static const std::vector<Option> all{
        {"--in-flight", "N", "Transactions under way at most; default: 64",
         numeric("--in-flight", 1, 100'000,
                 [](LoadOptions& to, double n) { to.plan.inFlight = std::size_t(n); })},
        {"--rate", "N", "Transactions per second, begun evenly; default: as answers come",
         numeric("--rate", 0.001, 1e6, [](LoadOptions& to, double n) { to.plan.rate = n; })},
        {"--connections", "N", "To each gateway; default: 1",
         numeric("--connections", 1, 256,
                 [](LoadOptions& to, double n) { to.plan.connections = std::size_t(n); })},
        {"--warm-up", "SECONDS", "Before anything is measured; default: 2",
         numeric("--warm-up", 0, kMaxSeconds,
                 [](LoadOptions& to, double n) { to.plan.warmUp = seconds(n); })},
        {"--duration", "SECONDS", "That are measured; default: 10",
         numeric("--duration", 0.001, kMaxSeconds,
                 [](LoadOptions& to, double n) { to.plan.duration = seconds(n); })},
        {"--count", "N", "Ends the measurement after so many, if --duration does not before",
         numeric("--count", 1, 1e9,
                 [](LoadOptions& to, double n) { to.plan.count = std::uint64_t(n); })},
        {"--timeout", "SECONDS", "After which a transaction has failed; default: 30",
         numeric("--timeout", 0.001, 3600,
                 [](LoadOptions& to, double n) { to.plan.patience = seconds(n); })},
        {"--pids", "NAME=PID,…", "Processes whose processor time and memory are measured",
         takeProcesses},
    };
    return all;
}

const Option* find(std::string_view name) {
    for (const auto* group : {&networkOptions(), &loadOptions()})
        for (const Option& option : *group)
            if (option.name == name) return &option;
    return nullptr;
}

Status checkComplete(LoadOptions& options) {
    if (options.profile.empty()) return usage("--profile is missing");
    if (options.identities.empty()) return usage("--identity is missing");
    if (options.plan.contract.empty()) return usage("--contract is missing");
    if (options.plan.arguments.empty())
        for (const char* text : {"put", "{run}-{n}", "{bytes:256}"})
            RETURN_IF_ERROR(addArgument(options, text));
    if (options.plan.run.empty()) options.plan.run = toHex(Random::system().bytes(4));
    return absl::OkStatus();
}

void printOption(std::ostream& out, const Option& option) {
    constexpr std::size_t kColumn = 22;
    constexpr std::size_t kWidth = 100;
    std::string line =
        fmt::format("  {:<{}}", fmt::format("{} {}", option.name, option.value), kColumn);
    std::size_t length = kColumn + 2;
    std::string_view rest = option.help;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (length + word.size() + 1 > kWidth) {
            line += "\n" + std::string(kColumn + 2, ' ');
            length = kColumn + 2;
        }
        line += fmt::format(" {}", word);
        length += word.size() + 1;
    }
    out << line << "\n";
}

}  // namespace

Result<LoadOptions> parseOptions(const std::vector<std::string>& arguments) {
    LoadOptions options;
    for (const std::string& word : arguments) options.help |= word == "--help" || word == "-h";
    if (options.help) return options;
    const auto kind = arguments.empty() ? std::nullopt : loadKindNamed(arguments[0]);
    if (!kind) return usage("what shall be sent? evaluate, endorse or submit");
    options.plan.kind = *kind;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::size_t equals = arguments[i].find('=');
        const std::string name = arguments[i].substr(0, equals);
        const Option* option = find(name);
        if (option == nullptr) return usage(fmt::format("\"{}\" is not understood", name));
        if (equals == std::string::npos && i + 1 == arguments.size())
            return usage(fmt::format("{} needs a value", name));
        const std::string value =
            equals == std::string::npos ? arguments[++i] : arguments[i].substr(equals + 1);
        RETURN_IF_ERROR(withContext(option->take(options, value), name));
    }
    RETURN_IF_ERROR(checkComplete(options));
    return options;
}

void printHelp(std::ostream& out) {
    out << "Usage: chancery_load evaluate|endorse|submit OPTIONS\n\n"
           "Sends transactions to a network of the Fabric kind through the gateways of its peers, "
           "and tells in\nJSON what became of them, how long each stage took and what it cost the "
           "processes of --pids.\n\n"
           "  evaluate   one peer runs the contract, nothing is ordered\n"
           "  endorse    endorsements are collected, nothing is ordered\n"
           "  submit     endorsed, ordered, and its commit waited for\n\nNetwork and call:\n\n";
    for (const Option& option : networkOptions()) printOption(out, option);
    out << "\nLoad:\n\n";
    for (const Option& option : loadOptions()) printOption(out, option);
    out << "\nIt ends with\n"
           "  0  transactions were committed, or calls succeeded\n"
           "  1  none was\n"
           "  2  the command line is wrong\n"
           "  3  profile, identity or address cannot be used\n";
}

}  // namespace chancery::load
