#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "node/state/Namespaces.h"
#include "node/state/Selector.h"
#include "node/state/StateWriter.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// One index of rich queries: the documents of a namespace in the order of some of their fields.
struct RichIndexDefinition {
    std::int64_t id = 0;
    std::int64_t ns = 0;
    std::string design, name;
    std::vector<std::string> fields;  ///< as written
    std::optional<Selector> filter;   ///< documents that do not match are left out
    Bytes text;                       ///< canonical form of the definition

    /// A file of META-INF/statedb/couchdb/indexes. INVALID_ARGUMENT (BAD_INDEX) with `path`.
    static Result<RichIndexDefinition> parse(BytesView definition);
    /// Where the document stands in it; nothing when it is left out.
    std::optional<Bytes> keyOf(const nlohmann::json& document) const;
};
using RichIndexPtr = std::shared_ptr<const RichIndexDefinition>;

/// The indexes of a channel. They are rows of one table: index, collation keys of the fields one
/// behind the other, key of the document. The definitions are for any thread, changes for the
/// writer.
class RichIndexes final : public StateObserver {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE rich_indexes (id INTEGER PRIMARY KEY, ns INTEGER NOT NULL, "
        "  definition BLOB NOT NULL);"
        "CREATE TABLE rich (idx INTEGER NOT NULL, key BLOB NOT NULL, fields BLOB NOT NULL, "
        "  PRIMARY KEY (idx, key)) WITHOUT ROWID;"
        "CREATE INDEX rich_fields ON rich(idx, fields, key);";

    explicit RichIndexes(store::Connection& writer) : m_writer(writer) {}
    Status load();

    /// Sorted by design document and name.
    std::vector<RichIndexPtr> of(std::int64_t ns) const;
    /// Makes the index, or makes it anew when it is defined otherwise now. Within the writer's
    /// transaction; when that fails, load() again.
    Status create(std::int64_t ns, BytesView definition);

    Status changed(std::int64_t ns, std::string_view key, const Bytes* value) override;

private:
    Status put(const RichIndexDefinition& index, std::string_view key,
               const nlohmann::json* document);
    Status fill(const RichIndexDefinition& index);

    store::Connection& m_writer;
    mutable std::mutex m_mutex;
    std::map<std::int64_t, std::vector<RichIndexPtr>> m_indexes;  // by namespace
};

}  // namespace chancery::node
