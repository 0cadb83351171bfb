#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace chancery::cli {

/// What may stand in an option's place; help, the refusal of a wrong value and shell completion are
/// made from it.
enum class ValueKind { None, Text, Number, File, Folder, Path, Choice };

struct OptionSpec {
    std::string names;  ///< "-o,--output"; for a positional argument its name in capitals, "PATH"
    std::string help;   ///< one sentence without a full stop
    ValueKind kind = ValueKind::Text;
    std::string value = {};                 ///< how help names the value, "FILE"
    std::vector<std::string> choices = {};  ///< of ValueKind::Choice
    bool required = false;
    bool repeats = false;
    bool whole = false;  ///< commas belong to a value and do not separate values

    bool positional() const { return !names.empty() && names.front() != '-'; }
};

/// The options and arguments of one command while they are being declared. Bindings must outlive
/// the parse. Keeps the parser's own header out of the commands.
class CommandLine {
public:
    explicit CommandLine(CLI::App& app) : m_app(app) {}

    void flag(const std::string& names, const std::string& help, bool& target);
    void value(OptionSpec spec, std::string& target);
    void value(OptionSpec spec, std::optional<std::string>& target);
    void value(OptionSpec spec, std::filesystem::path& target);
    void value(OptionSpec spec, std::optional<std::filesystem::path>& target);
    void value(OptionSpec spec, std::optional<std::uint64_t>& target);
    void values(OptionSpec spec, std::vector<std::string>& target);
    void values(OptionSpec spec, std::vector<std::filesystem::path>& target);

    const std::vector<OptionSpec>& specs() const { return m_specs; }

private:
    using Take = std::function<void(const std::vector<std::string>&)>;
    void bind(OptionSpec spec, Take take);

    CLI::App& m_app;
    std::vector<OptionSpec> m_specs;
};

}  // namespace chancery::cli
