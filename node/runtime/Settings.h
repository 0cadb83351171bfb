#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "node/runtime/NodeConfig.h"

namespace chancery::node {

/// What may stand in a node's file: the one description from which the reader takes defaults, the
/// help its text, and the admin API what it tells. A setting that is read without a row here is a
/// mistake in the file as far as the reader can tell.
struct SettingRow {
    /// "tls.certificate"; "peers[].mspId" in a list of sections. A path that ends with "[]" is such
    /// a list, one that others go on from with a dot a section.
    std::string_view path;
    std::string_view otherwise;  ///< the default; empty when there is none
    std::string_view example;    ///< what help shows; empty: the default
    std::string_view help;
    enum class Shown { Plain, Comment } shown = Shown::Plain;  ///< in help, as what may be left out
    bool isSecret = false;
};

std::span<const SettingRow> settingsOf(NodeKind kind);

/// A file that can be read, with the help as comments.
std::string describeSettings(std::span<const SettingRow> rows);

/// Rows by their path.
class SettingTable {
public:
    explicit SettingTable(std::span<const SettingRow> rows);
    /// "peers[3].mspId" finds "peers[].mspId"; null when there is none.
    const SettingRow* find(const std::string& path) const;
    std::span<const SettingRow> rows() const { return m_rows; }

private:
    std::span<const SettingRow> m_rows;
    std::map<std::string, const SettingRow*, std::less<>> m_byPath;
};

}  // namespace chancery::node
