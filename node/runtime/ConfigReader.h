#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/admin/NodeAdmin.h"
#include "node/runtime/Settings.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A section of a YAML file. Every value is asked for by its name, and its default is the table's;
/// what nobody has asked for is a mistake, and the first mistake is remembered. One thread at a
/// time.
class ConfigSection {
public:
    /// The whole file. INVALID_ARGUMENT (BAD_CONFIG) with line and column; errors of readFile.
    static Result<ConfigSection> read(const std::filesystem::path& file,
                                      std::span<const SettingRow> settings);

    std::string text(const std::string& name);
    /// There must be one.
    std::string required(const std::string& name);
    /// Counts from the folder of the file.
    std::filesystem::path path(const std::string& name);
    std::filesystem::path requiredPath(const std::string& name);
    std::vector<std::filesystem::path> paths(const std::string& name);
    std::vector<std::string> texts(const std::string& name);
    bool flag(const std::string& name);
    std::uint64_t number(const std::string& name);
    /// Also below 0.
    std::int64_t integer(const std::string& name);

    bool has(const std::string& name) const;
    /// Empty when it is not there.
    ConfigSection section(const std::string& name);
    std::vector<ConfigSection> sections(const std::string& name);

    /// Something about a value is wrong beyond its form.
    void fail(const std::string& name, const std::string& what);
    /// The first mistake in the file, unknown names included: INVALID_ARGUMENT (BAD_CONFIG) with
    /// `path`.
    Status finish() const;
    /// All settings of the whole file with the values in force: what was asked for, then what
    /// stands in the table only. In the table's order, entries of a list one after the other.
    std::vector<EffectiveSetting> effective() const;

private:
    struct Document;
    struct Node;
    ConfigSection(std::shared_ptr<Document> document, std::shared_ptr<Node> node)
        : m_document(std::move(document)), m_node(std::move(node)) {}

    const SettingRow& row(const std::string& name);
    void note(const std::string& name, const std::string& value, bool isDefault);
    std::vector<std::string> values(const std::string& name, const char* what);

    std::shared_ptr<Document> m_document;
    std::shared_ptr<Node> m_node;
};

}  // namespace chancery::node
