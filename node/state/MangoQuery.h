#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "node/state/Selector.h"

namespace chancery::node {

/// A query as contracts send it. `limit` is checked and has no effect, and `bookmark` neither: on a
/// real peer the page's size and bookmark take their places (fact sheet B §10). Unknown members
/// are passed over, as CouchDB does with what it does not know (execution_stats, r, conflicts …).
struct MangoQuery {
    Selector selector;
    std::vector<std::string> sort;  ///< names as written
    bool isDescending = false;
    std::optional<std::vector<FieldPath>> fields;
    std::uint64_t skip = 0;
    std::string indexDesign, indexName;  ///< use_index; empty when not named

    static Result<MangoQuery> parse(std::string_view text);

    /// The value as the query's caller gets it: the fields that were asked for, in canonical form.
    std::string present(const nlohmann::json& document) const;
};

}  // namespace chancery::node
