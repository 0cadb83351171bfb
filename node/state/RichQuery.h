#pragma once

#include "node/state/RichIndexes.h"
#include "node/state/StateTable.h"

namespace chancery::node {

/// Answers a Mango query on one connection: candidates in the order of an index when one fits (see
/// CouchDB's manual, "Index selection"), else in the order of their keys, each judged by the
/// selector. The order is the sort's, the index's, or that of the keys; equal ones come by key.
/// With a sort and without an index for it, all matching rows are sorted in memory. BAD_QUERY;
/// RESOURCE_EXHAUSTED (QUERY_TOO_LARGE) above 100,000 rows in one answer.
Result<RichQueryPage> runRichQuery(const StateTable& state, const RichIndexes& indexes,
                                   std::string_view ns, std::string_view mango,
                                   std::uint32_t pageSize, std::string_view bookmark);

}  // namespace chancery::node
