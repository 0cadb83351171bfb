#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

/// INVALID_ARGUMENT (BAD_QUERY) with `path` inside the query.
Status badQuery(const std::string& path, std::string_view why);

/// Names from the outermost object to the field: "a.b" in a query, with "\\." for a dot in a name.
using FieldPath = std::vector<std::string>;
FieldPath splitField(std::string_view name);
/// Null when there is none.
const nlohmann::json* fieldOf(const nlohmann::json& document, const FieldPath& path);

/// Between which collation keys a field must lie.
struct FieldRange {
    Bytes low;                  ///< including; empty: no limit
    std::optional<Bytes> high;  ///< up to keys that begin with it; nothing: no limit
    bool isPoint = false;       ///< low and high are the same value
};

/// A selector of CouchDB's Mango language (CouchDB's manual, "Selector Syntax"; fact sheet B §10).
/// A field that a document does not have meets no condition but {"$exists": false}, also behind
/// $not, $ne and $nin, as in CouchDB. $regex is RE2's language, which has no look-around and no
/// back references. Immutable; any thread.
class Selector {
public:
    /// At most 64 levels and 10,000 parts.
    static Result<Selector> parse(const nlohmann::json& selector,
                                  const std::string& path = "selector");

    bool matches(const nlohmann::json& document) const;
    /// Fields that every matching document has, and where their values lie, by their names as
    /// written.
    const std::map<std::string, FieldRange>& required() const { return m_required; }

    struct Node;

private:
    std::shared_ptr<const Node> m_root;
    std::map<std::string, FieldRange> m_required;
};

}  // namespace chancery::node
