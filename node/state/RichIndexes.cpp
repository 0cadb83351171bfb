#include "node/state/RichIndexes.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/state/Collation.h"
#include "node/state/Document.h"

namespace chancery::node {
namespace {

using nlohmann::json;
using store::Blob;
using store::Row;

Status badIndex(const std::string& path, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_INDEX",
                     fmt::format("{}: {}", path.empty() ? "index definition" : path, why),
                     {{"path", path}});
}

Result<std::string> textMember(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::string();
    if (!found->is_string()) return badIndex(name, "not a text");
    return found->get<std::string>();
}

Status parseFields(const json& fields, RichIndexDefinition& out) {
    if (!fields.is_array() || fields.empty()) return badIndex("index.fields", "not a list");
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string path = fmt::format("index.fields[{}]", i);
        const json& field = fields[i];
        if (field.is_string()) {
            out.fields.push_back(field.get<std::string>());
            continue;
        }
        if (!field.is_object() || field.size() != 1 || !field.begin()->is_string())
            return badIndex(path, "neither a field nor {field: direction}");
        const auto& direction = field.begin()->get_ref<const std::string&>();
        if (direction != "asc" && direction != "desc")
            return badIndex(path, "neither asc nor desc");
        out.fields.push_back(field.begin().key());
    }
    return absl::OkStatus();
}

bool comesBefore(const RichIndexPtr& a, const RichIndexPtr& b) {
    return std::tie(a->design, a->name) < std::tie(b->design, b->name);
}

}  // namespace

Result<RichIndexDefinition> RichIndexDefinition::parse(BytesView definition) {
    const auto parsed = parseJson(definition);
    if (!parsed || !parsed->is_object()) return badIndex("", "not a JSON object");
    for (const auto& [name, value] : parsed->items())
        if (name != "index" && name != "ddoc" && name != "name" && name != "type")
            return badIndex(name, "unknown");
    RichIndexDefinition out;
    const auto index = parsed->find("index");
    if (index == parsed->end() || !index->is_object()) return badIndex("index", "missing");
    for (const auto& [name, value] : index->items())
        if (name != "fields" && name != "partial_filter_selector")
            return badIndex("index." + name, "unknown");
    RETURN_IF_ERROR(parseFields(index->value("fields", json()), out));
    if (const auto filter = index->find("partial_filter_selector"); filter != index->end()) {
        auto selector = Selector::parse(*filter, "index.partial_filter_selector");
        if (!selector.ok())
            return badIndex(argumentOf(selector.status(), "path"), messageOf(selector.status()));
        if (!filter->empty()) out.filter = *std::move(selector);
    }
    ASSIGN_OR_RETURN(out.design, textMember(*parsed, "ddoc"));
    ASSIGN_OR_RETURN(out.name, textMember(*parsed, "name"));
    ASSIGN_OR_RETURN(const std::string type, textMember(*parsed, "type"));
    if (!type.empty() && type != "json") return badIndex("type", "only json is known");
    out.text = canonicalJson(*parsed);
    return out;
}

std::optional<Bytes> RichIndexDefinition::keyOf(const json& document) const {
    if (filter && !filter->matches(document)) return std::nullopt;
    Bytes out;
    for (const std::string& field : fields) {
        const json* value = fieldOf(document, splitField(field));
        if (value == nullptr) return std::nullopt;
        appendCollationKey(out, *value);
    }
    return out;
}

Status RichIndexes::load() {
    std::map<std::int64_t, std::vector<RichIndexPtr>> indexes;
    ASSIGN_OR_RETURN(auto statement,
                     m_writer.prepare("SELECT id, ns, definition FROM rich_indexes"));
    RETURN_IF_ERROR(statement.each([&](Row& row) -> Status {
        ASSIGN_OR_RETURN(auto index, RichIndexDefinition::parse(row.blob(2)));
        index.id = row.integer(0);
        index.ns = row.integer(1);
        auto& list = indexes[index.ns];
        list.push_back(std::make_shared<const RichIndexDefinition>(std::move(index)));
        return absl::OkStatus();
    }));
    for (auto& [ns, list] : indexes) std::sort(list.begin(), list.end(), comesBefore);
    const std::lock_guard lock(m_mutex);
    m_indexes = std::move(indexes);
    return absl::OkStatus();
}

std::vector<RichIndexPtr> RichIndexes::of(std::int64_t ns) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_indexes.find(ns);
    return found == m_indexes.end() ? std::vector<RichIndexPtr>() : found->second;
}

Status RichIndexes::create(std::int64_t ns, BytesView definition) {
    ASSIGN_OR_RETURN(RichIndexDefinition index, RichIndexDefinition::parse(definition));
    index.ns = ns;
    for (const RichIndexPtr& known : of(ns)) {
        if (known->design != index.design || known->name != index.name) continue;
        if (known->text == index.text) return absl::OkStatus();
        for (const std::string_view sql :
             {"DELETE FROM rich WHERE idx = ?", "DELETE FROM rich_indexes WHERE id = ?"}) {
            ASSIGN_OR_RETURN(auto removal, m_writer.prepare(sql));
            RETURN_IF_ERROR(removal.bind(known->id).run());
        }
    }
    ASSIGN_OR_RETURN(auto statement,
                     m_writer.prepare("INSERT INTO rich_indexes(ns, definition) VALUES(?, ?)"));
    RETURN_IF_ERROR(statement.bind(ns, Blob(index.text)).run());
    index.id = m_writer.lastRowId();
    RETURN_IF_ERROR(fill(index));
    return load();
}

Status RichIndexes::fill(const RichIndexDefinition& index) {
    ASSIGN_OR_RETURN(auto statement,
                     m_writer.prepare("SELECT key, value FROM state WHERE ns = ? ORDER BY key"));
    return statement.bind(index.ns).each([&](Row& row) -> Status {
        const auto document = documentOf(row.blob(0), row.blob(1));
        return document ? put(index, row.blob(0), &*document) : absl::OkStatus();
    });
}

Status RichIndexes::put(const RichIndexDefinition& index, std::string_view key,
                        const json* document) {
    const auto fields = document != nullptr ? index.keyOf(*document) : std::nullopt;
    if (!fields) {
        ASSIGN_OR_RETURN(auto statement,
                         m_writer.prepare("DELETE FROM rich WHERE idx = ? AND key = ?"));
        return statement.bind(index.id, Blob(key)).run();
    }
    ASSIGN_OR_RETURN(
        auto statement,
        m_writer.prepare("INSERT OR REPLACE INTO rich(idx, key, fields) VALUES(?, ?, ?)"));
    return statement.bind(index.id, Blob(key), Blob(*fields)).run();
}

Status RichIndexes::changed(std::int64_t ns, std::string_view key, const Bytes* value) {
    const auto indexes = of(ns);
    if (indexes.empty()) return absl::OkStatus();
    const auto document = value != nullptr ? documentOf(key, *value) : std::nullopt;
    for (const RichIndexPtr& index : indexes)
        RETURN_IF_ERROR(put(*index, key, document ? &*document : nullptr));
    return absl::OkStatus();
}

}  // namespace chancery::node
