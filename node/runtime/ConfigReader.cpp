#include "node/runtime/ConfigReader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

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
    std::filesystem::path folder;
    Status first = absl::OkStatus();
    std::vector<std::shared_ptr<Node>> sections;  // that were asked for

    void fail(const std::string& path, std::string_view what) {
        if (first.ok()) first = mistake(path, what);
    }
};

struct ConfigSection::Node {
    YAML::Node yaml;
    std::string path;  ///< "" for the file, "tls.", "peers[1]."
    std::set<std::string> asked;
};

Result<ConfigSection> ConfigSection::read(const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(file, kMaxFile));
    auto document = std::make_shared<Document>();
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

std::string ConfigSection::text(const std::string& name, const std::string& otherwise) {
    m_node->asked.insert(name);
    if (!has(name)) return otherwise;
    const YAML::Node value = m_node->yaml[name];
    if (value.IsScalar()) return value.Scalar();
    fail(name, "must be a single value");
    return otherwise;
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

std::vector<std::filesystem::path> ConfigSection::paths(const std::string& name) {
    m_node->asked.insert(name);
    std::vector<std::filesystem::path> all;
    if (!has(name)) return all;
    const YAML::Node values = m_node->yaml[name];
    if (!values.IsSequence()) fail(name, "must be a list");
    if (!values.IsSequence()) return all;
    for (const auto& value : values) {
        if (value.IsScalar())
            all.push_back(m_document->folder / value.Scalar());
        else
            fail(name, "must be a list of files");
    }
    return all;
}

std::vector<std::string> ConfigSection::texts(const std::string& name) {
    m_node->asked.insert(name);
    std::vector<std::string> all;
    if (!has(name)) return all;
    const YAML::Node values = m_node->yaml[name];
    if (!values.IsSequence()) fail(name, "must be a list");
    if (!values.IsSequence()) return all;
    for (const auto& value : values) {
        if (value.IsScalar())
            all.push_back(value.Scalar());
        else
            fail(name, "must be a list of texts");
    }
    return all;
}

bool ConfigSection::flag(const std::string& name, bool otherwise) {
    const std::string value = text(name);
    if (value.empty()) return otherwise;
    if (value != "true" && value != "false") fail(name, "must be true or false");
    return value == "true";
}

std::uint64_t ConfigSection::number(const std::string& name, std::uint64_t otherwise) {
    const std::string value = text(name);
    if (value.empty()) return otherwise;
    std::uint64_t number = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
    fail(name, "must be a number");
    return otherwise;
}

std::int64_t ConfigSection::integer(const std::string& name, std::int64_t otherwise) {
    const std::string value = text(name);
    if (value.empty()) return otherwise;
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
    fail(name, "must be a whole number");
    return otherwise;
}

ConfigSection ConfigSection::section(const std::string& name) {
    m_node->asked.insert(name);
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

}  // namespace chancery::node
