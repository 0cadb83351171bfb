#include "node/runtime/ConfigReader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMaxFile = 1U << 20;

Status mistake(const std::string& path, std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CONFIG",
                     fmt::format("{}: {}", printable(path), what), {{"path", path}});
}

}  // namespace

struct ConfigSection::Document {
    explicit Document(std::span<const SettingRow> rows) : table(rows) {}

    std::filesystem::path folder;
    SettingTable table;
    Status first = absl::OkStatus();
    std::vector<std::shared_ptr<Node>> sections;  // that were asked for
    struct Asked {
        const SettingRow* row;
        std::string path, value;
        bool isDefault;
    };
    std::vector<Asked> asked;

    void fail(const std::string& path, std::string_view what) {
        if (first.ok()) first = mistake(path, what);
    }
};

struct ConfigSection::Node {
    YAML::Node yaml;
    std::string path;  ///< "" for the file, "tls.", "peers[1]."
    std::set<std::string> asked;
};

Result<ConfigSection> ConfigSection::read(const std::filesystem::path& file,
                                          std::span<const SettingRow> settings) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(file, kMaxFile));
    auto document = std::make_shared<Document>(settings);
    document->folder = std::filesystem::absolute(file).parent_path();
    auto node = std::make_shared<Node>();
    try {
        node->yaml = YAML::Load(text);
    } catch (const YAML::Exception& error) {
        return makeError(StatusCode::kInvalidArgument, "BAD_CONFIG",
                         fmt::format("{}:{}:{}: this is no YAML", file.string(),
                                     error.mark.line + 1, error.mark.column + 1),
                         {{"path", file.string()}});
    }
    if (!node->yaml.IsMap()) return mistake(file.string(), "there are no settings in it");
    document->sections.push_back(node);
    return ConfigSection(document, node);
}

bool ConfigSection::has(const std::string& name) const {
    return m_node->yaml.IsMap() && m_node->yaml[name].IsDefined() && !m_node->yaml[name].IsNull();
}

const SettingRow& ConfigSection::row(const std::string& name) {
    static const SettingRow none{};
    m_node->asked.insert(name);
    if (const SettingRow* found = m_document->table.find(m_node->path + name)) return *found;
    fail(name, "is no setting that is described");
    return none;
}

void ConfigSection::note(const std::string& name, const std::string& value, bool isDefault) {
    m_document->asked.push_back({&row(name), m_node->path + name, value, isDefault});
}

std::string ConfigSection::text(const std::string& name) {
    std::string value(row(name).otherwise);
    if (has(name)) {
        const YAML::Node given = m_node->yaml[name];
        if (given.IsScalar())
            value = given.Scalar();
        else
            fail(name, "must be a single value");
    }
    note(name, value, value == row(name).otherwise);
    return value;
}

std::string ConfigSection::required(const std::string& name) {
    std::string value = text(name);
    if (value.empty()) fail(name, "is missing");
    return value;
}

std::filesystem::path ConfigSection::path(const std::string& name) {
    const std::string value = text(name);
    return value.empty() ? std::filesystem::path() : m_document->folder / value;
}

std::filesystem::path ConfigSection::requiredPath(const std::string& name) {
    return m_document->folder / required(name);
}

std::vector<std::string> ConfigSection::values(const std::string& name, const char* what) {
    std::vector<std::string> all;
    const std::string_view otherwise = row(name).otherwise;
    if (!has(name)) {
        // Defaults of lists are few and have no comma inside.
        for (std::size_t at = 0; !otherwise.empty() && at != std::string_view::npos;) {
            const std::size_t comma = otherwise.find(", ", at);
            all.emplace_back(otherwise.substr(at, comma - at));
            at = comma == std::string_view::npos ? comma : comma + 2;
        }
    } else if (const YAML::Node given = m_node->yaml[name]; given.IsSequence()) {
        for (const auto& value : given) {
            if (value.IsScalar())
                all.push_back(value.Scalar());
            else
                fail(name, what);
        }
    } else {
        fail(name, "must be a list");
    }
    const std::string text = fmt::format("{}", fmt::join(all, ", "));
    note(name, text, text == otherwise);
    return all;
}

std::vector<std::filesystem::path> ConfigSection::paths(const std::string& name) {
    std::vector<std::filesystem::path> all;
    for (const std::string& value : values(name, "must be a list of files"))
        all.push_back(m_document->folder / value);
    return all;
}

std::vector<std::string> ConfigSection::texts(const std::string& name) {
    return values(name, "must be a list of texts");
}

bool ConfigSection::flag(const std::string& name) {
    const std::string value = text(name);
    if (value != "true" && value != "false") fail(name, "must be true or false");
    return value == "true";
}

namespace {

template <class Number>
bool readNumber(std::string_view text, Number& number) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

std::uint64_t ConfigSection::number(const std::string& name) {
    std::uint64_t number = 0;
    if (!readNumber(text(name), number)) fail(name, "must be a number");
    return number;
}

std::int64_t ConfigSection::integer(const std::string& name) {
    std::int64_t number = 0;
    if (!readNumber(text(name), number)) fail(name, "must be a whole number");
    return number;
}

ConfigSection ConfigSection::section(const std::string& name) {
    row(name);
    auto made = std::make_shared<Node>();
    made->path = m_node->path + name + ".";
    if (has(name)) {
        const YAML::Node value = m_node->yaml[name];
        if (value.IsMap())
            made->yaml = value;
        else
            fail(name, "must be a section");
    }
    m_document->sections.push_back(made);
    return ConfigSection(m_document, made);
}

std::vector<ConfigSection> ConfigSection::sections(const std::string& name) {
    m_node->asked.insert(name);
    if (m_document->table.find(m_node->path + name + "[]") == nullptr)
        fail(name, "is no setting that is described");
    std::vector<ConfigSection> all;
    if (!has(name)) return all;
    const YAML::Node values = m_node->yaml[name];
    if (!values.IsSequence()) fail(name, "must be a list");
    if (!values.IsSequence()) return all;
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto made = std::make_shared<Node>();
        made->path = fmt::format("{}{}[{}].", m_node->path, name, i);
        if (values[i].IsMap())
            made->yaml = values[i];
        else
            fail(name, "must be a list of sections");
        m_document->sections.push_back(made);
        all.push_back(ConfigSection(m_document, made));
    }
    return all;
}

void ConfigSection::fail(const std::string& name, const std::string& what) {
    m_document->fail(m_node->path + name, what);
}

Status ConfigSection::finish() const {
    for (const auto& section : m_document->sections) {
        if (!section->yaml.IsMap()) continue;
        for (const auto& entry : section->yaml) {
            const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "?";
            if (!section->asked.contains(name))
                m_document->fail(section->path + name, "is no setting that is known here");
        }
    }
    return m_document->first;
}

std::vector<EffectiveSetting> ConfigSection::effective() const {
    const auto& table = m_document->table;
    // By the row of the outermost list, so that its entries stay together.
    const auto rankOf = [&](const std::string& path) {
        const std::size_t list = path.find('[');
        const SettingRow* row =
            table.find(list == std::string::npos ? path : path.substr(0, list) + "[]");
        return row == nullptr ? table.rows().size()
                              : static_cast<std::size_t>(row - table.rows().data());
    };
    std::vector<std::pair<std::size_t, EffectiveSetting>> found;
    std::set<const SettingRow*> seen;
    const auto add = [&](const SettingRow& row, const std::string& path, std::string value,
                         bool isDefault) {
        if (row.isSecret && !value.empty()) value = kMasked;
        seen.insert(&row);
        found.emplace_back(rankOf(path),
                           EffectiveSetting{.path = path,
                                            .value = std::move(value),
                                            .defaultValue = std::string(row.otherwise),
                                            .isDefault = isDefault,
                                            .help = std::string(row.help)});
    };
    for (const auto& one : m_document->asked) add(*one.row, one.path, one.value, one.isDefault);
    const auto rows = table.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool isSection =
            i + 1 < rows.size() && rows[i + 1].path.starts_with(std::string(rows[i].path) + ".");
        const bool isListed = rows[i].path.find('[') != std::string_view::npos;
        if (!isSection && !isListed && !seen.contains(&rows[i]))
            add(rows[i], std::string(rows[i].path), std::string(rows[i].otherwise), true);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<EffectiveSetting> settings;
    for (auto& [rank, setting] : found) settings.push_back(std::move(setting));
    return settings;
}

}  // namespace chancery::node
