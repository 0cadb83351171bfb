#include "node/state/RichQuery.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/state/Collation.h"
#include "node/state/Document.h"
#include "node/state/MangoQuery.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

using nlohmann::json;
using store::Blob;
using store::Row;

constexpr std::size_t kMaxRows = 100'000;  // Fabric's totalQueryLimit
constexpr std::size_t kBatch = 128;
constexpr std::string_view kNoBookmark = "nil";  // as CouchDB says it

/// Where a row stands in the order of an answer: collation keys of the fields, then its key.
struct Position {
    Bytes fields;
    std::string key;

    friend auto operator<=>(const Position&, const Position&) = default;
};

struct Candidate {
    Position position;
    StateRow row;
};

std::string encodeBookmark(const Position& position) {
    Bytes bytes(1, 'B');
    const auto size = static_cast<std::uint32_t>(position.fields.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(size >> shift & 0xFF));
    return toBase64(bytes.append(position.fields).append(position.key));
}

Result<std::optional<Position>> decodeBookmark(std::string_view text) {
    if (text.empty() || text == kNoBookmark) return std::optional<Position>();
    const auto bytes = fromBase64(text);
    if (!bytes.ok() || bytes->size() < 5 || (*bytes)[0] != 'B')
        return badQuery("bookmark", "it does not come from a page of this query");
    std::uint32_t size = 0;
    for (std::size_t i = 1; i < 5; ++i) size = size << 8 | static_cast<std::uint8_t>((*bytes)[i]);
    if (size > bytes->size() - 5)
        return badQuery("bookmark", "it does not come from a page of this query");
    return std::optional(Position{bytes->substr(5, size), bytes->substr(5 + size)});
}

/// How many of an index's first fields the selector narrows: up to and with the first that is not
/// fixed to one value.
std::size_t narrowedFields(const RichIndexDefinition& index, const MangoQuery& query) {
    std::size_t count = 0;
    for (const std::string& field : index.fields) {
        const auto found = query.selector.required().find(field);
        if (found == query.selector.required().end()) return count;
        ++count;
        if (!found->second.isPoint) return count;
    }
    return count;
}

bool fitsSort(const RichIndexDefinition& index, const MangoQuery& query) {
    if (query.sort.empty()) return true;
    // Fields that are fixed to one value may stand before those of the sort.
    for (std::size_t skip = 0; skip < index.fields.size(); ++skip) {
        const auto from = index.fields.begin() + static_cast<std::ptrdiff_t>(skip);
        if (static_cast<std::size_t>(index.fields.end() - from) >= query.sort.size() &&
            std::equal(query.sort.begin(), query.sort.end(), from))
            return true;
        const auto found = query.selector.required().find(*from);
        if (found == query.selector.required().end() || !found->second.isPoint) return false;
    }
    return false;
}

bool isUsable(const RichIndexDefinition& index, const MangoQuery& query) {
    const auto isKnown = [&](const std::string& field) {
        return query.selector.required().contains(field) ||
               std::find(query.sort.begin(), query.sort.end(), field) != query.sort.end();
    };
    return std::all_of(index.fields.begin(), index.fields.end(), isKnown) && fitsSort(index, query);
}

/// CouchDB's choice: fewest fields that the selector leaves open, then fewest fields, then the
/// first by name. Partial indexes only when they are named.
RichIndexPtr chooseIndex(const std::vector<RichIndexPtr>& indexes, const MangoQuery& query) {
    RichIndexPtr best;
    const auto rank = [&](const RichIndexDefinition& index) {
        return std::pair(index.fields.size() - narrowedFields(index, query), index.fields.size());
    };
    for (const RichIndexPtr& index : indexes) {
        if (!isUsable(*index, query)) continue;
        const bool isNamed = !query.indexDesign.empty() && index->design == query.indexDesign &&
                             (query.indexName.empty() || index->name == query.indexName);
        if (isNamed) return index;
        if (!index->filter && (best == nullptr || rank(*index) < rank(*best))) best = index;
    }
    return best;
}

/// Rows in the order of an index, from a position on.
class IndexRows {
public:
    IndexRows(const StateTable& state, std::int64_t ns, const RichIndexDefinition& index,
              const MangoQuery& query, std::optional<Position> after)
        : m_state(state),
          m_ns(ns),
          m_index(index.id),
          m_isDescending(query.isDescending),
          m_after(std::move(after)) {
        m_low = prefix(index, query, true);
        m_high = prefix(index, query, false);
        // What begins with the upper limit belongs to the range.
        m_high.push_back('\xFF');
    }

    Result<std::optional<Candidate>> next() {
        if (m_at == m_batch.size() && !m_isDone) RETURN_IF_ERROR(fill());
        if (m_at == m_batch.size()) return std::optional<Candidate>();
        return std::optional(std::move(m_batch[m_at++]));
    }

private:
    static Bytes prefix(const RichIndexDefinition& index, const MangoQuery& query, bool low) {
        Bytes out;
        for (const std::string& field : index.fields) {
            const auto found = query.selector.required().find(field);
            if (found == query.selector.required().end()) break;
            if (low)
                out += found->second.low;
            else if (found->second.high)
                out += *found->second.high;
            if (!found->second.isPoint) break;
        }
        return out;
    }

    Status fill() {
        const char* order = m_isDescending ? "DESC" : "ASC";
        ASSIGN_OR_RETURN(
            auto statement,
            m_state.connection().prepare(fmt::format(
                "SELECT r.fields, r.key, s.block, s.tx, s.value, s.metadata FROM rich r JOIN state "
                "s ON s.ns = ? AND s.key = r.key WHERE r.idx = ? AND r.fields >= ? AND "
                "r.fields <= ? AND (? OR (r.fields, r.key) {} (?, ?)) "
                "ORDER BY r.fields {}, r.key {} LIMIT ?",
                m_isDescending ? "<" : ">", order, order)));
        // The range is narrowed to what is left of it.
        Bytes low = m_low, high = m_high;
        if (m_after && !m_isDescending) low = std::max(low, m_after->fields);
        if (m_after && m_isDescending) high = std::min(high, m_after->fields);
        const Position after = m_after.value_or(Position());
        statement.bind(m_ns, m_index, Blob(low), Blob(high), !m_after, Blob(after.fields),
                       Blob(after.key), kBatch);
        m_batch.clear();
        m_at = 0;
        RETURN_IF_ERROR(statement.each([&](Row& row) {
            Candidate candidate{{Bytes(row.blob(0)), std::string(row.blob(1))}, {}};
            candidate.row.key = candidate.position.key;
            candidate.row.value = {Bytes(row.blob(4)),
                                   row.isNull(5) ? Bytes() : Bytes(row.blob(5)),
                                   {row.unsignedInteger(2), row.unsignedInteger(3)}};
            m_batch.push_back(std::move(candidate));
        }));
        m_isDone = m_batch.size() < kBatch;
        if (!m_batch.empty()) m_after = m_batch.back().position;
        return absl::OkStatus();
    }

    const StateTable& m_state;
    std::int64_t m_ns, m_index;
    bool m_isDescending;
    std::optional<Position> m_after;
    Bytes m_low, m_high;
    std::vector<Candidate> m_batch;
    std::size_t m_at = 0;
    bool m_isDone = false;
};

/// Fills a page with what matches.
class Page {
public:
    Page(const MangoQuery& query, std::uint32_t pageSize, bool isFirst)
        : m_query(query), m_pageSize(pageSize), m_skip(isFirst ? query.skip : 0) {}

    /// False when the page is full.
    Result<bool> add(Candidate candidate) {
        const auto document = documentOf(candidate.row.key, candidate.row.value.value);
        if (!document || !m_query.selector.matches(*document)) return true;
        return addMatching(std::move(candidate), *document);
    }
    Result<bool> addMatching(Candidate candidate, const json& document) {
        if (m_skip > 0) {
            --m_skip;
            return true;
        }
        if (m_page.rows.size() >= kMaxRows)
            return makeError(StatusCode::kResourceExhausted, "QUERY_TOO_LARGE",
                             fmt::format("the query has more than {} rows", kMaxRows));
        candidate.row.value.value = m_query.present(document);
        m_page.rows.push_back(std::move(candidate.row));
        m_last = std::move(candidate.position);
        return m_pageSize == 0 || m_page.rows.size() < m_pageSize;
    }
    RichQueryPage finish() {
        m_page.bookmark = m_last ? encodeBookmark(*m_last) : std::string(kNoBookmark);
        return std::move(m_page);
    }

private:
    const MangoQuery& m_query;
    const std::uint32_t m_pageSize;
    std::uint64_t m_skip;
    RichQueryPage m_page;
    std::optional<Position> m_last;
};

Result<RichQueryPage> byKeys(const StateTable& state, std::string_view ns, Page& page,
                             const std::optional<Position>& after) {
    ASSIGN_OR_RETURN(const auto rows, state.scan(ns, after ? after->key : "", ""));
    for (;;) {
        ASSIGN_OR_RETURN(auto row, rows->next());
        if (!row) break;
        if (after && row->key == after->key) continue;
        Position position{{}, row->key};
        ASSIGN_OR_RETURN(const bool more, page.add({std::move(position), *std::move(row)}));
        if (!more) break;
    }
    return page.finish();
}

Result<RichQueryPage> sorted(const StateTable& state, std::string_view ns, const MangoQuery& query,
                             Page& page, const std::optional<Position>& after) {
    std::vector<FieldPath> fields;
    for (const std::string& name : query.sort) fields.push_back(splitField(name));
    std::vector<Candidate> matching;
    ASSIGN_OR_RETURN(const auto rows, state.scan(ns, "", ""));
    for (;;) {
        ASSIGN_OR_RETURN(auto row, rows->next());
        if (!row) break;
        const auto document = documentOf(row->key, row->value.value);
        if (!document || !query.selector.matches(*document)) continue;
        Candidate candidate{{{}, row->key}, *std::move(row)};
        bool hasAll = true;
        for (const FieldPath& field : fields) {
            const json* value = fieldOf(*document, field);
            hasAll = hasAll && value != nullptr;
            if (value != nullptr) appendCollationKey(candidate.position.fields, *value);
        }
        const bool isBehind = !after || (query.isDescending ? candidate.position < *after
                                                            : candidate.position > *after);
        if (!hasAll || !isBehind) continue;
        if (matching.size() >= kMaxRows)
            return makeError(StatusCode::kResourceExhausted, "QUERY_TOO_LARGE",
                             fmt::format("the query sorts more than {} rows", kMaxRows));
        matching.push_back(std::move(candidate));
    }
    std::sort(matching.begin(), matching.end(), [&](const Candidate& a, const Candidate& b) {
        return query.isDescending ? b.position < a.position : a.position < b.position;
    });
    for (Candidate& candidate : matching) {
        ASSIGN_OR_RETURN(const bool more, page.add(std::move(candidate)));
        if (!more) break;
    }
    return page.finish();
}

}  // namespace

Result<RichQueryPage> runRichQuery(const StateTable& state, const RichIndexes& indexes,
                                   std::string_view ns, std::string_view mango,
                                   std::uint32_t pageSize, std::string_view bookmark) {
    ASSIGN_OR_RETURN(const MangoQuery query, MangoQuery::parse(mango));
    ASSIGN_OR_RETURN(const auto after, decodeBookmark(bookmark));
    Page page(query, pageSize, !after);
    const auto id = state.namespaces().find(ns);
    if (!id) return page.finish();
    const RichIndexPtr index = chooseIndex(indexes.of(*id), query);
    if (index == nullptr)
        return query.sort.empty() ? byKeys(state, ns, page, after)
                                  : sorted(state, ns, query, page, after);
    IndexRows rows(state, *id, *index, query, after);
    for (;;) {
        ASSIGN_OR_RETURN(auto candidate, rows.next());
        if (!candidate) break;
        ASSIGN_OR_RETURN(const bool more, page.add(*std::move(candidate)));
        if (!more) break;
    }
    return page.finish();
}

}  // namespace chancery::node
