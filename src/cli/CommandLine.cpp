#include "src/cli/CommandLine.h"

#include <charconv>

#include <CLI/CLI.hpp>

namespace chancery::cli {
namespace {

std::uint64_t numberIn(const OptionSpec& spec, const std::string& text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        throw CLI::ConversionError(fmt::format(
            "{} needs a whole number that is not negative, not \"{}\"", spec.names, text));
    return number;
}

void refuseOtherThanChoices(const OptionSpec& spec, const std::vector<std::string>& given) {
    for (const std::string& text : given) {
        if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end())
            continue;
        std::string list;
        for (const std::string& choice : spec.choices) list += (list.empty() ? "" : ", ") + choice;
        throw CLI::ConversionError(
            fmt::format("{} can be {}; it cannot be \"{}\"", spec.names, list, text));
    }
}

}  // namespace

void CommandLine::bind(OptionSpec spec, Take take) {
    CLI::Option* option =
        m_app.add_option(spec.names, CLI::callback_t([spec, take](const CLI::results_t& given) {
                             if (spec.kind == ValueKind::Choice)
                                 refuseOtherThanChoices(spec, given);
                             take(given);
                             return true;
                         }),
                         spec.help);
    option->required(spec.required);
    if (spec.repeats && spec.positional())
        option->expected(spec.required ? 1 : 0, CLI::detail::expected_max_vector_size)
            ->allow_extra_args();
    else if (spec.repeats)
        option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    m_specs.push_back(std::move(spec));
}

void CommandLine::flag(const std::string& names, const std::string& help, bool& target) {
    m_app.add_flag_callback(
        names, [&target] { target = true; }, help);
    m_specs.push_back({.names = names, .help = help, .kind = ValueKind::None});
}

void CommandLine::value(OptionSpec spec, std::string& target) {
    bind(std::move(spec), [&target](const auto& given) { target = given.back(); });
}

void CommandLine::value(OptionSpec spec, std::optional<std::string>& target) {
    bind(std::move(spec), [&target](const auto& given) { target = given.back(); });
}

void CommandLine::value(OptionSpec spec, std::filesystem::path& target) {
    bind(std::move(spec), [&target](const auto& given) { target = given.back(); });
}

void CommandLine::value(OptionSpec spec, std::optional<std::filesystem::path>& target) {
    bind(std::move(spec), [&target](const auto& given) { target = given.back(); });
}

void CommandLine::value(OptionSpec spec, std::optional<std::uint64_t>& target) {
    const OptionSpec copy = spec;
    bind(std::move(spec),
         [&target, copy](const auto& given) { target = numberIn(copy, given.back()); });
}

void CommandLine::values(OptionSpec spec, std::vector<std::string>& target) {
    spec.repeats = true;
    const bool whole = spec.positional() || spec.whole;
    bind(std::move(spec), [&target, whole](const auto& given) {
        for (const std::string& text : given) {
            // "--down A,B" and "--down A --down B" are the same.
            for (std::size_t at = 0; at <= text.size();) {
                const std::size_t end =
                    whole ? text.size() : std::min(text.find(',', at), text.size());
                if (end > at) target.push_back(text.substr(at, end - at));
                at = end + 1;
            }
        }
    });
}

void CommandLine::values(OptionSpec spec, std::vector<std::filesystem::path>& target) {
    spec.repeats = true;
    bind(std::move(spec),
         [&target](const auto& given) { target.assign(given.begin(), given.end()); });
}

}  // namespace chancery::cli
